package operation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"orderops/workflow"
	"orderops/workflow/operation/journal"
)

const (
	// batchesInFlight is how many batches of a run are under way at a time.
	batchesInFlight = 4
	// mostHeld bounds what a run keeps under lease while it looks for its messages.
	mostHeld = 10_000
	// soon is how long to wait for letters whose lease is being renewed.
	soon = 20 * time.Millisecond
	// lookAgain is the pause between two looks into a queue whose messages may
	// be hidden by leases that still run.
	lookAgain = 5 * time.Second
)

// RunStatus is what a run is doing.
type RunStatus string

// The statuses of a run.
const (
	Working    RunStatus = "running"
	Paused     RunStatus = "paused"
	Cancelling RunStatus = "cancelling"
	Cancelled  RunStatus = "cancelled"
	Stopped    RunStatus = "stopped"
	Finished   RunStatus = "done"
)

// Over tells that nothing is sent or deleted any more.
func (s RunStatus) Over() bool { return s == Cancelled || s == Stopped || s == Finished }

// Run is a run over dead letters that is under way. It is safe for concurrent use.
type Run struct {
	desk *Desk
	plan RunPlan
	log  *journal.Run
	hold hold

	mu     sync.Mutex
	status RunStatus
	// why is why it stopped, or what it waits for; err the failure behind it.
	why string
	err error
	// wanted are chosen letters that are still to be dealt with, with the bodies
	// that replace theirs; nil bodies replace nothing.
	wanted map[workflow.MessageID]bool
	// chosen are the letters that were chosen by hand.
	chosen map[workflow.MessageID]bool
	// dealt are letters that need nothing more, or that were left out, by why.
	dealt map[workflow.MessageID]string
	// leftover were sent on, and wait to be deleted under a fresh handle.
	leftover map[workflow.MessageID]leftover
	// prepared are what was journaled for letters whose send has no answer on
	// record; it is sent the same way again. verify deals with them by looking
	// for their executions only.
	prepared map[workflow.MessageID]journal.Letter
	verify   bool
	began    time.Time
	orderIDs map[workflow.MessageID]workflow.OrderID
	// flying are the letters of the batches in flight.
	flying  map[workflow.MessageID]bool
	busy    int
	room    chan struct{} // closed when a batch has ended; nil while nobody waits
	resumed chan struct{} // closed by Resume
	nextAt  time.Time     // when the rate allows the next message
	// hiddenUntil is when the last lease ends that hides messages of ours from us.
	hiddenUntil time.Time
	over        chan struct{} // closed when it has ended
	record      Record        // set before over is closed
	// ended tells that it is closed for good, although not everything was done.
	ended bool
	// soft ends when no new batch is to be begun.
	soft   context.Context
	soften context.CancelFunc
	// order and dead are the two queues as they were when the run started.
	order, dead workflow.Queue
	// limit stops the run after so many messages were sent; 0 means none.
	limit, sent int
	// deleted tells that a dead letter was deleted.
	deleted bool
}

// leftover is a letter that was sent on, but not deleted.
type leftover struct {
	newID    workflow.MessageID
	receives int // at the time of sending
}

// Start applies a plan: it takes over the leases of an inspection (nil: there is
// none), and works until it is done, cancelled, or ctx ends. Leaving the screen
// does not end it.
func (d *Desk) Start(ctx context.Context, plan RunPlan, inspection *Inspection) (*Run, Record, error) {
	at := wall()
	r, err := d.start(ctx, plan, inspection)
	detail := ""
	if err == nil {
		detail = fmt.Sprintf("%s started, journal %s", counted(len(plan.Eligible), "message"), r.log.ID())
		if len(plan.Edits) > 0 && plan.EditedBy != "" {
			detail += ", edited by " + plan.EditedBy
		}
	}
	return r, record(at, string(plan.Do), nameOf(d.deployment.DeadLetterURL), detail, err), err
}

func (d *Desk) start(ctx context.Context, plan RunPlan, inspection *Inspection) (*Run, error) {
	dead, err := d.runnable(ctx, plan.Selection)
	if err != nil {
		return nil, err
	}
	head := journal.Head{
		Verb: string(plan.Do), Operator: d.options.Operator, Reason: plan.Reason, From: d.deployment.DeadLetterURL,
		To: plan.To, Total: len(plan.Eligible), Rate: plan.Rate, Filter: plan.Filter,
		Canary: plan.Canary, Threshold: plan.Threshold, KeepDays: d.keepDays(),
	}
	r := d.newRun(ctx, plan, dead)
	if err := d.runs.add(r); err != nil {
		return nil, err
	}
	for _, letter := range plan.Eligible {
		head.Chosen = append(head.Chosen, letter.ID)
		r.wanted[letter.ID], r.chosen[letter.ID] = true, true
		if plan.Edits[letter.ID] != nil {
			head.Edited = append(head.Edited, letter.ID)
			head.EditedBy = plan.EditedBy
		}
	}
	for _, v := range plan.Include {
		head.Include = append(head.Include, string(v))
	}
	if r.log, err = d.options.Journal.Begin(head); err != nil {
		d.runs.remove(r)
		return nil, err
	}
	if inspection != nil {
		for _, h := range inspection.hand(ctx, plan.Eligible) {
			r.hold.put(h.letter, h.until)
		}
	}
	r.begin(ctx)
	return r, nil
}

