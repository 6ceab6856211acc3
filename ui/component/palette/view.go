package palette

import (
	"strings"

	"orderops/ui/component/pane"
	"orderops/ui/text"
	"orderops/ui/theme"
)

// width is the widest box.
const width = 76

// View is the box, at most w by h cells.
func (p *Palette) View(w, h int) string {
	w = min(w, width)
	in := max(w-4, 0)
	p.rows = max(min(len(p.items), h-4), 0)
	p.scroll.Show(p.index, len(p.found), p.rows)

	line, x := p.input.View(p.theme, in, true)
	p.x = min(x+2, max(w-1, 0))
	body := []string{" " + line + " ", p.theme.Paint(theme.Border, strings.Repeat("─", max(w-2, 0)))}
	for i := p.scroll.Top; i < min(p.scroll.Top+p.rows, len(p.found)); i++ {
		body = append(body, p.row(p.found[i], i == p.index, max(w-2, 0)))
	}
	if len(p.found) == 0 {
		body = append(body, p.theme.Paint(theme.Dim, " no "+p.kind+" matches"))
	}
	return pane.Frame(p.theme, p.title, text.Count(len(p.found)), body, w, min(h, p.rows+4), true)
}

// row is one command: title, then shortcut or the reason why not. The
// highlighted one is marked by a glyph as well.
func (p *Palette) row(f found, on bool, w int) string {
	item := p.items[f.item]
	note := text.Clean(item.Keys)
	if item.Disabled != "" {
		note = text.Clean(item.Disabled)
	}
	note = text.Cut(note, max(w/2, 0))
	room := max(w-4-text.Width(note), 0)
	switch {
	case on:
		s := text.Pad("▸ "+text.Pad(item.Title, room)+" "+note+" ", w)
		tone := theme.Selected
		if p.nagged {
			tone = theme.Warn
		}
		return p.theme.Paint(tone, s)
	case item.Disabled != "":
		return p.theme.Paint(theme.Dim, text.Pad("  "+text.Pad(item.Title, room)+" "+note+" ", w))
	}
	title := p.matched(item.Title, f.bytes)
	return text.Pad("  "+text.Pad(title, room)+" "+p.theme.Paint(theme.Key, note)+" ", w)
}

// matched is a title with what was typed made strong. at are byte positions, in
// order.
func (p *Palette) matched(title string, at []int) string {
	if len(at) == 0 {
		return title
	}
	hit := func(from, to int) bool {
		for len(at) > 0 && at[0] < from {
			at = at[1:]
		}
		return len(at) > 0 && at[0] < to
	}
	return text.Highlight(title, hit, func(s string) string { return p.theme.Paint(theme.Accent, s) })
}
