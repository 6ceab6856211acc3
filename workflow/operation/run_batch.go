package operation

import (
	"context"
	"errors"
	"slices"
	"time"

	"orderops/workflow"
	"orderops/workflow/operation/journal"
)

// callWithin bounds a send, and the deletion that follows, so that both fit well
// into a lease.
func (r *Run) callWithin() time.Duration { return r.hold.lease / 6 }

// leasedWithin bounds a call that asks for a lease. What is left of the lease
// then still has room for a send and a deletion.
func (r *Run) leasedWithin() time.Duration { return r.hold.lease / 2 }

// parcel is one letter on its way through a batch.
type parcel struct {
	holding
	to      string
	out     workflow.Outgoing
	orderID workflow.OrderID
	newID   workflow.MessageID
}

// deal takes one batch through all its steps, in this order: renew the lease,
// journal the whole messages, send, journal the answer, delete what was taken,
// journal that. A crash between any two of them loses nothing: before the send
// the queue has every letter, after it the journal says which may exist twice.
func (r *Run) deal(ctx context.Context, batch []*parcel) {
	ctx, cancel := begun(ctx)
	defer cancel()
	batch = r.renew(ctx, batch)
	if len(batch) == 0 {
		return
	}
	if err := r.log.Append(r.intent(batch)); err != nil {
		r.putBack(batch)
		r.fail(err)
		return
	}
	if r.plan.Do.sends() {
		batch = r.send(ctx, batch)
	}
	if len(batch) == 0 {
		return
	}
	if !r.plan.Do.deletes() {
		r.settle(batch)
		r.putBack(batch)
		return
	}
	r.remove(ctx, batch)
}

// renew asks for a whole lease on every letter. What it does not surely get is
// received again.
func (r *Run) renew(ctx context.Context, batch []*parcel) []*parcel {
	began := wall()
	var leased []*parcel
	var handles []string
	for _, p := range batch {
		if !p.until.After(began) {
			r.again(p)
			continue
		}
		leased = append(leased, p)
		handles = append(handles, p.letter.ReceiptHandle)
	}
	if len(handles) == 0 {
		return nil
	}
	renewing, cancel := context.WithTimeout(ctx, r.leasedWithin())
	defer cancel()
	failed, err := r.desk.queue.SetVisibility(renewing, r.hold.url, handles, r.hold.lease)
	if err != nil && fatal(err) {
		r.fail(err)
	}
	var kept []*parcel
	for _, p := range leased {
		if _, bad := failed[p.letter.ReceiptHandle]; bad || err != nil && len(failed) == 0 {
			r.again(p)
			continue
		}
		p.until = began.Add(r.hold.lease)
		kept = append(kept, p)
	}
	return kept
}

// again lets a letter be received anew; its handle is not used any more.
func (r *Run) again(p *parcel) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wanted[p.letter.ID] = true
	// A renewal whose answer was lost hides it for a whole lease from now.
	if until := wall().Add(r.hold.lease); until.After(r.hiddenUntil) {
		r.hiddenUntil = until
	}
}

// putBack returns letters to the hold; those still wanted are dealt with later.
func (r *Run) putBack(batch []*parcel) {
	for _, p := range batch {
		r.hold.put(p.letter, p.until)
	}
}

// intent is what the journal must know before anything happens.
func (r *Run) intent(batch []*parcel) journal.Entry {
	e := journal.Entry{Kind: journal.Intent}
	for _, p := range batch {
		l := letterOf(p.letter)
		l.OrderID, l.Send = p.orderID, r.plan.Do.sends()
		if l.Send {
			l.NewAttributes = p.out.Attributes
			if !slices.Equal(p.out.Body, p.letter.Body) {
				l.NewBody = p.out.Body
			}
		}
		e.Letters = append(e.Letters, l)
	}
	return e
}

// letterOf is a dead letter as the journal keeps it.
func letterOf(d workflow.DeadLetter) journal.Letter {
	return journal.Letter{
		ID: d.ID, OrderID: d.OrderID(), Body: d.Body, Attributes: d.Attributes, TraceHeader: d.TraceHeader,
		SourceARN: d.SourceARN, SentAt: d.Sent, ReceiveCount: d.ReceiveCount,
	}
}

// send sends the batch and gives those letters that the queue has taken.
func (r *Run) send(ctx context.Context, batch []*parcel) []*parcel {
	messages := make([]workflow.Outgoing, len(batch))
	for i, p := range batch {
		messages[i] = p.out
	}
	results, err := r.sendWhileLeased(ctx, batch, messages)
	entry := journal.Entry{Kind: journal.Sent}
	var taken []*parcel
	for i, p := range batch {
		result := journal.Result{ID: p.letter.ID}
		switch {
		case err != nil:
			result.Why, result.Doubtful = reasonOf(err), mayHaveActed(err)
		case results[i].Why != "":
			result.Why, result.Doubtful = results[i].Why, results[i].Doubtful
		default:
			p.newID = results[i].MessageID
			result.NewID = p.newID
			taken = append(taken, p)
		}
		r.desk.lives.doubt(p.letter.ID, result.Doubtful)
		if result.NewID == "" {
			r.notSent(p, result, err)
		}
		entry.Results = append(entry.Results, result)
	}
	r.mu.Lock()
	r.sent += len(taken)
	for _, p := range taken {
		delete(r.wanted, p.letter.ID)
		r.leftover[p.letter.ID] = leftover{p.newID, p.letter.ReceiveCount}
	}
	r.mu.Unlock()
	for _, p := range taken {
		r.desk.lives.add(p.newID, p.letter.ID, p.orderID, r.plan.Do.sends())
	}
	if logged := r.log.Append(entry); logged != nil {
		// What was taken is deleted all the same, else it would exist twice.
		r.fail(logged)
	}
	return taken
}

