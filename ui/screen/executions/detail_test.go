package executions

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orderops/ui/action"
	"orderops/workflow"
	"orderops/workflow/definition"
	"orderops/workflow/monitor"
)

const (
	arn     = workflow.ExecutionARN("arn:aws:states:eu-west-1:1:execution:Machine:order-1")
	machine = `{"StartAt":"Save","States":{
		"Save":{"Type":"Task","Resource":"arn:aws:lambda:eu-west-1:1:function:save","Next":"Hold"},
		"Hold":{"Type":"Wait","Seconds":30,"Next":"Send"},
		"Send":{"Type":"Task","Resource":"arn:aws:lambda:eu-west-1:1:function:send","End":true}}}`
)

// start is when the execution began.
func start() time.Time { return time.Date(2026, 11, 23, 7, 44, 0, 0, time.UTC) }

func waiting() []workflow.Event {
	at := func(s int) time.Time { return start().Add(time.Duration(s) * time.Second) }
	return []workflow.Event{
		{ID: 1, Type: "ExecutionStarted", Time: at(0), Input: `{"user_id":"Burger_20"}`},
		{ID: 2, Type: "TaskStateEntered", Time: at(0), State: "Save", Input: `{"user_id":"Burger_20"}`},
		{ID: 3, PreviousID: 2, Type: "LambdaFunctionScheduled", Time: at(0)},
		{ID: 4, PreviousID: 3, Type: "LambdaFunctionStarted", Time: at(0)},
		{ID: 5, PreviousID: 4, Type: "LambdaFunctionSucceeded", Time: at(1), Output: `{"saved":true}`},
		{ID: 6, PreviousID: 5, Type: "TaskStateExited", Time: at(1), State: "Save", Output: `{"saved":true}`},
		{ID: 7, PreviousID: 6, Type: "WaitStateEntered", Time: at(1), State: "Hold", Input: `{"saved":true}`},
	}
}

// newScreen shows the detail of an execution that waits, seen eleven seconds
// after its start.
func newScreen(t *testing.T) (*Screen, *action.World) {
	t.Helper()
	parsed, err := definition.Parse([]byte(machine))
	if err != nil {
		t.Fatal(err)
	}
	now := start().Add(11 * time.Second)
	world := &action.World{Store: monitor.NewStore(), Now: now, Context: t.Context()}
	world.Store.Apply(
		monitor.DefinitionRead{Name: "Machine", Machine: parsed, At: now},
		monitor.ExecutionsListed{Executions: []workflow.Execution{{ARN: arn, Name: "order-1", Status: workflow.Running, Started: start()}}, At: now},
		monitor.HistoryRead{Feed: monitor.HistoryFeed, ARN: arn, Events: waiting(), At: now},
	)
	s := New(world)
	s.SetSize(120, 37)
	s.Show(action.Open{Select: string(arn), Detail: true})
	return s, world
}

func shows(t *testing.T, s *Screen, wanted ...string) {
	t.Helper()
	view := ansi.Strip(s.View())
	for _, want := range wanted {
		if !strings.Contains(view, want) {
			t.Errorf("%q is not on the screen:\n%s", want, view)
		}
	}
}

func TestDetailOfAWaitingExecution(t *testing.T) {
	t.Parallel()
	s, _ := newScreen(t)
	shows(t, s, "▷ RUNNING 11.0 s", "✓ Save", "1.0 s", "▸ ▷ Hold", "20 s left", "· Send", "[input] output events", `"saved": true`, "follows live")
	if !s.Moving() {
		t.Error("a countdown is on the screen, but nothing moves")
	}
	if got := s.Shown(); got.Open != arn || len(got.VisibleExecutions) != 0 {
		t.Errorf("shown %+v", got)
	}
}

func TestDetailFollowsUntilTheCursorIsMoved(t *testing.T) {
	t.Parallel()
	s, world := newScreen(t)
	s.Update(tea.KeyPressMsg{Code: tea.KeyUp})
	shows(t, s, "▸ ✓ Save", `"user_id": "Burger_20"`)
	at := start().Add(31 * time.Second)
	world.Now = at.Add(time.Second)
	world.Store.Apply(monitor.HistoryRead{Feed: monitor.HistoryFeed, ARN: arn, At: at, Events: []workflow.Event{
		{ID: 8, PreviousID: 7, Type: "WaitStateExited", Time: at, State: "Hold", Output: `{}`},
		{ID: 9, PreviousID: 8, Type: "TaskStateEntered", Time: at, State: "Send", Input: `{}`},
	}})
	s.Refresh()
	shows(t, s, "▸ ✓ Save", "✓ Hold", "▷ Send")
	s.Update(tea.KeyPressMsg{Code: tea.KeyDown})
	s.Update(tea.KeyPressMsg{Code: tea.KeyDown})
	shows(t, s, "▸ ▷ Send", "follows live")
}

func TestDetailPanes(t *testing.T) {
	t.Parallel()
	s, _ := newScreen(t)
	tab := s.Actions()[0]
	tab.Run()
	shows(t, s, "input [output] events", "still at work")
	tab.Run()
	shows(t, s, "input output [events]", "   7  07:44:01  entered Hold (Wait)")
	tab.Run()
	shows(t, s, "[input] output events")
}

// A failed execution names its cause where the output would be, and an end that
// was not read is not made up.
func TestDetailOfAFailure(t *testing.T) {
	t.Parallel()
	s, world := newScreen(t)
	at := start().Add(12 * time.Second)
	world.Now = at.Add(time.Minute)
	world.Store.Apply(monitor.ExecutionRead{At: at, Execution: workflow.Execution{
		ARN: arn, Name: "order-1", Status: workflow.Failed, Started: start(), Stopped: at, Error: "States.Timeout", Cause: "too slow",
	}})
	s.Refresh()
	shows(t, s, "✗ FAILED 12.0 s", "✗ Hold", "end not read")
	if s.Moving() {
		t.Error("what has ended still moves")
	}
	world.Store.Apply(monitor.HistoryRead{Feed: monitor.HistoryFeed, ARN: arn, At: at, Events: []workflow.Event{
		{ID: 8, Type: "ExecutionFailed", Time: at, Error: "States.Timeout", Cause: "too slow"},
	}})
	s.Refresh()
	s.Actions()[0].Run()
	shows(t, s, "✗ Hold", "11.0 s", "States.Timeout", "too slow")
}

func TestBackClosesTheDetailThenTheFilter(t *testing.T) {
	t.Parallel()
	s, _ := newScreen(t)
	s.list.SetFilter("order")
	for _, want := range []bool{true, true, false} {
		if got := s.Back(); got != want {
			t.Errorf("back %v, want %v", got, want)
		}
	}
}
