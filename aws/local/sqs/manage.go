package sqs

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// pause is how long a purge, or the name of a deleted queue, blocks the next one.
const pause = time.Minute

type createQueueInput struct {
	QueueName  string
	Attributes map[string]string
	Tags       map[string]string // sent as "tags"
}

type queueURLOutput struct {
	QueueUrl string
}

func (s *Service) createQueue(_ context.Context, in *createQueueInput) (*queueURLOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.create(in.QueueName, in.Attributes, in.Tags, time.Now())
	if err != nil {
		return nil, err
	}
	return &queueURLOutput{QueueUrl: q.url}, nil
}

// create finds or makes a queue. The lock is held.
func (s *Service) create(name string, attributes, tags map[string]string, now time.Time) (*queue, error) {
	if strings.HasSuffix(name, ".fifo") || attributes["FifoQueue"] == "true" {
		return nil, unsupported("The local AWS has no FIFO queues.")
	}
	if name == "" {
		return nil, missingParameter("QueueName")
	}
	if len(name) > 80 || strings.IndexFunc(name, func(r rune) bool { return !nameRune(r) }) >= 0 {
		return nil, invalidParameter("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
	}
	if q := s.queues[name]; q != nil {
		return q, q.sameAs(attributes)
	}
	maps.DeleteFunc(s.deleted, func(_ string, at time.Time) bool { return now.Sub(at) >= pause })
	if _, recently := s.deleted[name]; recently {
		return nil, refused(http.StatusBadRequest, "QueueDeletedRecently", "You must wait 60 seconds after deleting a queue before you can create another with the same name.")
	}
	q := newQueue(name, s.QueueARN(name), s.QueueURL(name), now)
	q.tags = maps.Clone(tags)
	standard := defaultSettings()
	if err := s.change(q, &standard, attributes); err != nil {
		return nil, err
	}
	s.queues[name] = q
	return q, nil
}

// sameAs refuses to create a queue again with other attributes.
func (q *queue) sameAs(attributes map[string]string) error {
	wanted, err := q.settings.changed(attributes)
	if err != nil {
		return err
	}
	is, want := q.settings.describe(), wanted.describe()
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if is[name] != want[name] {
			e := refused(http.StatusBadRequest, "QueueNameExists", "A queue already exists with the same name and a different value for attribute %s", name)
			e.QueryCode = "QueueAlreadyExists"
			return e
		}
	}
	return nil
}

// change applies attributes to what the queue had before.
func (s *Service) change(q *queue, before *settings, attributes map[string]string) error {
	next, err := before.changed(attributes)
	if err != nil {
		return err
	}
	if text := attributes[redrivePolicyName]; text != "" && next.redrive.Target != q.arn {
		target := s.byARN(next.redrive.Target)
		if target == nil {
			return invalidRedrive(text, "Dead letter target does not exist.")
		}
		if !target.settings.allow.permits(q.arn) {
			return invalidRedrive(text, "The redrive allow policy of the dead letter target does not permit this queue.")
		}
	}
	q.settings = next
	return nil
}

type queueInput struct {
	QueueUrl string
}

func (s *Service) deleteQueue(_ context.Context, in *queueInput) (*none, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	q, err := s.byURL(in.QueueUrl, now)
	if err != nil {
		return nil, err
	}
	delete(s.queues, q.name)
	s.deleted[q.name] = now
	q.deleted = true
	q.clear()
	q.wake()
	return new(none), nil
}

func (s *Service) purgeQueue(_ context.Context, in *queueInput) (*none, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	q, err := s.byURL(in.QueueUrl, now)
	if err != nil {
		return nil, err
	}
	if !q.purged.IsZero() && now.Sub(q.purged) < pause {
		return nil, refused(http.StatusForbidden, "PurgeQueueInProgress", "Only one PurgeQueue operation on %s is allowed every 60 seconds.", q.name)
	}
	q.purged = now
	q.clear()
	return new(none), nil
}

type getQueueURLInput struct {
	QueueName              string
	QueueOwnerAWSAccountId string
}

func (s *Service) getQueueURL(_ context.Context, in *getQueueURLInput) (*queueURLOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.queues[in.QueueName]
	if q == nil || in.QueueOwnerAWSAccountId != "" && in.QueueOwnerAWSAccountId != s.id.Account {
		return nil, noQueue()
	}
	return &queueURLOutput{QueueUrl: q.url}, nil
}

type getQueueAttributesInput struct {
	QueueUrl       string
	AttributeNames []string
}

type getQueueAttributesOutput struct {
	Attributes map[string]string `json:",omitempty"`
}

func (s *Service) getQueueAttributes(_ context.Context, in *getQueueAttributesInput) (*getQueueAttributesOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.byURL(in.QueueUrl, time.Now())
	if err != nil {
		return nil, err
	}
	all := q.describe()
	chosen := make(map[string]string)
	for _, name := range in.AttributeNames {
		switch value, set := all[name]; {
		case name == "All":
			maps.Copy(chosen, all)
		case set:
			chosen[name] = value
		case !queueAttribute(name):
			return nil, invalidAttributeName("Unknown Attribute " + name + ".")
		}
	}
	return &getQueueAttributesOutput{Attributes: chosen}, nil
}

// queueAttribute tells the names that may be asked for though they are not set.
func queueAttribute(name string) bool {
	switch name {
	case accessPolicy, redrivePolicyName, redriveAllowPolicyName, kmsMasterKey, kmsReusePeriod,
		"FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit":
		return true
	}
	return false
}

// describe returns all attributes of the queue.
func (q *queue) describe() map[string]string {
	all := q.settings.describe()
	all["QueueArn"] = q.arn
	all["CreatedTimestamp"] = strconv.FormatInt(q.created.Unix(), 10)
	all["LastModifiedTimestamp"] = strconv.FormatInt(q.modified.Unix(), 10)
	all["ApproximateNumberOfMessages"] = strconv.Itoa(q.observed.visible)
	all["ApproximateNumberOfMessagesNotVisible"] = strconv.Itoa(q.observed.inFlight)
	all["ApproximateNumberOfMessagesDelayed"] = strconv.Itoa(q.observed.delayed)
	return all
}

type setQueueAttributesInput struct {
	QueueUrl   string
	Attributes map[string]string
}

func (s *Service) setQueueAttributes(_ context.Context, in *setQueueAttributesInput) (*none, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	q, err := s.byURL(in.QueueUrl, now)
	if err != nil {
		return nil, err
	}
	if err := s.change(q, &q.settings, in.Attributes); err != nil {
		return nil, err
	}
	q.modified = now
	return new(none), nil
}
