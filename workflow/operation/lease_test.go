package operation

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"orderops/workflow"
)

func TestLeaseIsCountedFromBeforeTheCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueues(t)
		page := pages([]string{"a"})
		q.receive = func(most int, lease time.Duration) ([]workflow.Message, error) {
			time.Sleep(20 * time.Second)
			return page(most, lease)
		}
		q.set = func([]string, time.Duration) (map[string]string, error) {
			time.Sleep(5 * time.Second)
			return nil, nil
		}
		inspection := inspect(t, q)
		if !inspection.Until().IsZero() {
			t.Error("nothing is held, but there is an end")
		}
		began := time.Now()
		if _, err := inspection.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := inspection.Until().Sub(began); got != Lease {
			t.Errorf("lease ends %v after the call began", got)
		}
		if _, err := inspection.Renew(t.Context()); err != nil || len(q.calls) != 1 {
			t.Errorf("renewed with 40 s left: %v, %v", q.calls, err)
		}
		time.Sleep(15 * time.Second)
		began = time.Now()
		if lost, err := inspection.Renew(t.Context()); err != nil || len(lost) != 0 {
			t.Errorf("lost %v, %v", lost, err)
		}
		if got := inspection.Until().Sub(began); got != Lease {
			t.Errorf("renewed lease ends %v after the call began", got)
		}
		if got := inspection.IdleFor(); got != 40*time.Second {
			t.Errorf("idle for %v since the last look", got)
		}
		inspection.Touch()
		if got := inspection.IdleFor(); got != 0 {
			t.Errorf("idle for %v after a touch", got)
		}
	})
}

func TestRenewSaysWhatIsLost(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		wait   time.Duration
		failed map[string]string
		err    error
		lost   []workflow.MessageID
		held   int
		calls  int // beside the receive
	}{
		"renewed":        {40 * time.Second, nil, nil, nil, 2, 1},
		"one refused":    {40 * time.Second, map[string]string{"handle a": "gone"}, nil, []workflow.MessageID{"a"}, 1, 1},
		"answer lost":    {40 * time.Second, map[string]string{"handle a": "x", "handle b": "x"}, errors.New("reset"), nil, 2, 1},
		"expired":        {60 * time.Second, nil, nil, []workflow.MessageID{"a", "b"}, 0, 0},
		"a batch failed": {40 * time.Second, map[string]string{"handle b": "x"}, errors.New("reset"), nil, 2, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				q := newQueues(t)
				q.receive = pages([]string{"a", "b"})
				q.set = func([]string, time.Duration) (map[string]string, error) { return test.failed, test.err }
				inspection := inspect(t, q)
				if _, err := inspection.Next(t.Context()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(test.wait)
				lost, err := inspection.Renew(t.Context())
				if !slices.Equal(lost, test.lost) || !errors.Is(err, test.err) || inspection.Held() != test.held || len(q.calls) != 1+test.calls {
					t.Errorf("lost %v, held %d, calls %v, %v", lost, inspection.Held(), q.calls, err)
				}
			})
		})
	}
}

// TestHeldIsCountedAsLeasesEnd counts two pages whose leases end one after the
// other, without anybody noticing it in between.
func TestHeldIsCountedAsLeasesEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueues(t)
		q.receive = pages([]string{"a", "b"}, []string{"c"})
		inspection := inspect(t, q)
		began := time.Now()
		for _, want := range []struct {
			pages, held int
			first, next time.Duration
		}{
			{0, 0, 0, 0}, {1, 2, Lease, 20 * time.Second}, {1, 3, Lease, 40 * time.Second}, {0, 1, Lease + 20*time.Second, 20 * time.Second}, {0, 0, 0, 0},
		} {
			for range want.pages {
				if _, err := inspection.Next(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			var first time.Time
			if want.held > 0 {
				first = began.Add(want.first)
			}
			for range 2 { // counted, and as it was counted
				if held, until := inspection.Held(), inspection.Until(); held != want.held || !until.Equal(first) {
					t.Errorf("after %v: %d held until %v, want %+v", time.Since(began), held, until, want)
				}
			}
			time.Sleep(want.next)
		}
	})
}

