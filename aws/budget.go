package aws

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"orderops/workflow"
)

// Our part of each API's refill: what the program polls by itself, and what
// the operator asks for.
const (
	pollShare  = 0.10
	askedShare = 0.25
)

// Budget keeps the tool within its part of each API's quota, which production
// lives from too. It refuses and never waits. It is safe for concurrent use.
type Budget struct {
	region string

	mu   sync.Mutex
	apis map[string]*api
}

// NewBudget makes an unused budget for a region.
func NewBudget(region string) *Budget {
	return &Budget{region: region, apis: make(map[string]*api)}
}

// api gives the record of an operation. The caller holds the lock.
func (b *Budget) api(action string, now time.Time) *api {
	a, ok := b.apis[action]
	if !ok {
		a = newAPI(quotaOf(action, b.region), now)
		b.apis[action] = a
	}
	return a
}

// take books one attempt, or says how long to wait for the next.
func (b *Budget) take(action string, polling bool) error {
	now := time.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.api(action, now)
	a.advance(now)
	bucket := a.bucket(polling)
	if bucket.tokens < 1 && !isPromise(action) {
		a.refused++
		return overBudget(action, polling, bucket.wait(a.pace))
	}
	bucket.tokens = max(0, bucket.tokens-1)
	a.calls++
	a.minute(polling).add(now)
	return nil
}

func overBudget(action string, polling bool, wait time.Duration) error {
	share := askedShare
	if polling {
		share = pollShare
	}
	return &workflow.Problem{
		Kind: workflow.OverBudget, Operation: action, RetryAfter: wait,
		Reason: fmt.Sprintf("the tool's own allowance of %.0f %% of this API's rate is used up", share*100),
		Next:   fmt.Sprintf("It is free again in %s", wait.Round(100*time.Millisecond)),
	}
}

// settle books how an attempt ended.
func (b *Budget) settle(action string, latency time.Duration, throttled bool) {
	now := time.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.api(action, now)
	a.latencies.add(latency)
	if throttled {
		a.throttle(now)
	}
}

// Wait is how long until the next call of an operation ("states:ListExecutions")
// is allowed; 0 means now.
func (b *Budget) Wait(action string, polling bool) time.Duration {
	now := time.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.api(action, now)
	a.advance(now)
	return a.bucket(polling).wait(a.pace)
}

// Share is the used part of our allowance over the last minute, of the API
// that is nearest to its limit; 1 means all of it.
func (b *Budget) Share() float64 {
	now := time.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	share := 0.0
	for _, a := range b.apis {
		share = max(share, a.share(now))
	}
	return share
}

// Use tells how each API was used, the busiest first.
func (b *Budget) Use() []workflow.APIUse {
	now := time.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	uses := make([]workflow.APIUse, 0, len(b.apis))
	for name, a := range b.apis {
		p50, p99 := a.latencies.quantiles()
		uses = append(uses, workflow.APIUse{
			Operation: name, Calls: a.calls, Throttles: a.throttles, Refused: a.refused,
			Share: a.share(now), P50: p50, P99: p99,
			CostPerHour: float64(a.pollMinute.count(now)+a.askedMinute.count(now)) * minuteSeconds * priceOf(name),
		})
	}
	slices.SortFunc(uses, func(x, y workflow.APIUse) int {
		return cmp.Or(-cmp.Compare(x.Share, y.Share), -cmp.Compare(x.Calls, y.Calls), cmp.Compare(x.Operation, y.Operation))
	})
	return uses
}
