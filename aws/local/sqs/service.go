// Package sqs is the local Amazon SQS: standard queues, dead-letter queues and
// move tasks, over AWS JSON 1.0 and as a Go API for the rest of the local cloud.
//
// It follows what AWS answers. Attribute changes are there at once; counts are
// exact, a short poll sees every message and each is delivered once, unless
// Pressure says otherwise.
package sqs

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"orderops/aws/local/identity"
	"orderops/aws/local/wire"
)

// Service holds all queues of one local cloud. It is safe for concurrent use.
type Service struct {
	id   *identity.Identity
	wire wire.JSONService
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
	// deleted holds when a queue of that name was deleted, for a minute.
	deleted map[string]time.Time
	serial  uint64 // of the last message
}

// New makes a service without queues.
func New(id *identity.Identity) *Service {
	s := &Service{
		id:      id,
		done:    make(chan struct{}),
		queues:  make(map[string]*queue),
		deleted: make(map[string]time.Time),
	}
	s.wire = wire.JSONService{Version: "1.0", Operations: s.operations(), NewID: id.PassingID}
	return s
}

func (s *Service) operations() map[string]wire.Operation {
	return map[string]wire.Operation{
		"CreateQueue":                  operation(s.createQueue),
		"DeleteQueue":                  operation(s.deleteQueue),
		"ListQueues":                   operation(s.listQueues),
		"GetQueueUrl":                  operation(s.getQueueURL),
		"GetQueueAttributes":           operation(s.getQueueAttributes),
		"SetQueueAttributes":           operation(s.setQueueAttributes),
		"PurgeQueue":                   operation(s.purgeQueue),
		"TagQueue":                     operation(s.tagQueue),
		"UntagQueue":                   operation(s.untagQueue),
		"ListQueueTags":                operation(s.listQueueTags),
		"SendMessage":                  operation(s.sendMessage),
		"SendMessageBatch":             operation(s.sendMessageBatch),
		"ReceiveMessage":               operation(s.receiveMessage),
		"DeleteMessage":                operation(s.deleteMessage),
		"DeleteMessageBatch":           operation(s.deleteMessageBatch),
		"ChangeMessageVisibility":      operation(s.changeMessageVisibility),
		"ChangeMessageVisibilityBatch": operation(s.changeMessageVisibilityBatch),
		"ListDeadLetterSourceQueues":   operation(s.listDeadLetterSourceQueues),
		"StartMessageMoveTask":         operation(s.startMessageMoveTask),
		"ListMessageMoveTasks":         operation(s.listMessageMoveTasks),
		"CancelMessageMoveTask":        operation(s.cancelMessageMoveTask),
	}
}

// operation refuses text that is not UTF-8 before encoding/json would replace it.
func operation[In, Out any](f func(context.Context, *In) (*Out, error)) wire.Operation {
	typed := wire.Typed(f)
	return func(ctx context.Context, body []byte) (any, error) {
		if !utf8.Valid(body) {
			return nil, &wire.Error{Type: framework + "SerializationException", Message: "The request body is not valid UTF-8"}
		}
		return typed(ctx, body)
	}
}

// ServeHTTP answers one AWS JSON 1.0 request (target AmazonSQS.<operation>).
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.wire.ServeHTTP(w, r) }

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

// byURL finds a queue by the last segment of its URL, whatever the host, and
// brings it up to date.
func (s *Service) byURL(url string, now time.Time) (*queue, error) {
	return s.settled(s.queues[url[strings.LastIndexByte(url, '/')+1:]], now)
}

// settled brings q up to date; a nil q is a queue that does not exist.
func (s *Service) settled(q *queue, now time.Time) (*queue, error) {
	if q == nil {
		return nil, noQueue()
	}
	q.settle(now)
	q.observe(now, s.pressure.CountLag)
	return q, nil
}

// byARN finds a queue, nil when there is none.
func (s *Service) byARN(arn string) *queue {
	q := s.queues[arn[strings.LastIndexByte(arn, ':')+1:]]
	if q == nil || q.arn != arn {
		return nil
	}
	return q
}
