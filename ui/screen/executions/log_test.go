package executions

import (
	"context"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// failed lets Send fail 31 seconds after the start.
func failed(world *action.World) {
	at := start().Add(31 * time.Second)
	world.Now = at.Add(time.Minute)
	world.Store.Apply(
		monitor.HistoryRead{Feed: monitor.HistoryFeed, ARN: arn, At: at, Events: []workflow.Event{
			{ID: 8, PreviousID: 7, Type: "WaitStateExited", Time: at, State: "Hold", Output: `{}`},
			{ID: 9, PreviousID: 8, Type: "TaskStateEntered", Time: at, State: "Send", Input: `{}`},
			{ID: 10, PreviousID: 9, Type: "LambdaFunctionScheduled", Time: at, Resource: "arn:aws:lambda:eu-west-1:1:function:send:7"},
			{ID: 11, PreviousID: 10, Type: "LambdaFunctionFailed", Time: at.Add(time.Second), Error: "Broken", Cause: "pipe"},
			{ID: 12, PreviousID: 11, Type: "ExecutionFailed", Time: at.Add(time.Second), Error: "Broken"},
		}},
		monitor.ExecutionRead{Execution: workflow.Execution{ARN: arn, Name: "order-1", Status: workflow.Failed, Started: start(), Stopped: at.Add(time.Second)}, At: at},
	)
}

// answers runs a command as the program does, and hands its messages back.
func answers(s *Screen, cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, each := range msg {
			answers(s, each)
		}
	default:
		answers(s, s.Update(msg))
	}
	s.Refresh()
}

// pressesL shows the log, or the data again.
func pressesL(t *testing.T, s *Screen) {
	t.Helper()
	for _, a := range s.Actions() {
		if a.Binding.Match(tea.KeyPressMsg{Code: 'L', Text: "L"}) {
			if a.Unavailable != "" {
				t.Fatalf("%s: %s", a.Title, a.Unavailable)
			}
			answers(s, a.Run())
			return
		}
	}
	t.Fatal("no action has the key L")
}

func TestLogOfAFailedStep(t *testing.T) {
	t.Parallel()
	s, world := newScreen(t)
	failed(world)
	var asked []workflow.LogAsk
	told, problem := workflow.FunctionLog{Group: "/aws/lambda/send"}, error(nil)
	world.ReadLog = func(_ context.Context, ask workflow.LogAsk) (workflow.FunctionLog, error) {
		asked = append(asked, ask)
		told := told
		told.LogAsk = ask
		return told, problem
	}
	s.Refresh()
	pressesL(t, s)
	shows(t, s, "Log of send · 07:44:29–07:44:37", "0 lines", "nothing was logged from 07:44:29–07:44:37 in /aws/lambda/send", "r reads again")
	want := workflow.LogAsk{Function: "send", Order: "order-1", From: start().Add(29 * time.Second), To: start().Add(37 * time.Second)}
	if len(asked) != 1 || asked[0] != want {
		t.Fatalf("asked for %+v, want %+v", asked, want)
	}
	s.Refresh()
	told.Lines = []workflow.LogLine{
		{Time: start().Add(31 * time.Second), Text: `{"level":"ERROR","msg":"step failed","reason":"broken ` + "\u202e" + `"}`},
		{Time: start().Add(32 * time.Second), Text: "END \x1b[2J RequestId: 1"},
	}
	if len(asked) != 1 {
		t.Fatal("a log is read again by itself")
	}
	answers(s, s.Update(action.Refresh{}))
	shows(t, s, "2 lines", "07:44:31.000 ERROR", `"broken \u202e"`, `END \x1b[2J RequestId: 1`)
	// What was read stays when it can't be read again, and it is said why.
	problem = &workflow.Problem{Kind: workflow.Forbidden, Operation: "logs:FilterLogEvents", Target: "/aws/lambda/send", Reason: "may not", Next: "Ask for it."}
	answers(s, s.Update(action.Refresh{}))
	shows(t, s, "not read", "logs:FilterLogEvents send: may not", "Ask for it.", "RequestId: 1")
	problem, told.Mixed, told.Assumed, told.More = nil, true, "lambda:GetFunctionConfiguration: may not", true
	answers(s, s.Update(action.Refresh{}))
	shows(t, s, "first 2 lines", "of other orders too", "taken for its log group: /aws/lambda/send", "its configuration can't be read: lambda:GetFunctionConfiguration: may not")
	pressesL(t, s)
	shows(t, s, "error  Broken")
	pressesL(t, s)
	press(s, "tab", "up")
	shows(t, s, "▸ ✓ Hold", "╭ Hold ─")
	for _, a := range s.Actions() {
		if a.Title == "read what the step's function logged, or show the data" && a.Unavailable != "Hold calls no Lambda function" {
			t.Errorf("unavailable: %q", a.Unavailable)
		}
	}
	press(s, "down")
	pressesL(t, s)
	if !s.Back() || s.detail == nil || s.detail.log != nil {
		t.Error("esc does not go back from the log to the data")
	}
}

// A line that comes for a log that was left is not shown in another's place.
func TestLateLogIsDropped(t *testing.T) {
	t.Parallel()
	s, world := newScreen(t)
	failed(world)
	world.ReadLog = func(_ context.Context, ask workflow.LogAsk) (workflow.FunctionLog, error) {
		return workflow.FunctionLog{LogAsk: ask, Group: "g", Lines: []workflow.LogLine{{Text: "late"}}}, nil
	}
	s.Refresh()
	var late tea.Cmd
	for _, a := range s.Actions() {
		if a.Binding.Match(tea.KeyPressMsg{Code: 'L', Text: "L"}) {
			late = a.Run()
		}
	}
	shows(t, s, "reading …")
	s.Back()
	answers(s, late)
	shows(t, s, "error  Broken")
}
