// Package overview is the screen that says in seconds how the system is doing:
// the pipeline with live counts, what needs attention, and the rates.
package overview

import (
	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/pane"
	"orderops/ui/keys"
	"orderops/ui/theme"
	"orderops/workflow/monitor"
)

// Screen is the overview.
type Screen struct {
	action.Calm

	world  *action.World
	theme  *theme.Theme
	keys   keys.Map
	cursor int
	scroll pane.Scroll
	w, h   int
}

// New makes the screen.
func New(world *action.World) *Screen {
	return &Screen{world: world, theme: theme.New(true, true), keys: keys.Global()}
}

// SetTheme changes the styles.
func (s *Screen) SetTheme(th *theme.Theme) { s.theme = th }

// SetSize sets the size in cells.
func (s *Screen) SetSize(w, h int) { s.w, s.h = w, h }

// Refresh keeps the cursor on a finding that exists.
func (s *Screen) Refresh() {
	s.cursor = max(0, min(s.cursor, len(s.findings())-1))
}

func (s *Screen) findings() []monitor.Finding { return s.world.Store.Findings(s.world.Now) }

// Update moves among the findings.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	n := 0
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch {
		case s.keys.Up.Match(msg):
			n = -1
		case s.keys.Down.Match(msg):
			n = 1
		}
	case tea.MouseWheelMsg:
		n = 1
		if msg.Button == tea.MouseWheelUp {
			n = -1
		}
	}
	s.cursor = max(0, min(s.cursor+n, len(s.findings())-1))
	return nil
}

// Shown are the states of what runs.
func (s *Screen) Shown() monitor.Shown {
	shown := monitor.Shown{
		Executions: true, Running: true, Definition: true, Topic: true, Moves: true,
		Consumer: true, Metrics: !s.world.Unmetered, Checks: true,
	}
	for _, e := range s.world.Store.Newest(s.newestRows()) {
		shown.VisibleExecutions = append(shown.VisibleExecutions, e.ARN)
	}
	return shown
}

// Actions are what can be done here.
func (s *Screen) Actions() []action.Action {
	none := ""
	findings := s.findings()
	if s.cursor >= len(findings) {
		none = "nothing needs attention"
	}
	return []action.Action{
		{Binding: s.keys.Open, Title: "open what needs attention", Unavailable: none, Run: func() tea.Cmd {
			return action.Send(s.target(findings[s.cursor]))
		}},
		{Binding: keys.New("submit an order", "n"), Title: "submit an order", Run: func() tea.Cmd {
			return action.Send(action.Open{Screen: action.Submit})
		}},
		{Binding: keys.New("metrics on/off", "m"), Title: "read CloudWatch's metrics, which cost, or leave it", Quiet: true, Run: func() tea.Cmd {
			s.world.Unmetered = !s.world.Unmetered
			return nil
		}},
	}
}

// target is where a finding leads: to the rows that it speaks of, or to words.
func (s *Screen) target(f monitor.Finding) tea.Msg {
	screens := map[monitor.Place]action.Screen{
		monitor.OrdersPlace: action.Orders, monitor.ExecutionsPlace: action.Executions,
		monitor.DeadLettersPlace: action.DeadLetters, monitor.ActivityPlace: action.Activity,
	}
	if screen, ok := screens[f.Link.Place]; ok {
		return action.Open{Screen: screen, Filter: f.Link.Filter}
	}
	return s.explain(f)
}
