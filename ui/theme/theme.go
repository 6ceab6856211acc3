// Package theme holds the styles of the dashboard, for light and dark
// terminals, with and without colour. Colour only repeats what word and glyph
// already say.
package theme

import (
	"strings"

	"charm.land/lipgloss/v2"
)

// Tone names a style by its meaning. Table cells carry a tone rather than a
// style, because a tone costs a byte and its escape sequence is ready made.
type Tone uint8

// The tones. Text is the zero value: the terminal's own colours.
const (
	Text Tone = iota
	Dim
	Strong
	Accent
	Good
	Bad
	Warn
	Info
	Title
	Key
	Border
	BorderFocused
	Selected
	Marked
	Input
	Local
	ReadOnly
	Production
	tones
)

// Theme is a set of styles. It never changes once made; share the pointer.
type Theme struct {
	Text, Dim, Strong, Accent   lipgloss.Style
	Good, Bad, Warn, Info       lipgloss.Style
	Title, Key                  lipgloss.Style
	Border, BorderFocused       lipgloss.Style
	Selected, Marked, Input     lipgloss.Style
	Local, ReadOnly, Production lipgloss.Style

	open [tones]string
}

// Alarmed is the theme with loud frames, for what must not be mistaken for
// anything else.
func (t *Theme) Alarmed() *Theme {
	alarmed := *t
	alarmed.Border, alarmed.BorderFocused = t.Bad, t.Bad.Bold(true)
	alarmed.Title = t.Production
	alarmed.prepare()
	return &alarmed
}

// Style is the style of a tone.
func (t *Theme) Style(tone Tone) lipgloss.Style {
	styles := []lipgloss.Style{
		t.Text, t.Dim, t.Strong, t.Accent, t.Good, t.Bad, t.Warn, t.Info, t.Title, t.Key, t.Border, t.BorderFocused,
		t.Selected, t.Marked, t.Input, t.Local, t.ReadOnly, t.Production,
	}
	if int(tone) >= len(styles) {
		return t.Text
	}
	return styles[tone]
}

// Open is the escape sequence that begins a tone; empty for Text. Close ends it.
func (t *Theme) Open(tone Tone) string {
	if tone >= tones {
		return ""
	}
	return t.open[tone]
}

// Close ends any tone.
const Close = "\x1b[m"

// Paint is s in a tone. It is about thirty times cheaper than Style.Render and
// neither wraps nor pads. s is one line; styles inside it end this one.
func (t *Theme) Paint(tone Tone, s string) string {
	if o := t.Open(tone); o != "" && s != "" {
		return o + s + Close
	}
	return s
}

// prepare keeps the escape sequences that begin each tone.
func (t *Theme) prepare() {
	for tone := range tones {
		t.open[tone], _, _ = strings.Cut(t.Style(tone).Render("x"), "x")
	}
}
