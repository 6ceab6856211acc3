package executions

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/pane"
	"orderops/ui/component/payload"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// tab is what the lower or right pane shows.
type tab int

const (
	inputTab tab = iota
	outputTab
	eventsTab
	tabs
)

func tabTitles() []string { return []string{"input", "output", "events"} }

// detail is one execution: its states in order, and the data of one of them.
type detail struct {
	world *action.World
	theme *theme.Theme
	keys  keys.Map
	arn   workflow.ExecutionARN

	states []state
	events []workflow.Event
	// cursor is the selected state. It follows the newest one until the operator
	// moves it, and again when it is moved to the end.
	cursor  int
	follows bool
	scroll  pane.Scroll

	tab     tab
	payload *payload.Payload
	shown   string // what the payload shows, so that its place is kept
	w, h    int
}

// state is one line: a visit of a state, or one that is still to come.
type state struct {
	workflow.Step
	ahead bool
}

func newDetail(world *action.World, th *theme.Theme, arn workflow.ExecutionARN) *detail {
	return &detail{world: world, theme: th, keys: keys.Global(), arn: arn, follows: true, payload: payload.New(th)}
}

func (d *detail) setTheme(th *theme.Theme) {
	d.theme = th
	d.payload.SetTheme(th)
}

func (d *detail) setSize(w, h int) {
	d.w, d.h = w, h
	d.refresh()
}

// execution is what the store knows; its status is "" while it knows nothing.
func (d *detail) execution() monitor.Execution {
	if e, ok := d.world.Store.Executions().Get(d.arn); ok {
		return *e
	}
	return monitor.Execution{Execution: workflow.Execution{ARN: d.arn, Name: action.ShortName(string(d.arn))}}
}

func (d *detail) refresh() {
	e := d.execution()
	d.events, _ = d.world.Store.History(d.arn)
	steps := workflow.Steps(d.events, e.Status)
	d.states = d.states[:0]
	seen := map[string]bool{}
	for _, step := range steps {
		d.states = append(d.states, state{Step: step})
		seen[step.State] = true
	}
	if _, machine := d.world.Store.Definition(); machine != nil && !e.Status.Ended() {
		for _, next := range machine.States {
			if !seen[next.Name] {
				d.states = append(d.states, state{Step: workflow.Step{State: next.Name, Kind: next.Type}, ahead: true})
			}
		}
	}
	if d.follows {
		d.cursor = len(steps) - 1
	}
	d.cursor = max(0, min(d.cursor, len(d.states)-1))
	d.fill()
}

// fill gives the payload what the tab and the cursor ask for, and keeps its
// place while that is the same.
func (d *detail) fill() {
	content, lines := d.content()
	if content == d.shown {
		return
	}
	d.shown = content
	if lines != nil {
		d.payload.SetLines(lines)
		return
	}
	d.payload.SetJSON(content)
}

func (d *detail) content() (content string, lines []string) {
	if d.tab == eventsTab {
		for _, e := range d.events {
			lines = append(lines, fmt.Sprintf("%4d  %s  %s", e.ID, text.Clock(e.Time), workflow.EventSummary(e)))
		}
		return strings.Join(lines, "\n"), lines
	}
	if len(d.states) == 0 {
		return "", []string{}
	}
	s := d.states[d.cursor]
	switch {
	case s.ahead:
		return "not reached", []string{"not reached yet"}
	case d.tab == inputTab:
		return orWord(s.Input, "not read yet")
	case s.Error != "" || s.Cause != "":
		return s.Error + "\n" + s.Cause, append([]string{s.Error, ""}, text.JSON(s.Cause)...)
	}
	if s.Status == workflow.StepRunning {
		return orWord(s.Output, "still at work")
	}
	return orWord(s.Output, "no output")
}

func orWord(content, word string) (string, []string) {
	if content == "" {
		return word, []string{word}
	}
	return content, nil
}

func (d *detail) update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	switch {
	case !ok:
		if _, wheel := msg.(tea.MouseWheelMsg); wheel {
			d.payload.Update(msg)
		}
	case d.keys.Up.Match(key):
		d.move(-1)
	case d.keys.Down.Match(key):
		d.move(1)
	default:
		d.payload.Update(msg)
	}
	return nil
}

func (d *detail) move(n int) {
	d.cursor = max(0, min(d.cursor+n, len(d.states)-1))
	reached := 0
	for _, s := range d.states {
		if !s.ahead {
			reached++
		}
	}
	d.follows = d.cursor == reached-1
	d.fill()
}

// moving tells that a duration or a countdown is on the screen.
func (d *detail) moving() bool { return !d.execution().Status.Ended() }

func (d *detail) actions() []action.Action {
	e := d.execution()
	_, known := d.world.Store.Executions().Get(d.arn)
	return []action.Action{
		{Binding: keys.New("view", "tab"), Title: "show the next pane", Run: func() tea.Cmd {
			d.tab = (d.tab + 1) % tabs
			d.fill()
			return nil
		}},
		{Binding: keys.Binding{Keys: []string{"shift+tab"}, Help: "previous pane"}, Title: "show the previous pane", Quiet: true, Run: func() tea.Cmd {
			d.tab = (d.tab + tabs - 1) % tabs
			d.fill()
			return nil
		}},
		{Binding: keys.New("wrap or not", "w"), Title: "wrap long lines, or scroll them by ← and →", Quiet: true, Run: func() tea.Cmd { d.payload.Wrap(); return nil }},
		stopAction(d.world, &e, known),
		{Binding: d.keys.Copy, Title: "copy the order id", Run: func() tea.Cmd {
			return action.Send(action.Copy{Text: e.Name, What: "order id"})
		}},
		{Binding: d.keys.CopyJSON, Title: "copy what the pane shows", Run: func() tea.Cmd {
			return action.Send(action.Copy{Text: d.shown, What: tabTitles()[d.tab]})
		}},
		consoleAction(d.world, d.arn, ""),
		{Binding: keys.New("its order", "u"), Title: "show the order of this execution", Run: func() tea.Cmd {
			return action.Send(action.Open{Screen: action.Orders, Select: e.Name})
		}},
		{Binding: d.keys.Back, Title: "back to the list", Run: func() tea.Cmd { return nil }},
	}
}
