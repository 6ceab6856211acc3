// Package pane frames blocks of lines and sets them side by side. A block is a
// string of lines of equal width; everything here keeps widths exact, so that
// joining is copying.
package pane

import "orderops/ui/theme"

// Frame draws a rounded box of exactly w by h cells with a title on its upper
// edge and a note at its right end. The body is cut and padded to fit inside.
func Frame(th *theme.Theme, title, right string, body []string, w, h int, focused bool) string {
	return ""
}

// Inner is the size of the body of a frame of w by h.
func Inner(w, h int) (int, int) { return max(0, w-2), max(0, h-2) }

// Columns sets blocks of equal height side by side, line by line.
func Columns(blocks ...string) string { return "" }

// Stack sets blocks of equal width one above the other; empty ones are left out.
func Stack(blocks ...string) string { return "" }

// Block makes exactly h lines of exactly w cells of any lines.
func Block(lines []string, w, h int) string { return "" }

// Scroll shows a part of a long list of lines. The zero value is at the top.
type Scroll struct {
	Top int
}

// Move scrolls by n lines, within total lines of which h are shown.
func (s *Scroll) Move(n, total, h int) {}

// Show scrolls just far enough that line i is shown.
func (s *Scroll) Show(i, total, h int) {}

// View is the shown lines, exactly h of exactly w cells, with a scroll bar in
// the last column when not all fit.
func (s *Scroll) View(th *theme.Theme, lines []string, w, h int) []string { return nil }
