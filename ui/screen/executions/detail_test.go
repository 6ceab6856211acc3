package executions

import (
	"fmt"
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
	defined = `{"StartAt":"Save","States":{
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
	parsed, err := definition.Parse([]byte(defined))
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
	shows(t, s, "▷ RUNNING 11.0 s", "✓ Save", "1.0 s", "▸ ▷ Hold", "20 s left", "┃  ▷ Hold 20 s   ┃", "│ · Send │", "saved  true", "still at work", "follows live")
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
	shows(t, s, "▸ ✓ Save", `user_id  "Burger_20"`)
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

// press presses a key as the root model does: the screen's actions come first.
func press(s *Screen, names ...string) {
	codes := map[string]rune{"left": tea.KeyLeft, "right": tea.KeyRight, "up": tea.KeyUp, "down": tea.KeyDown, "tab": tea.KeyTab, "enter": tea.KeyEnter}
	for _, name := range names {
		key := tea.KeyPressMsg{Code: codes[name]}
		if key.Code == 0 {
			key = tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
		}
		used := false
		for _, a := range s.Actions() {
			if !s.Typing() && a.Binding.Match(key) && a.Unavailable == "" {
				a.Run()
				used = true
				break
			}
		}
		if !used {
			s.Update(key)
		}
	}
}

// ← and → step the graph, the states and the data through the events.
func TestStepping(t *testing.T) {
	t.Parallel()
	s, world := newScreen(t)
	press(s, "left", "left")
	shows(t, s, "stepping", "Event 5 of 7 · LambdaFunctionSucceeded", "07:44:01.000", "┃ ▷ Save ┃", "▸ ▷ Save", "output ▾", "saved  true")
	if s.Moving() {
		t.Error("an earlier moment moves")
	}
	// What comes in meanwhile does not move the moment.
	at := start().Add(31 * time.Second)
	world.Store.Apply(monitor.HistoryRead{Feed: monitor.HistoryFeed, ARN: arn, At: at, Events: []workflow.Event{
		{ID: 8, PreviousID: 7, Type: "WaitStateExited", Time: at, State: "Hold", Output: `{}`},
	}})
	s.Refresh()
	shows(t, s, "Event 5 of 8")
	press(s, "right", "right", "right", "right")
	shows(t, s, "follows live", "✓ Hold")
	press(s, "left")
	if !s.Back() || s.detail == nil || s.detail.stepping() {
		t.Error("back does not lead to the newest moment first")
	}
}

func TestEventsAreListed(t *testing.T) {
	t.Parallel()
	s, world := newScreen(t)
	at := start().Add(20 * time.Second)
	world.Store.Apply(monitor.HistoryRead{Feed: monitor.HistoryFeed, ARN: arn, At: at, Events: []workflow.Event{
		{ID: 8, PreviousID: 7, Type: "QuantumStateEntangled", Time: at},
	}})
	s.Refresh()
	press(s, "e")
	shows(t, s, "Events · 8", "   7  07:44:01.000  entered Hold (Wait)", "   8  07:44:20.000  quantum state entangled")
	press(s, "tab", "up", "up", "up")
	shows(t, s, "Event 5 of 8", "▸ ▷ Save")
}

func TestSearchInTheData(t *testing.T) {
	t.Parallel()
	s, _ := newScreen(t)
	press(s, "up", "/")
	if !s.Typing() || s.Cursor() == nil {
		t.Fatal("nothing is typed")
	}
	press(s, "b", "u", "r", "enter")
	if key, raw := s.detail.tree.Selected(); key != "user_id" || raw != `"Burger_20"` {
		t.Errorf("found %s %s", key, raw)
	}
	if s.Back(); s.detail == nil {
		t.Error("back left more than the search")
	}
}

// A narrow screen lists what is still to come, and shows the graph on demand.
func TestDetailOfANarrowScreen(t *testing.T) {
	t.Parallel()
	s, _ := newScreen(t)
	s.SetSize(80, 21)
	shows(t, s, "▸ ▷ Hold", "· Send", "20 s left", "saved  true")
	press(s, "z")
	shows(t, s, "┃  ▷ Hold 20 s   ┃")
	if s.Back(); s.detail == nil || s.detail.zoomed {
		t.Error("back does not leave the zoom first")
	}
}

// Both forms of a redriven history show the pause before it.
func TestDetailOfARedrive(t *testing.T) {
	t.Parallel()
	for name, resumed := range map[string][]workflow.Event{
		"the state is entered again": {{ID: 10, PreviousID: 9, Type: "TaskStateEntered", State: "Send"}, {ID: 11, PreviousID: 10, Type: "LambdaFunctionScheduled"}},
		"the work is scheduled":      {{ID: 10, PreviousID: 9, Type: "LambdaFunctionScheduled"}, {ID: 11, PreviousID: 10, Type: "LambdaFunctionStarted"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, world := newScreen(t)
			failed, again := start().Add(32*time.Second), start().Add(2*time.Hour+32*time.Second)
			events := []workflow.Event{
				{ID: 8, Type: "WaitStateExited", Time: start().Add(31 * time.Second), PreviousID: 7, State: "Hold", Output: `{}`},
				{ID: 9, Type: "TaskStateEntered", Time: start().Add(31 * time.Second), State: "Send", PreviousID: 8, Input: `{}`},
				{ID: 10, Type: "LambdaFunctionScheduled", Time: start().Add(31 * time.Second), PreviousID: 9},
				{ID: 11, Type: "LambdaFunctionFailed", Time: failed, PreviousID: 10, Error: "Boom"},
				{ID: 12, Type: "ExecutionFailed", Time: failed, PreviousID: 11, Error: "Boom"},
				{ID: 13, Type: "ExecutionRedriven", Time: again, RedriveCount: 1},
			}
			for i, e := range resumed {
				e.ID, e.Time = int64(14+i), again
				e.PreviousID = int64(13 + i)
				events = append(events, e)
			}
			world.Now = again.Add(time.Second)
			world.Store.Apply(monitor.HistoryRead{Feed: monitor.HistoryFeed, ARN: arn, At: world.Now, Events: events})
			s.Refresh()
			shows(t, s, "✗ Send", "▸ ▷ Send", "2 h until redrive 1", "redriven 1×", "┃ ▷ Send ┠×2")
		})
	}
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
	shows(t, s, "✗ Hold", "11.0 s", "error  ", "States.Timeout", "too slow")
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

// Beside a step stands how long it took and how long others do, once enough of
// them were seen in the log.
func TestUsualDurations(t *testing.T) {
	t.Parallel()
	s, world := newScreen(t)
	press(s, "up")
	log := func(n int) {
		var events []workflow.LogEvent
		for i := range n {
			other := workflow.ExecutionARN(fmt.Sprintf("%s-%d", arn, i))
			for id, e := range []workflow.Event{
				{Type: "ExecutionStarted", Time: start()},
				{Type: "TaskStateEntered", State: "Save", Time: start()},
				{Type: "WaitStateEntered", State: "Hold", Time: start().Add(200 * time.Millisecond)},
			} {
				e.ID = int64(id + 1)
				events = append(events, workflow.LogEvent{Execution: other, Event: e})
			}
		}
		world.Store.Apply(monitor.LogRead{Page: workflow.LogPage{Events: events}, At: world.Now})
		s.Refresh()
	}
	log(19)
	if view := ansi.Strip(s.View()); strings.Contains(view, "usually") {
		t.Errorf("19 are taken for enough:\n%s", view)
	}
	log(20)
	shows(t, s, "▸ ✓ Save", "took 1.0 s · usually ", ", p99 ")
	press(s, "down")
	if view := ansi.Strip(s.View()); strings.Contains(view, "usually") {
		t.Errorf("nothing is known of Hold:\n%s", view)
	}
}

// The selected state stays in the graph's window when the terminal gets smaller.
func TestTheSelectedStateStaysInView(t *testing.T) {
	t.Parallel()
	s, world := newScreen(t)
	failed(world)
	s.Refresh()
	s.detail.zoomed = true
	for _, h := range []int{60, 9, 12, 8} {
		s.SetSize(60, h)
		s.Refresh()
		shows(t, s, "│ ✗ Send")
	}
}
