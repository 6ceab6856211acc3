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
	if len(s) <= w || ansi.StringWidth(s) <= w {
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
	s = Cut(s, w)
	return s + Space(w-Width(s))
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
	return ansi.Truncate(s, left, "") + Ellipsis + ansi.TruncateLeft(s, full-right, "")
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
