package text

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Ellipsis is what a cut text ends in; one cell.
const Ellipsis = "…"

// Width is the number of cells of s, by grapheme. Our own ANSI styles count
// nothing.
func Width(s string) int {
	if isASCII(s) {
		return len(s)
	}
	return ansi.StringWidth(s)
}

// Cut shortens s to at most w cells; what was shortened ends in an ellipsis.
// Styles are kept.
func Cut(s string, w int) string {
	if w <= 0 {
		return ""
	}
	if isASCII(s) {
		if len(s) <= w {
			return s
		}
		return s[:w-1] + Ellipsis
	}
	if ansi.StringWidth(s) <= w {
		return s
	}
	return ansi.Truncate(s, w, Ellipsis)
}

// Pad makes s exactly w cells: cut, or filled with spaces on the right.
func Pad(s string, w int) string {
	if w <= 0 {
		return ""
	}
	if len(s) == w && isASCII(s) {
		return s
	}
	have := Width(s)
	if have > w {
		s = Cut(s, w)
		have = Width(s)
	}
	return s + Space(w-have)
}

// PadLeft is Pad with the spaces on the left, for numbers.
func PadLeft(s string, w int) string {
	if w <= 0 {
		return ""
	}
	s = Cut(s, w)
	return Space(w-Width(s)) + s
}

// Centre is Pad with the spaces on both sides.
func Centre(s string, w int) string {
	if w <= 0 {
		return ""
	}
	s = Cut(s, w)
	gap := w - Width(s)
	return Space(gap/2) + s + Space(gap-gap/2)
}

// Middle shortens plain text to at most w cells by leaving out its middle, as
// in 7c1e…a90f: the ends of an id tell it apart.
func Middle(s string, w int) string {
	full := Width(s)
	if full <= w {
		return s
	}
	if w < 3 {
		return Cut(s, w)
	}
	left := w / 2
	right := w - left - 1
	return ansi.Truncate(s, left, "") + Ellipsis + strings.TrimLeft(Slice(s, full-right, right), " ")
}

// Space is n spaces; none when n is negative.
func Space(n int) string {
	const spaces = "                                                                                                                                "
	switch {
	case n <= 0:
		return ""
	case n <= len(spaces):
		return spaces[:n]
	}
	return strings.Repeat(" ", n)
}

// Fit makes exactly w cells of outside text: cleaned, cut, filled on the right.
// It looks only at the start of s, so the length of s costs nothing.
func Fit(s string, w int) string { return Pad(Clean(head(s, w)), w) }

// FitLeft is Fit with the spaces on the left.
func FitLeft(s string, w int) string { return PadLeft(Clean(head(s, w)), w) }

// WriteFit writes what Fit, or FitLeft, returns, without making a string of it.
func WriteFit(b *strings.Builder, s string, w int, right bool) {
	if w <= 0 {
		return
	}
	s = Cut(Clean(head(s, w)), w)
	gap := Space(w - Width(s))
	if right {
		b.WriteString(gap)
	}
	b.WriteString(s)
	if !right {
		b.WriteString(gap)
	}
}

// head keeps enough bytes of s for more than w cells: a cell takes at most one
// letter and maxMarks marks of four bytes each.
func head(s string, w int) string {
	if n := (w + 4) * 4 * (1 + maxMarks); w >= 0 && len(s) > n {
		return s[:n]
	}
	return s
}

// Slice is the w cells of clean plain text from cell from on, filled with
// spaces. Half of a wide character is shown as a space.
func Slice(s string, from, w int) string {
	if w <= 0 {
		return ""
	}
	from = max(from, 0)
	if isASCII(s) {
		if from >= len(s) {
			return Space(w)
		}
		s = s[from:min(from+w, len(s))]
		return s + Space(w-len(s))
	}
	var b strings.Builder
	for at := 0; s != "" && at < from+w; {
		g, gw := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
		s = s[len(g):]
		switch left, right := max(at, from), min(at+gw, from+w); {
		case at >= from && at+gw <= from+w:
			b.WriteString(g)
		case left < right:
			b.WriteString(Space(right - left))
		}
		at += gw
	}
	return Pad(b.String(), w)
}

// Wrap breaks clean plain text into lines of at most w cells, between words
// where it can. Spaces at a break are dropped. The result has at least one line.
func Wrap(s string, w int) []string {
	if w <= 0 || Width(s) <= w {
		return []string{s}
	}
	var out []string
	for s != "" {
		n := Fits(s, w)
		if n < len(s) && s[n] != ' ' {
			if space := strings.LastIndexByte(s[:n], ' '); strings.TrimLeft(s[:max(space, 0)], " ") != "" {
				n = space
			}
		}
		out = append(out, strings.TrimRight(s[:n], " "))
		s = strings.TrimLeft(s[n:], " ")
	}
	return out
}

// Fits is how many bytes at the start of clean plain text fill at most w cells.
// It is at least one grapheme, so that whoever wraps gets on.
func Fits(s string, w int) int {
	n, cells := 0, 0
	for n < len(s) {
		if run := asciiPrefix(s[n:min(len(s), n+w+2)]); run > 0 && cells < w {
			run = min(run, w-cells)
			n, cells = n+run, cells+run
			continue
		}
		g, gw := ansi.FirstGraphemeCluster(s[n:], ansi.GraphemeWidth)
		if cells+gw > w && n > 0 {
			break
		}
		n, cells = n+len(g), cells+gw
	}
	return n
}
