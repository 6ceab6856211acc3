package dialog

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/component/pane"
	"orderops/ui/text"
	"orderops/ui/theme"
)

// width is the widest box: longer lines are hard to read.
const width = 84

// View is the box, at most w by h cells. When the facts don't fit they scroll;
// the question and the buttons always show.
func (d *Dialog) View(w, h int) string {
	w = min(w, width)
	d.cursor, d.buttons = nil, nil
	in := max(w-4, 0)
	facts := slices.Concat(d.facts(in), d.warning(in))
	room := max(h-2, 0)
	ask := d.ask(in, true)
	if len(ask.lines) > room { // what is typed into matters more than remarks
		ask = d.ask(in, false)
	}
	if len(facts)+len(ask.lines) > room {
		// What matters most is in sight at once, and the scroll bar cuts no word.
		facts = d.facts(in - 2)
		if warning := d.warning(in - 2); warning != nil {
			facts = slices.Concat(warning[1:], warning[:1], facts)
		}
	}
	d.page = max(min(len(facts), room-len(ask.lines)), 0)
	d.scroll = max(min(d.scroll, len(facts)-d.page), 0)
	s := pane.Scroll{Top: d.scroll}
	body := append(s.View(d.theme, facts, in, d.page), ask.lines...)
	if len(body) > room {
		body = body[len(body)-room:]
	}
	first := 1 + len(body) - len(ask.lines)
	for i, line := range body {
		body[i] = " " + line + " "
	}
	if ask.cursor != nil {
		d.cursor = tea.NewCursor(ask.cursor.X+2, ask.cursor.Y+first)
	}
	for _, b := range ask.buttons {
		b.x, b.y = b.x+2, b.y+first
		d.buttons = append(d.buttons, b)
	}
	return pane.Frame(d.theme, d.spec.Title, d.more(len(facts)), body, w, min(h, len(body)+2), true)
}

// more says how much is out of sight.
func (d *Dialog) more(total int) string {
	if total <= d.page {
		return ""
	}
	return fmt.Sprintf("%d–%d of %d lines ↑↓", min(d.scroll+1, total), d.scroll+d.page, total)
}

// Cursor is the place of the text cursor within the last View, or nil.
func (d *Dialog) Cursor() *tea.Cursor { return d.cursor }

// facts are the statements, wrapped to w cells.
func (d *Dialog) facts(w int) []string {
	label := 0
	for _, f := range d.spec.Facts {
		label = max(label, text.Width(text.Clean(f.Label)))
	}
	label = min(label+2, max(w/3, 1))
	var out []string
	for _, f := range d.spec.Facts {
		indent := label
		if f.Label == "" {
			indent = 0
		}
		first := d.theme.Paint(theme.Dim, text.Fit(f.Label, indent))
		for _, p := range text.Lines(f.Text) {
			for _, l := range text.Wrap(p, w-indent) {
				out = append(out, first+text.Pad(l, w-indent))
				first = text.Space(indent)
			}
		}
	}
	return out
}

// warning is an empty line and the warning, wrapped to w cells; nil when there
// is none.
func (d *Dialog) warning(w int) []string {
	if d.spec.Warning == "" {
		return nil
	}
	out := []string{""}
	for _, l := range text.Wrap("! "+text.Clean(d.spec.Warning), w) {
		out = append(out, d.theme.Paint(theme.Warn, l))
	}
	return out
}

// question is the lower part of the box: inputs and buttons, with their places.
type question struct {
	lines   []string
	cursor  *tea.Position
	buttons []button
	whole   bool
}

// ask makes the question; whole lets long remarks take lines of their own.
func (d *Dialog) ask(w int, whole bool) question {
	q := question{lines: []string{text.Space(w)}, whole: whole}
	if d.option != nil {
		hint, tone := d.spec.Option.Hint, theme.Dim
		if err := d.optionErr(); err != nil {
			hint, tone = "✗ "+err.Error(), theme.Bad
		}
		q.input(d, option, d.spec.Option.Label, w, hint, tone)
	}
	if d.spec.Action != "" && d.spec.Risk == Typed {
		ask := d.spec.Ask
		if ask == "" {
			ask = "type " + d.spec.Want + " to go on"
		}
		hint, tone := d.spec.Want, theme.Strong
		switch {
		case d.matches():
			hint, tone = "✓ "+d.spec.Want, theme.Good
		case d.nagged:
			hint, tone = "✗ not yet: "+d.spec.Want, theme.Bad
		}
		q.input(d, typed, ask, w, hint, tone)
	}
	q.row(d, w)
	return q
}

// input adds a line with a label, an input and a remark. A remark that is too long
// to stand beside it follows below: what has to be typed, and what is wrong, is
// not cut.
func (q *question) input(d *Dialog, p part, label string, w int, hint string, tone theme.Tone) {
	in := d.option
	if p == typed {
		in = d.typed
	}
	label, hint = text.Cut(text.Clean(label), w/2), text.Clean(hint)
	var below []string
	switch {
	case text.Width(hint) <= w/3:
	case !q.whole:
		hint = text.Cut(hint, w/3)
	default:
		hint, below = "", text.Wrap(hint, w)
	}
	box := max(w-text.Width(label)-text.Width(hint)-3, 0)
	on := d.on() == p
	shown, x := in.View(d.theme, box, on)
	if on && box > 0 {
		q.cursor = &tea.Position{X: text.Width(label) + 1 + x, Y: len(q.lines)}
	}
	lead := theme.Text
	if on {
		lead = theme.Strong
	}
	line := d.theme.Paint(lead, label) + " " + shown + "  " + d.theme.Paint(tone, hint)
	q.lines = append(q.lines, text.Pad(line, w))
	for _, line := range below {
		q.lines = append(q.lines, text.Pad(d.theme.Paint(tone, line), w))
	}
}

// row adds the buttons, at the right. The one in focus has brackets, so that it
// shows without colour.
func (q *question) row(d *Dialog, w int) {
	word := text.Clean(d.spec.Action)
	labels := []string{"cancel", word}
	parts := []part{cancel, action}
	if word == "" {
		labels, parts = []string{"close"}, []part{action}
	}
	total := 0
	for i := range labels {
		labels[i] = text.Cut(labels[i], max(w/2-5, 1))
		total += text.Width(labels[i]) + 4
	}
	x := max(w-total, 0)
	var line strings.Builder
	line.WriteString(text.Space(x))
	for i, p := range parts {
		s, tone := "  "+labels[i]+"  ", theme.Text
		switch {
		case d.on() == p:
			s, tone = "[ "+labels[i]+" ]", theme.Selected
		case p == action && !d.ready():
			tone = theme.Dim
		}
		q.buttons = append(q.buttons, button{part: p, x: x, y: len(q.lines), w: text.Width(s)})
		line.WriteString(d.theme.Paint(tone, s))
		x += text.Width(s)
	}
	q.lines = append(q.lines, text.Pad(line.String(), w))
}
