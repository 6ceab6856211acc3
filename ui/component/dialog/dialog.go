// Package dialog asks before something happens: what, how many, where to, what
// can't be undone.
package dialog

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/component/input"
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
}

// Option is a value that the operator may change before going on, such as a
// rate per second.
type Option struct {
	Label, Value, Hint string
	// Check refuses a value; nil accepts all.
	Check func(string) error
	// First puts the cursor into the value, for what is asked for its sake.
	First bool
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
	// Action is the word on the button that goes on. Empty makes a notice with
	// one button, which enter and esc close.
	Action string
	// Option is nil when there is nothing to choose.
	Option *Option
}

// part is something in a dialog that can have the focus.
type part int

const (
	option part = iota
	typed
	cancel
	action
)

// Dialog is one open dialog. It belongs to one goroutine.
type Dialog struct {
	theme  *theme.Theme
	spec   Spec
	parts  []part
	focus  int
	option *input.Input
	typed  *input.Input
	scroll int  // first visible line of the facts
	nagged bool // the operator tried to go on too early

	page    int         // visible lines of the facts in the last View
	cursor  *tea.Cursor // in the last View
	buttons []button    // in the last View
}

// button is where a button was drawn.
type button struct {
	part    part
	x, y, w int
}

// New opens a dialog.
func New(th *theme.Theme, spec Spec) *Dialog {
	d := &Dialog{theme: th, spec: spec, typed: input.New("")}
	if spec.Option != nil {
		d.option = input.New(spec.Option.Value)
		d.parts = append(d.parts, option)
	}
	switch {
	case spec.Action == "":
		d.parts = append(d.parts, action)
		d.choose(action)
	case spec.Risk == Typed:
		d.parts = append(d.parts, typed, cancel, action)
		d.choose(typed)
	case spec.Risk == DefaultNo:
		d.parts = append(d.parts, cancel, action)
		d.choose(cancel)
	default:
		d.parts = append(d.parts, cancel, action)
		d.choose(action)
	}
	if d.option != nil && (spec.Option.First || spec.Option.Value == "" && d.optionErr() != nil) {
		d.choose(option) // it has to be filled in first
	}
	return d
}

func (d *Dialog) choose(p part) {
	for i, have := range d.parts {
		if have == p {
			d.focus = i
		}
	}
}

func (d *Dialog) on() part { return d.parts[d.focus] }

// Option is the value of the option as it stands.
func (d *Dialog) Option() string {
	if d.option == nil {
		return ""
	}
	return strings.TrimSpace(d.option.Value())
}

// optionErr is what is wrong with the option.
func (d *Dialog) optionErr() error {
	if d.option == nil || d.spec.Option.Check == nil {
		return nil
	}
	return d.spec.Option.Check(d.Option())
}

// matches reports whether the wanted name has been typed. A dialog that wants
// no name can't be passed by typing none.
func (d *Dialog) matches() bool {
	return d.spec.Want != "" && strings.TrimSpace(d.typed.Value()) == d.spec.Want
}

// ready reports whether the dialog may be confirmed.
func (d *Dialog) ready() bool {
	return d.optionErr() == nil && (d.spec.Risk != Typed || d.matches())
}

// Update handles a key, a paste or a click (relative to the box). Esc always
// cancels.
func (d *Dialog) Update(msg tea.Msg) Outcome {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return d.key(msg)
	case tea.PasteMsg:
		d.edit(msg)
	case tea.MouseClickMsg:
		for _, b := range d.buttons {
			if msg.Y == b.y && msg.X >= b.x && msg.X < b.x+b.w {
				d.choose(b.part)
				return d.press()
			}
		}
	case tea.MouseWheelMsg:
		if msg.Button == tea.MouseWheelUp {
			d.scroll--
		} else {
			d.scroll++
		}
	}
	return Pending
}

func (d *Dialog) key(msg tea.KeyPressMsg) Outcome {
	switch msg.String() {
	case "esc":
		return Cancelled
	case "enter":
		return d.press()
	case "tab":
		d.focus = (d.focus + 1) % len(d.parts)
		return Pending
	case "shift+tab":
		d.focus = (d.focus + len(d.parts) - 1) % len(d.parts)
		return Pending
	case "up":
		d.scroll--
		return Pending
	case "down":
		d.scroll++
		return Pending
	case "pgup":
		d.scroll -= max(d.page, 1)
		return Pending
	case "pgdown":
		d.scroll += max(d.page, 1)
		return Pending
	}
	if d.edit(msg) {
		return Pending
	}
	switch msg.String() {
	case "left", "h":
		d.focus = max(d.focus-1, 0)
	case "right", "l":
		d.focus = min(d.focus+1, len(d.parts)-1)
	case "n":
		return Cancelled
	case "y":
		if d.spec.Risk != Typed {
			return d.confirm()
		}
	}
	return Pending
}

// edit gives msg to the input that has the focus and says whether there is one.
func (d *Dialog) edit(msg tea.Msg) bool {
	switch d.on() {
	case option:
		return d.option.Update(msg)
	case typed:
		return d.typed.Update(msg)
	case cancel, action:
	}
	return false
}

// press is enter on what has the focus. In an input it goes on only when
// nothing else has to be decided.
func (d *Dialog) press() Outcome {
	switch d.on() {
	case cancel:
		return Cancelled
	case option:
		if d.optionErr() != nil {
			d.nagged = true
			return Pending
		}
		switch d.spec.Risk {
		case Typed:
			d.choose(typed)
			return Pending
		case DefaultNo:
			d.choose(cancel)
			return Pending
		case None:
		}
	case typed, action:
	}
	return d.confirm()
}

// confirm goes on if it may, else it leads to what is missing.
func (d *Dialog) confirm() Outcome {
	if d.ready() {
		return Confirmed
	}
	d.nagged = true
	if d.optionErr() != nil {
		d.choose(option)
	} else {
		d.choose(typed)
	}
	return Pending
}
