package graph

import (
	"orderops/ui/text"
	"orderops/ui/theme"
)

// row is a line of the list that stands in place of the drawing.
type row struct {
	id   string
	line string
}

// rows are the boxes under one another, and below a frameless one where its
// lines lead.
func (g *Graph) rows() []row {
	leads := map[string][]*Line{}
	for i := range g.picture.Lines {
		l := &g.picture.Lines[i]
		leads[l.From] = append(leads[l.From], l)
	}
	var rows []row
	for i := range g.picture.Boxes {
		b := &g.picture.Boxes[i]
		indent := text.Space(1 + 2*min(b.Depth, 5))
		glyph := b.Glyph
		if glyph == "" {
			glyph = "·"
		}
		line := g.theme.Paint(b.Tone, glyph+" "+text.Clean(bound(b.Label)))
		if b.Selected {
			line = g.theme.Paint(theme.Selected, glyph+" "+text.Clean(bound(b.Label)))
		}
		for _, note := range []string{b.Beside, b.Note} {
			if note != "" {
				line += " " + text.Clean(note)
			}
		}
		rows = append(rows, row{b.ID, indent + line})
		for _, l := range leads[b.ID] {
			if !b.Frameless && l.Label == "" {
				continue
			}
			lead := "└ " + text.Clean(bound(l.Label)) + " → " + text.Clean(bound(l.To))
			if l.Label == "" {
				lead = "└ → " + text.Clean(bound(l.To))
			}
			rows = append(rows, row{"", indent + "  " + g.theme.Paint(l.Tone, lead)})
		}
	}
	return rows
}

func (g *Graph) listed() []string {
	var lines []string
	for _, r := range g.rows() {
		lines = append(lines, r.line)
	}
	return lines
}
