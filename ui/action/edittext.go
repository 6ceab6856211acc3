package action

import (
	"fmt"

	tea "charm.land/bubbletea/v2"
)

// EditText asks for a text of any length, in the editor that VISUAL or EDITOR
// names. Until the editor ends nothing is polled, drawn or renewed. A text that
// was left as it is goes nowhere.
type EditText struct {
	// Name is the file's, such as "input.json": an editor takes from its end what
	// it is.
	Name string
	// Text is what the editor opens on.
	Text string
	// Most is how many bytes are accepted; 0 sets no limit.
	Most int
	// Check says what is wrong with a text; nil accepts all.
	Check func(string) error
	// Then goes on with a text that was changed and that nothing is wrong with.
	Then func(text string) tea.Cmd

	// draft tells that Text is what was written before, in place of before.
	draft  bool
	before string
}

// Before is the text that the operator began with.
func (e EditText) Before() string {
	if e.draft {
		return e.before
	}
	return e.Text
}

// Again asks for the same once more, beginning with what was written until now.
func (e EditText) Again(draft string) EditText {
	e.before = e.Before()
	e.draft, e.Text = true, draft
	return e
}

// Wrong says why a text can't be used; nil when it can.
func (e EditText) Wrong(text string) error {
	if e.Most > 0 && len(text) > e.Most {
		return fmt.Errorf("it has %d bytes; at most %d are accepted", len(text), e.Most)
	}
	if e.Check == nil {
		return nil
	}
	return e.Check(text)
}

// NoEditor is why no text can be edited in an editor; "" when it can.
func (w *World) NoEditor() string {
	if w.Editor == "" {
		return "no editor is set: start again with EDITOR=vi, or another one, in the environment"
	}
	return ""
}
