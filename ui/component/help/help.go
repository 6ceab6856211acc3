// Package help shows what the keys do, from the bindings that match them.
package help

import (
	"strings"

	"orderops/ui/component/pane"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/ui/theme"
)

// wide is the width from which the help has two columns.
const wide = 76

// Line is the key line at the foot of a screen: exactly w cells. Bindings that
// don't fit are left out from the end, whole; the last one, help, always stays.
func Line(th *theme.Theme, bindings []keys.Binding, w int) string {
	const between = " · "
	var b strings.Builder
	used := 0
	last, full := 0, false
	if n := len(bindings); n > 0 {
		last = width(bindings[n-1]) + text.Width(between)
	}
	for i, k := range bindings {
		need := width(k)
		if used > 0 {
			need += text.Width(between)
		}
		reserve := last
		if i == len(bindings)-1 {
			reserve = 0
		}
		if full && reserve > 0 || used+need+reserve > w-1 {
			full = true
			continue
		}
		if used == 0 {
			b.WriteByte(' ')
		} else {
			b.WriteString(th.Paint(theme.Dim, between))
		}
		b.WriteString(th.Paint(theme.Key, text.Clean(k.Name())))
		b.WriteString(" " + th.Paint(theme.Dim, text.Clean(k.Help)))
		used += need
	}
	return text.Pad(b.String(), w)
}

func width(k keys.Binding) int {
	return text.Width(text.Clean(k.Name())) + 1 + text.Width(text.Clean(k.Help))
}

// Lines are the sections as lines of w cells, in two columns where there is
// room. Sections stay whole.
func Lines(th *theme.Theme, sections []keys.Section, w int) []string {
	if w < wide {
		return column(th, sections, w)
	}
	total := 0
	for _, s := range sections {
		total += len(s.Bindings) + 2
	}
	split, sum := 0, 0
	for split < len(sections) && sum+(len(sections[split].Bindings)+2)/2 <= total/2 {
		sum += len(sections[split].Bindings) + 2
		split++
	}
	left := column(th, sections[:split], w/2)
	right := column(th, sections[split:], w-w/2)
	out := make([]string, max(len(left), len(right)))
	for i := range out {
		l, r := "", ""
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		out[i] = text.Pad(l, w/2) + text.Pad(r, w-w/2)
	}
	return out
}

func column(th *theme.Theme, sections []keys.Section, w int) []string {
	label := 0
	for _, s := range sections {
		for _, k := range s.Bindings {
			label = max(label, text.Width(text.Clean(name(k))))
		}
	}
	label = min(label, max(w/2, 1))
	var out []string
	for i, s := range sections {
		if i > 0 {
			out = append(out, text.Space(w))
		}
		out = append(out, th.Paint(theme.Title, text.Fit(s.Title, w)))
		for _, k := range s.Bindings {
			line := "  " + th.Paint(theme.Key, text.Fit(name(k), label)) + "  " + text.Clean(k.Help)
			out = append(out, text.Pad(line, w))
		}
	}
	return out
}

// name is the label, or all keys.
func name(k keys.Binding) string {
	if k.Label != "" {
		return k.Label
	}
	return strings.Join(k.Keys, " ")
}

// View is the help as a box of w cells and as many lines as it needs, h at most.
func View(th *theme.Theme, s *pane.Scroll, title string, sections []keys.Section, w, h int) string {
	in, rows := pane.Inner(w, h)
	lines := Lines(th, sections, max(in-3, 0))
	h, rows = min(h, len(lines)+2), min(rows, len(lines))
	for i, l := range lines {
		lines[i] = " " + l + " "
	}
	return pane.Frame(th, title, "esc close", s.View(th, lines, in, rows), w, h, true)
}
