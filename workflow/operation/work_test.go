package operation

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"orderops/workflow"
)

// An order that is on its way when the program is told to end is not broken
// off: whether it arrived would not be known. Who ends the program can wait.
func TestDrainWaitsForAnOrderOnItsWay(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		takes   time.Duration
		outcome workflow.Outcome
		drained time.Duration
	}{
		"in time":      {3 * time.Second, workflow.Done, 3 * time.Second},
		"never":        {time.Hour, workflow.Unknown, grace},
		"nothing sent": {0, workflow.Done, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				q := newQueues(t)
				var ended <-chan struct{}
				q.sent = func(ctx context.Context) { ended = ctx.Done() }
				q.send = func([]byte) (workflow.Sent, error) {
					select {
					case <-time.After(test.takes):
						return workflow.Sent{MessageID: "m", BodyMD5: bodyMD5}, nil
					case <-ended:
						return workflow.Sent{}, &workflow.Problem{Kind: workflow.OutcomeUnknown}
					}
				}
				desk := NewDesk(deployment(), q, stopper{}, Options{})
				ctx, cancel := context.WithCancel(t.Context())
				got := make(chan workflow.Outcome, 1)
				go func() {
					sent, _, _ := desk.Submit(ctx, []byte(body))
					got <- sent.Outcome
				}()
				time.Sleep(time.Millisecond)
				if desk.Busy() != (test.takes > 0) {
					t.Errorf("busy: %v", desk.Busy())
				}
				cancel()
				began := time.Now()
				late, left := desk.Drain(t.Context())
				if waited := time.Since(began).Round(time.Second); waited != test.drained {
					t.Errorf("drained after %v", waited)
				}
				if test.takes > 0 && (left != 0 || len(late) != 1 || late[0].Verb != "submit" || late[0].Outcome != test.outcome) {
					t.Errorf("told of %+v, %d under way", late, left)
				}
				if outcome := <-got; outcome != test.outcome || desk.Busy() {
					t.Errorf("outcome %s, busy %v", outcome, desk.Busy())
				}
			})
		})
	}
}

// A deadline holds for what was begun, too.
func TestBegunKeepsTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		detached, end := begun(ctx)
		defer end()
		began := time.Now()
		<-detached.Done()
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("ended after %v", took)
		}
	})
}

// Draining ends with its own context when an operation does not.
func TestDrainGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		desk := NewDesk(deployment(), newQueues(t), stopper{}, Options{})
		_, end := desk.under.begin(t.Context())
		defer end(Record{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if late, left := desk.Drain(ctx); len(late) != 0 || left != 1 {
			t.Errorf("told of %+v, %d under way", late, left)
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("gave up after %v", took)
		}
	})
}
