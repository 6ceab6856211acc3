package sqs

import (
	"context"
	"time"
)

// none answers operations without an answer.
type none struct{}

type deleteMessageInput struct {
	QueueUrl      string
	ReceiptHandle string
}

func (s *Service) deleteMessage(_ context.Context, in *deleteMessageInput) (*none, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.byURL(in.QueueUrl, time.Now())
	if err != nil {
		return nil, err
	}
	return new(none), s.deleteReceived(q, in.ReceiptHandle)
}

// deleteReceived deletes by receipt handle; an old handle changes nothing.
func (s *Service) deleteReceived(q *queue, handle string) error {
	if handle == "" {
		return missingParameter("ReceiptHandle")
	}
	m, err := q.received(handle)
	if m != nil {
		q.deletedCount++
	}
	switch {
	case m == nil:
	case s.survives(m):
		m.receipt = ""
	default:
		q.remove(m)
	}
	return err
}

type handleEntry struct {
	Id                string
	ReceiptHandle     string
	VisibilityTimeout *int
}

func (e *handleEntry) id() string { return e.Id }

type handleBatchInput struct {
	QueueUrl string
	Entries  []handleEntry
}

type doneEntry struct {
	Id string
}

func (s *Service) deleteMessageBatch(_ context.Context, in *handleBatchInput) (*batchResult[doneEntry], error) {
	return s.handleBatch(in, "DeleteMessageBatchRequestEntry", func(q *queue, e *handleEntry, _ time.Time) error {
		return s.deleteReceived(q, e.ReceiptHandle)
	})
}

func (s *Service) changeMessageVisibilityBatch(_ context.Context, in *handleBatchInput) (*batchResult[doneEntry], error) {
	return s.handleBatch(in, "ChangeMessageVisibilityBatchRequestEntry", func(q *queue, e *handleEntry, now time.Time) error {
		return q.changeVisibility(e.ReceiptHandle, e.VisibilityTimeout, now)
	})
}

func (s *Service) handleBatch(in *handleBatchInput, shape string, apply func(*queue, *handleEntry, time.Time) error) (*batchResult[doneEntry], error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	q, err := s.byURL(in.QueueUrl, now)
	if err != nil {
		return nil, err
	}
	if err := checkEntries(shape, in.Entries, (*handleEntry).id); err != nil {
		return nil, err
	}
	result := newBatchResult[doneEntry]()
	for i := range in.Entries {
		entry := &in.Entries[i]
		if err := apply(q, entry, now); err != nil {
			result.fail(entry.Id, err)
			continue
		}
		result.Successful = append(result.Successful, doneEntry{Id: entry.Id})
	}
	return result, nil
}

type changeMessageVisibilityInput struct {
	QueueUrl          string
	ReceiptHandle     string
	VisibilityTimeout *int
}

func (s *Service) changeMessageVisibility(_ context.Context, in *changeMessageVisibilityInput) (*none, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	q, err := s.byURL(in.QueueUrl, now)
	if err != nil {
		return nil, err
	}
	return new(none), q.changeVisibility(in.ReceiptHandle, in.VisibilityTimeout, now)
}

// changeVisibility restarts the visibility timeout. It also works after the
// timeout is over, as long as nobody received the message again: AWS answers 200
// there, and the message is then hidden anew.
func (q *queue) changeVisibility(handle string, timeout *int, now time.Time) error {
	switch {
	case handle == "":
		return missingParameter("ReceiptHandle")
	case timeout == nil:
		return missingParameter(visibilityTimeout)
	case *timeout < 0 || *timeout > 43_200:
		return invalidValue(*timeout, visibilityTimeout, "VisibilityTimeout must be an integer between 0 and 43200.")
	}
	m, err := q.received(handle)
	if err != nil {
		return err
	}
	if m == nil {
		return invalidValue(handle, "ReceiptHandle", "Message does not exist or is not available for visibility timeout change.")
	}
	until := now.Add(time.Duration(*timeout) * time.Second)
	switch {
	case *timeout == 0 && m.place == inFlight:
		q.show(m)
	case *timeout == 0:
	case until.After(m.leased.Add(maxVisibility)):
		return invalidValue(*timeout, visibilityTimeout, "Total VisibilityTimeout for the message is beyond the limit [43200 seconds].")
	default:
		q.hide(m, until)
	}
	return nil
}
