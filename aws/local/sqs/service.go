// Package sqs is the local Amazon SQS: standard queues, dead-letter queues and
// move tasks, over AWS JSON 1.0 and as a Go API for the rest of the local cloud.
//
// It follows what AWS answers. Two things differ on purpose: attribute changes
// and counts are exact at once, and a short poll sees every message.
package sqs

import (
	"net/http"
	"sync"

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
	queues map[string]*queue
}

type queue struct{}

// New makes a service without queues.
func New(id *identity.Identity) *Service {
	s := &Service{id: id, done: make(chan struct{}), queues: make(map[string]*queue)}
	s.wire = wire.JSONService{Version: "1.0", Operations: map[string]wire.Operation{}, NewID: id.UUID}
	return s
}

// ServeHTTP answers one AWS JSON 1.0 request (target AmazonSQS.<operation>).
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.wire.ServeHTTP(w, r) }

// Close ends long polls and move tasks and waits for them. Queues stay readable.
func (s *Service) Close() {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.done)
	}
	s.mu.Unlock()
	s.tasks.Wait()
}
