package operation

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"orderops/workflow"
)

// grace is how long a call that was begun may go on after the program was told
// to end. What it did would else not be known. It is less than the five seconds
// that leaving may take, so that its outcome can still be told.
const grace = 4 * time.Second

// begun is a context for a call that must not be broken off half-way. It ends
// at ctx's deadline, or some seconds after ctx was cancelled.
func begun(ctx context.Context) (context.Context, context.CancelFunc) {
	detached, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			cancel()
			return
		}
		timer := time.AfterFunc(grace, cancel)
		context.AfterFunc(detached, func() { timer.Stop() })
	})
	return detached, func() {
		stop()
		cancel()
	}
}

// again waits after a refusal for now; it tells whether to try once more.
func again(ctx context.Context, err error) bool {
	kind := workflow.KindOf(err)
	if kind != workflow.Throttled && kind != workflow.OverBudget {
		return false
	}
	return pause(ctx, pauseOf(err)) == nil
}

// pause waits for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// work counts the operations under way. The zero value has none.
type work struct {
	mu sync.Mutex
	n  int
	// idle is closed when n comes back to zero; nil while it is zero.
	idle chan struct{}
	// draining counts who waits for that; late is what ended meanwhile.
	draining int
	late     []Record
}

// begin counts one operation until its end is called with what came of it, and
// gives it a context that does not break it off half-way. The operation checks
// the guard itself, before it does anything.
func (w *work) begin(ctx context.Context) (_ context.Context, end func(done Record)) {
	ctx, cancel := begun(workflow.WithBegun(ctx))
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.n++; w.idle == nil {
		w.idle = make(chan struct{})
	}
	return ctx, func(done Record) {
		cancel()
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.draining > 0 {
			w.late = append(w.late, done)
		}
		if w.n--; w.n == 0 {
			close(w.idle)
			w.idle = nil
		}
	}
}

// leaving tells that the program is about to end, and waits for what is under way.
func (w *work) leaving() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.draining > 0
}

// Busy tells whether something that changes AWS is under way.
func (d *Desk) Busy() bool {
	d.under.mu.Lock()
	defer d.under.mu.Unlock()
	return d.under.n > 0
}

// Drain ends the run over dead letters after its batches in flight, and waits
// until nothing that changes AWS is under way, or ctx ends. It tells
// what ended meanwhile, since the first Drain, and how much is still under way.
func (d *Desk) Drain(ctx context.Context) (ended []Record, left int) {
	d.runs.stop()
	w := &d.under
	w.mu.Lock()
	idle := w.idle
	w.draining++
	w.mu.Unlock()
	if idle != nil {
		select {
		case <-idle:
		case <-ctx.Done():
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.draining--
	return slices.Clone(w.late), w.n
}
