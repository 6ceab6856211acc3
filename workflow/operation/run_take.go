package operation

import (
	"context"
	"errors"
	"slices"
	"time"

	"orderops/workflow"
	"orderops/workflow/operation/journal"
)

// next is the next batch: up to ten letters and 1 MiB that go to one queue,
// judged anew where their verdict is old. An empty batch means that nothing
// that is held can be taken now.
func (r *Run) next(ctx context.Context) []*parcel {
	if r.full() {
		return nil
	}
	room := r.roomForMore()
	if room <= 0 {
		return nil
	}
	for ctx.Err() == nil {
		letters := r.hold.some(room, r.isWanted)
		if len(letters) == 0 {
			return nil
		}
		// What is left out here makes room for others.
		if batch := r.fill(ctx, r.recheck(ctx, letters)); len(batch) > 0 {
			r.launch(batch)
			return batch
		}
	}
	return nil
}

// fill makes a batch of letters that go to one queue.
func (r *Run) fill(ctx context.Context, letters []workflow.DeadLetter) []*parcel {
	var batch []*parcel
	size := 0
	for _, letter := range letters {
		p, ok := r.parcel(ctx, letter)
		if !ok {
			continue
		}
		if len(batch) > 0 && (p.to != batch[0].to || size+p.out.Size() > mostBytes) {
			continue // it is held for a later one
		}
		h, held := r.hold.take(letter.ID)
		if !held || h.letter.ReceiptHandle != letter.ReceiptHandle {
			if held {
				r.hold.put(h.letter, h.until)
			}
			continue
		}
		p.until = h.until
		size += p.out.Size()
		batch = append(batch, p)
	}
	return batch
}

// roomForMore is how many messages the next batch may have.
func (r *Run) roomForMore() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.sent == 0 && r.plan.Do == Redrive:
		return 1 // it shows whether sending and deleting is allowed
	case r.limit > 0:
		return min(pageSize, r.limit-r.sent-len(r.flying))
	}
	return pageSize
}

// launch puts a batch in flight.
func (r *Run) launch(batch []*parcel) {
	if len(batch) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy++
	for _, p := range batch {
		r.flying[p.letter.ID] = true
	}
}

func (r *Run) isWanted(letter workflow.DeadLetter) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.wanted[letter.ID]
}

// parcel makes the message that is sent in the letter's place.
func (r *Run) parcel(ctx context.Context, letter workflow.DeadLetter) (*parcel, bool) {
	p := &parcel{holding: holding{letter: letter}, orderID: letter.OrderID()}
	if !r.plan.Do.sends() {
		return p, true
	}
	to, err := r.destination(ctx, letter.SourceARN)
	if err != nil {
		r.leaveOut(letter.ID, reasonOf(err))
		if fatal(err) {
			r.fail(err)
		}
		return nil, false
	}
	p.to = to
	r.mu.Lock()
	prepared, again := r.prepared[letter.ID]
	edited := r.plan.Edits[letter.ID]
	if edited != nil && r.orderIDs[letter.ID] == "" {
		r.orderIDs[letter.ID] = newOrderID()
	}
	orderID := r.orderIDs[letter.ID]
	r.mu.Unlock()
	switch {
	case r.plan.Do == CopyTo:
		p.out = workflow.Outgoing{Body: letter.Body, Attributes: letter.Attributes, TraceHeader: letter.TraceHeader}
	case again: // as it was journaled, so that sending it twice is one order
		p.orderID = prepared.OrderID
		p.out = workflow.Outgoing{Body: prepared.Body, Attributes: prepared.NewAttributes, TraceHeader: prepared.TraceHeader}
		if prepared.NewBody != nil {
			p.out.Body = prepared.NewBody
		}
	default:
		p.out, _ = r.desk.outgoing(letter, edited, r.plan.Reason, orderID)
		p.orderID = workflow.Message{ID: letter.ID, Attributes: p.out.Attributes}.OrderID()
	}
	return p, true
}

func (r *Run) destination(ctx context.Context, arn string) (string, error) {
	r.mu.Lock()
	url, known := r.plan.destinations[arn]
	r.mu.Unlock()
	if known {
		return url, nil
	}
	url, err := r.desk.destination(ctx, arn, r.plan.Selection)
	if err == nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.plan.destinations == nil {
			r.plan.destinations = map[string]string{}
		}
		r.plan.destinations[arn] = url
	}
	return url, err
}

