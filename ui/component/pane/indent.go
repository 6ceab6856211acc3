package pane

import "strings"

// Indent is the lines of a block, each one cell further right, so that text
// does not touch the frame.
func Indent(block string) []string {
	lines := strings.Split(block, "\n")
	for i := range lines {
		lines[i] = " " + lines[i]
	}
	return lines
}
