package executions

import (
	"context"
	"encoding/json"
	"errors"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/input"
	"orderops/ui/keys"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
)

// rerunActions run an order again, with the same input and with an edited one.
func (s *Screen) rerunActions(e *monitor.Execution, ok bool) []action.Action {
	same := action.Action{Binding: keys.New("run again", "n"), Title: "run the order again", Changes: true}
	edited := action.Action{Binding: keys.New("run again, edited", "N"), Title: "run the order again with an edited input", Changes: true, Quiet: true}
	switch {
	case !ok:
		same.Unavailable = "no execution is selected"
	case !e.Status.Ended():
		same.Unavailable = "it is still running"
	case s.world.Desk == nil:
		same.Unavailable = s.world.NotConnected()
	}
	edited.Unavailable = same.Unavailable
	arn, text := e.ARN, e.Input
	same.Run = func() tea.Cmd { return s.planRerun(arn, "") }
	if edited.Unavailable == "" && (text == "" || len(text) > input.Limit) {
		edited.Unavailable = "its input is not read yet, or too long for one line"
	}
	edited.Run = func() tea.Cmd {
		return action.Send(action.Edit{
			Title: "Run the order again with another input", Label: "input", Value: text, Verb: "review",
			Hint: "a JSON object; nothing is started yet", Check: isObject,
			Then: func(changed string) tea.Cmd { return s.planRerun(arn, changed) },
		})
	}
	return []action.Action{same, edited}
}

func isObject(text string) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		return errors.New("must be a JSON object: " + err.Error())
	}
	return nil
}

// planRerun prepares a run and shows its plan.
func (s *Screen) planRerun(arn workflow.ExecutionARN, edited string) tea.Cmd {
	desk := s.world.Desk
	return s.world.Do(func(ctx context.Context) tea.Msg {
		r, err := desk.PrepareRerun(ctx, arn, edited)
		if err != nil {
			return action.Say{Err: err}
		}
		return action.Ask{Plan: desk.PlanRerun(r), Apply: func(ctx context.Context, _ int) tea.Msg { return rerun(ctx, desk, r) }}
	})
}

// rerun starts the new run, and shows it.
func rerun(ctx context.Context, desk *operation.Desk, r operation.Rerun) tea.Msg {
	arn, record, err := desk.Rerun(ctx, r)
	done := action.Done{Record: record, Err: err, Say: "started " + r.Name, Touch: []monitor.Feed{monitor.ExecutionsFeed}}
	if err == nil {
		done.Then = action.Open{Screen: action.Executions, Select: string(arn), Detail: true}
	}
	return done
}
