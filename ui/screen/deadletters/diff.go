package deadletters

import (
	"strings"

	"orderops/ui/text"
	"orderops/workflow/compare"
)

const (
	// around is how many lines that are the same stand beside a change.
	around = 3
	// widestPath is up to where the values of a diff are aligned.
	widestPath = 32
)

// diffLines are a difference as lines that begin with a sign: what is gone, new,
// or differs. They are not clean.
func diffLines(d compare.Difference) []string {
	shown := d.Around(around)
	width := 0
	for _, l := range shown {
		width = max(width, min(text.Width(text.Clean(l.Path)), widestPath))
	}
	var lines []string
	for _, l := range shown {
		if l.Path == "" {
			lines = append(lines, "  "+l.Was)
			continue
		}
		head := string(rune(l.Kind)) + " " + text.Pad(text.Clean(l.Path), max(width, text.Width(text.Clean(l.Path)))) + "  "
		lines = append(lines, strings.TrimRight(head+values(l), " "))
	}
	if d.Note != "" {
		lines = append(lines, "", "  ("+d.Note+")")
	}
	return lines
}

// values are the two sides of a line.
func values(l compare.Line) string {
	switch l.Kind {
	case compare.Differs:
		return l.Was + " → " + l.Is
	case compare.New:
		return l.Is
	case compare.Gone, compare.Same:
	}
	return l.Was
}
