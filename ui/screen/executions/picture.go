package executions

import (
	"strings"
	"time"

	"orderops/ui/machine"
	"orderops/ui/text"
	"orderops/workflow"
	"orderops/workflow/definition"
)

// chart is where the states of a machine stand; it is made once per machine.
type chart struct {
	machine *definition.Machine
	layout  *definition.Layout // nil: there is nothing that could be drawn
	// drawn is what the graph shows.
	drawn drawn
}

// drawn is everything that a picture depends on.
type drawn struct {
	layout   *definition.Layout
	events   int
	last     int64
	at       int
	status   workflow.ExecutionStatus
	selected string
	left     string
	w, h     int // of the window
}

// lay lays the machine out, once.
func (d *detail) lay() {
	if _, machine := d.world.Store.Definition(); machine != d.chart.machine {
		d.chart = chart{machine: machine, layout: definition.Arrange(machine, func(s string) int { return text.Width(text.Clean(s)) })}
	}
}

// draw gives the graph the picture of the moment, if it is another one.
func (d *detail) draw() {
	is := drawn{layout: d.chart.layout, events: len(d.events), at: d.at, status: d.status(), selected: d.selected().State, left: d.countdown(), w: d.place.graph.w, h: d.place.graph.h}
	if e, ok := d.event(); ok {
		is.last = e.ID
	}
	if is == d.chart.drawn || is.layout == nil {
		return
	}
	was := d.chart.drawn
	moved := is.selected != was.selected || is.w != was.w || is.h != was.h || was.layout == nil
	d.chart.drawn = is
	d.graph.Set(d.scene().Picture(d.theme))
	if moved {
		d.graph.Show(is.selected)
	}
}

// scene is what has happened by the moment.
func (d *detail) scene() machine.Scene {
	scene := machine.Scene{Machine: d.chart.machine, Layout: d.chart.layout, Selected: d.selected().State, Note: d.left}
	for _, s := range d.states {
		if !s.ahead {
			scene.Steps = append(scene.Steps, s.Step)
		}
	}
	return scene
}

// selected is the state under the cursor; zero when there is none.
func (d *detail) selected() state {
	if d.cursor < 0 || d.cursor >= len(d.states) {
		return state{}
	}
	return d.states[d.cursor]
}

// countdown is what is left of the waits that are shown, as it is written.
func (d *detail) countdown() string {
	var left []string
	for _, s := range d.states {
		if s.Status == workflow.StepRunning && !s.ahead {
			left = append(left, d.left(s.Step))
		}
	}
	return strings.Join(left, " ")
}

// left is what is left of a wait, "" when it is none.
func (d *detail) left(s workflow.Step) string {
	if left := d.waitsUntil(s).Sub(d.now()); s.Status == workflow.StepRunning && left > 0 {
		return seconds(left)
	}
	return ""
}

// waitsUntil is when a Wait of fixed length ends; zero when it is none.
func (d *detail) waitsUntil(s workflow.Step) time.Time {
	_, machine := d.world.Store.Definition()
	if machine == nil || s.Kind != "Wait" {
		return time.Time{}
	}
	state, ok := machine.State(s.State)
	if !ok || state.WaitSeconds <= 0 {
		return time.Time{}
	}
	return s.Entered.Add(time.Duration(state.WaitSeconds * float64(time.Second)))
}
