package dialog

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"orderops/ui/text"
	"orderops/ui/theme"
)

// Origin is where Overlay puts the upper left corner of box.
func Origin(box string, w, h int) (x, y int) {
	line, _, _ := strings.Cut(box, "\n")
	return max((w-text.Width(line))/2, 0), max((h-strings.Count(box, "\n")-1)/2, 0)
}

// Overlay draws box over the centre of base; the result is exactly w by h.
// Only the lines under the box are taken apart.
func Overlay(base, box string, w, h int) string {
	x, y := Origin(box, w, h)
	return At(base, box, x, y, w, h)
}

// At draws box over base with its upper left corner at x, y.
func At(base, box string, x, y, w, h int) string {
	under := strings.Split(base, "\n")
	over := strings.Split(box, "\n")
	if box == "" {
		over = nil
	}
	var b strings.Builder
	b.Grow(len(base) + len(box))
	for i := range max(h, 0) {
		if i > 0 {
			b.WriteByte('\n')
		}
		line := ""
		if i < len(under) {
			line = under[i]
		}
		if i < y || i-y >= len(over) {
			b.WriteString(text.Pad(line, w))
			continue
		}
		top := text.Cut(over[i-y], max(w-x, 0))
		end := x + text.Width(top)
		b.WriteString(text.Pad(ansi.Truncate(line, x, ""), x))
		b.WriteString(theme.Close)
		b.WriteString(top)
		b.WriteString(theme.Close)
		b.WriteString(text.PadLeft(behind(text.Pad(line, w), end, w-end), w-end))
	}
	return b.String()
}

// behind is the part of a line from cell x on, at most w cells: the half of a
// wide letter that the box covers takes its other half with it.
func behind(line string, x, w int) string {
	s := ansi.TruncateLeft(line, x, "")
	if text.Width(s) > w {
		return ansi.TruncateLeft(line, x+1, "")
	}
	return s
}
