package deadletters

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
	"orderops/workflow/operation/planfile"
)

// canaryShare is which part of the first messages must succeed before the rest
// is redriven.
const canaryShare = 1

// runActions are what can be done with chosen letters, and with a run.
func (s *Screen) runActions() []action.Action {
	chosen, count := s.chosenCount()
	none := s.busy()
	if chosen == 0 {
		none = "no message is selected; " + s.world.Key("dead-letters.inspect") + " inspects the queue"
	}
	all := none
	if s.index().Total() == 0 && chosen == 0 {
		all = "nothing was received; " + s.world.Key("dead-letters.inspect") + " inspects the queue"
	}
	if s.grouped && all == "" {
		all = "open the group first: then its filter is what has to match"
	}
	return []action.Action{
		{
			Binding: keys.New("redrive"+count, "R"), Title: "redrive the chosen messages", Changes: true, Unavailable: none,
			Run: func() tea.Cmd { return s.plan(s.selection(operation.Redrive)) },
		},
		{
			Binding: keys.New("delete"+count, "d"), Title: "delete the chosen messages, archived first", Changes: true, Unavailable: none,
			Run: func() tea.Cmd { return s.plan(s.selection(operation.Delete)) },
		},
		{
			Binding: keys.New("redrive all matching", "A"), Title: "redrive all that match the filter, also those not received yet", Changes: true, Quiet: true,
			Unavailable: all, Run: s.redriveMatching,
		},
		{
			Binding: keys.New("redrive whatever the verdict", "I"), Title: "redrive the chosen messages whatever their verdict", Changes: true, Quiet: true,
			Unavailable: none, Run: s.redriveAnyway,
		},
		{
			Binding: keys.New("redrive a few first", "K"), Title: "redrive a few of the chosen messages, follow them, then redrive the rest", Changes: true, Quiet: true,
			Unavailable: none, Run: s.redriveCanary,
		},
		{
			Binding: keys.New("purge with archive", "D"), Title: "delete all dead letters, received or not, archived first", Changes: true, Quiet: true,
			Unavailable: s.busy(), Run: s.purge,
		},
		{
			Binding: keys.New("purge, not archived", "Z"), Title: "purge the queue by SQS, not archived: there is no way back", Changes: true, Quiet: true,
			Unavailable: s.busy(), Run: s.purgeBare,
		},
		{
			Binding: keys.New("apply a saved plan", "O"), Title: applySavedTitle, Changes: true, Quiet: true,
			Unavailable: s.busy(), Run: s.applySaved,
		},
		{
			Binding: keys.New("copy to a queue", "C"), Title: "copy the chosen messages to another queue", Changes: true, Quiet: true,
			Unavailable: none, Run: s.copyTo,
		},
		s.pauseAction(),
		s.finishAction("F", "finish", "finish the redrive that broke off", false),
		s.finishAction("V", "verify", "verify the redrive that broke off, without sending anything", true),
	}
}

// busy is why no run can begin now; "" when one can.
func (s *Screen) busy() string {
	switch {
	case s.ran.under():
		return "a run is under way"
	case s.planning:
		return "the plan is being made"
	case s.moves():
		return "a move task is running"
	}
	return s.world.NotConnected()
}

// purge deletes everything, whatever the filter, and the journal keeps it.
func (s *Screen) purge() tea.Cmd {
	selection := operation.Selection{Do: operation.Delete, Rate: operation.DefaultRate}
	for d := range s.index().All() {
		selection.Letters = append(selection.Letters, d.DeadLetter)
	}
	selection.Rest = func(workflow.DeadLetter) bool { return true }
	return s.plan(selection)
}

// copyTo asks for the queue, then shows the plan.
func (s *Screen) copyTo() tea.Cmd {
	selection := s.selection(operation.CopyTo)
	return action.Send(action.Edit{
		Title: "Copy " + plural(len(selection.Letters), "message") + " to a queue", Label: "to", Verb: "plan", Hint: "any but the order queue",
		Check: queueNamed,
		Then: func(to string) tea.Cmd {
			selection.To = strings.TrimSpace(to)
			return s.plan(selection)
		},
	})
}

// chosenCount is how many messages are chosen, and what the key line says of it.
// It makes no list of them: it is asked at every key.
func (s *Screen) chosenCount() (n int, said string) {
	if s.grouped {
		for _, g := range s.chosenGroups() {
			n += g.Count
		}
		if n == 0 {
			return 0, ""
		}
		return n, " " + text.Count(n)
	}
	if n = s.list.MarkCount(); n > 0 {
		return n, " " + text.Count(n) + " marked"
	}
	if _, ok := s.selected(); ok {
		return 1, ""
	}
	return 0, ""
}

// chosen are the letters of the marked rows or groups, else those of the one
// under the cursor.
func (s *Screen) chosen() []workflow.DeadLetter {
	if s.grouped {
		var keys []monitor.GroupKey
		for _, g := range s.chosenGroups() {
			keys = append(keys, g.GroupKey)
		}
		return s.world.Store.InGroups(keys...)
	}
	var letters []workflow.DeadLetter
	for _, id := range s.list.Chosen() {
		if d, ok := s.index().Get(workflow.MessageID(id)); ok {
			letters = append(letters, d.DeadLetter)
		}
	}
	return letters
}

