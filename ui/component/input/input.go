// Package input is one line of text to type into. What is pasted is kept as it
// came, apart from line breaks, and shown safely.
package input

import (
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/text"
	"orderops/ui/theme"
)

// Limit is the greatest number of runes; more is dropped, and told by Dropped.
const Limit = 4096

// Input is a line being edited. The zero value is empty and ready.
type Input struct {
	// Placeholder is shown dimly while nothing is typed.
	Placeholder string

	value []rune
	pos   int // in runes
	from  int // first visible cell
	// dropped counts the runes that did not fit.
	dropped int
}

// New is an input with a value and the cursor behind it.
func New(value string) *Input {
	i := &Input{}
	i.SetValue(value)
	return i
}

// Value is the text as typed.
func (i *Input) Value() string { return string(i.value) }

// Dropped is how many runes did not fit since the text was last empty: what
// stands here is then not what was pasted.
func (i *Input) Dropped() int { return i.dropped }

// SetValue replaces the text and puts the cursor behind it.
func (i *Input) SetValue(s string) {
	i.value, i.pos, i.from, i.dropped = nil, 0, 0, 0
	i.insert(s)
}

// Update handles typing, paste and the usual editing keys, and says whether it
// used msg.
func (i *Input) Update(msg tea.Msg) bool {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		i.insert(msg.Content)
		return true
	case tea.KeyPressMsg:
		return i.key(msg)
	}
	return false
}

func (i *Input) key(msg tea.KeyPressMsg) bool {
	switch msg.String() {
	case "left":
		i.pos = max(i.pos-1, 0)
	case "right":
		i.pos = min(i.pos+1, len(i.value))
	case "home", "ctrl+a":
		i.pos = 0
	case "end", "ctrl+e":
		i.pos = len(i.value)
	case "ctrl+left", "alt+left", "alt+b":
		i.pos = i.wordLeft()
	case "ctrl+right", "alt+right", "alt+f":
		i.pos = i.wordRight()
	case "backspace", "ctrl+h":
		i.remove(max(i.pos-1, 0), i.pos)
	case "delete":
		i.remove(i.pos, min(i.pos+1, len(i.value)))
	case "ctrl+w", "alt+backspace":
		i.remove(i.wordLeft(), i.pos)
	case "ctrl+u":
		i.remove(0, i.pos)
	default:
		if msg.Text == "" || msg.Mod&(tea.ModCtrl|tea.ModAlt|tea.ModMeta|tea.ModSuper) != 0 {
			return false
		}
		i.insert(msg.Text)
	}
	return true
}

// insert puts s at the cursor. Line breaks and tabs become spaces.
func (i *Input) insert(s string) {
	s = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ").Replace(s)
	r := []rune(s)
	fits := min(len(r), max(Limit-len(i.value), 0))
	i.dropped += len(r) - fits
	r = r[:fits]
	grown := make([]rune, 0, len(i.value)+len(r))
	grown = append(append(append(grown, i.value[:i.pos]...), r...), i.value[i.pos:]...)
	i.value, i.pos = grown, i.pos+len(r)
}

func (i *Input) remove(from, to int) {
	i.value = append(i.value[:from:from], i.value[to:]...)
	i.pos = from
	if len(i.value) == 0 {
		i.dropped = 0
	}
}

func (i *Input) wordLeft() int {
	p := i.pos
	for p > 0 && unicode.IsSpace(i.value[p-1]) {
		p--
	}
	for p > 0 && !unicode.IsSpace(i.value[p-1]) {
		p--
	}
	return p
}

func (i *Input) wordRight() int {
	p := i.pos
	for p < len(i.value) && unicode.IsSpace(i.value[p]) {
		p++
	}
	for p < len(i.value) && !unicode.IsSpace(i.value[p]) {
		p++
	}
	return p
}

// View is exactly w cells, scrolled so that the cursor is among them, and the
// cell that the cursor is on.
func (i *Input) View(th *theme.Theme, w int, focused bool) (line string, cursor int) {
	if w <= 0 {
		return "", 0
	}
	if len(i.value) == 0 {
		i.from = 0
		return i.paint(th, theme.Dim, text.Fit(i.Placeholder, w), focused), 0
	}
	at := text.Width(text.Clean(string(i.value[:i.pos])))
	i.from = max(min(i.from, at), at-w+1)
	shown := text.Slice(text.Clean(string(i.value)), i.from, w)
	return i.paint(th, theme.Text, shown, focused), at - i.from
}

func (i *Input) paint(th *theme.Theme, tone theme.Tone, s string, focused bool) string {
	if focused {
		tone = theme.Input
	}
	return th.Paint(tone, s)
}
