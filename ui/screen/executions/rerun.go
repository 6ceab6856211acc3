package executions

import (
	"bytes"
	"context"
	"encoding/json"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/input"
	"orderops/ui/keys"
	"orderops/ui/text"
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
	arn, known := e.ARN, e.Input
	same.Run = func() tea.Cmd { return s.planRerun(arn, "") }
	edited.Run = func() tea.Cmd {
		if known != "" {
			return action.Send(s.editInput(arn, known))
		}
		desk := s.world.Desk
		return s.world.Do(func(ctx context.Context) tea.Msg {
			read, err := desk.RunInput(ctx, arn)
			if err != nil {
				return action.Say{Err: err}
			}
			return inputRead{arn, read}
		})
	}
	return []action.Action{same, edited}
}

// inputRead is the input of an execution, to be edited.
type inputRead struct {
	arn  workflow.ExecutionARN
	text string
}

// draft is the input that was written for a run of an execution's order.
type draft struct {
	arn  workflow.ExecutionARN
	text string
}

// rerunStarted tells that an order runs again, and where it is seen.
type rerunStarted struct{ open action.Open }

// editInput asks for another input: in the operator's editor, or in one line when
// none is set and it fits. It goes on with what was written for a run that was not
// started.
func (s *Screen) editInput(arn workflow.ExecutionARN, before string) tea.Msg {
	then := func(changed string) tea.Cmd {
		if len(workflow.Changes(before, changed)) == 0 {
			s.draft = nil
			return action.Send(action.Say{Text: "the input says the same as before; " + s.world.Key("executions.run-again") + " runs the order again with it"})
		}
		s.draft = &draft{arn, changed}
		return s.planRerun(arn, changed)
	}
	shown, hint := text.EscapeJSON(before), "a JSON object; nothing is started yet"
	edit := action.EditText{Name: "input.json", Text: indented(shown), Check: workflow.CheckInput, Then: then}
	if d := s.draft; d != nil && d.arn == arn {
		shown, hint = text.EscapeJSON(d.text), "as you left it; nothing is started yet"
		edit = edit.Again(d.text)
	}
	switch none := s.world.NoEditor(); {
	case none == "":
		return edit
	case len([]rune(shown)) > input.Limit:
		return action.Say{Text: "its input is too long for one line, and " + none}
	}
	return action.Edit{
		Title: "Run the order again with another input", Label: "input", Value: shown, Verb: "review",
		Hint: hint, Check: workflow.CheckInput, Then: then,
	}
}

// indented is JSON laid out for people; what is none stays as it is.
func indented(document string) string {
	var b bytes.Buffer
	if json.Indent(&b, []byte(document), "", "  ") != nil {
		return document
	}
	return b.String()
}

// planRerun prepares a run and shows its plan.
func (s *Screen) planRerun(arn workflow.ExecutionARN, edited string) tea.Cmd {
	desk, again := s.world.Desk, s.world.Key("executions.run-edited")
	return s.world.Do(func(ctx context.Context) tea.Msg {
		r, err := desk.PrepareRerun(ctx, arn, edited)
		if err != nil {
			return action.Say{Err: err}
		}
		ask := action.Ask{Plan: desk.PlanRerun(r), Apply: func(ctx context.Context, _ int) tea.Msg { return rerun(ctx, desk, r) }}
		if edited != "" {
			ask.Declined = "not started; " + again + " goes on with the input as you edited it"
		}
		return ask
	})
}

// rerun starts the new run, and shows it.
func rerun(ctx context.Context, desk *operation.Desk, r operation.Rerun) tea.Msg {
	arn, record, err := desk.Rerun(ctx, r)
	done := action.Done{Record: record, Err: err, Say: "started " + r.Name, Touch: []monitor.Feed{monitor.ExecutionsFeed}}
	if err == nil {
		done.Then = rerunStarted{action.Open{Screen: action.Executions, Select: string(arn), Detail: true}}
	}
	return done
}