func (s *Screen) selection(do operation.Verb) operation.Selection {
	return operation.Selection{Do: do, Letters: s.chosen(), Rate: operation.DefaultRate}
}

// redriveAnyway takes in every verdict that the chosen letters have.
func (s *Screen) redriveAnyway() tea.Cmd {
	selection := s.selection(operation.Redrive)
	for _, letter := range selection.Letters {
		v := letter.Verdict
		if v == workflow.Readable {
			v = workflow.Unchecked
		}
		if v != workflow.Safe && !slices.Contains(selection.Include, v) {
			selection.Include = append(selection.Include, v)
		}
	}
	return s.plan(selection)
}

func (s *Screen) redriveCanary() tea.Cmd {
	selection := s.selection(operation.Redrive)
	selection.Canary, selection.Threshold = max(1, min(5, len(selection.Letters)/10)), canaryShare
	return s.plan(selection)
}

// redriveMatching takes what passes the filter, also what was not received yet.
func (s *Screen) redriveMatching() tea.Cmd {
	filter := s.list.Filter()
	rest, judged, err := monitor.LetterFilter(filter)
	if err != nil {
		return action.Send(action.Say{Err: &workflow.Problem{
			Kind: workflow.Invalid, Operation: "redrive", Target: filter, Reason: "the filter can't be understood: " + err.Error(), Next: "Correct it with /.",
		}})
	}
	selection := operation.Selection{
		Do: operation.Redrive, Rate: operation.DefaultRate, Filter: filter, Letters: s.matching(), Rest: rest, RestJudged: judged,
	}
	return s.plan(selection)
}

// plan shows what a run would do.
func (s *Screen) plan(selection operation.Selection) tea.Cmd {
	desk := s.world.Desk
	s.planning = true
	return s.world.Do(func(ctx context.Context) tea.Msg {
		plan, err := planRun(ctx, desk, selection)
		return planned{err: err, ask: s.runQuestion(desk, plan)} //nolint:contextcheck // a run outlives the question
	})
}

// runQuestion is the question whether a run is to be.
func (s *Screen) runQuestion(desk *operation.Desk, plan operation.RunPlan) action.Ask {
	life := s.world.Context
	at := func(rate int) operation.RunPlan {
		plan := plan
		plan.Rate = rate
		return plan
	}
	return action.Ask{
		Plan: plan.Plan,
		Number: &action.Number{
			Label: "rate", Value: plan.Rate, Least: operation.LeastRate, Most: operation.MostRunRate, Unit: "per second",
		},
		Apply: func(_ context.Context, rate int) tea.Msg {
			// A run outlives the question, so it is given the program's life.
			run, record, err := desk.Start(life, at(rate), s.current.Load())
			return action.Done{Record: record, Err: err, Then: startedRun(run, err)}
		},
		Save: func(ctx context.Context, file string, rate int) error {
			return planfile.Save(file, desk.SavedRun(ctx, at(rate)))
		},
	}
}

// planRun makes the plan of a run. A queue that the operator has named is found first.
func planRun(ctx context.Context, desk *operation.Desk, selection operation.Selection) (operation.RunPlan, error) {
	if selection.To != "" {
		url, err := desk.FindQueue(ctx, selection.To)
		if err != nil {
			return operation.RunPlan{}, err
		}
		selection.To = url
	}
	return desk.PlanRun(ctx, selection)
}

func (s *Screen) pauseAction() action.Action {
	a := action.Action{Binding: keys.New("pause the run", "p"), Title: "pause the run, or go on", Quiet: !s.ran.under()}
	if !s.ran.under() {
		a.Unavailable = "no run is under way"
		return a
	}
	a.Run = func() tea.Cmd { return s.tellRun((*operation.Run).Pause) }
	if s.ran.progress.Status == operation.Paused {
		a.Binding.Help = "go on"
		a.Run = func() tea.Cmd { return s.tellRun((*operation.Run).Resume) }
	}
	return a
}

// finishAction takes up the newest run that broke off.
func (s *Screen) finishAction(key, help, title string, verify bool) action.Action {
	a := action.Action{Binding: keys.New(help, key), Title: title, Changes: true, Quiet: len(s.ran.unfinished) == 0}
	switch {
	case s.ran.under():
		a.Unavailable = "a run is under way"
	case len(s.ran.unfinished) == 0:
		a.Unavailable = "no run has broken off"
	}
	desk, life := s.world.Desk, s.world.Context
	a.Run = func() tea.Cmd {
		broken := s.ran.unfinished[0]
		return action.Send(action.Ask{
			Plan: desk.PlanFinish(broken, verify),
			Apply: func(context.Context, int) tea.Msg {
				run, record, err := desk.Finish(life, broken.Head.ID, verify)
				return action.Done{Record: record, Err: err, Then: startedRun(run, err)}
			},
		})
	}
	return a
}
