package ui

import (
	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/dialog"
	"orderops/ui/component/help"
	"orderops/ui/component/palette"
	"orderops/ui/component/pane"
	"orderops/ui/component/toast"
	"orderops/ui/keys"
	"orderops/ui/theme"
)

// overlay lies on top of the screen and takes every key until it is closed.
type overlay interface {
	// Update returns true when the overlay is to be closed.
	Update(msg tea.Msg) (tea.Cmd, bool)
	// View is a box of at most w by h cells.
	View(w, h int) string
	Cursor() *tea.Cursor
}

func (m *Model) showHelp() tea.Cmd {
	m.overlay = newHelp(m.theme, m.open.Name(), m.helpSections())
	return nil
}

func (m *Model) showErrors() tea.Cmd {
	m.toasts.MarkRead()
	m.overlay = newErrors(m.theme, &m.toasts)
	return nil
}

func (m *Model) updateOverlay(msg tea.Msg) tea.Cmd {
	if click, ok := msg.(tea.MouseMsg); ok {
		x, y := dialog.Origin(m.overlay.View(m.width-4, m.height-2), m.width, m.height)
		msg = shift(click, -x, -y)
	}
	if msg == nil {
		return nil
	}
	cmd, closed := m.overlay.Update(msg)
	if closed {
		if cmd != nil {
			m.asks()
		}
		m.overlay = nil
		m.current().Refresh()
	}
	return cmd
}

// explain shows words, but never in place of what is open.
func (m *Model) explain(msg action.Explain) {
	if m.overlay != nil {
		m.inform("not shown over what is open: " + msg.Title + "; ask again")
		return
	}
	spec := dialog.Spec{Title: msg.Title, Action: msg.Verb}
	for _, f := range msg.Facts {
		spec.Facts = append(spec.Facts, dialog.Fact{Label: f.Label, Text: f.Text})
	}
	m.overlay = notice{dialog.New(m.theme, spec), msg.Then}
}

// notice is an open explanation.
type notice struct {
	*dialog.Dialog

	then tea.Cmd
}

// Update closes it, and goes on when that was agreed to.
func (n notice) Update(msg tea.Msg) (tea.Cmd, bool) {
	outcome := n.Dialog.Update(msg)
	if outcome == dialog.Confirmed {
		return n.then, true
	}
	return nil, outcome != dialog.Pending
}

// paletteOverlay lists every action that exists here.
type paletteOverlay struct {
	*palette.Palette
	model   *Model
	actions map[string]func() tea.Cmd
}

func newPalette(m *Model) *paletteOverlay {
	p := &paletteOverlay{model: m, actions: map[string]func() tea.Cmd{}}
	var items []palette.Item
	add := func(title string, binding keys.Binding, disabled string, run func() tea.Cmd) {
		items = append(items, palette.Item{ID: title, Title: title, Keys: m.shown(binding).Name(), Disabled: disabled})
		p.actions[title] = run
	}
	for _, a := range m.current().Actions() {
		switch a.Binding.Name() {
		case m.keys.Errors.Name(), m.keys.Refresh.Name(), m.keys.Quit.Name():
			continue // they stand below, for every screen
		case m.keys.Back.Name():
			add(a.Title, a.Binding, "", m.back)
			continue
		}
		add(a.Title, a.Binding, m.unavailable(a), func() tea.Cmd { return m.run(a) })
	}
	for _, s := range m.order() {
		add("go to "+s.Name(), m.screenKeys()[s-1], "", func() tea.Cmd { return m.show(action.Open{Screen: s}) })
	}
	if _, here := p.actions[traceTitle]; !here {
		add(traceTitle, keys.Binding{}, "", func() tea.Cmd {
			return tea.Sequence(action.Send(action.Open{Screen: action.Orders}), m.elsewhere(action.Orders, traceTitle))
		})
	}
	if _, here := p.actions[applySavedTitle]; !here {
		add(applySavedTitle, keys.Binding{}, "", func() tea.Cmd {
			return tea.Sequence(action.Send(action.Open{Screen: action.DeadLetters}), m.elsewhere(action.DeadLetters, applySavedTitle))
		})
	}
	add("refresh now", m.keys.Refresh, "", m.refreshNow)
	add("show the preview right, below or away", m.keys.Preview, "", func() tea.Cmd { m.nextPreview(); return nil })
	add("go to another context", m.keys.Contexts, m.noContexts(), m.chooseContext)
	add("unlock or lock production", m.keys.Unlock, m.noLock(), m.unlockOrLock)
	add("show errors in full", m.keys.Errors, "", m.showErrors)
	add("show the keys of this screen", m.keys.Help, "", m.showHelp)
	add("quit", m.keys.Quit, "", m.leave)
	p.Palette = palette.New(m.theme, items)
	return p
}

