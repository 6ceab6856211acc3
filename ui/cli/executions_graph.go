package cli

import (
	"context"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"orderops/ui/component/graph"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/definition"
)

func (p *program) executionsGraph() *cobra.Command {
	cmd := &cobra.Command{
		Use: "graph [EXECUTION]", Short: "Draw the state machine, and the way that an execution took", Args: cobra.MaximumNArgs(1),
		Long: "Draws the state machine as text, as it is defined now. With an execution, the states that it visited have a sign of how each ended, " +
			"and the lines that it went along are heavy.",
		Example: "orderops executions graph 7c1e24a0-0c8a-4f4f-9f5e-1a8b9f0b8d11",
	}
	cmd.RunE = p.at(func(ctx context.Context, c *Connection, args []string) error { return p.drawExecution(ctx, c, args) })
	p.bounded(cmd)
	return cmd
}

func (p *program) drawExecution(ctx context.Context, c *Connection, args []string) error {
	v := p.newPicture(c)
	var steps []workflow.Step
	if len(args) > 0 {
		looked, e, err := p.lookUp(ctx, c, args[0])
		if err != nil {
			return err
		}
		events, _ := looked.store.History(e.ARN)
		v, steps = looked, workflow.Steps(events, e.Status)
	} else if err := v.read(ctx, definitionPoll()); err != nil {
		return err
	}
	name, machine := v.store.Definition()
	layout := definition.Arrange(machine, func(s string) int { return text.Width(text.Clean(s)) })
	if layout == nil {
		return &workflow.Problem{Operation: "draw the state machine", Target: name, Reason: "its definition could not be read, or is too large to be drawn", Err: v.why}
	}
	plain := theme.New(true, false)
	g := graph.New(plain)
	g.SetSize(layout.W, layout.H)
	g.Set(drawing(layout, steps, plain))
	for line := range strings.Lines(ansi.Strip(g.View())) {
		p.print("%s\n", strings.TrimRight(line, " \n"))
	}
	return v.complete("draw the execution")
}

// drawing is the layout with what has happened in it.
func drawing(l *definition.Layout, steps []workflow.Step, th *theme.Theme) *graph.Picture {
	last := map[string]workflow.StepStatus{}
	went := map[[2]string]bool{}
	for i, s := range steps {
		last[s.State] = s.Status
		if i > 0 {
			went[[2]string{steps[i-1].State, s.State}] = true
		}
	}
	picture := &graph.Picture{W: l.W, H: l.H}
	for i := range l.Boxes {
		b := &l.Boxes[i]
		box := graph.Box{
			ID: b.State.Name, Label: b.State.Name, Glyph: "·", X: b.X, Y: b.Y, W: b.W, H: b.H, Port: b.Port, Depth: b.Depth,
			Frameless: b.Frameless, Start: b.Start, End: b.State.End,
		}
		if b.Frameless {
			box.Glyph = "◇"
		}
		if status, visited := last[b.State.Name]; visited {
			box.Glyph, _ = th.Status(string(stepped(status)))
			box.Heavy = status == workflow.StepRunning
		}
		picture.Boxes = append(picture.Boxes, box)
	}
	for i := range l.Lines {
		line := graph.Line{From: l.Lines[i].From, To: l.Lines[i].To, Label: l.Lines[i].Label, Arrow: l.Lines[i].Back}
		line.Heavy = went[[2]string{line.From, line.To}]
		for _, at := range l.Lines[i].Points {
			line.Points = append(line.Points, graph.Point(at))
		}
		picture.Lines = append(picture.Lines, line)
	}
	for _, label := range l.Labels {
		picture.Labels = append(picture.Labels, graph.Label{X: label.X, Y: label.Y, W: label.W, Text: label.Text})
	}
	return picture
}

// stepped is the status of an execution that looks like that of a step.
func stepped(s workflow.StepStatus) workflow.ExecutionStatus {
	switch s {
	case workflow.StepRunning:
		return workflow.Running
	case workflow.StepFailed:
		return workflow.Failed
	case workflow.StepCaught:
		return workflow.PendingRedrive
	case workflow.StepAborted:
		return workflow.Aborted
	case workflow.StepTimedOut:
		return workflow.TimedOut
	case workflow.StepDone:
	}
	return workflow.Succeeded
}
