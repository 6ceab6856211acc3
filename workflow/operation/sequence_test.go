package operation_test

import (
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"orderops/workflow"
	"orderops/workflow/operation"
	"orderops/workflow/operation/journal"
)

// TestMessagesInAreMessagesOut draws sequences of what operators do, of crashes
// and of faults. Whatever comes, each order is done, among the dead letters, or
// was deleted on purpose and lies whole in the journal; none is made twice.
func TestMessagesInAreMessagesOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		steps := rapid.SliceOfN(rapid.IntRange(0, 6), 1, 4).Draw(rt, "steps")
		at := rapid.SliceOfN(rapid.IntRange(1, 14), len(steps), len(steps)).Draw(rt, "calls")
		seed := rapid.IntRange(0, 1<<20).Draw(rt, "choice")
		synctest.Test(t, func(t *testing.T) {
			s := newSystem(t)
			bodies := s.kill(7)
			dir := t.TempDir()
			deleted := map[workflow.MessageID]bool{}
			for i, step := range steps {
				var a *assassin
				switch step {
				case 0, 1: // dies before or after a call
					a = &assassin{at: at[i], after: step == 0, dir: dir, rip: t.TempDir()}
					s.life(a, map[workflow.OrderID]bool{}, seed%2 == 0)
				case 2: // lives
					a = &assassin{dir: dir}
					s.life(a, map[workflow.OrderID]bool{}, false)
				case 3: // an answer is lost
					a = &assassin{dir: dir, rip: t.TempDir(), loses: at[i]}
					s.life(a, map[workflow.OrderID]bool{}, false)
				case 4, 5:
					s.some(dir, seed+i, step == 5, deleted)
				case 6:
					time.Sleep(time.Minute)
				}
				if a != nil && a.dead {
					dir = a.rip
				}
				time.Sleep(2 * time.Minute)
			}
			for id := range deleted {
				delete(bodies, string(id))
			}
			for range 3 {
				s.life(&assassin{dir: dir}, map[workflow.OrderID]bool{}, false)
				time.Sleep(2 * time.Minute)
			}
			s.balance(bodies, map[workflow.OrderID]bool{}, true, true)
			s.archived(dir, deleted)
		})
		if t.Failed() {
			rt.FailNow()
		}
	})
}

// some deletes, or edits and redrives, a part of the dead letters.
func (s *system) some(dir string, choice int, edits bool, deleted map[workflow.MessageID]bool) {
	s.Helper()
	j, err := journal.Open(dir)
	if err != nil {
		s.Fatal(err)
	}
	desk := s.desk(func(o *operation.Options) { o.Journal = j })
	inspection, letters := s.inspect(desk, 100)
	selection := operation.Selection{Do: operation.Delete, Rate: 500, Edits: map[workflow.MessageID][]byte{}}
	for i, l := range letters {
		if (choice+i)%3 != 0 {
			continue
		}
		selection.Letters = append(selection.Letters, l)
		if edits {
			selection.Do = operation.Redrive
			order := l.Order
			order.Quantity = "7"
			selection.Edits[l.ID] = workflow.EncodeBody(order)
		}
	}
	plan, err := desk.PlanRun(s.Context(), selection)
	if err != nil { // nothing was chosen
		_, _ = inspection.Release(s.Context())
		return
	}
	run, _, err := desk.Start(s.Context(), plan, inspection)
	if err != nil {
		s.Fatal(err)
	}
	if err := run.Wait(s.Context()); err != nil {
		s.Error(err)
	}
	if _, err := inspection.Release(s.Context()); err != nil {
		s.Error(err)
	}
	if !edits {
		for _, item := range run.Items() {
			if item.Stage != journal.Removed {
				s.Errorf("chosen to be deleted: %+v", item)
			}
			deleted[item.ID] = true
		}
	}
}

// archived wants what was deleted whole in the journal.
func (s *system) archived(dir string, deleted map[workflow.MessageID]bool) {
	s.Helper()
	j, err := journal.Open(dir)
	if err != nil {
		s.Fatal(err)
	}
	runs, err := j.Runs()
	if err != nil {
		s.Fatal(err)
	}
	found := map[workflow.MessageID]bool{}
	for i := range runs {
		if runs[i].Head.Verb != string(operation.Delete) {
			continue
		}
		letters, err := j.Letters(runs[i].Head.ID, nil)
		if err != nil {
			s.Fatal(err)
		}
		for _, l := range letters {
			found[l.ID] = len(l.Body) > 0
		}
	}
	for id := range deleted {
		if !found[id] {
			s.Errorf("deleted message %s is not in the journal", id)
		}
	}
}
