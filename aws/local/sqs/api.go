package sqs

import (
	"context"
	"errors"
	"time"
)

// QueueURL is the address of the queue called name, existing or not.
func (s *Service) QueueURL(name string) string { return s.id.URL + "/" + s.id.Account + "/" + name }

// QueueARN is the ARN of the queue called name, existing or not.
func (s *Service) QueueARN(name string) string { return s.id.ARN("sqs", name) }

// CreateQueue makes a queue and returns its URL. Making it again with the same
// attributes is no error. A RedrivePolicy must name an existing queue.
func (s *Service) CreateQueue(name string, attributes map[string]string) (url string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	made, err := s.createQueue(&queueRequest{QueueName: name, Attributes: attributes}, time.Now())
	return made.QueueUrl, err
}

// Send puts a message on a queue and returns its id and the MD5 of its body.
func (s *Service) Send(queueARN, body string) (messageID, md5 string, err error) {
	answer, err := on(s, s.nameOfARN(queueARN), func(q *queue, now time.Time) (sent, error) {
		return s.sendMessage(q, &outgoing{MessageBody: body}, now)
	})
	return answer.MessageId, answer.MD5OfMessageBody, err
}

// Receive takes up to limit (1 to 10) messages, with all their attributes, and
// hides them for the queue's visibility timeout. It waits up to wait for the
// first one; an empty answer is no error. It returns early with an error when
// ctx ends, the service closes or the queue is gone.
func (s *Service) Receive(ctx context.Context, queueARN string, limit int, wait time.Duration) ([]Delivery, error) {
	return on(s, s.nameOfARN(queueARN), func(q *queue, _ time.Time) ([]Delivery, error) {
		return s.receive(ctx, q, poll{limit: min(max(limit, 1), maxBatch), visibility: q.settings.duration(visibilityTimeout), wait: wait})
	})
}

// Delete removes received messages. As on AWS, a handle that is not the latest
// of its message is no error and deletes nothing.
func (s *Service) Delete(queueARN string, receiptHandles ...string) error {
	_, err := on(s, s.nameOfARN(queueARN), func(q *queue, now time.Time) (none, error) {
		var all []error
		for _, handle := range receiptHandles {
			_, err := s.deleteMessage(q, &received{ReceiptHandle: handle}, now)
			all = append(all, err)
		}
		return none{}, errors.Join(all...)
	})
	return err
}
