package deadletters

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
	"orderops/workflow/operation/journal"
)

// canaryShare is which part of the first messages must succeed before the rest
// is redriven.
const canaryShare = 1

// running is the run over dead letters that this screen has begun, or the last
// one. The zero value is none.
type running struct {
	run *operation.Run
	// gone counts the messages that were taken off the list.
	gone int
	// unfinished are runs of earlier starts that broke off.
	unfinished []journal.State
}

// Messages of a run.
type (
	started struct {
		run *operation.Run
		err error
	}
	runTick struct{ run *operation.Run }
	ended   struct{ run *operation.Run }
)

// looksAfter is how often the screen asks a run how far it is.
const looksAfter = time.Second

// under tells that a run is at work.
func (r *running) under() bool { return r.run != nil && !r.run.Progress().Status.Over() }

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
		Check: func(to string) error {
			if strings.TrimSpace(to) == "" {
				return errors.New("a name, URL or ARN")
			}
			return nil
		},
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
	desk, life := s.world.Desk, s.world.Context
	s.planning = true
	return s.world.Do(func(ctx context.Context) tea.Msg {
		plan, err := planRun(ctx, desk, selection)
		return planned{err: err, ask: action.Ask{
			Plan: plan.Plan,
			Number: &action.Number{
				Label: "rate", Value: selection.Rate, Least: operation.LeastRate, Most: operation.MostRunRate, Unit: "per second",
			},
			Apply: func(_ context.Context, rate int) tea.Msg {
				plan.Rate = rate
				// A run outlives the question, so it is given the program's life.
				run, record, err := desk.Start(life, plan, s.current.Load())
				return action.Done{Record: record, Err: err, Then: started{run, err}}
			},
		}}
	})
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
	run := s.ran.run
	a.Run = func() tea.Cmd { run.Pause(); return nil }
	if run.Progress().Status == operation.Paused {
		a.Binding.Help = "go on"
		a.Run = func() tea.Cmd { run.Resume(); return nil }
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
				return action.Done{Record: record, Err: err, Then: started{run, err}}
			},
		})
	}
	return a
}

// runAnswer takes in the messages of a run.
func (s *Screen) runAnswer(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case action.Unfinished:
		s.ran.unfinished = msg.Runs
		return nil, true
	case started:
		if msg.err != nil {
			return nil, true
		}
		s.ran, s.preview = running{run: msg.run}, nil
		return tea.Batch(s.watch(msg.run), s.runLater(msg.run)), true
	case runTick:
		if msg.run != s.ran.run {
			return nil, true
		}
		return tea.Batch(s.takeOff(), s.runLater(msg.run)), true
	case ended:
		if msg.run == s.ran.run {
			return tea.Batch(s.takeOff(), s.followRun(msg.run), s.lookForUnfinished()), true
		}
		return nil, true
	}
	return nil, false
}

// watch waits for the end of a run and tells what came of it.
func (s *Screen) watch(run *operation.Run) tea.Cmd {
	life := s.world.Context
	return func() tea.Msg {
		err := run.Wait(life)
		if life.Err() != nil {
			return nil // the program's end tells it
		}
		return action.Done{
			Record: run.Record(), Err: err, Say: run.Progress().String(), Then: ended{run},
			Touch: []monitor.Feed{monitor.DeadLetterQueueFeed, monitor.OrderQueueFeed},
		}
	}
}

// followRun learns what becomes of the messages that were sent.
func (s *Screen) followRun(run *operation.Run) tea.Cmd {
	life := s.world.Context
	return func() tea.Msg {
		run.Follow(life)
		outcomes := run.Progress().Outcomes
		if len(outcomes) == 0 || life.Err() != nil {
			return nil
		}
		return action.Say{Text: "redriven: " + counts(outcomes)}
	}
}

// lookForUnfinished asks the journal which runs broke off.
func (s *Screen) lookForUnfinished() tea.Cmd {
	desk := s.world.Desk
	return s.world.Do(func(context.Context) tea.Msg {
		runs, err := desk.Unfinished()
		if err != nil {
			return action.Say{Err: err}
		}
		return action.Unfinished{Runs: runs}
	})
}

func (s *Screen) runLater(run *operation.Run) tea.Cmd {
	if run.Progress().Status.Over() {
		return nil
	}
	return tea.Tick(looksAfter, func(time.Time) tea.Msg { return runTick{run} })
}

// takeOff takes off the list what is no longer among the dead letters.
func (s *Screen) takeOff() tea.Cmd {
	var gone []workflow.MessageID
	for _, item := range s.ran.run.Items() {
		if item.Stage == journal.Moved || item.Stage == journal.Removed || item.Stage == journal.Taken {
			gone = append(gone, item.ID)
		}
	}
	if len(gone) == s.ran.gone {
		return nil
	}
	s.ran.gone = len(gone)
	return action.Send(action.Done{Changes: []monitor.Change{monitor.DeadLettersGone{IDs: gone}}})
}
