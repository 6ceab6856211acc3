package operation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"orderops/workflow"
	"orderops/workflow/operation/journal"
)

// Restore applies a plan: it sends the messages to the dead-letter queue, each
// written down before. Told, unless it is nil, hears how many were dealt with.
// Cancelling ctx ends it after the batch that is under way; the rest can be put
// back later.
func (d *Desk) Restore(ctx context.Context, plan RestorePlan, told func(done int)) (Record, error) {
	at := wall()
	calls, end := d.under.begin(workflow.WithPlan(ctx, plan.Title))
	r := restoring{desk: d, plan: plan, told: told}
	err := r.run(ctx, calls)
	done := record(at, string(plan.Do), nameOf(d.deployment.DeadLetterURL), r.String(), err)
	end(done)
	return done, err
}

// restoring is a restore that is under way.
type restoring struct {
	desk *Desk
	plan RestorePlan
	told func(int)
	log  *journal.Run
	// taken were sent, refused were surely not, doubtful may have been.
	taken, refused, doubtful int
}

// String tells how far it came.
func (r *restoring) String() string {
	text := fmt.Sprintf("%d of %d put back", r.taken, len(r.plan.letters))
	if r.refused > 0 {
		text += fmt.Sprintf(", %d refused", r.refused)
	}
	if r.doubtful > 0 {
		text += fmt.Sprintf(", %d may be there: look before sending them again", r.doubtful)
	}
	return text
}

func (r *restoring) run(ctx, calls context.Context) error {
	d := r.desk
	if _, err := d.restorable(calls, r.plan.Do); err != nil {
		return err
	}
	if rate := r.plan.Rate; rate < LeastRate || rate > MostRunRate {
		return &workflow.Problem{
			Kind: workflow.Refused, Operation: string(r.plan.Do), Target: d.deployment.DeadLetterURL,
			Reason: fmt.Sprintf("a rate of %d per second is outside of %d to %d", rate, LeastRate, MostRunRate), Next: "Choose another rate.",
		}
	}
	head := journal.Head{
		Verb: string(r.plan.Do), Operator: d.options.Operator, To: d.deployment.DeadLetterURL, Total: len(r.plan.letters),
		Rate: r.plan.Rate, Filter: r.plan.From, KeepDays: d.keepDays(),
	}
	for _, l := range r.plan.letters {
		head.Chosen = append(head.Chosen, l.ID)
	}
	var err error
	if r.log, err = d.options.Journal.Begin(head); err != nil {
		return err
	}
	note := "done"
	if err = r.alone(); err == nil {
		err = r.sendAll(ctx, calls)
	}
	if err == nil && r.taken < len(r.plan.letters) {
		err = &workflow.Problem{
			Kind: workflow.PartlyDone, Operation: string(r.plan.Do), Target: d.deployment.DeadLetterURL, Reason: r.String(),
			Next: "Which, and why, is in the journal: Activity, or orderops dlq journal " + r.log.ID(),
		}
	}
	if err != nil {
		note = "stopped: " + reasonOf(err)
	}
	return errors.Join(err, r.log.Append(journal.Entry{Kind: journal.End, Note: note}), r.log.Close())
}

// alone checks, with our own intent on the disk, that nobody puts the same
// messages back: of two that begin at once, neither goes on.
func (r *restoring) alone() error {
	before, err := r.desk.sentBefore(r.plan.Do, r.log.ID())
	if err != nil {
		return err
	}
	for _, l := range r.plan.letters {
		if why := before[l.ID]; why != "" {
			return &workflow.Problem{
				Kind: workflow.Refused, Operation: string(r.plan.Do), Target: string(l.ID), Reason: "since the plan was made it was dealt with: " + why,
				Next: "Nothing was sent. Plan it again.",
			}
		}
	}
	return nil
}