func TestRelease(t *testing.T) {
	t.Parallel()
	refusals := 2
	busy := &workflow.Problem{Kind: workflow.OverBudget, RetryAfter: 2 * time.Second}
	for name, test := range map[string]struct {
		wait   time.Duration
		answer func(handles []string) (map[string]string, error)
		detail string
		failed bool
		held   int
	}{
		"given back": {0, func([]string) (map[string]string, error) { return nil, nil }, "2 messages given back", false, 0},
		"expired":    {time.Minute, nil, "0 messages given back, 2 leases had run out", false, 0},
		"one refused": {
			0, func([]string) (map[string]string, error) { return map[string]string{"handle a": "gone"}, nil },
			"1 message given back, 1 message will come back by 00:01:00", true, 1,
		},
		"over budget at first": {0, func(handles []string) (map[string]string, error) {
			if refusals--; refusals >= 0 {
				return map[string]string{handles[0]: "x", handles[1]: "x"}, busy
			}
			return nil, nil
		}, "2 messages given back", false, 0},
		"unreachable": {
			0, func([]string) (map[string]string, error) { return nil, &workflow.Problem{Kind: workflow.Unreachable} },
			"0 messages given back, 2 messages will come back by 00:01:00", true, 2,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				q := newQueues(t)
				q.receive = pages([]string{"a", "b"})
				if test.answer != nil {
					q.set = func(handles []string, d time.Duration) (map[string]string, error) {
						if d != 0 {
							t.Errorf("visibility set to %v", d)
						}
						return test.answer(handles)
					}
				}
				inspection := inspect(t, q)
				if _, err := inspection.Next(t.Context()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(test.wait)
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				r, err := inspection.Release(ctx)
				detail := strings.ReplaceAll(r.Detail, time.Date(2000, 1, 1, 0, 1, 0, 0, time.UTC).Local().Format(time.TimeOnly), "00:01:00")
				if (err != nil) != test.failed || detail != test.detail || inspection.Held() != test.held || inspection.Open() {
					t.Errorf("%q, %v, held %d", r.Detail, err, inspection.Held())
				}
				if _, err := inspection.Next(t.Context()); workflow.KindOf(err) != workflow.Refused {
					t.Errorf("received after the end: %v", err)
				}
			})
		})
	}
}

func TestReleaseDuringAReceiveGivesThatBackToo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueues(t)
		page := pages([]string{"a"})
		q.receive = func(most int, lease time.Duration) ([]workflow.Message, error) {
			time.Sleep(40 * time.Second) // longer than Release waits
			return page(most, lease)
		}
		var given []string
		q.set = func(handles []string, _ time.Duration) (map[string]string, error) {
			given = append(given, handles...)
			return nil, nil
		}
		inspection := inspect(t, q)
		go func() { _, _ = inspection.Next(t.Context()) }()
		synctest.Wait()
		began := time.Now()
		if _, err := inspection.Release(t.Context()); err == nil || time.Since(began) != releaseWithin {
			t.Errorf("waited %v, %v", time.Since(began), err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if !slices.Equal(given, []string{"handle a"}) || inspection.Held() != 0 {
			t.Errorf("given back %v, %d held", given, inspection.Held())
		}
	})
}

func TestReleaseKeepsADeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueues(t)
		q.receive = pages([]string{"a"})
		q.set = func([]string, time.Duration) (map[string]string, error) {
			return nil, &workflow.Problem{Kind: workflow.Throttled}
		}
		inspection := inspect(t, q)
		if _, err := inspection.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		if _, err := inspection.Release(ctx); err == nil || time.Since(began) != 5*time.Second {
			t.Errorf("took %v, %v", time.Since(began), err)
		}
	})
}

func TestHeldCountsNoLeaseThatHasEnded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueues(t)
		q.receive = pages([]string{"a"}, []string{"b"})
		inspection := inspect(t, q)
		for range 2 {
			if _, err := inspection.Next(t.Context()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(40 * time.Second)
		}
		if got := inspection.Held(); got != 1 {
			t.Errorf("%d held, though the first lease has run out", got)
		}
		if left := time.Until(inspection.Until()); left != 20*time.Second {
			t.Errorf("%v left of the lease that still runs", left)
		}
	})
}
