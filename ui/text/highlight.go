package text

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Highlight paints the graphemes of clean plain text whose bytes from up to to
// are hit. A style never begins inside a grapheme: terminals would draw its
// parts apart.
func Highlight(s string, hit func(from, to int) bool, paint func(string) string) string {
	var b strings.Builder
	start, on := 0, false
	for at := 0; at < len(s); {
		g, _ := ansi.FirstGraphemeCluster(s[at:], ansi.GraphemeWidth)
		if h := hit(at, at+len(g)); h != on {
			write(&b, s[start:at], on, paint)
			start, on = at, h
		}
		at += max(len(g), 1)
	}
	write(&b, s[start:], on, paint)
	return b.String()
}

func write(b *strings.Builder, s string, on bool, paint func(string) string) {
	if on {
		s = paint(s)
	}
	b.WriteString(s)
}
