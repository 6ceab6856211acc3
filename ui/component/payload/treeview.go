package payload

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/component/pane"
	"orderops/ui/text"
	"orderops/ui/theme"
)

const (
	indentStep = 2
	mostIndent = 24
)

// indent is the column of a branch's key.
func (t *Tree) indent(b *branch) int { return min(b.depth*indentStep, mostIndent, t.w/3) }

// valueAt is the column of a branch's value.
func (t *Tree) valueAt(b *branch) int {
	if b.key == "" {
		return t.indent(b)
	}
	return min(t.indent(b)+max(b.width, min(text.Width(b.key), widestKey))+2, max(t.w-8, 0))
}

// layout cuts what is not folded away into lines, once per width and fold.
func (t *Tree) layout() []part {
	if t.laidAt == max(t.w, 1) {
		return t.rows
	}
	t.rows, t.laidAt = t.rows[:0], max(t.w, 1)
	for i := 0; i < len(t.branches); i++ {
		b := &t.branches[i]
		if b.children >= 0 {
			t.rows = append(t.rows, part{i, 0, 0})
			if b.folded {
				i += b.inside
			}
			continue
		}
		room := max(t.w-1-t.valueAt(b), 1)
		from := 0
		for {
			n := text.Fits(b.value[from:], room)
			t.rows = append(t.rows, part{i, from, from + n})
			if from += n; from >= len(b.value) {
				break
			}
		}
	}
	return t.rows
}

// View is exactly h lines of w cells.
func (t *Tree) View() string {
	rows := t.layout()
	h := t.h
	if t.searching() {
		h--
	}
	t.scroll.Move(0, len(rows), h)
	lines := make([]string, 0, len(rows))
	for y := range max(h, 0) {
		if i := t.scroll.Top + y; i < len(rows) {
			lines = append(lines, t.draw(rows[i]))
		}
	}
	from, to := pane.Thumb(t.scroll.Top, len(rows), h)
	for y := range lines {
		bar := " "
		if y >= from && y < to {
			bar = t.theme.Paint(theme.Dim, "┃")
		}
		lines[y] = text.Pad(lines[y], t.w-1) + bar
	}
	if t.searching() {
		for len(lines) < h {
			lines = append(lines, "")
		}
		lines = append(lines, t.searchLine())
	}
	return pane.Block(lines, t.w, t.h)
}

func (t *Tree) searching() bool { return (t.typing || t.search.Value() != "") && t.h > 1 }

func (t *Tree) searchLine() string {
	note := fmt.Sprintf(" %d of %d", slices.Index(t.matches, t.cursor)+1, len(t.matches))
	if t.search.Value() == "" {
		note = ""
	} else if len(t.matches) == 0 {
		note = " nothing found"
	}
	line, _ := t.search.View(t.theme, max(t.w-2-text.Width(note), 1), t.typing)
	return t.theme.Paint(theme.Key, "/ ") + line + t.theme.Paint(theme.Dim, note)
}

// Cursor is the place of the text cursor within View; nil when nothing is typed.
func (t *Tree) Cursor() *tea.Cursor {
	if !t.typing || t.h < 2 {
		return nil
	}
	_, x := t.search.View(t.theme, max(t.w-2, 1), true)
	return tea.NewCursor(x+2, t.h-1)
}

// draw is one line.
func (t *Tree) draw(p part) string {
	b := &t.branches[p.branch]
	at, value := t.valueAt(b), t.indent(b)
	selected := p.branch == t.cursor
	tone := theme.Info
	switch {
	case selected:
		tone = theme.Selected
	case slices.Contains(t.matches, p.branch):
		tone = theme.Warn
	}
	if p.from > 0 {
		return text.Space(at) + b.value[p.from:p.to]
	}
	line := text.Space(value)
	switch {
	case b.children >= 0 && b.folded:
		return line + t.theme.Paint(tone, b.key) + t.theme.Paint(theme.Dim, " ▸ "+b.value)
	case b.children > 0 || b.children == 0 && b.value == "":
		return line + t.theme.Paint(tone, b.key) + t.theme.Paint(theme.Dim, " ▾")
	case b.children == 0:
		return line + t.theme.Paint(tone, b.key) + t.theme.Paint(theme.Dim, " ▾ empty")
	case b.key == "":
		if selected {
			return line + t.theme.Paint(tone, b.value[:p.to])
		}
		return line + b.value[:p.to]
	}
	key := text.Cut(b.key, max(at-value-1, 1))
	return text.Pad(line+t.theme.Paint(tone, key), at) + b.value[:p.to]
}

// Text is all documents as they came, for the clipboard.
func (t *Tree) Text() string {
	parts := make([]string, len(t.documents))
	for i, d := range t.documents {
		parts[i] = d.Text
	}
	return strings.Join(parts, "\n")
}
