// Package sqs is the local Amazon SQS: standard queues, dead-letter queues and
// move tasks, over AWS JSON 1.0 and as a Go API for the rest of the local cloud.
//
// It follows what AWS answers. Attribute changes are there at once; counts are
// exact, a short poll sees every message and each is delivered once, unless
// Pressure says otherwise.
package sqs

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"orderops/aws/local/identity"
	"orderops/aws/local/wire"
)

// Service holds all queues of one local cloud. It is safe for concurrent use.
type Service struct {
	*wire.Service
	id *identity.Identity
	// done is closed by Close; whoever waits, waits on it too.
	done chan struct{}
	// tasks counts the goroutines of running move tasks.
	tasks sync.WaitGroup

	// mu guards everything below, queues and messages included, so that a
	// message changes queues in one step. It is never held while waiting.
	mu     sync.Mutex
	closed bool
	// pressure is how the queues misbehave.
	pressure Pressure
	queues   map[string]*queue // by name
	serial   uint64            // of the last message
}

// New makes a service without queues.
func New(id *identity.Identity) *Service {
	s := &Service{id: id, done: make(chan struct{}), queues: make(map[string]*queue)}
	s.Service = &wire.Service{Protocol: wire.JSON("1.0", "AmazonSQS"), Operations: s.operations(), NewID: id.PassingID}
	return s
}

func (s *Service) operations() map[string]wire.Operation {
	return map[string]wire.Operation{
		"CreateQueue":                  locked(s, s.createQueue),
		"DeleteQueue":                  onQueue(s, s.deleteQueue),
		"ListQueues":                   locked(s, s.listQueues),
		"GetQueueUrl":                  locked(s, s.getQueueURL),
		"GetQueueAttributes":           onQueue(s, s.getQueueAttributes),
		"SetQueueAttributes":           onQueue(s, s.setQueueAttributes),
		"PurgeQueue":                   onQueue(s, s.purgeQueue),
		"SendMessage":                  onQueue(s, s.sendMessage),
		"SendMessageBatch":             batch(s, "SendMessageBatchRequestEntry", s.sendMessage),
		"ReceiveMessage":               wire.Typed(s.receiveMessage),
		"DeleteMessage":                onQueue(s, s.deleteMessage),
		"DeleteMessageBatch":           batch(s, "DeleteMessageBatchRequestEntry", s.deleteMessage),
		"ChangeMessageVisibility":      onQueue(s, s.changeMessageVisibility),
		"ChangeMessageVisibilityBatch": batch(s, "ChangeMessageVisibilityBatchRequestEntry", s.changeMessageVisibility),
		"ListDeadLetterSourceQueues":   onQueue(s, s.listDeadLetterSourceQueues),
		"StartMessageMoveTask":         locked(s, s.startMessageMoveTask),
		"ListMessageMoveTasks":         locked(s, s.listMessageMoveTasks),
		"CancelMessageMoveTask":        locked(s, s.cancelMessageMoveTask),
	}
}

// locked is an operation that runs with the lock held.
func locked[In, Out any](s *Service, f func(*In, time.Time) (Out, error)) wire.Operation {
	return wire.Typed(func(_ context.Context, in *In) (Out, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return f(in, time.Now())
	})
}

// onQueue is an operation on the queue whose URL the request gives; see on.
func onQueue[In, Out any, P interface {
	*In
	url() string
}](s *Service, f func(*queue, *In, time.Time) (Out, error)) wire.Operation {
	return wire.Typed(func(_ context.Context, in *In) (Out, error) {
		return on(s, nameOfURL(P(in).url()), func(q *queue, now time.Time) (Out, error) { return f(q, in, now) })
	})
}

// on runs f on the queue of that name, brought up to date, with the lock held.
func on[Out any](s *Service, name string, f func(*queue, time.Time) (Out, error)) (out Out, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, now := s.queues[name], time.Now()
	if q == nil {
		return out, noQueue()
	}
	q.settle(now)
	q.observe(now, s.pressure.CountLag)
	return wire.Try(func() (Out, error) { return f(q, now) })
}

// queueInput begins the requests that go to a queue.
type queueInput struct {
	QueueUrl string
}

func (in *queueInput) url() string { return in.QueueUrl }

// none answers operations without an answer.
type none struct{}

