package cli

import (
	"context"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"orderops/ui/component/graph"
	drawn "orderops/ui/machine"
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
	g.Set(drawn.Scene{Machine: machine, Layout: layout, Steps: steps}.Picture(plain))
	for line := range strings.Lines(ansi.Strip(g.View())) {
		p.print("%s\n", strings.TrimRight(line, " \n"))
	}
	return v.complete("draw the execution")
}
