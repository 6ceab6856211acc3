package rehearsal

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"sync"
	"time"

	"orderops/aws/local"
)

// Rehearsal is a scenario under way on one cloud. Nothing is disturbed before
// Start. It is safe for concurrent use.
type Rehearsal struct {
	scenario Scenario
	// functionsKey is the access key of the order system's functions.
	functionsKey string

	stop    context.CancelFunc
	running sync.WaitGroup

	mu      sync.Mutex // guards all below
	began   time.Time  // zero before Start
	random  *rand.Rand // chances
	orders  *rand.Rand // what arrives, apart: calls must not change the orders
	buckets map[int]*bucket
	tally   Tally
}

// Tally counts what arrived.
type Tally struct {
	// Orders arrived; Poison of them can't be read by anybody; Refused were not
	// taken, which their customers know.
	Orders, Poison, Refused int
}

// New prepares a rehearsal. functionsKey is the access key that the order
// system's functions sign with; every other key is an operator's.
func New(s Scenario, functionsKey string) *Rehearsal {
	return &Rehearsal{
		scenario: s, functionsKey: functionsKey, stop: func() {},
		random:  rand.New(rand.NewPCG(s.Seed, 0xfa17)),
		orders:  rand.New(rand.NewPCG(s.Seed, 0x02de)),
		buckets: map[int]*bucket{},
	}
}

// Options let the rehearsal disturb a cloud's calls.
func (r *Rehearsal) Options(o local.Options) local.Options {
	o.Intercept, o.Lose = r.intercept, r.lose
	return o
}

// Start begins the rehearsal on a cloud whose orders arrive at the address of
// its API. Stop ends it; the cloud is closed afterwards. The error says what the
// scenario needs and the cloud lacks.
func (r *Rehearsal) Start(cloud *local.Cloud, ordersURL string) error {
	for _, d := range r.scenario.Disturbances {
		if d.Part != EventSource {
			continue
		}
		if err := cloud.EnableEventSource(consumerFunction, true); err != nil { // it is on already
			return fmt.Errorf("the scenario switches an event source: %w", err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.mu.Lock()
	r.began, r.stop = time.Now(), cancel
	r.mu.Unlock()
	r.running.Go(func() { r.arrive(ctx, cloud, ordersURL) })
	r.running.Go(func() { r.conduct(ctx, cloud) })
	return nil
}

// Stop ends what Start began and waits for it.
func (r *Rehearsal) Stop() {
	r.mu.Lock()
	stop := r.stop
	r.mu.Unlock()
	stop()
	r.running.Wait()
}

// Tally is what arrived so far.
func (r *Rehearsal) Tally() Tally {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tally
}

// after is how long the rehearsal runs; before Start it is negative.
func (r *Rehearsal) after() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.began.IsZero() {
		return -1
	}
	return time.Since(r.began)
}

// now goes through the disturbances of a kind that hold now, with their numbers.
func (r *Rehearsal) now(kind Kind) iter.Seq2[int, Disturbance] {
	after := r.after()
	return func(yield func(int, Disturbance) bool) {
		for i, d := range r.scenario.Disturbances {
			if d.Kind == kind && d.active(after) && !yield(i, d) {
				return
			}
		}
	}
}

// untilChange is how long everything stays as it is; ok is false when for ever.
func (r *Rehearsal) untilChange() (left time.Duration, ok bool) {
	after := r.after()
	next, ok := r.scenario.nextChange(after)
	return next - after, ok
}

// happens draws a chance.
func (r *Rehearsal) happens(share float64) bool {
	if share >= 1 {
		return true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.random.Float64() < share
}

// pause waits and tells whether ctx is still alive.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
