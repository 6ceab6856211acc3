package aws

import (
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"orderops/workflow"
)

const list = "states:ListExecutions"

func TestBudgetRates(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		region  string
		action  string
		polling bool
		burst   int
		// pause is the time between two calls once the burst is used up.
		pause time.Duration
	}{
		{"polls, large region", "us-east-1", list, true, 20, 2 * time.Second},
		{"polls, small region", "eu-central-1", list, true, 10, 5 * time.Second},
		{"asked, large region", "us-east-1", list, false, 50, 800 * time.Millisecond},
		{"history", "eu-central-1", "states:GetExecutionHistory", true, 40, 500 * time.Millisecond},
		{"queues", "eu-central-1", "sqs:GetQueueAttributes", true, 10, time.Second},
		{"table", "eu-central-1", "dynamodb:BatchGetItem", true, 20, 500 * time.Millisecond},
		{"anything else", "eu-central-1", "sns:GetTopicAttributes", false, 5, 2 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := NewBudget(tt.region)
				for i := range tt.burst {
					if err := b.take(tt.action, tt.polling); err != nil {
						t.Fatalf("call %d of %d at once: %v", i+1, tt.burst, err)
					}
				}
				p := asProblem(b.take(tt.action, tt.polling))
				if p == nil || p.Kind != workflow.OverBudget || p.RetryAfter.Round(time.Millisecond) != tt.pause {
					t.Fatalf("got %+v, want a refusal for %s", p, tt.pause)
				}
				if wait := b.Wait(tt.action, tt.polling); wait != p.RetryAfter {
					t.Errorf("got wait %s, want %s", wait, p.RetryAfter)
				}
				time.Sleep(p.RetryAfter)
				if err := b.take(tt.action, tt.polling); err != nil {
					t.Errorf("after %s: %v", p.RetryAfter, err)
				}
			})
		})
	}
}

func TestBudgetSharesApart(t *testing.T) {
	t.Parallel()
	b := NewBudget("us-east-1")
	for b.take(list, true) == nil {
	}
	if err := b.take(list, false); err != nil {
		t.Errorf("polls used up what the operator asks for: %v", err)
	}
	if err := b.take("states:DescribeExecution", true); err != nil {
		t.Errorf("one API used up another: %v", err)
	}
}

func TestBudgetNeverHoldsBackALease(t *testing.T) {
	t.Parallel()
	b := NewBudget("us-east-1")
	const calls = 50_000 // more than a minute's share
	for range calls {
		if err := b.take("sqs:ChangeMessageVisibilityBatch", false); err != nil {
			t.Fatal(err)
		}
	}
	if use := b.Use()[0]; use.Calls != calls || use.Refused != 0 || use.Share != 1 {
		t.Errorf("got %+v, want every call counted", use)
	}
}

func TestThrottleSlowsDown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget("us-east-1") // polls of ListExecutions: 0.5/s
		b.settle(list, time.Millisecond, true)
		if got := b.Wait(list, true).Round(time.Millisecond); got != 4*time.Second {
			t.Errorf("after one throttle: wait %s, want 4s (half the pace)", got)
		}
		b.settle(list, time.Millisecond, true)
		if got := b.Wait(list, true).Round(time.Millisecond); got != 8*time.Second {
			t.Errorf("after two: wait %s, want 8s (a quarter)", got)
		}
		for range 20 {
			b.settle(list, time.Millisecond, true)
		}
		if got := b.Wait(list, true).Round(time.Millisecond); got != 64*time.Second {
			t.Errorf("after many: wait %s, want 64s (the slowest pace)", got)
		}
		time.Sleep(5 * time.Minute)
		for b.take(list, true) == nil {
		}
		if got := b.Wait(list, true).Round(100 * time.Millisecond); got > 2*time.Second {
			t.Errorf("after recovery: wait %s, want the full pace again", got)
		}
		if use := b.Use()[0]; use.Throttles != 22 {
			t.Errorf("got %d throttles, want 22", use.Throttles)
		}
	})
}

func TestShareAndLatency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget("us-east-1")
		if b.Share() != 0 {
			t.Errorf("got share %v unused", b.Share())
		}
		for i := range 6 { // of thirty polls a minute
			if err := b.take(list, true); err != nil {
				t.Fatal(err)
			}
			b.settle(list, time.Duration(i+1)*time.Millisecond, false)
			time.Sleep(time.Second)
		}
		if got := b.Share(); got != 0.2 {
			t.Errorf("got share %v, want 0.2", got)
		}
		use := b.Use()[0]
		if use.Operation != list || use.Calls != 6 || use.P50 != 3*time.Millisecond || use.P99 != 5*time.Millisecond {
			t.Errorf("got %+v", use)
		}
		time.Sleep(time.Minute)
		if got := b.Share(); got != 0 {
			t.Errorf("got share %v a minute later, want 0", got)
		}
	})
}

// In any stretch of time the calls that pass are at most what the bucket held
// and what was refilled.
func TestBudgetIsNeverExceeded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := quota{
			bucket: rapid.Float64Range(1, 1000).Draw(t, "bucket"),
			refill: rapid.Float64Range(0.1, 100).Draw(t, "refill"),
		}
		now := time.Unix(1_800_000_000, 0)
		start := now
		a := newAPI(q, now)
		passed := 0
		for range rapid.IntRange(1, 300).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.Int64Range(-1e9, 5e9).Draw(t, "step")))
			a.advance(now)
			if rapid.IntRange(0, 19).Draw(t, "throttle") == 0 {
				a.throttle(now)
			}
			if a.polls.tokens >= 1 {
				a.polls.tokens--
				passed++
			}
			limit := a.polls.capacity + a.polls.rate*max(0, a.last.Sub(start).Seconds())
			if float64(passed) > limit+1e-6 {
				t.Fatalf("%d calls in %s, the allowance is %v", passed, a.last.Sub(start), limit)
			}
			if a.pace < slowestPace || a.pace > 1 {
				t.Fatalf("pace %v", a.pace)
			}
		}
	})
}