// recheck judges letters anew whose verdict is old, and leaves out those whose
// verdict is no longer accepted, or that the filter does not take with it. What
// is only deleted or copied was chosen by hand, or is judged for the filter's sake.
func (r *Run) recheck(ctx context.Context, letters []workflow.DeadLetter) []workflow.DeadLetter {
	if r.plan.Do != Redrive && !r.plan.RestJudged {
		return letters
	}
	var fresh, old []workflow.DeadLetter
	for _, letter := range letters {
		_, again := r.preparedFor(letter.ID)
		switch {
		case letter.Problem != nil, again, r.plan.Do != Redrive && r.chosen[letter.ID],
			!letter.CheckedAt.IsZero() && wall().Sub(letter.CheckedAt) < recheckAfter:
			fresh = append(fresh, letter)
		default:
			old = append(old, letter)
		}
	}
	if len(old) > 0 {
		judged, err := r.desk.Judge(ctx, old)
		if err != nil && fatal(err) && !slices.Contains(r.plan.Include, workflow.Unchecked) {
			r.fail(err)
		}
		for _, letter := range judged {
			r.hold.update(letter)
		}
		fresh = append(fresh, judged...)
	}
	return slices.DeleteFunc(fresh, func(letter workflow.DeadLetter) bool {
		if _, again := r.preparedFor(letter.ID); again {
			return r.foundOut(ctx, letter)
		}
		if r.plan.Rest != nil && !r.plan.Rest(letter) && !r.chosen[letter.ID] {
			r.leaveOut(letter.ID, "does not match the filter")
			return true
		}
		if r.plan.accepts(letter) {
			return false
		}
		if letter.Verdict != workflow.Unchecked || ctx.Err() == nil {
			r.leaveOut(letter.ID, "left out: "+string(letter.Verdict)+" ("+letter.Why+")")
		}
		return true
	})
}

func (r *Run) preparedFor(id workflow.MessageID) (journal.Letter, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l, ok := r.prepared[id]
	return l, ok
}

// leaveOut takes a letter out of the run; it stays among the dead letters.
func (r *Run) leaveOut(id workflow.MessageID, why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.wanted, id)
	r.dealt[id] = why
}

// receive looks for letters that are wanted and not held. False tells that
// there is nothing more to find.
func (r *Run) receive(ctx context.Context) bool {
	empty := 0
	for {
		if r.nothingToFind() || r.hold.size() >= mostHeld {
			return false
		}
		began := wall()
		receiving, cancel := context.WithTimeout(ctx, r.leasedWithin())
		messages, err := r.desk.queue.Receive(receiving, r.hold.url, pageSize, r.hold.lease)
		cancel()
		switch {
		case err != nil && errors.Is(receiving.Err(), context.DeadlineExceeded):
			// It may have hidden messages all the same.
			r.mu.Lock()
			r.hiddenUntil = wall().Add(r.hold.lease)
			r.mu.Unlock()
			continue
		case err != nil && passing(err):
			r.say("waiting: " + reasonOf(err))
			if pause(ctx, max(pauseOf(err), tryAgain)) != nil {
				return false
			}
			r.say("")
			continue
		case err != nil:
			if ctx.Err() == nil {
				r.fail(err)
			}
			return false
		case len(messages) > 0:
			r.accept(ctx, messages, began.Add(r.hold.lease))
			return true
		}
		if empty++; empty < emptyAnswers {
			continue
		}
		r.mu.Lock()
		hidden := r.hiddenUntil.After(wall()) || r.hold.hiddenUntil().After(wall())
		r.mu.Unlock()
		if !hidden {
			return false
		}
		r.say("waiting for messages that are hidden by an earlier lease")
		if pause(ctx, lookAgain) != nil {
			return false
		}
		r.say("")
	}
}

// nothingToFind tells that every chosen letter is dealt with, held, or in a
// batch in flight.
func (r *Run) nothingToFind() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.plan.Rest != nil {
		return false
	}
	open := len(r.wanted) + len(r.leftover)
	for id := range r.flying {
		if _, left := r.leftover[id]; left || r.wanted[id] {
			open--
		}
	}
	return open == 0
}

// accept sorts what was received: what was sent on already is deleted, what is
// wanted waits for its batch, and the rest is held so that it does not come again.
func (r *Run) accept(ctx context.Context, messages []workflow.Message, until time.Time) {
	var gone []*parcel
	for _, m := range messages {
		letter := workflow.Judge(m, r.order, r.dead)
		r.mu.Lock()
		left, sent := r.leftover[m.ID]
		_, dealt := r.dealt[m.ID]
		flying := r.flying[m.ID]
		if flying && !sent && until.After(r.hiddenUntil) {
			r.hiddenUntil = until
		}
		r.mu.Unlock()
		switch {
		case sent:
			if left.newID != "" && left.receives > 0 && letter.ReceiveCount > left.receives+1 {
				r.doubt(m.ID, left.newID)
			}
			gone = append(gone, &parcel{holding: holding{letter: letter, until: until}, newID: left.newID})
			continue
		case flying:
			continue // its batch has outlasted its lease: received again, it is known what came of it
		case r.plan.Rest != nil && !dealt && r.plan.mayBe(letter):
			r.mu.Lock()
			r.wanted[m.ID] = true
			r.mu.Unlock()
		}
		r.hold.put(letter, until)
	}
	if len(gone) > 0 {
		r.remove(ctx, gone)
	}
}

// doubt notes that somebody else received a letter between our sending and our
// deleting it: they may have sent it on too.
func (r *Run) doubt(id, newID workflow.MessageID) {
	entry := journal.Entry{Kind: journal.Sent, Results: []journal.Result{{
		ID: id, NewID: newID, Doubtful: true, Why: "somebody else received it between our sending and our deleting it",
	}}}
	if err := r.log.Append(entry); err != nil {
		r.fail(err)
	}
}