func (d *Desk) newRun(ctx context.Context, plan RunPlan, dead workflow.Queue) *Run {
	return &Run{
		desk: d, plan: plan, status: Working, began: wall(), order: d.orderQueue(ctx), dead: dead,
		hold:   hold{queue: d.queue, url: d.deployment.DeadLetterURL, lease: cmp.Or(d.options.RunLease, Lease)},
		wanted: map[workflow.MessageID]bool{}, chosen: map[workflow.MessageID]bool{}, dealt: map[workflow.MessageID]string{}, leftover: map[workflow.MessageID]leftover{},
		prepared: map[workflow.MessageID]journal.Letter{}, orderIDs: map[workflow.MessageID]workflow.OrderID{},
		flying: map[workflow.MessageID]bool{}, over: make(chan struct{}), resumed: make(chan struct{}), limit: plan.Canary,
	}
}

// begin lets the run work beside the program, also after ctx's deadline. When
// ctx is cancelled, the batches in flight are finished and the rest is left for
// the next start.
func (r *Run) begin(ctx context.Context) {
	program := workflow.WithPlan(context.WithoutCancel(ctx), r.title())
	hard, end := r.desk.under.begin(program)
	soft, soften := context.WithCancel(hard)
	r.soft, r.soften = soft, soften
	go workflow.Guarded(hard, func() {
		done := r.work(hard, soft)
		r.soften()
		r.desk.runs.remove(r)
		close(r.over)
		end(done)
	})
}

// title names the run in the audit: its plan, and the journal's id of it.
func (r *Run) title() string {
	return cmp.Or(r.plan.Title, "Finish a "+string(r.plan.Do)) + ", run " + r.log.ID()
}

// work deals with all letters, then gives back what is held.
func (r *Run) work(ctx, soft context.Context) Record {
	at := wall()
	keeping, stop := context.WithCancel(ctx)
	var workers sync.WaitGroup
	workers.Go(func() { workflow.Guarded(keeping, func() { r.hold.keep(keeping) }) })
	for again := true; again; again = r.canary(ctx, soft) {
		for r.proceed() {
			if batch := r.next(soft); len(batch) > 0 {
				if !r.pace(len(batch)) || r.paused() {
					r.putBack(batch)
					r.landed(batch)
					continue
				}
				workers.Go(func() {
					workflow.Guarded(ctx, func() {
						defer r.landed(batch)
						r.deal(ctx, batch)
					})
				})
				continue
			}
			if !r.full() && !r.nothingToFind() && r.receive(soft) {
				continue
			}
			if !r.waitForRoom() && (!r.hold.renewing() || pause(soft, soon) != nil) {
				break
			}
		}
		for r.waitForRoom() { // batches in flight always finish
			continue
		}
	}
	stop()
	workers.Wait()
	release, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	r.hold.release(release)
	r.goneFor(release)
	return r.close(at)
}

// goneFor closes letters that were sent or deleted, or may have been, and are no
// longer among the dead letters, where nobody holds any: either our deletion took
// effect without an answer, or somebody else took them. They stay named, and those
// of a deletion can be restored.
func (r *Run) goneFor(ctx context.Context) {
	r.mu.Lock()
	entry := journal.Entry{Kind: journal.Settled}
	for id, left := range r.leftover {
		why := "the dead letter is gone: our deletion took effect, or somebody else took it"
		if r.plan.Do.sends() {
			why = "sent; " + why
		}
		entry.Results = append(entry.Results, journal.Result{ID: id, NewID: left.newID, Doubtful: true, Why: why})
	}
	for id := range r.prepared {
		if r.wanted[id] {
			entry.Results = append(entry.Results, journal.Result{
				ID: id, Doubtful: true, Why: "it may have been sent, and is gone from the dead letters; the journal has it whole",
			})
		}
	}
	working := r.status == Working
	r.mu.Unlock()
	if !working || len(entry.Results) == 0 {
		return
	}
	q, err := r.desk.queue.Describe(ctx, r.hold.url)
	if err != nil || q.InFlight > 0 {
		return // somebody may hold them; the next start looks again
	}
	if err := r.log.Append(entry); err != nil {
		r.fail(err)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, result := range entry.Results {
		delete(r.leftover, result.ID)
		delete(r.wanted, result.ID)
		r.dealt[result.ID] = ""
	}
}

// proceed waits while the run is paused; false tells that it is to end.
func (r *Run) proceed() bool {
	for {
		r.mu.Lock()
		status, resumed := r.status, r.resumed
		locked := r.desk.options.Guard.Check(string(r.plan.Do), r.hold.url)
		done := r.limit > 0 && r.sent >= r.limit
		r.mu.Unlock()
		switch {
		case r.soft.Err() != nil, done:
			return false
		case status != Paused && locked == nil:
			return true
		}
		// While it waits, nobody should miss the messages.
		r.hold.release(r.soft)
		if status == Paused {
			select {
			case <-resumed:
			case <-r.soft.Done():
			}
			continue
		}
		r.say("waiting: " + reasonOf(locked))
		if pause(r.soft, unlocked) == nil {
			r.say("")
		}
	}
}

// unlocked is how often a run looks whether production was unlocked again.
const unlocked = time.Second

// Pause stops taking new batches and gives the leases back, until Resume.
func (r *Run) Pause() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.status == Working {
		r.status, r.why, r.resumed = Paused, "paused by the operator", make(chan struct{})
	}
}

