package pane

import (
	"orderops/ui/text"
	"orderops/ui/theme"
)

// Scroll shows a part of a long list of lines. The zero value is at the top.
type Scroll struct {
	Top int
}

// Move scrolls by n lines, within total lines of which h are shown.
func (s *Scroll) Move(n, total, h int) {
	s.Top = max(min(s.Top+n, total-h), 0)
}

// Show scrolls just far enough that line i is shown.
func (s *Scroll) Show(i, total, h int) {
	s.Top = max(min(s.Top, i), i-h+1)
	s.Move(0, total, h)
}

// View is the shown lines, exactly h of exactly w cells, with a scroll bar in
// the last column when not all fit.
func (s *Scroll) View(th *theme.Theme, lines []string, w, h int) []string {
	h = max(h, 0)
	s.Move(0, len(lines), h)
	from, to := Thumb(s.Top, len(lines), h)
	bar := to > from && w > 1
	if bar {
		w--
	}
	out := make([]string, h)
	for i := range out {
		line := ""
		if s.Top+i < len(lines) {
			line = lines[s.Top+i]
		}
		out[i] = text.Pad(line, w)
		switch {
		case bar && i >= from && i < to:
			out[i] += th.Paint(theme.Dim, "┃")
		case bar:
			out[i] += " "
		}
	}
	return out
}

// Thumb is the part of a scroll bar of h cells to draw when lines from top on
// of total are shown; from equals to when everything fits.
func Thumb(top, total, h int) (from, to int) {
	if total <= h || h <= 0 {
		return 0, 0
	}
	size := max(h*h/total, 1)
	from = (h - size) * min(max(top, 0), total-h) / (total - h)
	return from, from + size
}
