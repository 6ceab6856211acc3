package sqs

import (
	"bytes"
	"cmp"
	"encoding/json"
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
	need(ok, "Invalid or expired NextToken.")
	if in.MaxResults == nil {
		next = ""
	}
	return urls, next
}

// Names of queue attributes.
const (
	visibilityTimeout      = "VisibilityTimeout"
	messageRetentionPeriod = "MessageRetentionPeriod"
	delaySeconds           = "DelaySeconds"
	maximumMessageSize     = "MaximumMessageSize"
	receiveWaitTime        = "ReceiveMessageWaitTimeSeconds"
	managedEncryption      = "SqsManagedSseEnabled"
	accessPolicy           = "Policy"
	redrivePolicyName      = "RedrivePolicy"
)

type bounds struct{ low, high, standard int }

// numbers are the numeric attributes, in seconds or bytes.
func numbers() map[string]bounds {
	return map[string]bounds{
		visibilityTimeout:      {0, 43_200, 30},
		messageRetentionPeriod: {60, 1_209_600, 345_600},
		delaySeconds:           {0, 900, 0},
		maximumMessageSize:     {1_024, maxRequest, maxRequest},
		receiveWaitTime:        {0, 20, 0},
	}
}

// settings are the attributes of a queue that a caller can set. A value is never
// changed; changed makes a new one.
type settings struct {
	values  map[string]string // in the form in which they are returned
	redrive *redrivePolicy    // nil without a dead-letter queue
}

// redrivePolicy says when a message goes to a dead-letter queue.
type redrivePolicy struct {
	Target string
	// MaxReceives is how often a message is delivered before it moves.
	MaxReceives int
}

func defaultSettings() settings {
	values := map[string]string{managedEncryption: "true"}
	for name, number := range numbers() {
		values[name] = strconv.Itoa(number.standard)
	}
	return settings{values: values}
}

func (s *settings) number(name string) int {
	n, _ := strconv.Atoi(s.values[name]) // it was checked when it was set
	return n
}

// duration is a setting that is given in seconds.
func (s *settings) duration(name string) time.Duration {
	return time.Duration(s.number(name)) * time.Second
}

// changed applies attributes in the form that callers send; "" puts an attribute
// back to its default. It changes all of them or none.
func (s *settings) changed(attributes map[string]string) settings {
	next := settings{values: maps.Clone(s.values), redrive: s.redrive}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		wire.Check(next.set(name, attributes[name]))
	}
	return next
}

func (s *settings) set(name, value string) error {
	number, numeric := numbers()[name]
	if numeric {
		value = cmp.Or(value, strconv.Itoa(number.standard))
	}
	switch n, err := strconv.Atoi(value); name {
	case visibilityTimeout, messageRetentionPeriod, delaySeconds, maximumMessageSize, receiveWaitTime:
		if err != nil || n < number.low || n > number.high {
			return invalidAttributeValue(name)
		}
		value = strconv.Itoa(n)
	case accessPolicy:
	case managedEncryption:
		if value != "true" && value != "false" {
			return invalidAttributeValue(name)
		}
	case redrivePolicyName:
		if value != "" {
			return s.setRedrive(value)
		}
		s.redrive = nil
	case "DeduplicationScope", "FifoThroughputLimit":
		return invalidAttributeName("You can specify the %s only when FifoQueue is set to true.", name)
	case "RedriveAllowPolicy", "KmsMasterKeyId":
		return unsupported("The local AWS has no " + name + ": every queue may use every other as its dead-letter queue, and none is encrypted.")
	default:
		return unknownAttribute(name)
	}
	if s.values[name] = value; value == "" {
		delete(s.values, name)
	}
	return nil
}

func invalidAttributeValue(name string) error {
	return refused(http.StatusBadRequest, "InvalidAttributeValue", "InvalidAttributeValue", "Invalid value for the parameter %s.", name)
}

// setRedrive reads a RedrivePolicy; whether its target exists is for the service
// to say. The policy is returned to callers with the count as a number, however
// it was written.
func (s *settings) setRedrive(value string) error {
	var policy struct {
		Target string      `json:"deadLetterTargetArn"`
		Count  json.Number `json:"maxReceiveCount"`
	}
	decoder := json.NewDecoder(bytes.NewReader([]byte(value)))
	decoder.DisallowUnknownFields()
	if decoder.Decode(&policy) != nil || decoder.More() {
		return invalidRedrive(value, "Redrive policy is not a valid JSON map.")
	}
	count, err := strconv.Atoi(policy.Count.String())
	switch {
	case policy.Target == "":
		return invalidRedrive(value, "Redrive policy does not contain mandatory attribute: deadLetterTargetArn.")
	case policy.Count == "":
		return invalidRedrive(value, "Redrive policy does not contain mandatory attribute: maxReceiveCount.")
	case err != nil || count < 1 || count > 1000:
		return invalidRedrive(value, "Invalid value for maxReceiveCount: "+policy.Count.String()+", valid values are from 1 to 1000 both inclusive.")
	}
	s.redrive = &redrivePolicy{Target: policy.Target, MaxReceives: count}
	text, err := json.Marshal(map[string]any{"deadLetterTargetArn": policy.Target, "maxReceiveCount": count})
	s.values[redrivePolicyName] = string(text)
	return err
}

func invalidRedrive(value, reason string) error {
	return invalidValue(value, redrivePolicyName, reason)
}
