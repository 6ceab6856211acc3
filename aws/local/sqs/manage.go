package sqs

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"orderops/aws/local/wire"
)

// purgePause is how long a purge blocks the next one.
const purgePause = time.Minute

// plainName is a queue's name or a batch entry's id.
var plainName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,80}$`)

// queueRequest is what the operations on queues themselves are asked with.
type queueRequest struct {
	queueInput
	QueueName              string
	QueueOwnerAWSAccountId string // "" means the cloud's
	Attributes             map[string]string
	AttributeNames         []string
	Tags                   map[string]string // sent as "tags"
	QueueNamePrefix        string
	MaxResults             *int // nil means 1,000 and no further page
	NextToken              string
}

type queueURL struct {
	QueueUrl string
}

// createQueue finds or makes a queue.
func (s *Service) createQueue(in *queueRequest, now time.Time) (queueURL, error) {
	name := in.QueueName
	switch {
	case strings.HasSuffix(name, ".fifo") || in.Attributes["FifoQueue"] == "true":
		return queueURL{}, unsupported("The local AWS has no FIFO queues.")
	case len(in.Tags) > 0:
		return queueURL{}, unsupported("The local AWS has no tags.")
	case name == "":
		return queueURL{}, missingParameter("QueueName")
	case !plainName.MatchString(name):
		return queueURL{}, invalidParameter("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
	}
	if q := s.queues[name]; q != nil {
		return queueURL{q.url}, q.sameAs(in.Attributes)
	}
	q := &queue{name: name, arn: s.QueueARN(name), url: s.QueueURL(name), settings: defaultSettings(), created: now, woken: make(chan struct{})}
	q.clear()
	wire.Check(s.change(q, in.Attributes, now))
	s.queues[name] = q
	return queueURL{q.url}, nil
}

// sameAs refuses to create a queue again with other attributes.
func (q *queue) sameAs(attributes map[string]string) error {
	wanted := q.settings.changed(attributes)
	is, want := q.settings.values, wanted.values
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if is[name] != want[name] {
			return refused(http.StatusBadRequest, "QueueNameExists", "QueueAlreadyExists", "A queue already exists with the same name and a different value for attribute %s", name)
		}
	}
	return nil
}

// change applies attributes to a queue.
func (s *Service) change(q *queue, attributes map[string]string, now time.Time) error {
	next := q.settings.changed(attributes)
	if text := attributes[redrivePolicyName]; text != "" && next.redrive.Target != q.arn && s.byARN(next.redrive.Target) == nil {
		return invalidRedrive(text, "Dead letter target does not exist.")
	}
	q.settings, q.modified = next, now
	return nil
}

func (s *Service) deleteQueue(q *queue, _ *queueRequest, _ time.Time) (none, error) {
	delete(s.queues, q.name)
	q.deleted = true
	q.clear()
	return none{}, nil
}

func (s *Service) purgeQueue(q *queue, _ *queueRequest, now time.Time) (none, error) {
	if !q.purged.IsZero() && now.Sub(q.purged) < purgePause {
		return none{}, refused(http.StatusForbidden, "PurgeQueueInProgress", queryCode+"PurgeQueueInProgress", "Only one PurgeQueue operation on %s is allowed every 60 seconds.", q.name)
	}
	q.purged = now
	q.clear()
	return none{}, nil
}

func (s *Service) getQueueURL(in *queueRequest, _ time.Time) (queueURL, error) {
	q := s.queues[in.QueueName]
	if q == nil || in.QueueOwnerAWSAccountId != "" && in.QueueOwnerAWSAccountId != s.id.Account {
		return queueURL{}, noQueue()
	}
	return queueURL{q.url}, nil
}

func (s *Service) getQueueAttributes(q *queue, in *queueRequest, _ time.Time) (any, error) {
	all := q.describe()
	chosen := make(map[string]string)
	for _, name := range in.AttributeNames {
		switch value, set := all[name]; {
		case name == "All":
			maps.Copy(chosen, all)
		case set:
			chosen[name] = value
		case !slices.Contains([]string{accessPolicy, redrivePolicyName, "RedriveAllowPolicy", "KmsMasterKeyId", "FifoQueue"}, name): // which are not set
			return nil, unknownAttribute(name)
		}
	}
	if len(chosen) == 0 {
		return none{}, nil
	}
	return map[string]any{"Attributes": chosen}, nil
}

// describe returns all attributes of the queue.
func (q *queue) describe() map[string]string {
	all := maps.Clone(q.settings.values)
	all["QueueArn"] = q.arn
	all["CreatedTimestamp"] = strconv.FormatInt(q.created.Unix(), 10)
	all["LastModifiedTimestamp"] = strconv.FormatInt(q.modified.Unix(), 10)
	all["ApproximateNumberOfMessages"] = strconv.Itoa(q.observed.visible)
	all["ApproximateNumberOfMessagesNotVisible"] = strconv.Itoa(q.observed.inFlight)
	all["ApproximateNumberOfMessagesDelayed"] = strconv.Itoa(q.observed.delayed)
	return all
}

func (s *Service) setQueueAttributes(q *queue, in *queueRequest, now time.Time) (none, error) {
	return none{}, s.change(q, in.Attributes, now)
}

// queueList is a page of URLs, under AWS's two spellings.
type queueList struct {
	Queues    []string `json:"QueueUrls,omitempty"`
	Sources   []string `json:"queueUrls,omitzero"`
	NextToken string   `json:",omitempty"`
}

func (s *Service) listQueues(in *queueRequest, _ time.Time) (list queueList, err error) {
	list.Queues, list.NextToken = s.page(in, func(q *queue) bool { return strings.HasPrefix(q.name, in.QueueNamePrefix) })
	return list, nil
}

func (s *Service) listDeadLetterSourceQueues(target *queue, in *queueRequest, _ time.Time) (list queueList, err error) {
	list.Sources, list.NextToken = s.page(in, func(q *queue) bool { return q.buriesIn(target.arn) })
	return list, nil
}

// buriesIn tells whether a queue is the dead-letter queue of q.
func (q *queue) buriesIn(arn string) bool {
	return q.settings.redrive != nil && q.settings.redrive.Target == arn
}

// page lists the URLs of the matching queues by name.
func (s *Service) page(in *queueRequest, match func(*queue) bool) (urls []string, next string) {
	checkRange(in.MaxResults, 1, 1000, "MaxResults", "MaxResults must be an integer between 1 and 1000.")
	urls = []string{}
	for _, name := range slices.Sorted(maps.Keys(s.queues)) {
		if match(s.queues[name]) {
			urls = append(urls, s.queues[name].url)
		}
	}
	urls, next, ok := wire.Page(urls, in.NextToken, orDefault(in.MaxResults, 1000))
	if !ok {
		wire.Check(invalidParameter("Invalid or expired NextToken."))
	}
	if in.MaxResults == nil {
		next = ""
	}
	return urls, next
}
