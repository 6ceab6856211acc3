package sqs

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"orderops/aws/local/wire"
)

type receiveMessageInput struct {
	QueueUrl                    string
	MaxNumberOfMessages         *int // nil means 1
	VisibilityTimeout           *int // seconds; nil takes the queue's
	WaitTimeSeconds             *int // nil takes the queue's
	AttributeNames              []string
	MessageSystemAttributeNames []string
	MessageAttributeNames       []string
}

func (in *receiveMessageInput) check() {
	for _, name := range slices.Concat(in.AttributeNames, in.MessageSystemAttributeNames) {
		if !slices.Contains(systemAttributes(), name) {
			wire.Check(unknownAttribute(name))
		}
	}
	checkRange(in.MaxNumberOfMessages, 1, maxBatch, "MaxNumberOfMessages", "Must be between 1 and 10, if provided.")
	checkRange(in.WaitTimeSeconds, 0, 20, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided.")
	checkRange(in.VisibilityTimeout, 0, 43_200, visibilityTimeout, "Must be >= 0 and <= 43200, if provided.")
}

func systemAttributes() []string {
	return []string{
		"All", "SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp", "SequenceNumber",
		"MessageDeduplicationId", "MessageGroupId", "AWSTraceHeader", "DeadLetterQueueSourceArn",
	}
}

type receiveMessageOutput struct {
	Messages []Delivery `json:",omitempty"`
}

func (s *Service) receiveMessage(ctx context.Context, in *receiveMessageInput) (out receiveMessageOutput, err error) {
	in.check()
	out.Messages, err = on(s, nameOfURL(in.QueueUrl), func(q *queue, _ time.Time) ([]Delivery, error) {
		return s.receive(ctx, q, poll{
			limit:      orDefault(in.MaxNumberOfMessages, 1),
			visibility: seconds(in.VisibilityTimeout, q.settings.duration(visibilityTimeout)),
			wait:       seconds(in.WaitTimeSeconds, q.settings.duration(receiveWaitTime)),
		})
	})
	names := slices.Concat(in.AttributeNames, in.MessageSystemAttributeNames)
	for i := range out.Messages {
		d := &out.Messages[i]
		maps.DeleteFunc(d.Attributes, func(name, _ string) bool { return !slices.Contains(names, name) && !slices.Contains(names, "All") })
		d.MessageAttributes = chooseAttributes(d.MessageAttributes, in.MessageAttributeNames)
		d.AttributesMD5 = attributesDigest(d.MessageAttributes)
	}
	return out, err
}

func orDefault(n *int, standard int) int {
	if n == nil {
		return standard
	}
	return *n
}

// poll is one receive call.
type poll struct {
	limit            int
	visibility, wait time.Duration
}

func (p poll) short() bool { return p.wait == 0 }

// receive takes messages, and waits for them if the poll is a long one; a queue
// that is deleted meanwhile ends the wait. The lock is held, but not while waiting.
func (s *Service) receive(ctx context.Context, q *queue, p poll) ([]Delivery, error) {
	now := time.Now()
	for deadline := now.Add(p.wait); ; now = time.Now() {
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case s.closed:
			return nil, shutDown()
		case q.deleted:
			return nil, noQueue()
		}
		q.settle(now)
		if p.short() && s.full(q) {
			return nil, refused(http.StatusForbidden, "OverLimit", "OverLimit", "The maximum number of in flight messages is reached.")
		}
		if got := s.take(q, p, now); len(got) > 0 || !now.Before(deadline) {
			return got, nil
		}
		s.await(ctx, q.woken, q.nextChange(deadline).Sub(now))
	}
}

// await gives up the lock until woken is closed, the time is over, ctx ends or
// the service closes.
func (s *Service) await(ctx context.Context, woken <-chan struct{}, atMost time.Duration) {
	s.mu.Unlock()
	defer s.mu.Lock()
	timer := time.NewTimer(atMost)
	defer timer.Stop()
	select {
	case <-woken:
	case <-timer.C:
	case <-ctx.Done():
	case <-s.done:
	}
}

// take receives what is visible now and moves what was received too often.
func (s *Service) take(q *queue, p poll, now time.Time) []Delivery {
	var deliveries []Delivery
	var back []*message // into view, but not of this call
	for len(deliveries) < p.limit && !s.full(q) && len(q.visible) > 0 {
		m := q.visible.first()
		if p.short() && !s.sees(m) {
			m.lift()
			back = append(back, m)
			continue
		}
		if s.bury(q, m, now) {
			continue
		}
		m.receipt, m.leased = s.id.PassingID(), now
		q.receivedCount++
		m.received++
		m.receivedHere++
		if m.firstReceived.IsZero() {
			m.firstReceived = now
		}
		q.hide(m, &q.inFlight, now.Add(p.visibility))
		if p.visibility == 0 {
			back = append(back, m)
		}
		deliveries = append(deliveries, m.deliver(s.id.Account, q))
	}
	for _, m := range back {
		q.show(m)
	}
	return deliveries
}

// bury moves a message to the dead-letter queue if one more receive would exceed
// the policy's count. It keeps its id, sent time and count of receives. Without
// the dead-letter queue it stays and is delivered again.
func (s *Service) bury(q *queue, m *message, now time.Time) bool {
	policy := q.settings.redrive
	if policy == nil || m.receivedHere < policy.MaxReceives {
		return false
	}
	target := s.byARN(policy.Target)
	if target == nil {
		return false
	}
	q.remove(m)
	m.source, m.receivedHere, m.receipt = q.arn, 0, ""
	target.add(m, now, 0)
	return true
}

// received names a received message by its handle: a DeleteMessage or
// ChangeMessageVisibility request, or an entry of a batch of them.
type received struct {
	queueInput
	Id                string // only in a batch
	ReceiptHandle     string
	VisibilityTimeout *int
}

func (r *received) id() string { return r.Id }

func (*received) size() int { return 0 }

// done is the answer: {} outside a batch.
type done struct {
	Id string `json:",omitempty"`
}

// deleteMessage deletes by receipt handle; an old handle changes nothing.
func (s *Service) deleteMessage(q *queue, r *received, _ time.Time) (done, error) {
	m := q.holder(r.ReceiptHandle)
	if m == nil {
		return done{r.Id}, nil
	}
	q.deletedCount++
	if s.survives(m) {
		m.receipt = ""
	} else {
		q.remove(m)
	}
	return done{r.Id}, nil
}

// changeMessageVisibility restarts the visibility timeout. It also works after
// the timeout is over, as long as nobody received the message again: AWS answers
// 200 there, and the message is then hidden anew.
func (s *Service) changeMessageVisibility(q *queue, r *received, now time.Time) (done, error) {
	m := q.holder(r.ReceiptHandle)
	switch n := r.VisibilityTimeout; {
	case n == nil:
		return done{}, missingParameter(visibilityTimeout)
	case *n < 0 || *n > 43_200:
		return done{}, invalidValue(*n, visibilityTimeout, "VisibilityTimeout must be an integer between 0 and 43200.")
	case m == nil:
		return done{}, invalidValue(r.ReceiptHandle, "ReceiptHandle", "Message does not exist or is not available for visibility timeout change.")
	case *n == 0 && m.pile == &q.visible:
	case *n == 0:
		q.show(m)
	default:
		until := now.Add(time.Duration(*n) * time.Second)
		if until.After(m.leased.Add(maxVisibility)) {
			return done{}, invalidValue(*n, visibilityTimeout, "Total VisibilityTimeout for the message is beyond the limit [43200 seconds].")
		}
		q.hide(m, &q.inFlight, until)
	}
	return done{r.Id}, nil
}
