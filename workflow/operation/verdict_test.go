package operation_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"orderops/aws/local"
	"orderops/aws/local/wire"
	"orderops/workflow"
)

type letter = workflow.DeadLetter

// TestVerdicts makes every kind of dead letter as life makes it, and wants each
// judged rightly.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		want := map[string]workflow.Verdict{}
		want[s.send(queueURL, poison, nil)] = workflow.Malformed

		s.late.Store(true) // delivered three times, though the order is done
		want[s.send(queueURL, good, nil)] = workflow.Processed
		time.Sleep(time.Minute)
		s.broken.Store(true)
		want[s.send(queueURL, good, nil)] = workflow.Broken
		time.Sleep(time.Minute)
		s.broken.Store(false)
		s.late.Store(false)

		s.outage.Store(true)
		safe := s.send(queueURL, good, nil)
		want[safe] = workflow.Safe
		want[s.send(queueURL, good, map[string]string{"order_id": "7c1e", "original_message_id": "7c1e", "redrives": "1"})] = workflow.Bounced
		time.Sleep(time.Minute)

		desk := s.desk(nil)
		inspection, letters := s.inspect(desk, 100)
		if len(letters) != len(want) {
			t.Fatalf("%d dead letters, want %d", len(letters), len(want))
		}
		judged, err := desk.Judge(t.Context(), letters)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range judged {
			if l.Verdict != want[string(l.ID)] {
				t.Errorf("%s: %s because %s, want %s", l.ID, l.Verdict, l.Why, want[string(l.ID)])
			}
		}
		// A copy under another id is tied to the finished order by its lineage alone.
		for _, l := range judged {
			if l.Verdict != workflow.Processed {
				continue
			}
			l.ID, l.Attributes = "another", workflow.Message{ID: l.ID}.Next("ada", "").Attributes()
			again, err := desk.Judge(t.Context(), []letter{l})
			if err != nil || again[0].Verdict != workflow.Processed {
				t.Errorf("by lineage: %s, %v", again[0].Verdict, err)
			}
		}
		if _, err := inspection.Release(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// TestVerdictsCost wants one hundred rows a call, and no execution looked for
// where the row decides.
func TestVerdictsCost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		id := s.send(queueURL, good, nil)
		time.Sleep(2 * time.Minute)
		done := workflow.Judge(workflow.Message{ID: workflow.MessageID(id), Body: []byte(good)}, workflow.Queue{}, workflow.Queue{})
		letters := make([]letter, 300)
		for i := range letters {
			letters[i] = done
		}
		calls := map[string]int{}
		count := func(request *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
			_, action, _ := strings.Cut(request.Header.Get("X-Amz-Target"), ".")
			calls[action]++
			return send()
		}
		s.transport.Store(&count)
		judged, err := s.desk(nil).Judge(t.Context(), letters)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range judged {
			if l.Verdict != workflow.Processed {
				t.Fatalf("%s: %s", l.Verdict, l.Why)
			}
		}
		if calls["BatchGetItem"] != 3 || calls["DescribeExecution"] != 0 {
			t.Errorf("calls: %v", calls)
		}
	})
}

// TestVerdictsWithoutPermission wants the truth: nothing is called safe that
// could not be looked up, and what the row decides stays decided.
func TestVerdictsWithoutPermission(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		denied string
		want   workflow.Verdict
	}{
		"no executions": {"states:DescribeExecution", workflow.Unchecked},
		"no rows":       {"dynamodb:BatchGetItem", workflow.Safe}, // the executions are sure
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSystem(t)
				s.send(deadURL, good, nil)
				deny := func(call local.Call) *wire.Error {
					if call.Action() == c.denied {
						return call.Denied("it")
					}
					return nil
				}
				s.intercept.Store(&deny)
				desk := s.desk(nil)
				inspection, letters := s.inspect(desk, 1)
				judged, err := desk.Judge(t.Context(), letters)
				if judged[0].Verdict != c.want || (err != nil) != (c.want == workflow.Unchecked) {
					t.Errorf("%s because %s, %v; want %s", judged[0].Verdict, judged[0].Why, err, c.want)
				}
				if _, err := inspection.Release(t.Context()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}
