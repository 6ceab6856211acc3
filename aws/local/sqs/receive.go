package sqs

import (
	"context"
	"slices"
	"time"
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

func (in *receiveMessageInput) check() error {
	if n := in.MaxNumberOfMessages; n != nil && (*n < 1 || *n > maxBatch) {
		return invalidValue(*n, "MaxNumberOfMessages", "Must be between 1 and 10, if provided.")
	}
	if n := in.WaitTimeSeconds; n != nil && (*n < 0 || *n > 20) {
		return invalidValue(*n, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided.")
	}
	if n := in.VisibilityTimeout; n != nil && (*n < 0 || *n > 43_200) {
		return invalidValue(*n, visibilityTimeout, "Must be >= 0 and <= 43200, if provided.")
	}
	for _, name := range slices.Concat(in.AttributeNames, in.MessageSystemAttributeNames) {
		if !systemAttribute(name) {
			return unknownAttribute(name)
		}
	}
	return nil
}

func systemAttribute(name string) bool {
	switch name {
	case "All", "SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp", "SequenceNumber",
		"MessageDeduplicationId", "MessageGroupId", "AWSTraceHeader", "DeadLetterQueueSourceArn":
		return true
	}
	return false
}

type receivedMessage struct {
	MessageId              string
	ReceiptHandle          string
	MD5OfBody              string
	Body                   string
	Attributes             map[string]string           `json:",omitempty"`
	MD5OfMessageAttributes string                      `json:",omitempty"`
	MessageAttributes      map[string]MessageAttribute `json:",omitempty"`
}

type receiveMessageOutput struct {
	Messages []receivedMessage `json:",omitempty"`
}

func (s *Service) receiveMessage(ctx context.Context, in *receiveMessageInput) (*receiveMessageOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	poll := poll{limit: 1}
	if in.MaxNumberOfMessages != nil {
		poll.limit = *in.MaxNumberOfMessages
	}
	poll.visibility, poll.wait = seconds(in.VisibilityTimeout), seconds(in.WaitTimeSeconds)
	deliveries, err := s.receive(ctx, func(now time.Time) (*queue, error) { return s.byURL(in.QueueUrl, now) }, poll)
	if err != nil {
		return nil, err
	}
	names := slices.Concat(in.AttributeNames, in.MessageSystemAttributeNames)
	out := new(receiveMessageOutput)
	for i := range deliveries {
		d := &deliveries[i]
		if !slices.Contains(names, "All") {
			for name := range d.Attributes {
				if !slices.Contains(names, name) {
					delete(d.Attributes, name)
				}
			}
		}
		chosen := chooseAttributes(d.MessageAttributes, in.MessageAttributeNames)
		out.Messages = append(out.Messages, receivedMessage{
			MessageId: d.MessageID, ReceiptHandle: d.ReceiptHandle, MD5OfBody: d.MD5, Body: d.Body,
			Attributes: d.Attributes, MD5OfMessageAttributes: attributesDigest(chosen), MessageAttributes: chosen,
		})
	}
	return out, nil
}

func seconds(n *int) *time.Duration {
	if n == nil {
		return nil
	}
	return new(time.Duration(*n) * time.Second)
}

// poll is one receive call.
type poll struct {
	limit      int
	visibility *time.Duration // nil takes the queue's
	wait       *time.Duration // nil takes the queue's
}

// receive takes messages, and waits for them if the poll is a long one. find is
// called with the lock held, once: a queue that is deleted meanwhile ends the wait.
func (s *Service) receive(ctx context.Context, find func(now time.Time) (*queue, error), p poll) ([]Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	start := time.Now()
	q, err := find(start)
	if err != nil {
		return nil, err
	}
	wait := q.settings.duration(receiveWaitTime)
	if p.wait != nil {
		wait = *p.wait
	}
	deadline := start.Add(wait)
	for {
		now := time.Now()
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case s.closed:
			return nil, shutDown()
		case q.deleted:
			return nil, noQueue()
		}
		q.settle(now)
		if q.full = s.full(q); q.full && wait == 0 {
			return nil, overLimit()
		}
		if got := s.take(q, p, wait == 0, now); len(got) > 0 || !now.Before(deadline) {
			return got, nil
		}
		until := deadline
		if next := q.nextChange(); !next.IsZero() && next.Before(until) {
			until = next
		}
		s.await(ctx, q.woken, until.Sub(now))
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
func (s *Service) take(q *queue, p poll, short bool, now time.Time) []Delivery {
	visibility := q.settings.duration(visibilityTimeout)
	if p.visibility != nil {
		visibility = *p.visibility
	}
	var deliveries []Delivery
	var back []*message   // to be shown again at once, but not to this call
	var unseen []*message // by this call
	for len(deliveries) < p.limit && !s.full(q) {
		m := q.visible.first()
		if m == nil {
			break
		}
		if !s.sees(m, short) {
			q.visible.remove(m)
			unseen = append(unseen, m)
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
		q.hide(m, now.Add(visibility))
		if visibility == 0 {
			back = append(back, m)
		}
		deliveries = append(deliveries, m.deliver(s.id.Account, receiptHandle(q.arn, m.id, m.receipt)))
	}
	for _, m := range unseen {
		q.visible.add(m)
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
