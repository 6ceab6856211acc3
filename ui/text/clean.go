package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// maxMarks is how many combining marks one character may carry. More of them
// grow over the lines above and below.
const maxMarks = 4

// Clean makes one safe line of outside text. A tab becomes a space, a line
// break ⏎; control, format, bidi and zero-width characters and invalid UTF-8
// become visible escapes such as \x1b and \u202e. What is left is as wide when
// a terminal counts runes as when it counts graphemes.
func Clean(s string) string {
	if isASCII(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + len(s)/4)
	cleanInto(&b, s)
	return b.String()
}

// Lines is Clean for text of several lines. \n, \r\n and \r end a line; the
// result has at least one element.
func Lines(s string) []string {
	if !strings.ContainsRune(s, '\r') {
		return cleanAll(strings.Split(s, "\n"))
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return cleanAll(strings.Split(strings.ReplaceAll(s, "\r", "\n"), "\n"))
}

func cleanAll(lines []string) []string {
	for i, l := range lines {
		lines[i] = Clean(l)
	}
	return lines
}

// isASCII reports whether s has only printable ASCII: one byte, one cell.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

// cleanInto escapes rune by rune and hands what is left to clusters, which
// looks at how the runes join.
func cleanInto(b *strings.Builder, s string) {
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c <= 0x7e {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if visible(r) && (r != utf8.RuneError || size > 1) {
			i += size
			continue
		}
		clusters(b, s[start:i])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(b, `\x%02x`, c)
		case r == '\t':
			b.WriteByte(' ')
		case r == '\n':
			b.WriteString("⏎")
		case r == '\r':
			if i+1 >= len(s) || s[i+1] != '\n' {
				b.WriteString("⏎")
			}
		default:
			escape(b, r)
		}
		i += size
		start = i
	}
	clusters(b, s[start:])
}

// visible reports whether r is something to see. Marks pass here; clusters
// decides whether they have something to stand on.
func visible(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return false
	case r == 0x00ad, r == 0x034f, r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r == 0x2800, r == 0x3164, r == 0xffa0:
		return false // letters that draw nothing
	case r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0000 && r <= 0xe0fff, r >= 0x180b && r <= 0x180f:
		return false // variation selectors and tags change the width of what is before them
	case r >= 0x1f3fb && r <= 0x1f3ff:
		return false // skin tones: two cells or none, depending on the terminal
	case unicode.Is(unicode.Zs, r):
		return r == ' ' || r == 0x3000
	}
	return unicode.IsGraphic(r)
}

// clusters writes s, grapheme by grapheme, and escapes what terminals measure
// differently: marks without a letter, towers of marks, joined emoji.
func clusters(b *strings.Builder, s string) {
	for s != "" {
		if n := asciiPrefix(s); n > 0 {
			b.WriteString(s[:n])
			s = s[n:]
			continue
		}
		g, _ := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
		if g == "" {
			return
		}
		s = s[len(g):]
		if settled(g) {
			b.WriteString(g)
			continue
		}
		for i, r := range g {
			if one := string(r); i == 0 && settled(one) {
				b.WriteString(one)
			} else {
				escape(b, r)
			}
		}
	}
}

// settled reports whether every terminal gives g the same width, whatever
// stands before and after it: it neither joins a letter before it, as a mark
// does, nor one after it.
func settled(g string) bool {
	r, size := utf8.DecodeRuneInString(g)
	if size == len(g) && common(r) {
		return true
	}
	w := ansi.StringWidth(g)
	if w == 0 || w != ansi.StringWidthWc(g) || utf8.RuneCountInString(g) > 1+maxMarks {
		return false
	}
	before, _ := ansi.FirstGraphemeCluster("x"+g, ansi.GraphemeWidth)
	after, _ := ansi.FirstGraphemeCluster(g+"x", ansi.GraphemeWidth)
	return before == "x" && after == g
}

// common reports whether r is of a large group of letters that need no closer
// look.
func common(r rune) bool {
	return r >= 0x00c0 && r <= 0x024f || r >= 0x0391 && r <= 0x03c9 || r >= 0x0400 && r <= 0x0481 ||
		r >= 0x2500 && r <= 0x259f || r >= 0x30a1 && r <= 0x30fa || r >= 0x3041 && r <= 0x3096 || r >= 0x4e00 && r <= 0x9fff
}

// asciiPrefix is the length of the printable ASCII at the start of s that no
// mark can change: the last byte is left to the cluster that follows.
func asciiPrefix(s string) int {
	n := 0
	for n < len(s) && s[n] >= 0x20 && s[n] <= 0x7e {
		n++
	}
	if n < len(s) && n > 0 {
		n--
	}
	return n
}

func escape(b *strings.Builder, r rune) {
	switch {
	case r < 0x20 || r == 0x7f:
		fmt.Fprintf(b, `\x%02x`, r)
	case r <= 0xffff:
		fmt.Fprintf(b, `\u%04x`, r)
	default:
		fmt.Fprintf(b, `\U%08x`, r)
	}
}