// Resume goes on after Pause.
func (r *Run) Resume() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.status == Paused {
		r.status, r.why = Working, ""
		close(r.resumed)
	}
}

func (r *Run) paused() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.status == Paused
}

// Cancel ends the run: the batches in flight are finished, the rest stays
// where it is.
func (r *Run) Cancel() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.status == Working || r.status == Paused {
		r.status, r.why = Cancelling, "cancelled by the operator"
		r.soften()
	}
}

// fail ends the run for a reason; the batches in flight are finished.
func (r *Run) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.status.Over() {
		r.status, r.err, r.why = Stopped, err, err.Error()
		r.soften()
	}
}

// stop ends the run because the program does. The next start offers to finish it.
func (r *Run) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.status.Over() {
		r.status, r.why = Stopped, "the program ended; the next start offers to finish it"
		r.soften()
	}
}

// Wait waits until the run has ended, or ctx has.
func (r *Run) Wait(ctx context.Context) error {
	select {
	case <-r.over:
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// pace waits until the rate allows n more messages; false when the run ends first.
func (r *Run) pace(n int) bool {
	r.mu.Lock()
	now := wall()
	if r.nextAt.Before(now) {
		r.nextAt = now
	}
	wait := r.nextAt.Sub(now)
	r.nextAt = r.nextAt.Add(time.Duration(n) * time.Second / time.Duration(r.plan.Rate))
	r.mu.Unlock()
	return wait <= 0 && r.soft.Err() == nil || pause(r.soft, wait) == nil
}

// full tells that no further batch may be under way. The first one goes alone:
// what is not allowed shows itself there.
func (r *Run) full() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	first := r.sent == 0 && !r.deleted
	return r.busy >= batchesInFlight || r.busy > 0 && first
}

// landed takes a batch out of flight.
func (r *Run) landed(batch []*parcel) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy--
	for _, p := range batch {
		delete(r.flying, p.letter.ID)
	}
	if r.room != nil {
		close(r.room)
		r.room = nil
	}
}

// waitForRoom waits until one of the batches in flight has ended; false when
// there is none.
func (r *Run) waitForRoom() bool {
	r.mu.Lock()
	if r.busy == 0 {
		r.mu.Unlock()
		return false
	}
	if r.room == nil {
		r.room = make(chan struct{})
	}
	room := r.room
	r.mu.Unlock()
	<-room
	return true
}

// close writes the end of the run, unless something of it remains to be done
// at the next start.
func (r *Run) close(at time.Time) Record {
	r.mu.Lock()
	switch {
	case r.status == Cancelling:
		r.status = Cancelled
	case r.status == Working && len(r.leftover) > 0:
		r.status = Stopped
		r.why = counted(len(r.leftover), "message") + " can't be found any more to be deleted: they may come back, or somebody else has them"
		if r.plan.Do.sends() {
			r.why = "after they were sent, " + r.why
		}
	case r.status == Working:
		r.status = Finished
		if n := len(r.wanted); n > 0 {
			r.why = counted(n, "message") + " were not found any more among the dead letters"
		}
	}
	status, why, err, ended := r.status, r.why, r.err, r.ended
	r.mu.Unlock()
	if status == Finished || status == Cancelled || ended {
		err = errors.Join(err, r.log.Append(journal.Entry{Kind: journal.End, Note: string(status)}))
	}
	err = errors.Join(err, r.log.Close())
	detail := r.Progress().String()
	if why != "" {
		detail += "; " + why
	}
	r.record = record(at, string(r.plan.Do), nameOf(r.desk.deployment.DeadLetterURL), detail, err)
	return r.record
}

// Record is what the run leaves behind for the activity list, once it is over.
func (r *Run) Record() Record { return r.record }
