package operation

import (
	"context"
	"errors"

	"orderops/workflow"
	"orderops/workflow/operation/journal"
)

// Unfinished are the runs over this deployment's dead letters that were not
// brought to their end, and that no program is at work on.
func (d *Desk) Unfinished() ([]journal.State, error) {
	if d.options.Journal == nil {
		return nil, nil
	}
	runs, err := d.options.Journal.Runs()
	var open []journal.State
	for _, s := range runs {
		if s.Head.From == d.deployment.DeadLetterURL && (s.Ended.IsZero() || len(s.Unfinished()) > 0) && !d.options.Journal.Busy(s.Head.ID) {
			open = append(open, s)
		}
	}
	return open, err
}

// PlanFinish says what finishing a run, or only verifying it, would do.
func (d *Desk) PlanFinish(s journal.State, verify bool) Plan {
	pending, taken := 0, 0
	for _, item := range s.Unfinished() {
		if item.Stage == journal.Taken {
			taken++
		} else {
			pending++
		}
	}
	p := Plan{
		Title: "Finish a " + s.Head.Verb + " that broke off",
		Facts: []Fact{
			{"begun", s.Head.Began.Local().Format("2006-01-02 15:04:05") + " by " + s.Head.Operator},
			{"sent", counted(taken, "message") + " that may not be deleted yet: they are deleted"},
			{"in doubt", counted(pending, "message") + " that may have been sent: looked up first"},
		},
		Risk: Ask, Verb: "finish", Undo: "none once sent; the originals stay in the journal",
	}
	if rest := len(s.Head.Chosen) - len(s.Items); rest > 0 && !verify {
		p.Facts = append(p.Facts, Fact{"not begun", counted(rest, "message") + ": redriven like the others"})
	}
	if verify {
		p.Title, p.Verb = "Verify a "+s.Head.Verb+" that broke off", "verify"
		p.Facts = append(p.Facts, Fact{"then", "what arrived is deleted; what can't be found stays, and is named"})
	} else if pending > 0 {
		p.Warning = "What is in doubt and has no execution is sent again under the same order id. A consumer that ignores lineage may make second orders of it."
	}
	return p
}

// Finish takes up a run that broke off and brings it to its end. With verify,
// nothing is sent: what is found to have arrived is deleted, the rest is named.
func (d *Desk) Finish(ctx context.Context, id string, verify bool) (*Run, Record, error) {
	at := wall()
	r, err := d.finish(ctx, id, verify)
	detail := ""
	if err == nil {
		detail = "taken up: journal " + id
	}
	return r, record(at, "finish", nameOf(d.deployment.DeadLetterURL), detail, err), err
}

func (d *Desk) finish(ctx context.Context, id string, verify bool) (*Run, error) {
	if d.options.Journal == nil {
		return nil, &workflow.Problem{Kind: workflow.Refused, Operation: "finish", Target: id, Reason: "there is no journal"}
	}
	log, err := d.options.Journal.Resume(id)
	if err != nil {
		return nil, err
	}
	r, err := d.takeUp(ctx, log, verify)
	if err != nil {
		return nil, errors.Join(err, log.Close())
	}
	r.begin(ctx)
	return r, nil
}

func (d *Desk) takeUp(ctx context.Context, log *journal.Run, verify bool) (*Run, error) {
	state := log.State()
	s := Selection{
		Do: Verb(state.Head.Verb), To: state.Head.To, Rate: max(state.Head.Rate, LeastRate), Reason: state.Head.Reason,
		Canary: state.Head.Canary, Threshold: state.Head.Threshold,
	}
	for _, v := range state.Head.Include {
		s.Include = append(s.Include, workflow.Verdict(v))
	}
	if state.Head.From != d.deployment.DeadLetterURL {
		return nil, &workflow.Problem{
			Kind: workflow.Refused, Operation: "finish", Target: state.Head.ID, Reason: "the run is about another queue: " + state.Head.From,
			Next: "Connect to that deployment.",
		}
	}
	dead, err := d.runnable(ctx, s)
	if err != nil {
		return nil, err
	}
	r := d.newRun(ctx, RunPlan{Selection: s}, dead)
	r.log, r.verify, r.began = log, verify, state.Head.Began
	letters, err := d.options.Journal.Letters(state.Head.ID, func(id workflow.MessageID) bool {
		item, ok := state.Item(id)
		return ok && item.Stage == journal.Pending
	})
	if err != nil {
		return nil, err
	}
	for _, l := range letters {
		r.prepared[l.ID] = l
	}
	r.expect(state)
	// What the run held when it broke off is hidden until its lease ends.
	r.hiddenUntil = wall().Add(r.hold.lease)
	return r, d.runs.add(r)
}

