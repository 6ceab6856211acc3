// Package pane frames blocks of lines and sets them side by side. A block is a
// string of lines of equal width; everything here keeps widths exact, so that
// joining is copying.
package pane

import (
	"strings"

	"orderops/ui/text"
	"orderops/ui/theme"
)

// Frame draws a rounded box of exactly w by h cells with a title on its upper
// edge and a note at its right end. The body, which may carry our own styles,
// is cut and padded to fit inside; title and note are cleaned.
func Frame(th *theme.Theme, title, right string, body []string, w, h int, focused bool) string {
	if w < 2 || h < 2 {
		return Block(nil, w, h)
	}
	edge, heading := theme.Border, theme.Dim
	if focused {
		edge, heading = theme.BorderFocused, theme.Title
	}
	inner := w - 2
	side := th.Paint(edge, "│")
	var b strings.Builder
	b.Grow((w + 24) * h)
	top(&b, th, edge, heading, title, right, inner)
	for i := range h - 2 {
		b.WriteByte('\n')
		b.WriteString(side)
		if i < len(body) {
			b.WriteString(text.Pad(body[i], inner))
		} else {
			b.WriteString(text.Space(inner))
		}
		b.WriteString(side)
	}
	b.WriteByte('\n')
	b.WriteString(th.Paint(edge, "╰"+strings.Repeat("─", inner)+"╯"))
	return b.String()
}

// top draws the upper edge. A note that has no room loses what it says in
// parentheses at its end; if that does not help, it is left out.
func top(b *strings.Builder, th *theme.Theme, edge, heading theme.Tone, title, right string, inner int) {
	title = label(title, inner-1)
	room := inner - text.Width(title) - 4
	if right = text.Clean(right); text.Width(right) > room {
		right = right[:max(0, strings.LastIndex(right, " ("))]
	}
	if text.Width(right) > room {
		right = "" // half a note says something else
	}
	right = label(right, inner-text.Width(title)-2)
	rule := inner - text.Width(title) - text.Width(right)
	tail := 0
	if right != "" && rule > 1 {
		tail = 1
	}
	b.WriteString(th.Paint(edge, "╭"))
	b.WriteString(th.Paint(heading, title))
	b.WriteString(th.Paint(edge, strings.Repeat("─", rule-tail)))
	b.WriteString(th.Paint(theme.Dim, right))
	b.WriteString(th.Paint(edge, strings.Repeat("─", tail)+"╮"))
}

// label is a cleaned text with a space on either side, at most w cells; empty
// when there is no room for at least one letter.
func label(s string, w int) string {
	if s == "" || w < 3 {
		return ""
	}
	return " " + text.Cut(text.Clean(s), w-2) + " "
}

// Inner is the size of the body of a frame of w by h.
func Inner(w, h int) (int, int) { return max(0, w-2), max(0, h-2) }

// Columns sets blocks side by side, line by line. A block with fewer lines is
// filled up with blanks.
func Columns(blocks ...string) string {
	type part struct {
		lines []string
		w     int
	}
	parts := make([]part, 0, len(blocks))
	rows, size := 0, 0
	for _, s := range blocks {
		if s == "" {
			continue
		}
		lines := strings.Split(s, "\n")
		parts = append(parts, part{lines, text.Width(lines[0])})
		rows, size = max(rows, len(lines)), size+len(s)+len(lines)
	}
	var b strings.Builder
	b.Grow(size)
	for i := range rows {
		if i > 0 {
			b.WriteByte('\n')
		}
		for _, p := range parts {
			if i < len(p.lines) {
				b.WriteString(p.lines[i])
			} else {
				b.WriteString(text.Space(p.w))
			}
		}
	}
	return b.String()
}

// Stack sets blocks of equal width one above the other; empty ones are left out.
func Stack(blocks ...string) string {
	kept := make([]string, 0, len(blocks))
	for _, s := range blocks {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, "\n")
}

// Block makes exactly h lines of exactly w cells of any lines.
func Block(lines []string, w, h int) string {
	var b strings.Builder
	b.Grow(max(0, (w+1)*h))
	for i := range max(h, 0) {
		if i > 0 {
			b.WriteByte('\n')
		}
		if i < len(lines) {
			b.WriteString(text.Pad(lines[i], w))
		} else {
			b.WriteString(text.Space(w))
		}
	}
	return b.String()
}
