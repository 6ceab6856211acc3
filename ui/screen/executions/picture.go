package executions

import (
	"fmt"
	"strings"
	"time"

	"orderops/ui/component/graph"
	"orderops/ui/text"
	"orderops/ui/theme"
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
}

// lay lays the machine out, once.
func (d *detail) lay() {
	if _, machine := d.world.Store.Definition(); machine != d.chart.machine {
		d.chart = chart{machine: machine, layout: definition.Arrange(machine, func(s string) int { return text.Width(text.Clean(s)) })}
	}
}

// draw gives the graph the picture of the moment, if it is another one.
func (d *detail) draw() {
	is := drawn{layout: d.chart.layout, events: len(d.events), at: d.at, status: d.status(), selected: d.selected().State, left: d.countdown()}
	if e, ok := d.event(); ok {
		is.last = e.ID
	}
	if is == d.chart.drawn || is.layout == nil {
		return
	}
	moved := is.selected != d.chart.drawn.selected || d.chart.drawn.layout == nil
	d.chart.drawn = is
	d.graph.Set(d.picture())
	if moved {
		d.graph.Show(is.selected)
	}
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

// way is an edge that was taken.
type way struct {
	from, to string
	caught   bool
}

// taken are the edges that the steps went along.
func taken(machine *definition.Machine, steps []workflow.Step) map[way]bool {
	leads := map[[2]string]bool{}
	note(machine, leads)
	out := map[way]bool{}
	for i, s := range steps {
		for j := i - 1; j >= 0; j-- {
			before := steps[j]
			if before.Exited.IsZero() || !leads[[2]string{before.State, s.State}] {
				continue
			}
			out[way{before.State, s.State, before.Status == workflow.StepCaught}] = true
			break
		}
	}
	return out
}

// note collects all edges, those inside of Map and Parallel too.
func note(m *definition.Machine, leads map[[2]string]bool) {
	for _, s := range m.States {
		for _, e := range s.Edges {
			leads[[2]string{s.Name, e.To}] = true
		}
		for _, child := range s.Children {
			note(child, leads)
		}
	}
}

// picture is the layout with what has happened in it.
func (d *detail) picture() *graph.Picture {
	l := d.chart.layout
	visits := map[string][]workflow.Step{}
	var steps []workflow.Step
	for _, s := range d.states {
		if !s.ahead {
			visits[s.State] = append(visits[s.State], s.Step)
			steps = append(steps, s.Step)
		}
	}
	went := taken(d.chart.machine, steps)
	p := &graph.Picture{W: l.W, H: l.H, Boxes: make([]graph.Box, 0, len(l.Boxes)), Lines: make([]graph.Line, 0, len(l.Lines)), Labels: make([]graph.Label, 0, len(l.Labels))}
	for i := range l.Boxes {
		p.Boxes = append(p.Boxes, d.box(&l.Boxes[i], visits[l.Boxes[i].State.Name]))
	}
	for i := range l.Lines {
		line := &l.Lines[i]
		drawn := graph.Line{From: line.From, To: line.To, Label: line.Label, Arrow: line.Back, Tone: theme.Dim, Points: make([]graph.Point, 0, len(line.Points))}
		if line.Kind == definition.Catch {
			drawn.Label = "catch " + line.Label
		}
		if went[way{line.From, line.To, line.Kind == definition.Catch}] {
			drawn.Tone, drawn.Heavy = theme.Good, true
			if line.Kind == definition.Catch {
				drawn.Tone = theme.Warn
			}
		}
		for _, at := range line.Points {
			drawn.Points = append(drawn.Points, graph.Point(at))
		}
		p.Lines = append(p.Lines, drawn)
	}
	for _, label := range l.Labels {
		p.Labels = append(p.Labels, graph.Label{X: label.X, Y: label.Y, W: label.W, Text: label.Text, Tone: theme.Dim})
	}
	return p
}

// box is a state with what its visits, the newest last, have come to.
func (d *detail) box(b *definition.Box, visits []workflow.Step) graph.Box {
	s := b.State
	box := graph.Box{
		ID: s.Name, Label: s.Name, Tone: theme.Dim, X: b.X, Y: b.Y, W: b.W, H: b.H, Port: b.Port, Depth: b.Depth,
		Frameless: b.Frameless, Start: b.Start, End: s.End, Selected: d.selected().State == s.Name,
	}
	if len(s.Retries) > 0 {
		box.Beside = "↻"
	}
	retries := 0
	for _, v := range visits {
		retries += v.Retries
	}
	switch {
	case retries > 0:
		box.Beside = fmt.Sprintf("↻%d", retries)
	case len(visits) > 1:
		box.Beside = fmt.Sprintf("×%d", len(visits))
	}
	box.Glyph = "·"
	if b.Frameless {
		box.Glyph = "◇"
	}
	if len(visits) == 0 {
		return box
	}
	last := visits[len(visits)-1]
	glyph, tone := d.glyph(last.Status)
	box.Tone, box.Heavy = tone, last.Status == workflow.StepRunning
	if !b.Frameless || last.Status != workflow.StepDone {
		box.Glyph = glyph
	}
	box.Note = d.left(last)
	return box
}

func (d *detail) glyph(status workflow.StepStatus) (string, theme.Tone) {
	word := map[workflow.StepStatus]workflow.ExecutionStatus{
		workflow.StepRunning:  workflow.Running,
		workflow.StepDone:     workflow.Succeeded,
		workflow.StepFailed:   workflow.Failed,
		workflow.StepAborted:  workflow.Aborted,
		workflow.StepTimedOut: workflow.TimedOut,
		workflow.StepCaught:   workflow.PendingRedrive,
	}[status]
	return d.theme.Status(string(word))
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
