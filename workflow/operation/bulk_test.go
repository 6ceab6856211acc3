package operation_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"pgregory.net/rapid"

	"orderops/aws"
	"orderops/aws/local"
	"orderops/aws/local/wire"
	"orderops/config"
	"orderops/workflow"
	"orderops/workflow/operation"
	"orderops/workflow/orderfile"
)

// ordersFile is a file of n orders, each of a user of its own.
func ordersFile(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"user_id":"u%d","quantity":"1","restaurant_id":"r"}`+"\n", i)
	}
	return b.String()
}

// submits sends a file of n orders and takes up its log in folder.
func (s *system) submits(folder string, n int, change func(*operation.Bulk)) (operation.BulkProgress, []int, error) {
	s.Helper()
	desk := s.desk(nil)
	log, err := desk.OpenSendLog(folder, "00aa", n, false)
	if err != nil {
		s.Fatal(err)
	}
	bulk := operation.Bulk{Log: log}
	if change != nil {
		change(&bulk)
	}
	progress, err := desk.SubmitAll(s.Context(), orderfile.Read(strings.NewReader(ordersFile(n)), orderfile.JSONLines), bulk)
	var doubtful []int
	for _, span := range log.Doubtful() {
		for i := span.First; i < span.End; i++ {
			doubtful = append(doubtful, i)
		}
	}
	if err := log.Close(); err != nil {
		s.Error(err)
	}
	return progress, doubtful, err
}

// queued counts the orders on the order queue by their number.
func (s *system) queued() map[int]int {
	s.Helper()
	counts := map[int]int{}
	for empty := 0; empty < 3; {
		out, err := s.sqs().ReceiveMessage(s.Context(), &sqs.ReceiveMessageInput{QueueUrl: new(queueURL), MaxNumberOfMessages: 10, VisibilityTimeout: 3600})
		if err != nil {
			s.Fatal(err)
		}
		if len(out.Messages) == 0 {
			empty++
		}
		for _, m := range out.Messages {
			order, err := workflow.DecodeBody([]byte(*m.Body))
			if err != nil {
				s.Fatal(err)
			}
			var n int
			if _, err := fmt.Sscanf(order.UserID, "u%d", &n); err != nil {
				s.Fatal(err)
			}
			counts[n]++
		}
	}
	return counts
}

// quiet is a system without a consumer, so that what is sent stays on the queue.
func quiet(t *testing.T) *system {
	t.Helper()
	s := &system{T: t}
	s.cloud = local.New(local.Options{Seed: 5, Intercept: func(_ context.Context, call local.Call) *wire.Error {
		if f := s.intercept.Load(); f != nil && call.AccessKey == operator {
			return (*f)(call)
		}
		return nil
	}})
	t.Cleanup(s.cloud.Close)
	if _, err := s.sqs().CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: new("OrderQueue")}); err != nil {
		t.Fatal(err)
	}
	settings := config.Default()
	settings.EndpointURL, settings.Region = s.cloud.URL(), s.cloud.Region()
	settings.QueueURL, settings.DeadLetterURL, settings.Table = queueURL, deadURL, "order-table"
	settings.StateMachineARN = "arn:aws:states:us-east-1:000000000000:stateMachine:OrderStateMachine"
	session, err := aws.Connect(t.Context(), settings, aws.Options{
		HTTPClient: client{s}, Credentials: credentials.NewStaticCredentialsProvider(operator, "secret", ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	s.session = session
	return s
}

func TestAFileIsSentTenOrdersACall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := quiet(t)
		told := 0
		progress, doubtful, err := s.submits(t.TempDir(), 205, func(b *operation.Bulk) {
			b.Result = func(order orderfile.Order, r operation.OrderResult) {
				if told++; order.Line != told || r.ID == "" || r.Outcome != workflow.Done {
					t.Errorf("order %d is told as line %d with %+v", told, order.Line, r)
				}
			}
		})
		if err != nil || progress.Taken != 205 || told != 205 || len(doubtful) > 0 {
			t.Errorf("%+v, %d told, %d in doubt, %v", progress, told, len(doubtful), err)
		}
		if calls := s.cloud.Calls(operator)["sqs:SendMessageBatch"]; calls != 21 {
			t.Errorf("%d calls for 205 orders, want 21", calls)
		}
		for n, count := range s.queued() {
			if count != 1 {
				t.Errorf("order %d is %d times on the queue", n, count)
			}
		}
	})
}

func TestAFileKeepsItsRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := quiet(t)
		began := time.Now()
		if _, _, err := s.submits(t.TempDir(), 800, func(b *operation.Bulk) { b.Rate = 80 }); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 9*time.Second || took > 11*time.Second {
			t.Errorf("800 orders at 80 a second took %v", took)
		}
	})
}

func TestThrottledOrdersAreSentAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := quiet(t)
		var asked atomic.Int64
		intercept := func(call local.Call) *wire.Error {
			if call.Operation == "SendMessageBatch" && asked.Add(1)%2 == 1 {
				return call.Throttled()
			}
			return nil
		}
		s.intercept.Store(&intercept)
		progress, doubtful, err := s.submits(t.TempDir(), 100, nil)
		if err != nil || progress.Taken != 100 || len(doubtful) > 0 {
			t.Errorf("%+v, %d in doubt, %v", progress, len(doubtful), err)
		}
		if queued := s.queued(); len(queued) != 100 {
			t.Errorf("%d orders are on the queue", len(queued))
		}
	})
}

func TestAForbiddenFileStops(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := quiet(t)
		intercept := func(call local.Call) *wire.Error {
			if call.Operation == "SendMessageBatch" {
				return call.Denied("OrderQueue")
			}
			return nil
		}
		s.intercept.Store(&intercept)
		folder := t.TempDir()
		progress, doubtful, err := s.submits(folder, 1000, nil)
		if workflow.KindOf(err) != workflow.Forbidden || progress.Taken > 0 || len(doubtful) > 0 {
			t.Errorf("%+v, %d in doubt, %v", progress, len(doubtful), err)
		}
		if calls := s.cloud.Calls(operator)["sqs:SendMessageBatch"]; calls > 8 {
			t.Errorf("%d calls after the first was forbidden", calls)
		}
		s.intercept.Store(nil)
		if progress, _, err = s.submits(folder, 1000, nil); err != nil || progress.Taken != 1000 {
			t.Errorf("afterwards: %+v, %v", progress, err)
		}
	})
}

// However often sending is cut off, before or after SQS acted, each order is on
// the queue once, or is named as in doubt and at most once there.
func TestACutOffFileIsSentOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		orders := rapid.IntRange(1, 300).Draw(rt, "orders")
		cuts := rapid.SliceOfN(rapid.IntRange(1, 40), 0, 4).Draw(rt, "calls until each cut")
		acted := rapid.Bool().Draw(rt, "SQS acts before the cut")
		var failure error
		synctest.Test(t, func(t *testing.T) {
			s := quiet(t)
			folder := t.TempDir()
			for _, at := range cuts {
				s.cutAfter(at, acted)
				_, _, _ = s.submits(folder, orders, nil)
			}
			s.transport.Store(nil)
			_, doubtful, err := s.submits(folder, orders, nil)
			failure = errors.Join(err, sentOnce(orders, doubtful, s.queued()))
		})
		if failure != nil {
			rt.Fatal(failure)
		}
	})
}

// cutAfter lets the call with a number, and all behind it, go without answer.
func (s *system) cutAfter(call int, acted bool) {
	var calls atomic.Int64
	transport := func(request *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
		if !strings.HasSuffix(request.Header.Get("X-Amz-Target"), "SendMessageBatch") || calls.Add(1) < int64(call) {
			return send()
		}
		if acted {
			if answer, err := send(); err == nil {
				_ = answer.Body.Close()
			}
		}
		return nil, io.ErrUnexpectedEOF
	}
	s.transport.Store(&transport)
}

func sentOnce(orders int, doubtful []int, queued map[int]int) error {
	doubt := map[int]bool{}
	for _, n := range doubtful {
		doubt[n] = true
	}
	var wrong []error
	for n := range orders {
		if queued[n] > 1 || queued[n] == 0 && !doubt[n] {
			wrong = append(wrong, fmt.Errorf("order %d is %d times on the queue, in doubt: %v", n, queued[n], doubt[n]))
		}
	}
	return errors.Join(wrong...)
}

func TestALockedContextSendsNoFurtherBatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := quiet(t)
		guard := workflow.NewGuard(false, true, 5*time.Second)
		if _, err := guard.Unlock("to see it lock itself"); err != nil {
			t.Fatal(err)
		}
		desk := s.desk(func(o *operation.Options) { o.Guard = guard })
		log, err := desk.OpenSendLog(t.TempDir(), "00aa", 800, false)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = log.Close() }()
		progress, err := desk.SubmitAll(t.Context(), orderfile.Read(strings.NewReader(ordersFile(800)), orderfile.JSONLines), operation.Bulk{Log: log, Rate: 80})
		if workflow.KindOf(err) != workflow.Refused || progress.Taken == 0 || progress.Taken == 800 || len(log.Doubtful()) > 0 {
			t.Errorf("%+v, %v in doubt, %v", progress, log.Doubtful(), err)
		}
	})
}