// What can be done from every screen, by the words of the screen that does it.
const (
	traceTitle      = "trace an order by its id, execution, message or user"
	applySavedTitle = "apply a saved plan, as far as it still holds"
)

// elsewhere runs an action of another screen.
func (m *Model) elsewhere(screen action.Screen, title string) tea.Cmd {
	why := m.world.NotConnected()
	for _, a := range m.screens[screen].Actions() {
		if a.Title != title {
			continue
		}
		if why = m.unavailable(a); why == "" {
			return a.Run()
		}
	}
	return action.Send(action.Say{Text: title + ": " + why})
}

// Update runs what was chosen.
func (p *paletteOverlay) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch p.Palette.Update(msg) {
	case palette.Cancelled:
		return nil, true
	case palette.Chosen:
		item, _ := p.Selected()
		p.model.overlay = nil // the action may open another one
		cmd := p.actions[item.ID]()
		return cmd, p.model.overlay == nil
	case palette.Pending:
	}
	return nil, false
}

// scrolled is a box of lines that any other key than scrolling closes.
type scrolled struct {
	scroll pane.Scroll
	lines  int
	keys   keys.Map
	view   func(s *pane.Scroll, w, h int) string
}

func newHelp(th *theme.Theme, title string, sections []keys.Section) *scrolled {
	return &scrolled{keys: keys.Global(), lines: 200, view: func(s *pane.Scroll, w, h int) string {
		return help.View(th, s, title+" keys", sections, min(w, 100), h)
	}}
}

func newErrors(th *theme.Theme, toasts *toast.Toasts) *scrolled {
	return &scrolled{keys: keys.Global(), lines: 2000, view: func(s *pane.Scroll, w, h int) string {
		if len(toasts.Log()) == 0 {
			return pane.Frame(th, "Errors", "", []string{" none so far"}, min(w, 40), 3, true)
		}
		return toasts.LogView(th, s, min(w, 120), h)
	}}
}

// Update scrolls, or closes.
func (o *scrolled) Update(msg tea.Msg) (tea.Cmd, bool) {
	page := 10
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		if msg.Button == tea.MouseWheelUp {
			o.scroll.Move(-3, o.lines, page)
		} else {
			o.scroll.Move(3, o.lines, page)
		}
	case tea.KeyPressMsg:
		switch {
		case o.keys.Up.Match(msg):
			o.scroll.Move(-1, o.lines, page)
		case o.keys.Down.Match(msg):
			o.scroll.Move(1, o.lines, page)
		case o.keys.PageUp.Match(msg):
			o.scroll.Move(-page, o.lines, page)
		case o.keys.PageDown.Match(msg):
			o.scroll.Move(page, o.lines, page)
		default:
			return nil, true
		}
	}
	return nil, false
}

// View is the box.
func (o *scrolled) View(w, h int) string { return o.view(&o.scroll, w, h) }

// Cursor is nil: there is nothing to type.
func (o *scrolled) Cursor() *tea.Cursor { return nil }
