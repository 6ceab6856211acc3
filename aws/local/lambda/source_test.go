package lambda_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"orderops/aws/local/lambda"
	"orderops/aws/local/sqs"
)

// queue is a queue without visibility time-outs: what is received is gone.
type queue struct {
	waiting chan sqs.Delivery
	broken  bool

	mu       sync.Mutex
	deleted  []string
	receives int
}

func newQueue(bodies ...string) *queue {
	q := &queue{waiting: make(chan sqs.Delivery, 100)}
	for i, body := range bodies {
		q.waiting <- sqs.Delivery{MessageID: fmt.Sprintf("m%d", i), ReceiptHandle: fmt.Sprintf("h%d", i), Body: body}
	}
	return q
}

func (q *queue) Receive(ctx context.Context, _ string, maximum int, wait time.Duration) ([]sqs.Delivery, error) {
	q.mu.Lock()
	q.receives++
	q.mu.Unlock()
	if q.broken {
		return nil, errors.New("no such queue")
	}
	var got []sqs.Delivery
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case m := <-q.waiting:
		got = append(got, m)
	case <-timer.C:
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	for len(got) < maximum {
		select {
		case m := <-q.waiting:
			got = append(got, m)
		default:
			return got, nil
		}
	}
	return got, nil
}

func (q *queue) Delete(_ string, handles ...string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.deleted = append(q.deleted, handles...)
	return nil
}

// done are the receipt handles that were deleted.
func (q *queue) done() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.Clone(q.deleted)
}

func answer(text string) lambda.Handler {
	return func(context.Context, []byte) ([]byte, error) { return []byte(text), nil }
}

// TestPartialBatch checks what a consumer's answer deletes of a batch of two.
func TestPartialBatch(t *testing.T) {
	t.Parallel()
	all := []string{"h0", "h1"}
	for _, test := range []struct {
		name    string
		handler lambda.Handler
		ignored bool // ReportBatchItemFailures is off
		deleted []string
	}{
		{"empty list", answer(`{"batchItemFailures":[]}`), false, all},
		{"null list", answer(`{"batchItemFailures":null}`), false, all},
		{"empty response", answer(`{}`), false, all},
		{"null response", answer(`null`), false, all},
		{"no response", answer(``), false, all},
		{"one failed", answer(`{"batchItemFailures":[{"itemIdentifier":"m0"}]}`), false, []string{"h1"}},
		{"all failed", answer(`{"batchItemFailures":[{"itemIdentifier":"m0"},{"itemIdentifier":"m1"}]}`), false, nil},
		{"wrong key", answer(`{"batchItemFailures":[{"foo":"m0"}]}`), false, nil},
		{"key in another case", answer(`{"batchItemFailures":[{"ItemIdentifier":"m0"}]}`), false, nil},
		{"empty id", answer(`{"batchItemFailures":[{"itemIdentifier":""}]}`), false, nil},
		{"null id", answer(`{"batchItemFailures":[{"itemIdentifier":null}]}`), false, nil},
		{"unknown id", answer(`{"batchItemFailures":[{"itemIdentifier":"m9"}]}`), false, nil},
		{"no list", answer(`{"batchItemFailures":1}`), false, nil},
		{"no object", answer(`"ok"`), false, nil},
		{"error", func(context.Context, []byte) ([]byte, error) { return nil, errors.New("no") }, false, nil},
		{"panic", func(context.Context, []byte) ([]byte, error) { panic("no") }, false, nil},
		{"setting off", answer(`{"batchItemFailures":[{"itemIdentifier":"m0"}]}`), true, all},
		{"setting off and error", func(context.Context, []byte) ([]byte, error) { return nil, errors.New("no") }, true, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				q := newQueue("a", "b")
				s := serve(t, q, test.handler)
				if err := s.AddSource(lambda.Source{Function: "f", QueueARN: "q", ReportBatchItemFailures: !test.ignored}); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				if done := q.done(); !slices.Equal(done, test.deleted) {
					t.Errorf("deleted %v, want %v", done, test.deleted)
				}
			})
		})
	}
}

