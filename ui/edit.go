package ui

import (
	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/dialog"
	"orderops/ui/theme"
)

// editor asks for one line of text and goes on with it.
type editor struct {
	*dialog.Dialog

	then func(string) tea.Cmd
}

func newEditor(th *theme.Theme, edit action.Edit) *editor {
	return &editor{then: edit.Then, Dialog: dialog.New(th, dialog.Spec{
		Title: edit.Title, Action: edit.Verb,
		Option: &dialog.Option{Label: edit.Label, Value: edit.Value, Hint: edit.Hint, Check: edit.Check, First: true},
	})}
}

// edit asks for a text, but never in place of what is open.
func (m *Model) edit(edit action.Edit) {
	if m.overlay != nil {
		m.inform("not shown over what is open: " + edit.Title + "; ask again")
		return
	}
	m.overlay = newEditor(m.theme, edit)
}

// Update goes on with the text when it was agreed to.
func (e *editor) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch e.Dialog.Update(msg) {
	case dialog.Cancelled:
		return nil, true
	case dialog.Confirmed:
		return e.then(e.Option()), true
	case dialog.Pending:
	}
	return nil, false
}
