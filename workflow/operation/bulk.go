package operation

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"orderops/workflow"
	"orderops/workflow/operation/sendlog"
	"orderops/workflow/orderfile"
)

const (
	batchSize = 10 // SendMessageBatch takes ten messages
	// together is how many batches are on their way at once: one durable note is
	// written for all of them.
	together = 8
	// mostTries is how often a batch that was surely not taken is sent.
	mostTries = 6
)

// Bulk is how the orders of a file are sent.
type Bulk struct {
	Log *sendlog.Log
	// Rate is how many orders go out in a second; 0 means as fast as they are taken.
	Rate int
	// Progress is told after every few batches; nil is told nothing.
	Progress func(BulkProgress)
	// Result is told what became of each order, in their order, also of those that
	// an earlier run left in doubt; nil is told nothing.
	Result func(order orderfile.Order, result OrderResult)
}

// OrderResult is what became of one order of a file.
type OrderResult struct {
	// Outcome is Done, Unknown or Denied, which is surely not taken.
	Outcome workflow.Outcome
	// ID is empty unless the outcome is Done.
	ID workflow.MessageID
	// Why it was not taken, or is not known to be.
	Why string
}

// BulkProgress is how far a file has been sent.
type BulkProgress struct {
	// Taken are on the queue for sure, those of earlier runs included.
	Taken int
	// Refused were surely not taken; sending the file again sends them again.
	Refused int
	// Reason is why the last one was refused.
	Reason string
	// Doubtful may or may not be on the queue: answers of this run that were lost.
	Doubtful int
}

// numbered is one order of the file with its number, counted from 0.
type numbered struct {
	orderfile.Order
	number int
}

// SubmitAll sends the orders of a file that its log does not know as sent or in
// doubt, ten a call and each in one attempt. What is in doubt is never sent
// again. It stops, with what it has begun finished, when ctx ends or a call
// fails in a way that will not change by itself; sending the file again goes on
// behind that.
func (d *Desk) SubmitAll(ctx context.Context, orders iter.Seq2[orderfile.Order, error], bulk Bulk) (BulkProgress, error) {
	progress := BulkProgress{Taken: bulk.Log.Taken()}
	pace := pacer{rate: bulk.Rate}
	window := make([]numbered, 0, batchSize*together)
	flush := func() error {
		if len(window) == 0 {
			return nil
		}
		defer func() { window = window[:0] }()
		if err := pace.wait(ctx, len(window)); err != nil {
			return &workflow.Problem{Operation: submitFile, Reason: "it was stopped", Next: "Send the same file again to go on.", Err: err}
		}
		err := d.submitWindow(ctx, window, bulk, &progress)
		if bulk.Progress != nil {
			bulk.Progress(progress)
		}
		return err
	}
	number := -1
	for order, err := range orders {
		if err != nil {
			return progress, errors.Join(flush(), err)
		}
		number++
		if !bulk.Log.Open(number) {
			if bulk.Result == nil || !bulk.Log.InDoubt(number) {
				continue
			}
			if err := flush(); err != nil {
				return progress, err
			}
			bulk.Result(order, OrderResult{Outcome: workflow.Unknown, Why: "an earlier run got no answer"})
			continue
		}
		// The next window begins at a gap, so that one span tells of all of it.
		if len(window) == cap(window) || len(window) > 0 && window[len(window)-1].number+1 != number {
			if err := flush(); err != nil {
				return progress, err
			}
		}
		window = append(window, numbered{order, number})
	}
	return progress, flush()
}

const (
	submitFile      = "submit the orders of a file"
	submitFileTitle = "Submit the orders of a file"
)

// submitWindow sends some batches side by side: the guard is asked, the intent is
// put onto the disk, and only then anything is sent.
func (d *Desk) submitWindow(ctx context.Context, window []numbered, bulk Bulk, progress *BulkProgress) error {
	if err := d.allow(submitFile, d.deployment.QueueURL, "order queue"); err != nil {
		return err
	}
	if err := bulk.Log.Sending(sendlog.Span{First: window[0].number, End: window[len(window)-1].number + 1}); err != nil {
		return err
	}
	ctx, end := d.under.begin(workflow.WithPlan(ctx, submitFileTitle))
	defer func() { end(Record{}) }()
	batches := batchesOf(window)
	answers := make([]batchAnswer, len(batches))
	var sending sync.WaitGroup
	for i, batch := range batches {
		sending.Go(func() { answers[i] = d.submitBatch(ctx, batch) })
	}
	sending.Wait()
	var failed error
	for i, batch := range batches {
		failed = errors.Join(failed, note(batch, answers[i], bulk, progress))
	}
	return failed
}

// batchesOf cuts a window into batches of ten messages and at most 1 MiB.
func batchesOf(window []numbered) [][]numbered {
	var batches [][]numbered
	size := 0
	for i, order := range window {
		last := len(batches) - 1
		if i == 0 || len(batches[last]) == batchSize || size+len(order.Body) > mostBytes {
			batches, size, last = append(batches, nil), 0, last+1
		}
		batches[last] = append(batches[last], order)
		size += len(order.Body)
	}
	return batches
}

// batchAnswer is what came of one batch. err ends the run.
type batchAnswer struct {
	ids   []workflow.MessageID // "" for what was surely not taken
	doubt []bool
	why   string
	err   error
}

