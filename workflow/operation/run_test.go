package operation_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"orderops/workflow"
	"orderops/workflow/operation"
	"orderops/workflow/operation/journal"
)

// journaled is a desk with a journal in a folder of its own.
func (s *system) journaled(change func(*operation.Options)) (*operation.Desk, *journal.Journal) {
	s.Helper()
	j, err := journal.Open(s.TempDir())
	if err != nil {
		s.Fatal(err)
	}
	return s.desk(func(o *operation.Options) {
		o.Journal = j
		if change != nil {
			change(o)
		}
	}), j
}

// start plans and begins a run; a selection without a verb redrives.
func (s *system) start(desk *operation.Desk, selection operation.Selection, inspection *operation.Inspection) *operation.Run {
	s.Helper()
	selection.Do = cmp.Or(selection.Do, operation.Redrive)
	plan, err := desk.PlanRun(s.Context(), selection)
	if err != nil {
		s.Fatal(err)
	}
	run, _, err := desk.Start(s.Context(), plan, inspection)
	if err != nil {
		s.Fatal(err)
	}
	return run
}

// redrive plans and runs a redrive of letters to its end.
func (s *system) redrive(desk *operation.Desk, selection operation.Selection, inspection *operation.Inspection) (*operation.Run, error) {
	s.Helper()
	run := s.start(desk, selection, inspection)
	return run, run.Wait(s.Context())
}

// executions are how many executions there are under each order id.
func (s *system) executions() map[string]int {
	s.Helper()
	list, _, err := s.session.Execution.List(s.Context(), 1000)
	if err != nil {
		s.Fatal(err)
	}
	names := map[string]int{}
	for _, e := range list {
		names[e.Name]++
	}
	return names
}

func (s *system) deadTotal() int {
	s.Helper()
	q, err := s.session.Queue.Describe(s.Context(), deadURL)
	if err != nil {
		s.Fatal(err)
	}
	return q.Total()
}

// kill makes dead letters of good orders, as an outage of the consumer does.
func (s *system) kill(n int) map[string]string {
	s.Helper()
	s.outage.Store(true)
	bodies := map[string]string{}
	for i := range n {
		body := fmt.Sprintf(`{"data":{"user_id":"Burger_%d","quantity":"3","restaurant_id":"Restaurant 4"}}`, i)
		bodies[s.send(queueURL, body, map[string]string{"channel": "web"})] = body
	}
	time.Sleep(2 * time.Minute)
	s.outage.Store(false)
	if got := s.deadTotal(); got != n {
		s.Fatalf("%d dead letters, want %d", got, n)
	}
	return bodies
}

func TestRedriveKeepsWhatAMessageIs(t *testing.T) {
	t.Parallel()
	for _, held := range []bool{true, false} {
		t.Run(fmt.Sprintf("held %v", held), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSystem(t)
				bodies := s.kill(25)
				desk, j := s.journaled(nil)
				inspection, judged := s.judged(desk)
				if !held {
					if _, err := inspection.Release(t.Context()); err != nil {
						t.Fatal(err)
					}
					inspection = nil
				}
				run, err := s.redrive(desk, operation.Selection{Letters: judged, Reason: "outage"}, inspection)
				if err != nil {
					t.Fatal(err)
				}
				p := run.Progress()
				if p.Status != operation.Finished || p.Done != 25 || p.Doubtful != 0 || p.LeftOut != 0 {
					t.Errorf("%+v", p)
				}
				time.Sleep(time.Minute)
				if got := s.deadTotal(); got != 0 {
					t.Errorf("%d dead letters are left", got)
				}
				// The order id of the first life is the name of the execution.
				started := s.executions()
				if !slices.Equal(slices.Sorted(maps.Keys(started)), slices.Sorted(maps.Keys(bodies))) {
					t.Errorf("executions %v, want one for each of %v", started, bodies)
				}
				all, err := j.Letters(run.ID(), nil)
				if err != nil || len(all) != 25 {
					t.Fatalf("%d letters in the journal, %v", len(all), err)
				}
				for _, l := range all {
					lineage := workflow.Message{Attributes: l.NewAttributes}.Lineage()
					want := workflow.Lineage{OrderID: workflow.OrderID(l.ID), OriginalID: l.ID, Redrives: 1, By: "ada", Reason: "outage"}
					if string(l.Body) != bodies[string(l.ID)] || l.NewBody != nil || lineage != want || l.NewAttributes["channel"].Text != "web" {
						t.Errorf("journal: %+v", l)
					}
				}
				if open, err := desk.Unfinished(); len(open) != 0 || err != nil {
					t.Errorf("a finished run is offered again: %v, %v", open, err)
				}
			})
		})
	}
}

