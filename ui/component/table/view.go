package table

import (
	"strings"

	"orderops/ui/text"
	"orderops/ui/theme"
)

// Glyphs of the gutter: they say without colour what the styles say with it.
const (
	cursorGlyph = "▸"
	markGlyph   = "●"
)

// View is exactly h lines of exactly w cells.
func (t *Table) View() string {
	if !t.dirty {
		return t.view
	}
	var b strings.Builder
	b.Grow(len(t.view) + 64)
	if t.h > 0 {
		t.header(&b)
	}
	n := t.rows.Len()
	from, to := t.span()
	for line := range t.body() {
		b.WriteByte('\n')
		i := t.top + line
		switch {
		case i < n:
			t.row(&b, i, i >= from && i <= to)
		case n == 0 && line < len(t.empty):
			b.WriteString(t.theme.Paint(theme.Dim, text.Pad("  "+text.Fit(t.empty[line], max(t.w-2, 0)), t.w)))
		default:
			b.WriteString(text.Space(t.w))
		}
	}
	t.view, t.dirty = b.String(), false
	return t.view
}

func (t *Table) header(b *strings.Builder) {
	open := t.theme.Open(theme.Dim)
	b.WriteString(open)
	at := 0
	for _, s := range t.layout {
		c := &t.columns[s.column]
		b.WriteString(text.Space(s.x - at))
		title := c.Title
		if s.column == t.sorted {
			arrow := "▲"
			if t.descending {
				arrow = "▼"
			}
			title = text.Cut(text.Clean(title), max(s.w-1, 0)) + arrow
		}
		if c.Right {
			b.WriteString(text.FitLeft(title, s.w))
		} else {
			b.WriteString(text.Fit(title, s.w))
		}
		at = s.x + s.w
	}
	b.WriteString(text.Space(t.w - at))
	if open != "" {
		b.WriteString(theme.Close)
	}
}

// row writes one row. The row under the cursor has one style from edge to edge.
func (t *Table) row(b *strings.Builder, i int, ranged bool) {
	cursor := i == t.index
	marked := ranged
	if !marked && (t.all || len(t.marks) > 0) {
		marked = t.marked(t.rows.ID(i))
	}
	row := ""
	if cursor {
		row = t.theme.Open(theme.Selected)
	}
	b.WriteString(row)
	t.gutter(b, cursor, marked, row != "")
	t.cells = t.rows.Cells(i, t.cells[:0])
	at := gutter
	for _, s := range t.layout {
		if s.x > at {
			b.WriteString(text.Space(s.x - at))
		}
		at = s.x + s.w
		if s.column >= len(t.cells) {
			b.WriteString(text.Space(s.w))
			continue
		}
		c := &t.cells[s.column]
		open := ""
		if row == "" {
			open = t.theme.Open(c.Tone)
		}
		b.WriteString(open)
		text.WriteFit(b, c.Text, s.w, t.columns[s.column].Right)
		if open != "" {
			b.WriteString(theme.Close)
		}
	}
	b.WriteString(text.Space(t.w - at))
	if row != "" {
		b.WriteString(theme.Close)
	}
}

// gutter writes the glyphs of cursor and mark, cut to a very narrow table.
func (t *Table) gutter(b *strings.Builder, cursor, marked, styled bool) {
	if t.w < gutter {
		b.WriteString(text.Space(t.w))
		return
	}
	if cursor {
		b.WriteString(cursorGlyph)
	} else {
		b.WriteByte(' ')
	}
	switch {
	case marked && styled:
		b.WriteString(markGlyph)
	case marked:
		b.WriteString(t.theme.Paint(theme.Marked, markGlyph))
	default:
		b.WriteByte(' ')
	}
	b.WriteByte(' ')
}