// sendWhileLeased tries again what surely was not sent, while every lease has
// room for a send and a deletion.
func (r *Run) sendWhileLeased(ctx context.Context, batch []*parcel, messages []workflow.Outgoing) ([]workflow.SendResult, error) {
	for {
		now := wall()
		for _, p := range batch {
			if p.until.Sub(now) < 2*r.callWithin() {
				return nil, errLapsed
			}
		}
		sending, cancel := context.WithTimeout(ctx, r.callWithin())
		results, err := r.desk.queue.SendBatch(sending, batch[0].to, messages)
		cancel()
		if err == nil || !passing(err) {
			return results, err
		}
		r.say("waiting: " + reasonOf(err))
		if pause(ctx, max(time.Second, pauseOf(err))) != nil {
			return nil, err
		}
		r.say("")
	}
}

// notSent decides what becomes of a letter that was not taken: it is tried
// again when only time ran out, and else stays among the dead letters.
func (r *Run) notSent(p *parcel, result journal.Result, err error) {
	r.hold.put(p.letter, p.until)
	if errors.Is(err, errLapsed) || err != nil && passing(err) {
		return // still wanted
	}
	r.mu.Lock()
	delete(r.wanted, p.letter.ID)
	r.dealt[p.letter.ID] = result.Why
	r.mu.Unlock()
	if err != nil && fatal(err) {
		r.fail(err)
	}
}

// remove deletes letters that were sent on, or are to be deleted only. What
// could not surely be deleted is received again first.
func (r *Run) remove(ctx context.Context, batch []*parcel) {
	now := wall()
	byHandle := map[string]*parcel{}
	var handles []string
	for _, p := range batch {
		if p.until.After(now.Add(r.hold.lease / 60)) {
			byHandle[p.letter.ReceiptHandle] = p
			handles = append(handles, p.letter.ReceiptHandle)
			continue
		}
		// Somebody else may have it by now: an old handle proves nothing.
		r.left(p)
	}
	if len(handles) == 0 {
		return
	}
	deleting, cancel := context.WithTimeout(ctx, r.callWithin())
	defer cancel()
	failed, err := r.desk.queue.Delete(deleting, r.hold.url, handles)
	if err != nil && fatal(err) {
		r.fail(err)
	}
	entry := journal.Entry{Kind: journal.Deleted}
	for _, handle := range handles {
		p := byHandle[handle]
		why, bad := failed[handle]
		if !bad && err != nil && len(failed) == 0 {
			why, bad = reasonOf(err), true
		}
		if bad {
			r.left(p)
		} else {
			r.done(p)
		}
		entry.Results = append(entry.Results, journal.Result{ID: p.letter.ID, Why: why})
	}
	if logged := r.log.Append(entry); logged != nil {
		r.fail(logged)
	}
}

// left lets a letter that was sent on be received and deleted later.
func (r *Run) left(p *parcel) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.leftover[p.letter.ID]; !known { // only to be deleted
		r.leftover[p.letter.ID] = leftover{"", p.letter.ReceiveCount}
	}
	if p.until.After(r.hiddenUntil) {
		r.hiddenUntil = p.until
	}
}

func (r *Run) done(p *parcel) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.leftover, p.letter.ID)
	delete(r.wanted, p.letter.ID)
	r.dealt[p.letter.ID] = ""
	r.deleted = r.deleted || r.plan.Do.deletes()
}

// settle closes letters that were copied.
func (r *Run) settle(batch []*parcel) {
	entry := journal.Entry{Kind: journal.Settled}
	for _, p := range batch {
		r.done(p)
		entry.Results = append(entry.Results, journal.Result{ID: p.letter.ID, NewID: p.newID, Outcome: "copied"})
	}
	if err := r.log.Append(entry); err != nil {
		r.fail(err)
	}
}

var errLapsed = &workflow.Problem{
	Kind: workflow.Refused, Operation: "redrive", Reason: "the lease had too little time left; nothing was sent, it is received again",
}

// mayHaveActed tells that a failed call is not known to have done nothing.
func mayHaveActed(err error) bool {
	kind := workflow.KindOf(err)
	return kind == workflow.OutcomeUnknown || kind == workflow.BrokenCall
}

// passing tells that a call surely did not act, and may be allowed soon.
func passing(err error) bool {
	switch workflow.KindOf(err) {
	case workflow.Throttled, workflow.OverBudget, workflow.Unreachable:
		return true
	default:
		return false
	}
}

// fatal tells that the next call would fail as this one did.
func fatal(err error) bool {
	switch workflow.KindOf(err) {
	case workflow.Forbidden, workflow.NotFound, workflow.Unauthenticated, workflow.Refused:
		return true
	default:
		return false
	}
}
