package executions

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/graph"
	"orderops/ui/component/pane"
	"orderops/ui/component/payload"
	"orderops/ui/keys"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// detail is one execution: its graph, its states over time, and the data of one
// of them. It shows the newest moment until the operator steps back.
type detail struct {
	screen *Screen
	world  *action.World
	theme  *theme.Theme
	keys   keys.Map
	arn    workflow.ExecutionARN

	events []workflow.Event
	// at is the event that is shown, as an index; newest follows what comes in.
	at     int
	states []state
	// cursor is the selected state. It follows the newest one until the operator
	// moves it, and again when it is moved to the end.
	cursor  int
	follows bool

	// onData tells that up and down move in the data, not in the states.
	onData bool
	// listed tells that the events stand in place of the data.
	listed bool
	// log is what stands in place of the data; nil is no log.
	log *stepLog
	// zoomed tells that the graph has all the room.
	zoomed bool

	graph *graph.Graph
	chart chart
	tree  *payload.Tree

	statesScroll, eventsScroll pane.Scroll

	place places
	w, h  int
}

// newest is the moment after the last event.
const newest = -1

// state is one line: a visit of a state, or one that is still to come.
type state struct {
	workflow.Step

	ahead bool
}

func newDetail(s *Screen, arn workflow.ExecutionARN) *detail {
	return &detail{
		screen: s, world: s.world, theme: s.theme, keys: keys.Global(), arn: arn, at: newest, follows: true,
		graph: graph.New(s.theme), tree: payload.NewTree(s.theme),
	}
}

func (d *detail) setTheme(th *theme.Theme) {
	d.theme = th
	d.graph.SetTheme(th)
	d.tree.SetTheme(th)
}

func (d *detail) setSize(w, h int) {
	d.w, d.h = w, h
	d.refresh()
}

// execution is what the store knows; its status is "" while it knows nothing.
func (d *detail) execution() *monitor.Execution {
	if e, ok := d.world.Store.Executions().Get(d.arn); ok {
		return e
	}
	return monitor.NewExecution(d.arn)
}

// stepping tells that an earlier moment is shown than the newest.
func (d *detail) stepping() bool { return d.at != newest && d.at < len(d.events)-1 }

// event is the event of the moment; false when there is none.
func (d *detail) event() (workflow.Event, bool) {
	switch {
	case len(d.events) == 0:
		return workflow.Event{}, false
	case d.stepping():
		return d.events[d.at], true
	}
	return d.events[len(d.events)-1], true
}

// now is the time of the moment.
func (d *detail) now() time.Time {
	if e, ok := d.event(); ok && d.stepping() {
		return e.Time
	}
	return d.world.Now
}

// status is the execution's at the moment.
func (d *detail) status() workflow.ExecutionStatus {
	if d.stepping() {
		return workflow.Running
	}
	return d.execution().Status
}

func (d *detail) refresh() {
	d.events, _ = d.world.Store.History(d.arn)
	shown, status := d.events, d.status()
	if d.stepping() {
		shown, status = d.events[:d.at+1], ""
	}
	steps := workflow.Steps(shown, status)
	d.states = d.states[:0]
	for _, step := range steps {
		d.states = append(d.states, state{Step: step})
	}
	d.lay()
	if d.w < wide {
		d.addAhead()
	}
	d.arrange()
	if d.follows || d.stepping() {
		d.cursor = d.reached() - 1
		if e, ok := d.event(); ok && d.stepping() {
			d.cursor = stepOf(steps, e)
		}
	}
	d.cursor = max(0, min(d.cursor, len(d.states)-1))
	d.draw()
	d.fill()
}

// stepOf is the step that an event belongs to: the one that it is the last event
// of, else the newest.
func stepOf(steps []workflow.Step, e workflow.Event) int {
	for i, s := range slices.Backward(steps) {
		if s.LastEvent == e.ID {
			return i
		}
	}
	return len(steps) - 1
}

// addAhead lists the states that are still to come, where no graph shows them.
func (d *detail) addAhead() {
	_, machine := d.world.Store.Definition()
	if machine == nil || d.status().Ended() {
		return
	}
	seen := map[string]bool{}
	for _, s := range d.states {
		seen[s.State] = true
	}
	for _, next := range machine.States {
		if !seen[next.Name] {
			d.states = append(d.states, state{Step: workflow.Step{State: next.Name, Kind: next.Type}, ahead: true})
		}
	}
}

// reached counts the states that were entered.
func (d *detail) reached() int {
	n := 0
	for _, s := range d.states {
		if !s.ahead {
			n++
		}
	}
	return n
}

// moving tells that a duration or a countdown is on the screen.
func (d *detail) moving() bool { return !d.stepping() && !d.execution().Status.Ended() }

func (d *detail) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case logRead:
		if msg.log == d.log {
			d.logRead(msg)
		}
	case action.Refresh:
		return d.readLog()
	case tea.KeyPressMsg:
		d.key(msg)
	case tea.PasteMsg:
		d.tree.Update(msg)
	case tea.MouseMsg:
		d.mouse(msg)
	}
	return nil
}

func (d *detail) key(msg tea.KeyPressMsg) {
	switch {
	case d.tree.Typing():
		d.tree.Update(msg)
	case d.pan(msg.String()):
	case d.zoomed:
		d.moveGraph(msg)
	case d.onData && d.listed:
		d.moveIn(msg, d.step, len(d.events))
	case d.onData:
		d.tree.Update(msg)
	default:
		d.moveIn(msg, d.move, len(d.states))
	}
}

// moveIn moves by the keys of a list of n lines.
func (d *detail) moveIn(msg tea.KeyPressMsg, move func(int), n int) {
	const page = 10
	switch k := &d.keys; {
	case k.Up.Match(msg):
		move(-1)
	case k.Down.Match(msg):
		move(1)
	case k.PageUp.Match(msg), k.HalfUp.Match(msg):
		move(-page)
	case k.PageDown.Match(msg), k.HalfDown.Match(msg):
		move(page)
	case k.Top.Match(msg):
		move(-n)
	case k.Bottom.Match(msg):
		move(n)
	}
}

// move moves the cursor among the states, back at the newest moment.
func (d *detail) move(n int) {
	d.at, d.log = newest, nil
	d.cursor = max(0, min(d.cursor+n, len(d.states)-1))
	d.follows = d.cursor == d.reached()-1
	d.refresh()
}

// step moves the moment by n events. Behind the last it follows again.
func (d *detail) step(n int) {
	if len(d.events) == 0 {
		return
	}
	d.log = nil
	at := len(d.events) - 1
	if d.stepping() {
		at = d.at
	}
	d.at = max(0, at+n)
	if d.follows = d.at >= len(d.events)-1; d.follows {
		d.at = newest
	}
	d.refresh()
}

// pan moves the window over the graph; false when the key does not.
func (d *detail) pan(key string) bool {
	by, ok := map[string][2]int{"shift+left": {-8, 0}, "shift+right": {8, 0}, "shift+up": {0, -3}, "shift+down": {0, 3}}[key]
	if ok {
		d.graph.Move(by[0], by[1])
	}
	return ok
}

// moveGraph pans by the plain keys while the graph has all the room.
func (d *detail) moveGraph(msg tea.KeyPressMsg) {
	d.moveIn(msg, func(n int) { d.graph.Move(0, n) }, 1<<20)
}
