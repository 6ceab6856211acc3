package ui

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/keys"
	"orderops/workflow/operation"
)

// asker is a screen on which x asks for a plan that comes when the test sends it.
type asker struct {
	screen

	typing bool
}

func (a *asker) Actions() []action.Action {
	return []action.Action{{Binding: keys.New("ask", "x"), Title: "ask", Changes: true, Run: func() tea.Cmd { return nil }}}
}

func (a *asker) Typing() bool { return a.typing }

// A plan can take seconds. When it comes while the operator types, or is
// elsewhere, no key that was meant for something else agrees to it.
func TestALatePlanIsNotAgreedToByAccident(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(m *Model, a *asker) // what is done while the plan is made
		shown  bool
		after  time.Duration // how long after it the key comes
		agreed bool
	}{
		"waited for":               {func(*Model, *asker) {}, true, 0, true},
		"a key, and the next":      {func(m *Model, _ *asker) { press(m, 'j') }, true, silence / 2, false},
		"a key, and a pause":       {func(m *Model, _ *asker) { press(m, 'j') }, true, silence, true},
		"another screen":           {func(m *Model, _ *asker) { press(m, '2') }, false, time.Minute, false},
		"another screen, and back": {func(m *Model, _ *asker) { press(m, '2', '1') }, true, 0, false},
		"typing a filter":          {func(m *Model, a *asker) { a.typing = true; press(m, 'j') }, false, time.Minute, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := sized(t)
				a := &asker{screen: m.screens[action.Overview]}
				m.screens[action.Overview] = a
				m.world.Desk = operation.NewDesk(m.world.Deployment, nil, nil, operation.Options{})
				press(m, 'x')
				time.Sleep(2 * time.Second)
				c.before(m, a)
				m.Update(action.Ask{
					Plan:  operation.Plan{Title: "Redrive 2 messages", Verb: "redrive", Risk: operation.Ask},
					Apply: func(context.Context, int) tea.Msg { return nil },
				})
				if shown := m.overlay != nil; shown != c.shown {
					t.Fatalf("shown %v, want %v", shown, c.shown)
				}
				if !c.shown && !strings.Contains(m.foot(), "Redrive 2 messages") {
					t.Errorf("nothing is said of the plan: %q", m.foot())
				}
				time.Sleep(c.after)
				press(m, 'y')
				if agreed := c.shown && m.overlay == nil; agreed != c.agreed {
					t.Errorf("agreed %v, want %v", agreed, c.agreed)
				}
			})
		})
	}
}

// Who has said goodbye begins nothing new while what was begun is finished.
func TestNothingIsBegunWhileLeaving(t *testing.T) {
	t.Parallel()
	m := sized(t)
	m.leaving = true
	press(m, '2')
	m.Update(tea.MouseClickMsg{X: 30, Y: tabsLine, Button: tea.MouseLeft})
	if m.open != action.Overview {
		t.Errorf("went to %s", m.open.Name())
	}
}