func TestPlanLeavesOutWhatWouldDoHarm(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		desk, _ := s.journaled(nil)
		var letters []letter
		for i, v := range []workflow.Verdict{workflow.Safe, workflow.Safe, workflow.Malformed, workflow.Processed, workflow.Broken, workflow.Bounced, workflow.Unchecked} {
			letters = append(letters, letter{Message: workflow.Message{ID: workflow.MessageID(fmt.Sprint(i)), Body: []byte(good)}, Verdict: v})
		}
		plan, err := desk.PlanRun(t.Context(), operation.Selection{Do: operation.Redrive, Letters: letters})
		if err != nil {
			t.Fatal(err)
		}
		facts := map[string]string{}
		for _, f := range plan.Facts {
			facts[f.Label] = f.Text
		}
		if plan.Title != "Redrive 2 messages" || plan.Risk != operation.Ask || facts["left out"] != "1 malformed · 1 already processed · 1 execution failed · 1 bounced · 1 unknown" ||
			facts["to"] != "OrderQueue (for messages that tell no source)" || !strings.Contains(facts["calls"], "1 send · 1 delete") {
			t.Errorf("%+v", plan.Plan)
		}
		plan, err = desk.PlanRun(t.Context(), operation.Selection{Do: operation.Redrive, Letters: letters, Include: []workflow.Verdict{workflow.Processed}})
		if err != nil {
			t.Fatal(err)
		}
		if plan.Risk != operation.TypeName || plan.Type != "second orders" || plan.AskFor == "" || !strings.Contains(plan.Warning, "1 already processed (a second order") {
			t.Errorf("%+v", plan.Plan)
		}
		if _, err := desk.PlanRun(t.Context(), operation.Selection{Do: operation.Redrive, Letters: letters[2:3]}); workflow.KindOf(err) != workflow.Invalid {
			t.Errorf("a plan of nothing: %v", err)
		}
	})
}

// TestApplyDropsWhatChanged plans a redrive of an order that somebody else
// completes meanwhile: it is left out, and said.
func TestApplyDropsWhatChanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		s.kill(2)
		desk, _ := s.journaled(nil)
		inspection, judged := s.judged(desk)
		plan, err := desk.PlanRun(t.Context(), operation.Selection{Do: operation.Redrive, Letters: judged})
		if err != nil {
			t.Fatal(err)
		}
		// Somebody else's tool sends a copy under the same order id.
		s.send(queueURL, string(judged[0].Body), map[string]string{"order_id": string(judged[0].ID)})
		time.Sleep(40 * time.Second)
		run, _, err := desk.Start(t.Context(), plan, inspection)
		if err != nil {
			t.Fatal(err)
		}
		if err := run.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		why := run.LeftOut()
		if p := run.Progress(); p.Done != 1 || p.LeftOut != 1 || !strings.Contains(why[judged[0].ID], "already processed") {
			t.Errorf("%+v, %v", p, why)
		}
		if got := s.deadTotal(); got != 1 {
			t.Errorf("%d dead letters, want the one that was left out", got)
		}
	})
}

func TestRunIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*operation.Options)
		rate   int
		edits  map[workflow.MessageID][]byte
	}{
		"read-only":            {func(o *operation.Options) { o.Guard = workflow.NewGuard(true, false, 0) }, 10, nil},
		"no journal":           {func(o *operation.Options) { o.Journal = nil }, 10, nil},
		"consumer disabled":    {func(o *operation.Options) { o.Consumer = consumer("Disabled") }, 10, nil},
		"too fast":             {nil, operation.MostRunRate + 1, nil},
		"an edited empty body": {nil, 10, map[workflow.MessageID][]byte{"a": {}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSystem(t)
				desk, _ := s.journaled(c.change)
				letters := []letter{{Message: workflow.Message{ID: "a", Body: []byte(good)}, Verdict: workflow.Safe}}
				_, err := desk.PlanRun(t.Context(), operation.Selection{Do: operation.Redrive, Letters: letters, Rate: c.rate, Edits: c.edits})
				if workflow.KindOf(err) != workflow.Refused {
					t.Errorf("%v", err)
				}
			})
		})
	}
}

// TestPauseAndCancel wants a paused run to hide nothing, and a cancelled one to
// leave the rest where it is.
func TestPauseAndCancel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		s.kill(40)
		desk, _ := s.journaled(nil)
		inspection, judged := s.judged(desk)
		selection := operation.Selection{Do: operation.Redrive, Letters: judged, Rate: 1}
		plan, err := desk.PlanRun(t.Context(), selection)
		if err != nil {
			t.Fatal(err)
		}
		run := s.start(desk, selection, inspection)
		if _, _, err := desk.Start(t.Context(), plan, nil); workflow.KindOf(err) != workflow.Refused {
			t.Errorf("a second run beside the first: %v", err)
		}
		time.Sleep(5 * time.Second)
		run.Pause()
		time.Sleep(20 * time.Second)
		before := run.Progress()
		time.Sleep(time.Hour)
		if after := run.Progress(); after.Done != before.Done || after.Status != operation.Paused {
			t.Errorf("paused: %+v, then %+v", before, after)
		}
		q, err := s.session.Queue.Describe(t.Context(), deadURL)
		if err != nil || q.InFlight != 0 {
			t.Errorf("%d messages are hidden while the run is paused, %v", q.InFlight, err)
		}
		run.Resume()
		time.Sleep(5 * time.Second)
		run.Cancel()
		if err := run.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		p := run.Progress()
		if p.Status != operation.Cancelled || p.Done <= before.Done || p.Done == 40 {
			t.Errorf("cancelled: %+v", p)
		}
		if got := s.deadTotal(); got != 40-p.Done {
			t.Errorf("%d dead letters after %d of 40 were redriven", got, p.Done)
		}
	})
}

// TestProductionLocksItselfInMidRun wants the run to wait between two batches,
// hiding nothing, until somebody unlocks it again.
func TestProductionLocksItselfInMidRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		s.kill(40)
		guard := workflow.NewGuard(false, true, 10*time.Second)
		desk, _ := s.journaled(func(o *operation.Options) { o.Guard = guard })
		if _, err := guard.Unlock("an outage"); err != nil {
			t.Fatal(err)
		}
		inspection, judged := s.judged(desk)
		if _, err := guard.Unlock("an outage"); err != nil {
			t.Fatal(err)
		}
		run := s.start(desk, operation.Selection{Letters: judged, Rate: 1}, inspection)
		time.Sleep(10 * time.Minute)
		p := run.Progress()
		q, err := s.session.Queue.Describe(t.Context(), deadURL)
		if p.Status != operation.Working || p.Done == 0 || p.Done == 40 || !strings.Contains(p.Why, "locked") || err != nil || q.InFlight != 0 {
			t.Errorf("%+v, %d hidden, %v", p, q.InFlight, err)
		}
		for range 8 {
			if _, err := guard.Unlock("an outage"); err != nil {
				t.Fatal(err)
			}
			time.Sleep(9 * time.Second)
		}
		if err := run.Wait(t.Context()); err != nil || run.Progress().Done != 40 {
			t.Errorf("%+v, %v", run.Progress(), err)
		}
	})
}

type consumer string

func (c consumer) Describe(context.Context, string) (workflow.Consumer, error) {
	return workflow.Consumer{UUID: "m", State: string(c)}, nil
}
