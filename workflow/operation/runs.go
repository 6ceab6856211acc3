package operation

import (
	"fmt"
	"sync"

	"orderops/workflow"
	"orderops/workflow/operation/journal"
)

// runs are the runs that are under way: at most one, since two would take each
// other's messages for lost.
type runs struct {
	mu      sync.Mutex
	current *Run
}

func (r *runs) add(run *Run) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.current != nil {
		return &workflow.Problem{
			Kind: workflow.Refused, Operation: string(run.plan.Do), Target: run.hold.url, Reason: "another run over the dead letters is under way",
			Next: "Wait for it, or cancel it.",
		}
	}
	r.current = run
	return nil
}

func (r *runs) remove(run *Run) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.current == run {
		r.current = nil
	}
}

// stop ends the run that is under way.
func (r *runs) stop() {
	r.mu.Lock()
	run := r.current
	r.mu.Unlock()
	if run != nil {
		run.stop()
	}
}

// Running is the run that is under way; nil when there is none.
func (d *Desk) Running() *Run {
	d.runs.mu.Lock()
	defer d.runs.mu.Unlock()
	return d.runs.current
}

// unoccupied refuses what takes every dead letter while a run over them, or one
// that puts some back, is under way, in this program or in another of this machine.
func (d *Desk) unoccupied(operation string) error {
	busy := d.Running() != nil
	runs, _ := d.History() // of what can't be read it is not known
	for i := 0; i < len(runs) && !busy; i++ {
		busy = !runs[i].Prunable() && d.options.Journal.Busy(runs[i].Head.ID)
	}
	if !busy {
		return nil
	}
	return &workflow.Problem{
		Kind: workflow.Refused, Operation: operation, Target: d.deployment.DeadLetterURL,
		Reason: "a run over the dead letters is under way, here or in another program of this machine", Next: "Wait for it, or cancel it.",
	}
}

// Arrived begins the outcome of a message whose send had no answer, and that was
// found to have arrived; behind it stands how that is known.
const Arrived = "arrived: "

// Progress is how far a run is.
type Progress struct {
	Verb   Verb
	Status RunStatus
	// Why is why it stopped, or what it waits for; "" says nothing.
	Why string
	// Total is how many messages were chosen; with a filter it grows as they are found.
	Total int
	// Done were sent and deleted, or what the verb asks for; Sent were sent and
	// wait for their deletion; LeftOut stay among the dead letters, by their verdict
	// or because SQS refused them.
	Done, Sent, LeftOut int
	// Doubtful may exist twice.
	Doubtful int
	// Outcomes count what became of the messages that were sent.
	Outcomes map[string]int
	Rate     int
}

// Progress is how far the run is.
func (r *Run) Progress() Progress {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := Progress{
		Verb: r.plan.Do, Status: r.status, Why: r.why, Rate: r.plan.Rate, Outcomes: map[string]int{},
		Total: len(r.wanted) + len(r.dealt),
	}
	for id := range r.leftover {
		if _, counted := r.dealt[id]; !counted && !r.wanted[id] {
			p.Total++
		}
	}
	r.log.Each(p.count)
	for _, why := range r.dealt {
		if why != "" {
			p.LeftOut++
		}
	}
	return p
}

func (p *Progress) count(item journal.Item) {
	switch item.Stage {
	case journal.Moved, journal.Removed, journal.Closed:
		p.Done++
	case journal.Taken:
		p.Sent++
	case journal.Pending, journal.Refused:
	}
	if item.Outcome != "" {
		p.Outcomes[item.Outcome]++
	}
	if item.Named() {
		p.Doubtful++
	}
}

// String tells the progress in one line.
func (p Progress) String() string {
	text := fmt.Sprintf("%d of %d done", p.Done, p.Total)
	switch {
	case p.Sent > 0 && p.Verb == Delete && !p.Status.Over():
		text += fmt.Sprintf(", %d being deleted", p.Sent)
	case p.Sent > 0 && p.Verb == Delete:
		text += fmt.Sprintf(", %d not deleted", p.Sent)
	case p.Sent > 0:
		text += fmt.Sprintf(", %d sent but not deleted", p.Sent)
	}
	if p.LeftOut > 0 {
		text += fmt.Sprintf(", %d left out", p.LeftOut)
	}
	if p.Doubtful > 0 {
		text += fmt.Sprintf(", %d may exist twice", p.Doubtful)
	}
	return text
}

// Items are the messages that the run has begun with, and what became of each.
func (r *Run) Items() []journal.Item { return r.log.State().Items }

// LeftOut tells, by message, why it stays among the dead letters.
func (r *Run) LeftOut() map[workflow.MessageID]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	why := map[workflow.MessageID]string{}
	for id, reason := range r.dealt {
		if reason != "" {
			why[id] = reason
		}
	}
	return why
}

// ID names the run in the journal.
func (r *Run) ID() string { return r.log.ID() }

// say tells what the run waits for; "" tells that it waits for nothing.
func (r *Run) say(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.status == Working {
		r.why = what
	}
}
