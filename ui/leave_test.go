package ui

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/workflow"
	"orderops/workflow/operation"
)

// slow is a queue with one dead letter, whose calls take two seconds.
type slow struct {
	operation.Queue
	given, sent atomic.Int32
	gone        bool // nothing is answered any more
}

const took = 2 * time.Second

func (s *slow) Describe(_ context.Context, url string) (workflow.Queue, error) {
	return workflow.Queue{URL: url, ARN: url}, nil
}

func (s *slow) Receive(context.Context, string, int, time.Duration) ([]workflow.Message, error) {
	return []workflow.Message{{ID: "m", ReceiptHandle: "h"}}, nil
}

func (s *slow) SetVisibility(ctx context.Context, _ string, handles []string, _ time.Duration) (map[string]string, error) {
	if s.gone || !finishes(ctx) {
		return map[string]string{handles[0]: "cut off"}, errors.New("cut off")
	}
	s.given.Add(1)
	return nil, nil
}

func (s *slow) Send(ctx context.Context, _ string, _ []byte, _ map[string]workflow.Attribute) (workflow.Sent, error) {
	if !finishes(ctx) {
		return workflow.Sent{}, ctx.Err()
	}
	s.sent.Add(1)
	return workflow.Sent{MessageID: "m"}, nil
}

func finishes(ctx context.Context) bool {
	select {
	case <-time.After(took):
		return true
	case <-ctx.Done():
		return false
	}
}

// leaving is a connected model that is about to be left.
func leaving(t *testing.T, queue *slow) (*Model, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	m := New(ctx, Options{})
	m.world.Desk = operation.NewDesk(workflow.Deployment{QueueURL: "q", DeadLetterURL: "d"}, queue, nil, operation.Options{})
	return m, cancel
}

func hold(t *testing.T, m *Model) {
	t.Helper()
	inspection, _, err := m.world.Desk.Inspect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := inspection.Next(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.held.Store(inspection)
}

func TestLeavingFinishesWhatWasBegun(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		held, sending   bool
		took            time.Duration
		wantGiven, sent int32
	}{
		"nothing":           {false, false, 0, 0, 0},
		"leases":            {true, false, took, 1, 0},
		"an order":          {false, true, took, 0, 1},
		"leases and orders": {true, true, took, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				queue := &slow{}
				m, cancel := leaving(t, queue)
				if c.held {
					hold(t, m)
				}
				if c.sending {
					go func() { _, _, _ = m.world.Desk.Submit(m.world.Context, []byte("x")) }()
					synctest.Wait()
				}
				began := time.Now()
				m.leave()()
				m.releaseLeases(m.world.Context) // as the end of the program does
				if d := time.Since(began); d != c.took || queue.given.Load() != c.wantGiven || queue.sent.Load() != c.sent {
					t.Errorf("left after %v: %d given back, %d sent", d, queue.given.Load(), queue.sent.Load())
				}
				cancel()
			})
		})
	}
}

// Leases that can't be given back are told of after the end, with when they run
// out: the queue looks empty until then.
func TestLeavingTellsWhatIsStillHidden(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		queue := &slow{}
		m, cancel := leaving(t, queue)
		defer cancel()
		hold(t, m)
		queue.gone = true
		m.leave()()
		ended, left := m.releaseLeases(m.world.Context)
		if left != 0 || len(ended) != 1 || ended[0].Outcome != workflow.Undone || !strings.Contains(ended[0].Detail, "1 message will come back by") {
			t.Errorf("told %+v, %d under way", ended, left)
		}
	})
}

// A signal that comes while leases are being given back must not end the
// program before they are.
func TestASignalWhileLeavingWaitsToo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		queue := &slow{}
		m, cancel := leaving(t, queue)
		hold(t, m)
		command := m.leave()
		go command()
		time.Sleep(time.Second)
		cancel()
		m.releaseLeases(m.world.Context)
		if queue.given.Load() != 1 {
			t.Error("the program ended before the leases were given back")
		}
	})
}

func TestLeavingTwiceLeavesAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, cancel := leaving(t, &slow{})
		defer cancel()
		hold(t, m)
		go m.leave()()
		synctest.Wait()
		began := time.Now()
		if _, quits := m.leave()().(tea.QuitMsg); !quits {
			t.Error("the second time does not quit")
		}
		ended, _ := m.releaseLeases(m.world.Context)
		if d := time.Since(began); d != 0 {
			t.Errorf("left after %v", d)
		}
		until := began.Add(operation.Lease).Format(time.TimeOnly)
		if len(ended) != 1 || ended[0].Detail != "1 message may stay hidden from everybody else until "+until+": m" || ended[0].Target != "d" {
			t.Errorf("told %+v, want that m stays hidden until %s", ended, until)
		}
		time.Sleep(time.Minute)
	})
}
