package ui

import (
	"context"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/workflow/operation"
)

// sized is a model on a terminal of 80 by 24.
func sized(t *testing.T) *Model {
	t.Helper()
	m := New(t.Context(), Options{Connect: func(context.Context) (*Connection, error) { return nil, context.Canceled }})
	m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	return m
}

func press(m *Model, keys ...rune) {
	for _, k := range keys {
		m.Update(tea.KeyPressMsg{Code: k, Text: string(k)})
	}
}

func TestNothingIsOperatedUnseen(t *testing.T) {
	t.Parallel()
	applied := false
	m := sized(t)
	m.Update(action.Ask{
		Plan:  operation.Plan{Title: "Stop", Verb: "stop", Risk: operation.Ask},
		Apply: func(context.Context, int) tea.Msg { applied = true; return nil },
	})
	m.Update(tea.WindowSizeMsg{Width: 40, Height: 10})
	_, cmd := m.Update(tea.KeyPressMsg{Code: 'y', Text: "y"})
	if m.overlay == nil || applied {
		t.Errorf("answered on a terminal that shows no question: %v", cmd)
	}
	press(m, '4')
	if m.open != action.Overview {
		t.Error("another screen was opened unseen")
	}
}

func TestALatePlanTakesNoOthersPlace(t *testing.T) {
	t.Parallel()
	m := sized(t)
	press(m, '?')
	before := m.overlay
	m.Update(action.Ask{Plan: operation.Plan{Title: "Redrive", Verb: "redrive", Risk: operation.TypeName, Type: "q"}})
	if m.overlay != before || !strings.Contains(m.foot(), "Redrive") {
		t.Errorf("the help gave way to a plan: %q", m.foot())
	}
}
