package cli_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"orderops/config"
	"orderops/ui/cli"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
)

// deadQueue is a dead-letter queue that brings one page, and then keeps who asks
// waiting. It embeds what is not called.
type deadQueue struct {
	operation.Queue

	waits context.CancelFunc // called when somebody waits
	mu    sync.Mutex
	given map[string]bool // what was made visible again
	pages int
}

func (q *deadQueue) Describe(context.Context, string) (workflow.Queue, error) {
	return workflow.Queue{Name: "OrderDeathLetterQueue", Visible: 30, Retention: time.Hour}, nil
}

func (q *deadQueue) DeadLetterSources(context.Context, string) ([]string, error) { return nil, nil }

func (q *deadQueue) Moves(context.Context, string) ([]workflow.MoveTask, error) { return nil, nil }

func (q *deadQueue) Receive(ctx context.Context, _ string, most int, _ time.Duration) ([]workflow.Message, error) {
	q.mu.Lock()
	q.pages++
	first := q.pages == 1
	q.mu.Unlock()
	if !first {
		q.waits()
		<-ctx.Done()
		return nil, ctx.Err()
	}
	var page []workflow.Message
	for i := range most {
		page = append(page, workflow.Message{ID: workflow.MessageID(fmt.Sprint("m", i)), ReceiptHandle: fmt.Sprint("h", i), Body: []byte("x")})
	}
	return page, nil
}

func (q *deadQueue) SetVisibility(_ context.Context, _ string, handles []string, d time.Duration) (map[string]string, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if d != 0 {
		return nil, errors.New("it was not to be renewed")
	}
	for _, h := range handles {
		q.given[h] = true
	}
	return nil, nil
}

// TestInterruptedInspectionGivesLeasesBack: ctrl+c in the middle of an inspection
// hides nothing any longer, and says so.
func TestInterruptedInspectionGivesLeasesBack(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"dlq", "inspect"}, {"dlq", "show", "m99"}, {"dlq", "redrive", "m1", "m99", "--dry-run"}} {
		t.Run(args[1], func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				q := &deadQueue{given: map[string]bool{}, waits: cancel}
				deployment := workflow.Deployment{DeadLetterURL: "https://q/0/OrderDeathLetterQueue"}
				var out, diagnostics strings.Builder
				code := cli.Execute(ctx, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &diagnostics}, cli.Actions{
					Connect: func(context.Context, config.Settings) (*cli.Connection, error) {
						return &cli.Connection{
							Deployment: deployment, Desk: operation.NewDesk(deployment, q, nil, operation.Options{}),
							Ask: func(monitor.Poll, *monitor.Store) func(context.Context) ([]monitor.Change, error) {
								return func(context.Context) ([]monitor.Change, error) { return nil, nil }
							},
						}, nil
					},
				}, args)
				if code != cli.ExitFailed || out.Len() > 0 {
					t.Errorf("%q: exit code %d, printed %q", args, code, out.String())
				}
				if len(q.given) != 10 {
					t.Errorf("%q: %d of 10 leases were given back", args, len(q.given))
				}
				if !strings.Contains(diagnostics.String(), "10 messages given back") || !strings.Contains(diagnostics.String(), "interrupted") {
					t.Errorf("%q: told %q", args, diagnostics.String())
				}
				cancel()
			})
		})
	}
}
