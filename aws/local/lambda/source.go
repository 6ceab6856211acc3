package lambda

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"orderops/aws/local/sqs"
	"orderops/aws/local/wire"
)

const (
	// longPoll is the longest wait that SQS allows for a receive.
	longPoll = 20 * time.Second
	// pollPause follows a receive that failed.
	pollPause = time.Second
	// concurrency is how many batches are worked on at once; Lambda starts with five.
	concurrency = 5
)

// Source is an event source: a queue that feeds a function.
type Source struct {
	Function string
	QueueARN string
	// BatchSize is the most messages per invocation; 0 means 10.
	BatchSize int
	// ReportBatchItemFailures makes the function's answer decide which messages
	// of a batch come back. Without it every invocation that does not fail
	// deletes its whole batch.
	ReportBatchItemFailures bool
	// Disabled creates the source switched off.
	Disabled bool
}

type source struct {
	Source
	service *Service
	// id is the UUID of the event source mapping.
	id      string
	created time.Time

	mu sync.Mutex // guards all below
	// switched is when it was last switched on or off, zero for never.
	switched time.Time
	stop     context.CancelFunc
	// polled is closed when the poller has ended; nil while the source is off.
	polled chan struct{}
}

// AddSource creates a function's event source and starts it.
func (s *Service) AddSource(config Source) error {
	if config.BatchSize == 0 {
		config.BatchSize = 10
	}
	added := &source{Source: config, service: s, id: s.identity.PassingID(), created: time.Now()}
	s.mu.Lock()
	_, exists := s.sources[config.Function]
	_, known := s.functions[config.Function]
	if known && !exists {
		s.sources[config.Function] = added
	}
	s.mu.Unlock()
	switch {
	case !known:
		return fmt.Errorf("event source for %s: %w", config.Function, ErrNoFunction)
	case exists:
		return fmt.Errorf("function %s has an event source already", config.Function)
	case config.Disabled:
		return nil
	}
	added.enable()
	return nil
}

// EnableSource switches a function's event source on or off. When it returns
// from switching off, nothing more is received; invocations under way finish.
func (s *Service) EnableSource(function string, enabled bool) error {
	s.mu.Lock()
	found, ok := s.sources[function]
	s.mu.Unlock()
	if !ok {
		return fmt.Errorf("function %s has no event source", function)
	}
	found.turn(enabled)
	return nil
}

// turn switches the source on or off by hand.
func (s *source) turn(on bool) {
	if on {
		s.enable()
	} else {
		s.disable()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.switched = time.Now()
}

func (s *source) enable() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.polled != nil {
		return
	}
	ctx, stop := context.WithCancel(s.service.life)
	polled := make(chan struct{})
	if !s.service.start(func() {
		defer close(polled)
		s.poll(ctx)
	}) {
		stop()
		return
	}
	s.stop, s.polled = stop, polled
}

func (s *source) disable() {
	s.mu.Lock()
	stop, polled := s.stop, s.polled
	s.stop, s.polled = nil, nil
	s.mu.Unlock()
	if polled != nil {
		stop()
		<-polled
	}
}

// poll receives batch after batch until ctx ends.
func (s *source) poll(ctx context.Context) {
	slots := make(chan struct{}, concurrency)
	for {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		messages, err := s.service.queue.Receive(ctx, s.QueueARN, s.BatchSize, longPoll)
		if len(messages) > 0 {
			// What was received is worked on even if the source was switched off
			// meanwhile: the receive has counted.
			s.service.start(func() {
				defer func() { <-slots }()
				s.deliver(messages)
			})
			continue
		}
		<-slots
		if err != nil && !pause(ctx, pollPause) {
			return
		}
		if ctx.Err() != nil {
			return
		}
	}
}

// deliver invokes the function with a batch and deletes what it is done with.
// Everything else comes back when its visibility timeout ends.
func (s *source) deliver(batch []sqs.Delivery) {
	payload, err := event(batch, s.QueueARN, s.service.identity.Region)
	if err != nil {
		return
	}
	output, failure, err := s.service.Invoke(s.service.life, s.Function, payload)
	if err != nil || failure != nil {
		return
	}
	var failed map[string]bool
	if s.ReportBatchItemFailures {
		var ok bool
		if failed, ok = failedItems(output, batch); !ok {
			return
		}
	}
	var done []string
	for _, m := range batch {
		if !failed[m.MessageID] {
			done = append(done, m.ReceiptHandle)
		}
	}
	if len(done) > 0 {
		_ = s.service.queue.Delete(s.QueueARN, done...) // the queue is gone, and the messages with it
	}
}

// pause waits and tells whether ctx is still alive.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Queue is what an event source reads: SQS of the same cloud.
type Queue interface {
	// Receive takes up to maximum messages, waiting up to wait for the first.
	Receive(ctx context.Context, queueARN string, maximum int, wait time.Duration) ([]sqs.Delivery, error)
	Delete(queueARN string, receiptHandles ...string) error
}

// event is the payload that a consumer gets: a record of each message (SQS event,
// docs "Using Lambda with Amazon SQS").
func event(messages []sqs.Delivery, queueARN, region string) ([]byte, error) {
	records := make([]map[string]any, len(messages))
	for i, m := range messages {
		attributes := map[string]any{}
		for name, a := range m.MessageAttributes {
			attribute := map[string]any{"dataType": a.DataType, "stringListValues": []string{}, "binaryListValues": []string{}}
			if len(a.BinaryValue) > 0 {
				attribute["binaryValue"] = a.BinaryValue
			} else {
				attribute["stringValue"] = a.StringValue
			}
			attributes[name] = attribute
		}
		records[i] = map[string]any{
			"messageId": m.MessageID, "receiptHandle": m.ReceiptHandle, "body": m.Body, "md5OfBody": m.MD5,
			"attributes": m.Attributes, "messageAttributes": attributes,
			"eventSource": "aws:sqs", "eventSourceARN": queueARN, "awsRegion": region,
		}
		if m.AttributesMD5 != "" {
			records[i]["md5OfMessageAttributes"] = m.AttributesMD5
		}
	}
	return wire.Encode(map[string]any{"Records": records})
}

// failedItems reads a partial batch response: the ids that must come back. ok is
// false when the response makes the whole batch fail: an unreadable response, an
// entry without itemIdentifier, or an id that is not of the batch.
func failedItems(response []byte, batch []sqs.Delivery) (failed map[string]bool, ok bool) {
	if text := strings.TrimSpace(string(response)); text == "" || text == "null" {
		return nil, true
	}
	// Maps, because member names are matched exactly.
	var members map[string]json.RawMessage
	if json.Unmarshal(response, &members) != nil {
		return nil, false
	}
	list, ok := members["batchItemFailures"]
	if !ok {
		return nil, true
	}
	var entries []map[string]json.RawMessage
	if json.Unmarshal(list, &entries) != nil {
		return nil, false
	}
	ids := make(map[string]bool, len(batch))
	for _, m := range batch {
		ids[m.MessageID] = true
	}
	failed = make(map[string]bool, len(entries))
	for _, entry := range entries {
		var id string
		if json.Unmarshal(entry["itemIdentifier"], &id) != nil || !ids[id] {
			return nil, false
		}
		failed[id] = true
	}
	return failed, true
}
