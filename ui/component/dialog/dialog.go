// Package dialog asks before something happens: what, how many, where to, what
// can't be undone.
package dialog

import (
	tea "charm.land/bubbletea/v2"

	"orderops/ui/theme"
)

// Risk is how much it takes to go on.
type Risk int

// The risk tiers.
const (
	// None goes on with enter.
	None Risk = iota
	// DefaultNo has the cancel button in focus; y also goes on.
	DefaultNo
	// Typed goes on only when the wanted name has been typed.
	Typed
)

// Outcome is what came of a message.
type Outcome int

// The outcomes.
const (
	Pending Outcome = iota
	Cancelled
	Confirmed
)

// Fact is one labelled statement. A fact without a label is a paragraph.
type Fact struct {
	Label, Text string
	Tone        theme.Tone
}

// Option is a value that the operator may change before going on, such as a
// rate per second.
type Option struct {
	Label, Value, Hint string
	// Check refuses a value; nil accepts all.
	Check func(string) error
}

// Spec is the contents of a dialog. All texts may come from outside.
type Spec struct {
	Title string
	Facts []Fact
	// Warning is shown loudly; empty means none.
	Warning string
	Risk    Risk
	// Want is the name to type, and Ask the request for it, when Risk is Typed.
	Want, Ask string
	// Action is the word on the button that goes on.
	Action string
	// Option is nil when there is nothing to choose.
	Option *Option
}

// Dialog is one open dialog.
type Dialog struct {
	theme *theme.Theme
	spec  Spec
}

// New opens a dialog.
func New(th *theme.Theme, spec Spec) *Dialog { return &Dialog{theme: th, spec: spec} }

// Update handles a key, a paste or a click (relative to the box).
func (d *Dialog) Update(msg tea.Msg) Outcome { return Pending }

// View is the box, at most w by h cells.
func (d *Dialog) View(w, h int) string { return "" }

// Cursor is the place of the text cursor within the last View, or nil.
func (d *Dialog) Cursor() *tea.Cursor { return nil }

// Option is the value of the option as it stands.
func (d *Dialog) Option() string { return "" }

// Overlay draws box over the centre of base; the result is exactly w by h.
func Overlay(base, box string, w, h int) string { return base }

// Origin is where Overlay puts the upper left corner of box.
func Origin(box string, w, h int) (x, y int) { return 0, 0 }
