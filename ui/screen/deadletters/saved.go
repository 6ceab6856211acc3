package deadletters

import (
	"context"
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
	"orderops/workflow/operation/planfile"
)

// applySavedTitle is what applying a plan of a file is called.
const applySavedTitle = "apply a saved plan, as far as it still holds"

// reviseWithin bounds how long the messages of a plan are looked at again. Ten
// thousand need a few minutes within the budget.
const reviseWithin = 10 * time.Minute

// applySaved asks for the file of a plan.
func (s *Screen) applySaved() tea.Cmd {
	return action.Send(action.Edit{
		Title: "Apply a saved plan", Label: "file", Verb: "look", Hint: "as ctrl+s or --plan wrote it; all of it is looked at again first",
		Check: func(name string) error {
			if strings.TrimSpace(name) == "" {
				return errors.New("the file's name")
			}
			return nil
		},
		Then: func(name string) tea.Cmd { return s.revise(strings.TrimSpace(name)) },
	})
}

// revise reads a plan, looks again at what it is about, and asks as for a plan
// that is made now.
func (s *Screen) revise(name string) tea.Cmd {
	desk, life := s.world.Desk, s.world.Context
	look := operation.Look{Known: s.received(), Inspection: s.current.Load()}
	s.planning = true
	say := action.Send(action.Say{Text: "looking at what the plan is about …"})
	return tea.Batch(say, func() tea.Msg {
		ctx, cancel := context.WithTimeout(life, reviseWithin)
		defer cancel()
		saved, err := planfile.Load(name)
		if err != nil {
			return planned{err: err}
		}
		ask, err := s.revised(ctx, desk, saved, name, look)
		return planned{err: err, ask: ask}
	})
}

// revised is the question about a saved plan as it stands now.
func (s *Screen) revised(ctx context.Context, desk *operation.Desk, saved planfile.Plan, name string, look operation.Look) (action.Ask, error) {
	switch saved.Operation {
	case planfile.RedriveAll:
		plan, err := desk.ReviseMove(ctx, saved)
		ask := s.moveQuestion(desk, plan)
		ask.Save = nil // it is in a file already
		return ask, err
	case planfile.Restore, planfile.Import:
		var messages []workflow.Message
		if saved.Operation == planfile.Import {
			var err error
			if messages, err = saved.Letters(name); err != nil {
				return action.Ask{}, err
			}
		}
		plan, err := desk.ReviseRestore(ctx, saved, messages)
		ask := s.restoreQuestion(desk, plan.RestorePlan, planfile.Source{})
		ask.Save = nil
		return ask, err
	case planfile.Executions:
		return action.Ask{}, &workflow.Problem{
			Kind: workflow.Invalid, Operation: "apply the plan", Target: name, Reason: "it redrives executions, not dead letters", Next: "Apply it on a shell: orderops apply " + name,
		}
	}
	rest, judged, err := monitor.LetterFilter(saved.Filter)
	if err != nil {
		return action.Ask{}, &workflow.Problem{
			Kind: workflow.Invalid, Operation: "read the plan", Target: name, Reason: "its filter can't be read: " + err.Error(), Next: "Make the plan again.", Err: err,
		}
	}
	plan, err := desk.ReviseRun(ctx, saved, rest, judged, look)
	ask := s.runQuestion(desk, plan.RunPlan) //nolint:contextcheck // a run outlives the question
	ask.Save = nil
	return ask, err
}

// purgeBare lets SQS destroy everything. What was held is gone with it.
func (s *Screen) purgeBare() tea.Cmd {
	desk, known := s.world.Desk, s.received()
	s.planning = true
	return s.world.Do(func(ctx context.Context) tea.Msg {
		plan, err := desk.PlanPurge(ctx, known)
		return planned{err: err, ask: action.Ask{Plan: plan, Apply: func(ctx context.Context, _ int) tea.Msg {
			inspection := s.current.Load()
			if inspection != nil {
				_, _ = inspection.Release(ctx) // what is still hidden is destroyed, too
			}
			record, err := desk.Purge(ctx)
			done := action.Done{Record: record, Err: err, Say: record.Detail, Touch: []monitor.Feed{monitor.DeadLetterQueueFeed}}
			switch {
			case err == nil:
				done.Changes, done.Then = []monitor.Change{monitor.InspectionForgotten{}}, moved{inspection}
			case inspection != nil && !inspection.Open():
				done.Then = released{inspection, err}
			}
			return done
		}}}
	})
}
