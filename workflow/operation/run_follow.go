package operation

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"orderops/workflow"
	"orderops/workflow/operation/journal"
)

// Outcomes of a message that was redriven.
const (
	Succeeded   = "succeeded"
	FailedAgain = "failed again"
	BouncedBack = "bounced"
	NotStarted  = "not started"
	// Honoured: the consumer knew the order by its lineage and made no second one.
	Honoured = "known already"
)

const (
	// followFor bounds how long messages are followed after the run.
	followFor = 30 * time.Minute
	// followEvery is the pause between two rounds, at first and at most.
	followEvery, followEveryAtMost = 2 * time.Second, 15 * time.Second
)

// Follow looks for what became of the messages that the run has sent, within
// the polling share of the budget, until every one has ended, or half an hour
// has passed. What it finds stands in the journal. It returns when there is
// nothing more to learn.
func (r *Run) Follow(ctx context.Context) {
	if r.Wait(ctx) != nil && ctx.Err() != nil || !r.plan.Do.sends() || r.plan.To != "" {
		return
	}
	r.follow(workflow.WithPolling(ctx), r.sentItems())
}

// sentItems are the messages that were sent and whose outcome is not known.
func (r *Run) sentItems() []journal.Item {
	return slices.DeleteFunc(r.Items(), func(i journal.Item) bool { return i.NewID == "" || i.Outcome != "" })
}

// follow asks for each message in turn.
func (r *Run) follow(ctx context.Context, items []journal.Item) {
	open := map[workflow.MessageID]journal.Item{}
	for _, item := range items {
		open[item.ID] = item
	}
	began, every := wall(), followEvery
	for len(open) > 0 && wall().Sub(began) < followFor {
		if pause(ctx, every) != nil {
			return
		}
		every = min(every*3/2, followEveryAtMost)
		overdue := wall().Sub(began) > r.startsWithin()
		found := map[workflow.MessageID]string{}
		var missing []journal.Item
		for _, id := range slices.Sorted(maps.Keys(open)) {
			outcome, started, err := r.outcome(ctx, open[id])
			switch {
			case ctx.Err() != nil:
				return
			case err != nil: // asked for again in the next round
			case outcome != "":
				found[id] = outcome
			case !started && overdue:
				missing = append(missing, open[id])
			}
		}
		if len(missing) > 0 && len(missing)+len(found) == len(open) {
			maps.Copy(found, r.bounced(ctx, missing))
		}
		if len(found) > 0 {
			r.learn(found)
		}
		for id := range found {
			delete(open, id)
		}
	}
}

// startsWithin is after how long an order that has not started is looked for
// among the dead letters: the consumer has then had all its tries.
func (r *Run) startsWithin() time.Duration {
	return time.Minute + r.order.VisibilityTimeout*time.Duration(max(1, r.order.MaxReceives))
}

// outcome looks for the execution of a message: under its order id, and under
// its new id, which is what a consumer takes that ignores lineage.
func (r *Run) outcome(ctx context.Context, item journal.Item) (outcome string, started bool, err error) {
	ids := []workflow.OrderID{item.OrderID, workflow.OrderID(item.NewID)}
	old := false
	for _, id := range slices.Compact(ids) {
		if workflow.CheckOrderID(id) != nil {
			continue
		}
		execution, err := r.desk.describe(ctx, id)
		if workflow.KindOf(err) == workflow.NotFound && err != nil {
			continue
		}
		if err != nil {
			return "", false, err
		}
		switch {
		case execution.Started.Before(r.began.Add(-time.Minute)):
			old = true
		case execution.Status == workflow.Succeeded:
			return Succeeded, true, nil
		case execution.Status.Broken():
			return FailedAgain + ": " + string(execution.Status) + " " + execution.Error, true, nil
		default:
			return "", true, nil
		}
	}
	if old && wall().Sub(r.began) > r.startsWithin() {
		return Honoured, true, nil
	}
	return "", false, nil
}

// bounced looks once into the dead-letter queue for messages that did not
// start, and gives back what it has received.
func (r *Run) bounced(ctx context.Context, missing []journal.Item) map[workflow.MessageID]string {
	outcomes := map[workflow.MessageID]string{}
	byNewID := map[workflow.MessageID]workflow.MessageID{}
	for _, item := range missing {
		outcomes[item.ID] = NotStarted
		byNewID[item.NewID] = item.ID
	}
	look := newInspection(r.desk.queue, r.hold.url, r.order, r.dead)
	for {
		page, err := look.Next(ctx)
		for _, letter := range page.Letters {
			if id, ours := byNewID[letter.ID]; ours {
				outcomes[id] = BouncedBack
			}
		}
		if err != nil || page.Done {
			break
		}
	}
	_, _ = look.Release(ctx) // what can't be given back comes back by itself
	return outcomes
}

// learn keeps outcomes, in memory and in the journal.
func (r *Run) learn(found map[workflow.MessageID]string) {
	entry := journal.Entry{Kind: journal.Outcome}
	for _, id := range slices.Sorted(maps.Keys(found)) {
		entry.Results = append(entry.Results, journal.Result{ID: id, Outcome: found[id]})
	}
	if r.log.Append(entry) == nil {
		return
	}
	// The run is closed: it is opened for this entry alone.
	again, err := r.desk.options.Journal.Resume(r.log.ID())
	if err != nil {
		return // somebody finishes it; the outcomes are found again
	}
	_ = again.Append(entry)
	_ = again.Close()
	r.log.Learn(entry)
}

// canary is what follows the first part of a run; true goes on with the rest.
// Without a canary there is no second part.
func (r *Run) canary(ctx, soft context.Context) bool {
	r.mu.Lock()
	ready := r.limit > 0 && r.status == Working && soft.Err() == nil
	r.mu.Unlock()
	if !ready {
		return false
	}
	r.hold.release(ctx) // following takes longer than a lease
	following := "following the first message to its end"
	if r.sent != 1 {
		following = fmt.Sprintf("following the first %d to their end", r.sent)
	}
	r.say(following)
	r.follow(soft, r.sentItems())
	if soft.Err() != nil {
		return false
	}
	succeeded, total := 0, 0
	var why []string
	for _, item := range r.Items() {
		if item.NewID == "" {
			continue
		}
		if total++; item.Outcome == Succeeded {
			succeeded++
		} else {
			why = append(why, string(item.OrderID)+" "+cmp.Or(item.Outcome, "has not ended"))
		}
	}
	r.mu.Lock()
	r.ended = true // whatever comes, the rest is not to go on by itself
	r.mu.Unlock()
	if total == 0 || float64(succeeded) < r.plan.Threshold*float64(total) {
		reason := fmt.Sprintf("of the first %d messages %d succeeded, fewer than %.0f %%", total, succeeded, r.plan.Threshold*100)
		if total == 1 {
			reason = "the first message did not succeed"
		}
		r.fail(&workflow.Problem{
			Kind: workflow.Refused, Operation: string(r.plan.Do), Target: r.hold.url, Reason: reason + ": " + firstOf(why),
			Next: "Find out why before the rest is redriven. What is left stays among the dead letters.",
		})
		return false
	}
	r.say("")
	r.mu.Lock()
	defer r.mu.Unlock()
	r.limit, r.ended = 0, false
	return true
}

// firstOf are the first of many texts.
func firstOf(texts []string) string {
	const most = 3
	if len(texts) == 0 {
		return "none was sent"
	}
	text := ""
	for i, t := range texts {
		if i == most {
			return text + fmt.Sprintf(" and %d more", len(texts)-most)
		}
		if i > 0 {
			text += ", "
		}
		text += t
	}
	return text
}