// Close ends long polls and move tasks and waits for the latter. Queues stay
// readable; receiving and new move tasks are refused.
func (s *Service) Close() {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.done)
	}
	s.mu.Unlock()
	s.tasks.Wait()
}

// nameOfURL is the last segment of a queue's URL, whatever the host.
func nameOfURL(url string) string { return url[strings.LastIndexByte(url, '/')+1:] }

// nameOfARN is the queue's name; "" if the ARN is of another region or account.
func (s *Service) nameOfARN(arn string) string {
	name := arn[strings.LastIndexByte(arn, ':')+1:]
	if arn != s.QueueARN(name) {
		return ""
	}
	return name
}

// byARN finds a queue, nil when there is none. The lock is held.
func (s *Service) byARN(arn string) *queue { return s.queues[s.nameOfARN(arn)] }

// QueueURL is the address of the queue called name, existing or not.
func (s *Service) QueueURL(name string) string { return s.id.URL + "/" + s.id.Account + "/" + name }

// QueueARN is the ARN of the queue called name, existing or not.
func (s *Service) QueueARN(name string) string { return s.id.ARN("sqs", name) }

// CreateQueue makes a queue and returns its URL. Making it again with the same
// attributes is no error. A RedrivePolicy must name an existing queue.
func (s *Service) CreateQueue(name string, attributes map[string]string) (url string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	made, err := wire.Try(func() (queueURL, error) {
		return s.createQueue(&queueRequest{QueueName: name, Attributes: attributes}, time.Now())
	})
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
		for _, handle := range receiptHandles {
			wire.Must(s.deleteMessage(q, &received{ReceiptHandle: handle}, now))
		}
		return none{}, nil
	})
	return err
}

const (
	// queryCode begins the query codes of most errors that AWS models.
	queryCode = "AWS.SimpleQueueService."
	// nonExistentQueue is also the failure reason of a move task whose queue is gone.
	nonExistentQueue = queryCode + "NonExistentQueue"
)

// refused is an error that AWS models. The query code is what clients of either
// protocol see as the error code.
func refused(status int, shape, code, format string, args ...any) error {
	return &wire.Error{Status: status, Type: "com.amazonaws.sqs#" + shape, QueryCode: code, Message: fmt.Sprintf(format, args...)}
}

// generic is an error that AWS sends under a name of its framework.
func generic(status int, shape, code, format string, args ...any) error {
	return &wire.Error{Status: status, Type: "com.amazon.coral.service#" + shape, QueryCode: code, Message: fmt.Sprintf(format, args...)}
}

func invalidParameter(format string, args ...any) error {
	return generic(http.StatusBadRequest, "InvalidParameterValueException", "InvalidParameterValue", format, args...)
}

func invalidValue(value any, parameter, reason string) error {
	return invalidParameter("Value %v for parameter %s is invalid. Reason: %s", value, parameter, reason)
}

// need refuses a request whose parameters are wrong, unless ok.
func need(ok bool, format string, args ...any) {
	if !ok {
		wire.Check(invalidParameter(format, args...))
	}
}

// checkRange refuses a number outside its range; nil is no number.
func checkRange(n *int, low, high int, parameter, reason string) {
	if n != nil && (*n < low || *n > high) {
		wire.Check(invalidValue(*n, parameter, reason))
	}
}

func missingParameter(name string) error {
	return generic(http.StatusBadRequest, "MissingRequiredParameterException", "MissingParameter", "The request must contain the parameter %s.", name)
}

func invalidAttributeName(format string, args ...any) error {
	return refused(http.StatusBadRequest, "InvalidAttributeName", "InvalidAttributeName", format, args...)
}

func unknownAttribute(name string) error { return invalidAttributeName("Unknown Attribute %s.", name) }

func noQueue() error {
	return refused(http.StatusBadRequest, "QueueDoesNotExist", nonExistentQueue, "The specified queue does not exist.")
}

func unsupported(message string) error {
	return refused(http.StatusBadRequest, "UnsupportedOperation", queryCode+"UnsupportedOperation", "%s", message)
}

func noResource(message string) error {
	return refused(http.StatusNotFound, "ResourceNotFoundException", "ResourceNotFoundException", "%s", message)
}

func shutDown() error {
	return generic(http.StatusServiceUnavailable, "ServiceUnavailableException", "ServiceUnavailable", "The local AWS is shutting down.")
}