// submitBatch sends one batch. What was surely not taken, as a whole or in part,
// is tried again; a lost answer never is.
func (d *Desk) submitBatch(ctx context.Context, batch []numbered) batchAnswer {
	a := batchAnswer{ids: make([]workflow.MessageID, len(batch)), doubt: make([]bool, len(batch))}
	left := make([]int, len(batch))
	for i := range batch {
		left[i] = i
	}
	for try := 1; ; try++ {
		messages := make([]workflow.Outgoing, len(left))
		for i, at := range left {
			messages[i] = workflow.Outgoing{Body: batch[at].Body}
		}
		results, err := d.queue.SendBatch(ctx, d.deployment.QueueURL, messages)
		switch {
		case workflow.KindOf(err) == workflow.OutcomeUnknown && err != nil:
			for _, at := range left {
				a.doubt[at] = true
			}
			a.why = "the answer was lost"
			return a
		case err != nil:
			a.why = err.Error()
			if workflow.KindOf(err) == workflow.OverBudget {
				try-- // our own pace is no failure
			}
			if !temporary(err) || try == mostTries {
				a.err = err
				return a
			}
		default:
			left = a.take(left, results)
		}
		if len(left) == 0 || try == mostTries || !wait(ctx, pauseOf(err)<<max(0, try-1)) {
			return a
		}
	}
}

// take notes the results of the orders that left names, and tells which of them
// were surely not taken.
func (a *batchAnswer) take(left []int, results []workflow.SendResult) (again []int) {
	for i, at := range left {
		switch r := results[i]; {
		case r.Doubtful:
			a.doubt[at], a.why = true, r.Why
		case r.Why != "":
			a.why = r.Why
			again = append(again, at)
		default:
			a.ids[at] = r.MessageID
		}
	}
	return again
}

// temporary tells whether a call that surely did not act is worth another try.
func temporary(err error) bool {
	switch workflow.KindOf(err) {
	case workflow.Throttled, workflow.OverBudget, workflow.Unreachable:
		return true
	default:
		return false
	}
}

func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// note writes down what came of a batch: runs of orders with the same fate.
func note(batch []numbered, a batchAnswer, bulk Bulk, progress *BulkProgress) error {
	var failed error
	for first := 0; first < len(batch); {
		end := first + 1
		for end < len(batch) && a.doubt[end] == a.doubt[first] {
			end++
		}
		answer := sendlog.Answer{Span: sendlog.Span{First: batch[first].number, End: batch[end-1].number + 1}, Unknown: a.doubt[first]}
		if !answer.Unknown {
			answer.IDs = a.ids[first:end]
		}
		failed = errors.Join(failed, bulk.Log.Answered(answer))
		first = end
	}
	for i, order := range batch {
		result := a.result(i)
		switch result.Outcome {
		case workflow.Unknown:
			progress.Doubtful++
		case workflow.Done:
			progress.Taken++
		default:
			progress.Refused++
			progress.Reason = a.why
		}
		if bulk.Result != nil {
			bulk.Result(order.Order, result)
		}
	}
	return errors.Join(failed, a.err)
}

// result is what became of one order of the batch.
func (a batchAnswer) result(i int) OrderResult {
	switch {
	case a.doubt[i]:
		return OrderResult{Outcome: workflow.Unknown, Why: a.why}
	case a.ids[i] == "":
		return OrderResult{Outcome: workflow.Denied, Why: a.why}
	}
	return OrderResult{Outcome: workflow.Done, ID: a.ids[i]}
}

// pacer lets so many orders go a second, evenly.
type pacer struct {
	rate int
	next time.Time
}

func (p *pacer) wait(ctx context.Context, orders int) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if p.rate <= 0 {
		return nil
	}
	now := time.Now()
	if p.next.After(now) && !wait(ctx, p.next.Sub(now)) {
		return ctx.Err()
	}
	if p.next.Before(now) {
		p.next = now
	}
	p.next = p.next.Add(time.Duration(orders) * time.Second / time.Duration(p.rate))
	return nil
}

// OpenSendLog takes up the log of a file by its digest, or begins one: again
// begins one anew, beside the old.
func (d *Desk) OpenSendLog(folder, sha256 string, orders int, again bool) (*sendlog.Log, error) {
	return sendlog.Open(folder, sendlog.Head{SHA256: sha256, Queue: d.deployment.QueueURL, Orders: orders, At: wall()}, again)
}

// PlanSubmitAll says what sending a file would do.
func (d *Desk) PlanSubmitAll(name string, orders int, log *sendlog.Log, rate int) Plan {
	taken, doubtful := log.Taken(), 0
	for _, s := range log.Doubtful() {
		doubtful += s.End - s.First
	}
	left := orders - taken - doubtful
	p := Plan{
		Title: submitFileTitle,
		Facts: []Fact{
			{"file", name},
			{"to", nameOf(d.deployment.QueueURL)},
			{"orders", fmt.Sprintf("%d, of which %d are left to send", orders, left)},
			{"calls", fmt.Sprintf("%d, of ten orders each", (left+batchSize-1)/batchSize)},
		},
		Risk: Ask, Verb: "submit",
		Undo: "none: once an order is sent the consumer may start it at any time",
	}
	if rate > 0 {
		p.Facts = append(p.Facts, Fact{"takes", lasting(left, rate) + fmt.Sprintf(" at %d per second", rate)})
	}
	if doubtful > 0 {
		p.Warning = counted(doubtful, "order") + " of an earlier run may or may not be on the queue; they are left out."
	}
	return p
}
