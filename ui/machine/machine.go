// Package machine draws a state machine with what has happened in it: one drawing
// for the dashboard and for commands.
package machine

import (
	"fmt"

	"orderops/ui/component/graph"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/definition"
)

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

// Scene is what has happened in a machine.
type Scene struct {
	Machine *definition.Machine
	Layout  *definition.Layout
	Steps   []workflow.Step
	// Selected is a state's name; "" selects none.
	Selected string
	// Note is what stands beside the name of a visited state; nil writes nothing.
	Note func(workflow.Step) string
}

// Picture is the layout with what has happened in it.
func (c Scene) Picture(th *theme.Theme) *graph.Picture {
	l := c.Layout
	visits := map[string][]workflow.Step{}
	for _, s := range c.Steps {
		visits[s.State] = append(visits[s.State], s)
	}
	went := taken(c.Machine, c.Steps)
	p := &graph.Picture{W: l.W, H: l.H, Boxes: make([]graph.Box, 0, len(l.Boxes)), Lines: make([]graph.Line, 0, len(l.Lines)), Labels: make([]graph.Label, 0, len(l.Labels))}
	for i := range l.Boxes {
		p.Boxes = append(p.Boxes, c.box(th, &l.Boxes[i], visits[l.Boxes[i].State.Name]))
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
func (c Scene) box(th *theme.Theme, b *definition.Box, visits []workflow.Step) graph.Box {
	s := b.State
	box := graph.Box{
		ID: s.Name, Label: s.Name, Tone: theme.Dim, X: b.X, Y: b.Y, W: b.W, H: b.H, Port: b.Port, Depth: b.Depth,
		Frameless: b.Frameless, Start: b.Start, End: s.End, Selected: c.Selected == s.Name,
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
	glyph, tone := Glyph(th, last.Status)
	box.Tone, box.Heavy = tone, last.Status == workflow.StepRunning
	if !b.Frameless || last.Status != workflow.StepDone {
		box.Glyph = glyph
	}
	if c.Note != nil {
		box.Note = c.Note(last)
	}
	return box
}

// Glyph is the sign of a step and its colour: those of an execution that ended so.
func Glyph(th *theme.Theme, status workflow.StepStatus) (string, theme.Tone) {
	word := map[workflow.StepStatus]workflow.ExecutionStatus{
		workflow.StepRunning:  workflow.Running,
		workflow.StepDone:     workflow.Succeeded,
		workflow.StepFailed:   workflow.Failed,
		workflow.StepAborted:  workflow.Aborted,
		workflow.StepTimedOut: workflow.TimedOut,
		workflow.StepCaught:   workflow.PendingRedrive,
	}[status]
	return th.Status(string(word))
}