// expect fills in what remains to be done.
func (r *Run) expect(state journal.State) {
	for _, id := range state.Head.Chosen {
		if _, begun := state.Item(id); !begun && !r.verify {
			r.wanted[id] = true
		}
	}
	for _, item := range state.Items {
		switch item.Stage {
		case journal.Pending:
			r.wanted[item.ID] = true
		case journal.Taken:
			r.leftover[item.ID] = leftover{newID: item.NewID}
		case journal.Refused:
			if !r.verify && state.Ended.IsZero() {
				r.wanted[item.ID] = true
			}
		case journal.Moved, journal.Removed, journal.Closed:
			r.dealt[item.ID] = ""
		}
	}
	for _, id := range state.Head.Edited {
		// The edited body of a message whose send is in doubt is in the journal; that
		// of others is not at hand any more, and the original must not go in its place.
		if item, begun := state.Item(id); r.wanted[id] && (!begun || item.Stage != journal.Pending) {
			delete(r.wanted, id)
			r.dealt[id] = "left out: it was to be sent with another body, which is not at hand any more; edit it again"
		}
	}
}

// foundOut deals with a letter whose send has no answer on record, where looking
// for its execution is enough; false tells that it is to be sent again.
func (r *Run) foundOut(ctx context.Context, letter workflow.DeadLetter) bool {
	prepared, _ := r.preparedFor(letter.ID)
	judged := letter
	// The order as it was sent: its execution, or its row, says that it arrived.
	judged.Attributes = prepared.NewAttributes
	if prepared.NewBody != nil {
		judged = workflow.Judge(workflow.Message{ID: letter.ID, Body: prepared.NewBody, Attributes: prepared.NewAttributes}, r.order, r.dead)
	}
	verdicts, err := r.desk.Judge(ctx, []workflow.DeadLetter{judged})
	verdict := verdicts[0]
	_, lineage := prepared.NewAttributes[workflow.AttributeOrderID]
	switch {
	case ctx.Err() != nil:
		return true // it stays wanted
	case r.shows(verdict):
		r.arrived(ctx, letter, verdict.Why)
		return true
	case err != nil || r.verify || !lineage || !r.plan.Do.sends():
		why := "may exist twice: it may have been sent, and no execution has its order id"
		if err != nil {
			why = "may exist twice: it may have been sent, and " + verdict.Why
		}
		r.leaveOut(letter.ID, why)
		return true
	}
	return false
}

// shows tells whether a verdict shows that a message arrived. What may have run
// before it was sent shows nothing: then only a younger execution counts.
func (r *Run) shows(judged workflow.DeadLetter) bool {
	if judged.Verdict != workflow.Processed && judged.Verdict != workflow.Broken {
		return false
	}
	for _, v := range r.plan.Include {
		if v != workflow.Malformed && v != workflow.Bounced {
			return judged.Execution != nil && judged.Execution.Started.After(r.began)
		}
	}
	return true
}

// arrived deletes a dead letter whose order is known to have arrived. That it is
// settled is written last: a crash before that finds the same evidence again.
func (r *Run) arrived(ctx context.Context, letter workflow.DeadLetter, why string) {
	h, held := r.hold.take(letter.ID)
	if !held {
		return // received again, it is looked up again
	}
	r.mu.Lock()
	delete(r.wanted, letter.ID)
	r.leftover[letter.ID] = leftover{}
	r.mu.Unlock()
	r.remove(context.WithoutCancel(ctx), []*parcel{{holding: h}})
	r.mu.Lock()
	_, left := r.leftover[letter.ID]
	r.mu.Unlock()
	if left {
		return // it is received again, and deleted then
	}
	entry := journal.Entry{Kind: journal.Settled, Results: []journal.Result{{ID: letter.ID, Outcome: Arrived + why}}}
	if err := r.log.Append(entry); err != nil {
		r.fail(err)
	}
}
