package ui

import (
	tea "charm.land/bubbletea/v2"

	"orderops/ui/component/dialog"
	"orderops/ui/component/palette"
	"orderops/ui/component/toast"
	"orderops/ui/text"
	"orderops/workflow"
)

// noContexts is why no other context can be chosen.
func (m *Model) noContexts() string {
	switch {
	case m.options.Local:
		return "a local AWS has no other context"
	case len(m.options.Contexts) == 0:
		return "the configuration file has no contexts; `orderops config init` writes one"
	case m.world.Desk != nil && m.world.Desk.Busy():
		return "something is under way; wait for its end"
	}
	return ""
}

// chooseContext lists the contexts.
func (m *Model) chooseContext() tea.Cmd {
	if why := m.noContexts(); why != "" {
		m.inform(why)
		return nil
	}
	var items []palette.Item
	for _, name := range m.options.Contexts {
		item := palette.Item{ID: name, Title: name}
		if name == m.options.Context {
			item.Disabled = "this is it"
		}
		items = append(items, item)
	}
	m.overlay = &contexts{Palette: palette.NewOf(m.theme, "Contexts", "context", items), model: m}
	return nil
}

// contexts is the open list of contexts.
type contexts struct {
	*palette.Palette
	model *Model
}

// Update leaves for the chosen context.
func (c *contexts) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch c.Palette.Update(msg) {
	case palette.Cancelled:
		return nil, true
	case palette.Chosen:
		item, _ := c.Selected()
		c.model.next = item.ID
		return c.model.leave(), true
	case palette.Pending:
	}
	return nil, false
}

// noLock is why there is nothing to unlock or to lock.
func (m *Model) noLock() string {
	switch state := m.world.Guard.State(); {
	case state.ReadOnly:
		return "a read-only session stays read-only"
	case !state.Production:
		return "only production contexts are locked"
	case m.connection == nil:
		return "not connected yet"
	}
	return ""
}

// unlockOrLock asks for the reason to unlock production, or locks it at once.
func (m *Model) unlockOrLock() tea.Cmd {
	if why := m.noLock(); why != "" {
		m.inform(why)
		return nil
	}
	if !m.world.Guard.State().OpenUntil.IsZero() {
		m.world.Guard.Lock()
		m.inform("production is locked")
		return nil
	}
	m.overlay = &unlock{model: m, Dialog: dialog.New(m.theme, dialog.Spec{
		Title: "Unlock production", Action: "unlock",
		Facts: []dialog.Fact{
			{Label: "context", Text: m.options.Context},
			{Label: "then", Text: "for " + text.Duration(m.world.Guard.UnlockFor()) + " changes are possible; each still asks for a typed name"},
			{Label: "reason", Text: "goes into the audit file with every change"},
		},
		Option: &dialog.Option{Label: "why", Hint: "what happened, or a ticket", Check: workflow.CheckReason},
	})}
	return nil
}

// unlock asks for the reason.
type unlock struct {
	*dialog.Dialog
	model *Model
}

// Update unlocks when a reason was given.
func (u *unlock) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch u.Dialog.Update(msg) {
	case dialog.Cancelled:
		return nil, true
	case dialog.Confirmed:
		until, err := u.model.world.Guard.Unlock(u.Option())
		if err != nil {
			u.model.complain(err)
		} else {
			u.model.toasts.Show(toast.Entry{At: u.model.world.Now, Level: toast.Good, Text: "production is open until " + text.Clock(until)})
		}
		return nil, true
	case dialog.Pending:
	}
	return nil, false
}
