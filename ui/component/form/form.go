// Package form is a column of text fields that are checked as they are typed.
package form

import (
	tea "charm.land/bubbletea/v2"

	"orderops/ui/theme"
)

// Field is one line of input.
type Field struct {
	Label, Hint, Value string
	// Check says what is wrong with a value; nil accepts all.
	Check func(string) error
}

// Form is a column of fields, one of which has the focus.
type Form struct {
	theme *theme.Theme
}

// New makes a form with the first field in focus.
func New(th *theme.Theme, fields ...Field) *Form { return &Form{theme: th} }

// SetTheme changes the styles.
func (f *Form) SetTheme(th *theme.Theme) {}

// SetSize sets the size in cells. A field takes two lines.
func (f *Form) SetSize(w, h int) {}

// Update handles typing, paste, and tab, shift+tab, up and down; it says
// whether it used msg. Enter on any field is left to the caller.
func (f *Form) Update(msg tea.Msg) bool { return false }

// View is exactly h lines of exactly w cells.
func (f *Form) View() string { return "" }

// Cursor is the place of the text cursor in View, or nil when it is not on it.
func (f *Form) Cursor() *tea.Cursor { return nil }

// Values are the values as typed, in the order of the fields.
func (f *Form) Values() []string { return nil }

// SetValues replaces the values from the first on.
func (f *Form) SetValues(values ...string) {}

// Errors is what is wrong with each field; nil entries are right.
func (f *Form) Errors() []error { return nil }

// Valid reports whether every field is right.
func (f *Form) Valid() bool { return true }

// Focus puts the cursor into field i.
func (f *Form) Focus(i int) {}

// Focused is the field that has the cursor.
func (f *Form) Focused() int { return 0 }

// ShowErrors shows also the errors of fields that were never touched.
func (f *Form) ShowErrors() {}