func TestEventOfSQS(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		q.waiting <- sqs.Delivery{
			MessageID: "m", ReceiptHandle: "h", Body: "<a&b>", MD5: "5", Attributes: map[string]string{"ApproximateReceiveCount": "1"},
			MessageAttributes: map[string]sqs.MessageAttribute{"t": {DataType: "String", StringValue: "x"}, "b": {DataType: "Binary", BinaryValue: []byte{1}}},
		}
		got := ""
		s := serve(t, q, func(_ context.Context, payload []byte) ([]byte, error) {
			got = string(payload)
			return nil, nil
		})
		if err := s.AddSource(lambda.Source{Function: "f", QueueARN: "arn:q"}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		want := `{"Records":[{"attributes":{"ApproximateReceiveCount":"1"},"awsRegion":"us-east-1","body":"<a&b>","eventSource":"aws:sqs","eventSourceARN":"arn:q",` +
			`"md5OfBody":"5","messageAttributes":{"b":{"binaryListValues":[],"binaryValue":"AQ==","dataType":"Binary","stringListValues":[]},` +
			`"t":{"binaryListValues":[],"dataType":"String","stringListValues":[],"stringValue":"x"}},"messageId":"m","receiptHandle":"h"}]}`
		if got != want {
			t.Errorf("event\n%s\nwant\n%s", got, want)
		}
	})
}

func TestBatchSize(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue("a", "b", "c", "d", "e")
		var mu sync.Mutex
		var sizes []int
		s := serve(t, q, func(_ context.Context, payload []byte) ([]byte, error) {
			var event struct{ Records []any }
			if err := json.Unmarshal(payload, &event); err != nil {
				return nil, err
			}
			mu.Lock()
			defer mu.Unlock()
			sizes = append(sizes, len(event.Records))
			return nil, nil
		})
		if err := s.AddSource(lambda.Source{Function: "f", QueueARN: "q", BatchSize: 2}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		slices.Sort(sizes)
		if !slices.Equal(sizes, []int{1, 2, 2}) {
			t.Errorf("batches of %v", sizes)
		}
	})
}

// TestConcurrency wants five slow batches at work and the sixth still queued.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue("a", "b", "c", "d", "e", "f")
		s := serve(t, q, func(context.Context, []byte) ([]byte, error) {
			time.Sleep(time.Second)
			return nil, nil
		})
		if err := s.AddSource(lambda.Source{Function: "f", QueueARN: "q", BatchSize: 1}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if len(q.waiting) != 1 {
			t.Errorf("%d messages wait", len(q.waiting))
		}
		time.Sleep(3 * time.Second)
		if done := q.done(); len(done) != 6 {
			t.Errorf("deleted %v", done)
		}
	})
}

func TestEnableSource(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue("a")
		s := serve(t, q, answer("null"))
		if err := s.AddSource(lambda.Source{Function: "f", QueueARN: "q", Disabled: true}); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			enabled bool
			deleted int
		}{{false, 0}, {true, 1}, {true, 1}, {false, 1}, {true, 2}} {
			if err := s.EnableSource("f", step.enabled); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
			if done := q.done(); len(done) != step.deleted {
				t.Fatalf("%+v: deleted %v", step, done)
			}
			if !step.enabled && step.deleted == 1 {
				q.waiting <- sqs.Delivery{MessageID: "m1", ReceiptHandle: "h1"}
			}
		}
	})
}

// TestBrokenQueue wants a pause between receives that fail.
func TestBrokenQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		q.broken = true
		s := serve(t, q, answer("null"))
		if err := s.AddSource(lambda.Source{Function: "f", QueueARN: "q"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10*time.Second + time.Millisecond)
		s.Close()
		if q.receives != 11 {
			t.Errorf("%d receives in ten seconds", q.receives)
		}
	})
}

func TestAddSourceRefuses(t *testing.T) {
	t.Parallel()
	s := serve(t, newQueue(), answer("null"))
	if err := s.AddSource(lambda.Source{Function: "g"}); !errors.Is(err, lambda.ErrNoFunction) {
		t.Errorf("unknown function: %v", err)
	}
	if err := s.AddSource(lambda.Source{Function: "f", Disabled: true}); err != nil {
		t.Fatal(err)
	}
	if s.AddSource(lambda.Source{Function: "f"}) == nil {
		t.Error("a second source was accepted")
	}
	if s.EnableSource("g", true) == nil {
		t.Error("a missing source was enabled")
	}
}
