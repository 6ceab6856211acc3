package ui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"orderops/ui/action"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/operation"
)

// TestProductionAsksForTheContext wants the context's name typed for whatever
// changes production, also where a plan asks for a word of its own.
func TestProductionAsksForTheContext(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		production bool
		plan       operation.Plan
		want, ask  string
	}{
		"a question":                {true, operation.Plan{Risk: operation.Ask}, "live", "production: type the context's name"},
		"a consequence":             {true, operation.Plan{Risk: operation.TypeName, Type: "second orders", AskFor: "type what may come of it"}, "live second orders", "type context and what may come of it"},
		"a queue":                   {true, operation.Plan{Risk: operation.TypeName, Type: "Dead"}, "live Dead", "type context and queue's name"},
		"a queue not in production": {false, operation.Plan{Risk: operation.TypeName, Type: "Dead"}, "Dead", "type the queue's name"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.plan.Title, c.plan.Verb = "Do it", "do"
			world := &action.World{Guard: workflow.NewGuard(false, c.production, 0)}
			q := newQuestion(theme.New(true, true), world, "live", action.Ask{Plan: c.plan})
			frame := ansi.Strip(q.View(120, 40))
			if !strings.Contains(frame, c.ask) || !strings.Contains(frame, c.want) {
				t.Errorf("wants %q by %q, shows\n%s", c.want, c.ask, frame)
			}
		})
	}
}