func (r *restoring) sendAll(ctx, calls context.Context) error {
	rest := r.plan.letters
	for first := true; len(rest) > 0; first = false {
		most := pageSize
		if first {
			most = 1 // it shows whether sending is allowed
		}
		n := fitting(rest, most)
		if err := r.goOn(ctx, calls, n, first); err != nil {
			return err
		}
		waits, err := r.send(calls, rest[:n])
		if err != nil {
			return err
		}
		if waits > 0 { // nothing was sent: the same ones again
			if err := pause(ctx, waits); err != nil {
				return r.stopped(err)
			}
			continue
		}
		rest = rest[n:]
		if r.told != nil {
			r.told(len(r.plan.letters) - len(rest))
		}
	}
	return nil
}

// goOn waits for the rate, and tells what stands in the way of the next batch.
func (r *restoring) goOn(ctx, calls context.Context, n int, first bool) error {
	if !first {
		if err := pause(ctx, time.Duration(n)*time.Second/time.Duration(r.plan.Rate)); err != nil {
			return r.stopped(err)
		}
	}
	switch {
	case ctx.Err() != nil:
		return r.stopped(ctx.Err())
	case calls.Err() != nil:
		return r.stopped(calls.Err())
	case r.desk.under.leaving():
		return r.stopped(context.Canceled)
	}
	return r.desk.options.Guard.Check(string(r.plan.Do), r.desk.deployment.DeadLetterURL)
}

func (r *restoring) stopped(err error) error {
	return &workflow.Problem{
		Kind: workflow.PartlyDone, Operation: string(r.plan.Do), Target: r.desk.deployment.DeadLetterURL, Err: err, Reason: "it was cancelled; " + r.String(),
		Next: "Plan it again for the rest.",
	}
}

// fitting is how many of the letters, at most most, fit into one call.
func fitting(letters []journal.Letter, most int) int {
	size := 0
	for i, l := range letters {
		size += workflow.Outgoing{Body: l.Body, Attributes: l.NewAttributes}.Size()
		if i == most || i > 0 && size > mostBytes {
			return i
		}
	}
	return len(letters)
}

// sendWithin bounds one send.
const sendWithin = 10 * time.Second

// send writes a batch down, sends it, and writes down what came of it. waits is
// for how long to wait before it is sent again, because it surely was not.
func (r *restoring) send(ctx context.Context, letters []journal.Letter) (waits time.Duration, err error) {
	if err := r.log.Append(journal.Entry{Kind: journal.Intent, Letters: letters}); err != nil {
		return 0, err
	}
	messages := make([]workflow.Outgoing, len(letters))
	for i, l := range letters {
		messages[i] = workflow.Outgoing{Body: l.Body, Attributes: l.NewAttributes, TraceHeader: l.TraceHeader}
	}
	sending, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	results, err := r.desk.queue.SendBatch(sending, r.desk.deployment.DeadLetterURL, messages)
	sent, settled := journal.Entry{Kind: journal.Sent}, journal.Entry{Kind: journal.Settled}
	again := err != nil && passing(err)
	for i, l := range letters {
		result := journal.Result{ID: l.ID}
		switch {
		case err != nil:
			result.Why, result.Doubtful = reasonOf(err), workflow.KindOf(err) == workflow.OutcomeUnknown
		case results[i].Why != "":
			result.Why, result.Doubtful = results[i].Why, results[i].Doubtful
		default:
			result.NewID, result.Outcome = results[i].MessageID, restored
			r.desk.lives.add(result.NewID, l.ID, l.OrderID, false)
		}
		switch {
		case result.NewID != "":
			r.taken++
		case result.Doubtful:
			r.doubtful++
		case !again:
			r.refused++
		}
		if result.NewID != "" || result.Doubtful {
			settled.Results = append(settled.Results, result)
			continue
		}
		sent.Results = append(sent.Results, result)
	}
	for _, entry := range []journal.Entry{sent, settled} {
		if len(entry.Results) > 0 {
			if err := r.log.Append(entry); err != nil {
				return 0, err
			}
		}
	}
	if again {
		return max(tryAgain, pauseOf(err)), nil
	}
	if r.doubtful > 0 && workflow.KindOf(err) == workflow.OutcomeUnknown {
		err = unsure(err, "sqs:SendMessage", r.desk.deployment.DeadLetterURL,
			"Inspect the dead letters: what arrived has the attribute "+workflow.AttributeOriginalID+". It is not sent again; the rest can be put back.")
	}
	return 0, err
}
