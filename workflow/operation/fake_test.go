package operation

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"orderops/workflow"
)

const (
	orderURL = "https://sqs.eu-west-1.amazonaws.com/123456789012/OrderQueue"
	deadURL  = "https://sqs.eu-west-1.amazonaws.com/123456789012/OrderDeathLetterQueue"
	orderARN = "arn:aws:sqs:eu-west-1:123456789012:OrderQueue"
	deadARN  = "arn:aws:sqs:eu-west-1:123456789012:OrderDeathLetterQueue"
	body     = `{"data":{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}}`
	bodyMD5  = "e172a0b1b0c410a6d12b96ef434aa4c0"
)

func deployment() workflow.Deployment {
	return workflow.Deployment{QueueURL: orderURL, DeadLetterURL: deadURL}
}

// queues answers what a test has set and fails on every other call.
type queues struct {
	Queue
	t testing.TB

	mu    sync.Mutex
	calls []string

	described map[string]workflow.Queue
	send      func(body []byte) (workflow.Sent, error)
	receive   func(most int, lease time.Duration) ([]workflow.Message, error)
	// received and sent are told the context of a call, when they are set.
	received, sent func(ctx context.Context)
	set            func(handles []string, d time.Duration) (map[string]string, error)
	start          func(source, destination string, rate int) (string, error)
	moves          func() ([]workflow.MoveTask, error)
	cancel         func(handle string) (int64, error)
	sources        []string
}

// newQueues knows both queues, three dead letters and no move task.
func newQueues(tb testing.TB) *queues {
	tb.Helper()
	return &queues{
		t: tb,
		described: map[string]workflow.Queue{
			orderURL: {Name: "OrderQueue", URL: orderURL, ARN: orderARN, Visible: 12, InFlight: 3, DeadLetterARN: deadARN, MaxReceives: 3},
			deadURL:  {Name: "OrderDeathLetterQueue", URL: deadURL, ARN: deadARN, Visible: 3, Retention: 14 * 24 * time.Hour},
		},
		moves:   func() ([]workflow.MoveTask, error) { return nil, nil },
		sources: []string{orderURL},
	}
}

func (q *queues) note(call string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.calls = append(q.calls, call)
}

func (q *queues) unexpected(call string) error {
	q.t.Errorf("unexpected call of %s", call)
	return fmt.Errorf("unexpected call of %s", call)
}

func (q *queues) Describe(_ context.Context, url string) (workflow.Queue, error) {
	found, ok := q.described[url]
	if !ok {
		return workflow.Queue{}, &workflow.Problem{Kind: workflow.NotFound, Operation: "sqs:GetQueueAttributes", Target: url}
	}
	return found, nil
}

func (q *queues) Send(ctx context.Context, url string, body []byte, attributes map[string]workflow.Attribute) (workflow.Sent, error) {
	q.note("send")
	if q.send == nil || url != orderURL || len(attributes) != 0 {
		return workflow.Sent{}, q.unexpected("Send")
	}
	if q.sent != nil {
		q.sent(ctx)
	}
	return q.send(body)
}

func (q *queues) Receive(ctx context.Context, url string, most int, lease time.Duration) ([]workflow.Message, error) {
	q.note("receive")
	if q.receive == nil || url != deadURL {
		return nil, q.unexpected("Receive")
	}
	if q.received != nil {
		q.received(ctx)
	}
	return q.receive(most, lease)
}

func (q *queues) SetVisibility(_ context.Context, url string, handles []string, d time.Duration) (map[string]string, error) {
	q.note("set visibility")
	if q.set == nil || url != deadURL {
		return nil, q.unexpected("SetVisibility")
	}
	return q.set(handles, d)
}

func (q *queues) StartMove(_ context.Context, source, destination string, rate int) (string, error) {
	q.note("start move")
	if q.start == nil {
		return "", q.unexpected("StartMove")
	}
	return q.start(source, destination, rate)
}

func (q *queues) Moves(_ context.Context, source string) ([]workflow.MoveTask, error) {
	if source != deadARN {
		return nil, q.unexpected("Moves of " + source)
	}
	return q.moves()
}

func (q *queues) CancelMove(_ context.Context, handle string) (int64, error) {
	q.note("cancel move")
	if q.cancel == nil {
		return 0, q.unexpected("CancelMove")
	}
	return q.cancel(handle)
}

func (q *queues) DeadLetterSources(context.Context, string) ([]string, error) { return q.sources, nil }

// stopper answers StopExecution.
type stopper struct {
	stop func(arn workflow.ExecutionARN, name, cause string) error
}

func (s stopper) Stop(_ context.Context, arn workflow.ExecutionARN, name, cause string) (time.Time, error) {
	return time.Time{}, s.stop(arn, name, cause)
}

func (s stopper) Redrive(context.Context, workflow.ExecutionARN) (time.Time, error) {
	return time.Time{}, fmt.Errorf("unexpected call of Redrive")
}

func (s stopper) Start(context.Context, string, string) (workflow.ExecutionARN, error) {
	return "", fmt.Errorf("unexpected call of Start")
}

// fact is the text of a plan's fact.
func fact(t *testing.T, p Plan, label string) string {
	t.Helper()
	for _, f := range p.Facts {
		if f.Label == label {
			return f.Text
		}
	}
	t.Fatalf("the plan has no fact %q: %+v", label, p.Facts)
	return ""
}
