package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/workflow/monitor"
)

// key routes a key press: to what lies on top, to a text that is being typed,
// to the keys that mean the same everywhere, to the screen's actions, and at
// last to the screen itself.
func (m *Model) key(msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case m.keys.Interrupt.Match(msg):
		return m.leave()
	case m.small(), m.leaving:
		return nil // what can't be seen must not be operated, nor what is about to end
	case m.overlay != nil:
		return m.updateOverlay(msg)
	case m.current().Typing():
		return m.updateScreen(msg)
	}
	msg, ok := m.options.Keys.Translate(m.open.Place(), msg)
	if !ok {
		return nil // its action was given another key
	}
	if cmd, ok := m.everywhere(msg); ok {
		return cmd
	}
	for _, a := range m.current().Actions() {
		if a.Binding.Match(msg) {
			return m.run(a)
		}
	}
	return m.updateScreen(msg)
}

// everywhere handles the keys that mean the same on every screen.
func (m *Model) everywhere(msg tea.KeyPressMsg) (tea.Cmd, bool) {
	for i, binding := range m.screenKeys() {
		if binding.Match(msg) {
			return m.show(action.Open{Screen: action.Screen(i + 1)}), true
		}
	}
	switch {
	case m.keys.Quit.Match(msg):
		return m.quit(), true
	case m.keys.Back.Match(msg):
		if m.toasts.Visible(m.world.Now) {
			m.toasts.Dismiss()
		}
		return m.back(), true
	case m.keys.Help.Match(msg):
		return m.showHelp(), true
	case m.keys.Palette.Match(msg):
		m.overlay = newPalette(m)
	case m.keys.Errors.Match(msg):
		return m.showErrors(), true
	case m.keys.Refresh.Match(msg):
		return m.refreshNow(), true
	case m.keys.Contexts.Match(msg):
		return m.chooseContext(), true
	case m.keys.Pause.Match(msg):
		m.pauseOrGoOn()
	case m.keys.Preview.Match(msg):
		m.nextPreview()
	case m.keys.Suspend.Match(msg):
		return tea.Suspend, true
	case m.keys.Unlock.Match(msg):
		return m.unlockOrLock(), true
	default:
		return nil, false
	}
	return nil, true
}

// quit goes one step back inside a screen, else it leaves. A filter is no step: it
// is kept for the next time.
func (m *Model) quit() tea.Cmd {
	filter := ""
	screen, ok := m.current().(listed)
	if ok {
		filter = screen.List().Filter()
	}
	if !m.current().Back() {
		return m.leave()
	}
	if filter != "" && screen.List().Filter() == "" {
		screen.List().SetFilter(filter)
		return m.leave()
	}
	m.current().Refresh()
	return nil
}

// refreshNow polls what is shown at once, or connects again.
func (m *Model) refreshNow() tea.Cmd {
	if m.connection == nil {
		if m.connecting {
			return nil
		}
		m.connecting = true
		m.inform("connecting again")
		return m.connect()
	}
	if !m.paused.IsZero() {
		m.inform("paused: " + m.world.Key("pause") + " goes on")
		return nil
	}
	m.schedule.Touch(monitor.OrderQueueFeed, monitor.DeadLetterQueueFeed, monitor.ExecutionsFeed, monitor.HistoryFeed,
		monitor.PositionsFeed, monitor.DetailsFeed, monitor.RowsFeed, monitor.MovesFeed, monitor.TopicFeed)
	m.inform("refreshing")
	return m.current().Update(action.Refresh{})
}

// run starts an action, or says why it can't run.
func (m *Model) run(a action.Action) tea.Cmd {
	if why := m.unavailable(a); why != "" {
		m.inform(a.Binding.Help + ": " + why)
		return nil
	}
	if a.Changes {
		m.asks()
	}
	cmd := a.Run()
	m.current().Refresh()
	return cmd
}

func (m *Model) unavailable(a action.Action) string {
	if a.Changes {
		if why := m.world.NoChange(); why != "" {
			return why
		}
	}
	return a.Unavailable
}

func (m *Model) updateScreen(msg tea.Msg) tea.Cmd {
	if press, ok := msg.(tea.KeyPressMsg); ok && press.Text == "" && slices.ContainsFunc(m.current().Actions(), func(a action.Action) bool {
		return a.Changes && a.Binding.Match(press)
	}) {
		m.asks() // a screen in which one types matches its own keys
	}
	cmd := m.current().Update(msg)
	m.current().Refresh()
	return cmd
}

func (m *Model) paste(msg tea.PasteMsg) tea.Cmd {
	if m.small() || m.leaving {
		return nil
	}
	if m.overlay != nil {
		return m.updateOverlay(msg)
	}
	return m.updateScreen(msg)
}

// mouse hands a click or the wheel to what lies on top, in its own coordinates.
// A click on the line of tabs opens the screen.
func (m *Model) mouse(msg tea.MouseMsg) tea.Cmd {
	if m.small() || m.leaving {
		return nil
	}
	if m.overlay != nil {
		return m.updateOverlay(msg)
	}
	if click, ok := msg.(tea.MouseClickMsg); ok && click.Y == tabsLine {
		if s, ok := m.tabAt(click.X); ok {
			return m.show(action.Open{Screen: s})
		}
		return nil
	}
	return m.updateScreen(shift(msg, 0, -bodyTop))
}

// shift moves a mouse message into another corner's coordinates.
func shift(msg tea.MouseMsg, dx, dy int) tea.Msg {
	switch msg := msg.(type) {
	case tea.MouseClickMsg:
		msg.X, msg.Y = msg.X+dx, msg.Y+dy
		return msg
	case tea.MouseWheelMsg:
		msg.X, msg.Y = msg.X+dx, msg.Y+dy
		return msg
	}
	return nil
}
