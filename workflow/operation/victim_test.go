package operation_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"orderops/aws/queue"
	"orderops/workflow"
	"orderops/workflow/operation"
	"orderops/workflow/operation/journal"
)

// victim is one life of the program that gets killed: it finishes what broke off,
// or does anew what it is there for.
func victim(url, dir, does string) error {
	ctx := context.Background()
	j, err := journal.Open(dir)
	if err != nil {
		return err
	}
	desk := killable(url, j)
	if does == "restore" {
		return restoreAll(ctx, desk)
	}
	open, err := desk.Unfinished()
	if err != nil {
		return err
	}
	var run *operation.Run
	if len(open) > 0 {
		run, _, err = desk.Finish(ctx, open[0].Head.ID, false)
	} else {
		run, err = begin(ctx, desk, url, does)
	}
	if err != nil || run == nil {
		return err
	}
	err = run.Wait(ctx)
	why := run.LeftOut()
	for _, item := range run.Items() {
		if item.Stage == journal.Pending { // named; the next life looks for it
			delete(why, item.ID)
		}
	}
	if err == nil && len(why) > 0 {
		err = fmt.Errorf("left out: %v", why)
	}
	return err
}

// begin redrives or purges every dead letter, or deletes those that it receives.
func begin(ctx context.Context, desk *operation.Desk, url, does string) (*operation.Run, error) {
	selection := operation.Selection{Do: operation.Delete, Rate: operation.MostRate}
	switch does {
	case "redrive":
		selection.Do, selection.Include = operation.Redrive, []workflow.Verdict{workflow.Bounced}
		fallthrough
	case "purge":
		selection.Filter, selection.Rest = "everything", func(workflow.DeadLetter) bool { return true }
	case "delete":
		chosen, err := look(ctx, url)
		if err != nil || len(chosen) == 0 { // an earlier life's lease hides them
			return nil, err
		}
		selection.Letters = chosen
	}
	plan, err := desk.PlanRun(ctx, selection)
	if err != nil {
		return nil, err
	}
	run, _, err := desk.Start(ctx, plan, nil)
	return run, err
}

// look receives the dead letters, under a lease that is shorter than an
// inspection's, and gives them back for the run to receive.
func look(ctx context.Context, url string) (letters []workflow.DeadLetter, err error) {
	q, dead := queue.New(reach(url)), url+"/000000000000/OrderDeathLetterQueue"
	var handles []string
	for {
		page, err := q.Receive(ctx, dead, 10, killedLease())
		if err != nil {
			return nil, err
		}
		if len(page) == 0 {
			break
		}
		for _, m := range page {
			letters, handles = append(letters, workflow.DeadLetter{Message: m}), append(handles, m.ReceiptHandle)
		}
	}
	if len(handles) > 0 {
		_, err = q.SetVisibility(ctx, dead, handles, 0)
	}
	return letters, err
}

// restoreAll puts back what every deletion has deleted, as far as it is not there.
func restoreAll(ctx context.Context, desk *operation.Desk) error {
	deletions, err := desk.Deletions()
	if err != nil {
		return err
	}
	for _, run := range deletions {
		plan, err := desk.PlanRestore(ctx, run.Head.ID)
		if workflow.KindOf(err) == workflow.Invalid && err != nil {
			continue // all of it was put back, or may have been
		}
		if err != nil {
			return err
		}
		plan.Rate = operation.MostRate / 5
		if _, err := desk.Restore(ctx, plan, nil); err != nil {
			return err
		}
	}
	return nil
}

// TestKilledWhileDeleting kills the program while it deletes, chosen ones or all:
// what is gone lies whole in the journal, and what is not archived is not gone.
func TestKilledWhileDeleting(t *testing.T) {
	t.Parallel()
	for _, does := range []string{"delete", "purge"} {
		t.Run(does, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			messages := number("MESSAGES", fewMessages)
			ids := w.litter(messages)
			t.Logf("%d kills", w.lives(does, number("KILLS", 20)/10, messages))
			archived := w.archived(operation.Delete)
			for id := range ids {
				if string(archived[workflow.MessageID(id)].Body) != good {
					t.Errorf("%s is deleted and not in the journal", id)
				}
			}
		})
	}
}

// archived are the messages of all runs of a verb, as the journal has them.
func (w *world) archived(do operation.Verb) map[workflow.MessageID]journal.Letter {
	w.Helper()
	j, runs := w.runs()
	letters := map[workflow.MessageID]journal.Letter{}
	for _, run := range runs {
		if run.Head.Verb != string(do) {
			continue
		}
		some, err := j.Letters(run.Head.ID, nil)
		if err != nil {
			w.Fatal(err)
		}
		for _, l := range some {
			letters[l.ID] = l
		}
	}
	return letters
}

func (w *world) runs() (*journal.Journal, []journal.State) {
	w.Helper()
	j, err := journal.Open(w.dir)
	if err != nil {
		w.Fatal(err)
	}
	runs, err := j.Runs()
	if err != nil {
		w.Fatal(err)
	}
	return j, runs
}

// TestKilledWhileRestoring kills the program while it puts messages back: each is
// there at most once, and which may be missing is named, a batch for each kill.
func TestKilledWhileRestoring(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	messages, kills := number("MESSAGES", fewMessages), number("KILLS", 20)/10
	ids := w.litter(messages)
	w.lives("purge", 0, messages)
	landed := w.lives("restore", kills, messages)
	_, runs := w.runs()
	named := map[workflow.OrderID]bool{}
	for _, run := range runs {
		if run.Head.Verb != string(operation.Restore) {
			continue
		}
		for _, item := range slices.Concat(run.Doubtful(), run.Unfinished()) {
			named[item.OrderID] = true
		}
	}
	there := w.restored(ids)
	for id := range ids {
		switch n := there[id]; {
		case n > 1:
			t.Errorf("%s was put back %d times", id, n)
		case n == 0 && !named[id]:
			t.Errorf("%s is lost and was not named", id)
		}
	}
	if len(named) > 10*landed {
		t.Errorf("%d are in doubt after %d kills, more than the batches in flight hold", len(named), landed)
	}
	t.Logf("%d kills, %d of %d in doubt, %d there", landed, len(named), messages, len(there))
}

// restored counts the dead letters by the order that they were at first.
func (w *world) restored(ids map[workflow.OrderID]bool) map[workflow.OrderID]int {
	w.Helper()
	inspection, _, err := killable(w.url, nil).Inspect(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	there := map[workflow.OrderID]int{}
	for done := false; !done; {
		page, err := inspection.Next(w.Context())
		if err != nil {
			w.Fatal(err)
		}
		for _, letter := range page.Letters {
			if there[letter.OrderID()]++; !ids[letter.OrderID()] {
				w.Errorf("%s was never there", letter.OrderID())
			}
		}
		done = page.Done
	}
	return there
}
