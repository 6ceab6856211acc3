// Package form is a column of text fields that are checked as they are typed.
package form

import (
	tea "charm.land/bubbletea/v2"

	"orderops/ui/component/input"
	"orderops/ui/component/pane"
	"orderops/ui/text"
	"orderops/ui/theme"
)

// lines is the height of a field: the input, and under it what is wrong with it.
const lines = 2

// Field is one line of input.
type Field struct {
	Label, Hint, Value string
	// Check says what is wrong with a value; nil accepts all.
	Check func(string) error
}

// Form is a column of fields, one of which has the focus.
type Form struct {
	theme   *theme.Theme
	fields  []field
	focus   int
	w, h    int
	blurred bool
	scroll  pane.Scroll
}

type field struct {
	Field
	in      *input.Input
	touched bool // errors are shown only then
}

// New makes a form with the first field in focus.
func New(th *theme.Theme, fields ...Field) *Form {
	f := &Form{theme: th, fields: make([]field, len(fields))}
	for i, spec := range fields {
		f.fields[i] = field{Field: spec, in: input.New(spec.Value)}
	}
	return f
}

// SetTheme changes the styles.
func (f *Form) SetTheme(th *theme.Theme) { f.theme = th }

// SetSize sets the size in cells. A field takes two lines.
func (f *Form) SetSize(w, h int) { f.w, f.h = max(w, 0), max(h, 0) }

// Update handles typing, paste, and tab, shift+tab, up and down; it says
// whether it used msg. Enter on any field is left to the caller.
func (f *Form) Update(msg tea.Msg) bool {
	if len(f.fields) == 0 {
		return false
	}
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch key.String() {
		case "tab", "down":
			f.leave(f.focus + 1)
			return true
		case "shift+tab", "up":
			f.leave(f.focus + len(f.fields) - 1)
			return true
		}
	}
	if click, ok := msg.(tea.MouseClickMsg); ok {
		i := (click.Y + f.scroll.Top) / lines
		if click.Y < 0 || click.Y >= f.h || i >= len(f.fields) {
			return false
		}
		f.leave(i)
		return true
	}
	cur := &f.fields[f.focus]
	before := cur.in.Value()
	if !cur.in.Update(msg) {
		return false
	}
	if cur.in.Value() != before {
		cur.touched = true
	}
	return true
}

// leave goes to field i, counted round the form.
func (f *Form) leave(i int) {
	if f.fields[f.focus].in.Value() != "" {
		f.fields[f.focus].touched = true
	}
	f.focus = i % len(f.fields)
}

// View is exactly h lines of exactly w cells.
func (f *Form) View() string {
	label := f.labels()
	out := make([]string, 0, len(f.fields)*lines)
	for i := range f.fields {
		fl := &f.fields[i]
		focused := i == f.focus && !f.blurred
		tone := theme.Dim
		if focused {
			tone = theme.Strong
		}
		in, _ := fl.in.View(f.theme, f.w-label-1, focused)
		out = append(out,
			f.theme.Paint(tone, text.Fit(fl.Label, label-1))+" "+in+" ",
			text.Space(label)+f.note(fl, f.w-label-1))
	}
	f.scroll.Show(f.focus*lines+1, len(out), f.h)
	f.scroll.Show(f.focus*lines, len(out), f.h)
	return pane.Block(out[min(f.scroll.Top, len(out)):], f.w, f.h)
}

// note is what is wrong with a field, or its hint.
func (f *Form) note(fl *field, w int) string {
	if err := fl.err(); err != nil && fl.touched {
		return f.theme.Paint(theme.Bad, text.Fit("✗ "+err.Error(), w))
	}
	return f.theme.Paint(theme.Dim, text.Fit(fl.Hint, w))
}

func (fl *field) err() error {
	if fl.Check == nil {
		return nil
	}
	return fl.Check(fl.in.Value())
}

// labels is the width of the label column with a gap.
func (f *Form) labels() int {
	w := 0
	for i := range f.fields {
		w = max(w, text.Width(text.Clean(f.fields[i].Label)))
	}
	return max(min(w+2, f.w/2), 1)
}

// Cursor is the place of the text cursor in View, or nil when it is not on it.
func (f *Form) Cursor() *tea.Cursor {
	if len(f.fields) == 0 || f.blurred {
		return nil
	}
	label := f.labels()
	f.View() // scrolls to the field
	y := f.focus*lines - f.scroll.Top
	_, x := f.fields[f.focus].in.View(f.theme, f.w-label-1, true)
	if y < 0 || y >= f.h || label+x >= f.w {
		return nil
	}
	return tea.NewCursor(label+x, y)
}

// Values are the values as typed, in the order of the fields.
func (f *Form) Values() []string {
	out := make([]string, len(f.fields))
	for i := range f.fields {
		out[i] = f.fields[i].in.Value()
	}
	return out
}

// SetValues replaces the values from the first on.
func (f *Form) SetValues(values ...string) {
	for i := range min(len(values), len(f.fields)) {
		f.fields[i].in.SetValue(values[i])
		f.fields[i].touched = values[i] != ""
	}
}

// Valid reports whether every field is right.
func (f *Form) Valid() bool {
	for i := range f.fields {
		if f.fields[i].err() != nil {
			return false
		}
	}
	return true
}

// Focus puts the cursor into field i.
func (f *Form) Focus(i int) {
	if i >= 0 && i < len(f.fields) {
		f.focus = i
	}
}

// Focused is the field that has the cursor.
func (f *Form) Focused() int { return f.focus }

// SetFocused says whether keys come here; without, no field looks active.
func (f *Form) SetFocused(on bool) { f.blurred = !on }

// ShowErrors shows also the errors of fields that were never touched, and puts
// the cursor into the first of them.
func (f *Form) ShowErrors() {
	first := -1
	for i := range f.fields {
		f.fields[i].touched = true
		if first < 0 && f.fields[i].err() != nil {
			first = i
		}
	}
	f.Focus(first)
}
