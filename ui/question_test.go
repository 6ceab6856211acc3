package ui

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
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

// TestAPlanIsSavedFromItsQuestion: a key keeps the plan with the number as it
// stands, says where, and the question stays.
func TestAPlanIsSavedFromItsQuestion(t *testing.T) {
	t.Parallel()
	kept, rate := "", 0
	ask := action.Ask{
		Plan:   operation.Plan{Title: "Redrive 2 messages", Verb: "redrive it/..", Risk: operation.TypeName, Type: "Dead"},
		Number: &action.Number{Label: "rate", Value: 7, Least: 1, Most: 9},
		Save: func(_ context.Context, file string, number int) error {
			kept, rate = file, number
			return nil
		},
	}
	world := &action.World{Guard: workflow.NewGuard(false, false, 0), Context: t.Context(), Now: time.Date(2026, 11, 27, 12, 0, 0, 0, time.Local)}
	q := newQuestion(theme.New(true, true), world, "", ask)
	if frame := ansi.Strip(q.View(120, 40)); !strings.Contains(frame, "ctrl+s saves this plan") {
		t.Errorf("shows\n%s", frame)
	}
	press := tea.KeyPressMsg{Code: 's', Mod: tea.ModCtrl}
	cmd, closed := q.Update(press)
	if closed || cmd == nil {
		t.Fatal("the question is closed, or nothing is done")
	}
	said, ok := cmd().(action.Say)
	if !ok || said.Err != nil || rate != 7 || filepath.Base(kept) != "redrive-it----20261127-120000.plan.json" || !strings.Contains(said.Text, kept) {
		t.Errorf("%+v, kept %q at %d", said, kept, rate)
	}
	ask.Save = nil
	q = newQuestion(theme.New(true, true), world, "", ask)
	if cmd, closed := q.Update(press); cmd != nil || closed {
		t.Error("a plan that can't be kept is kept")
	}
}
