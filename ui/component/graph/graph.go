// Package graph draws boxes and the lines between them. Where they stand is
// decided elsewhere; only what is in view is drawn.
package graph

import (
	"strings"

	"orderops/ui/component/pane"
	"orderops/ui/theme"
)

// Picture is what is drawn, in cells. It must not be changed once it was set.
type Picture struct {
	W, H   int
	Boxes  []Box
	Lines  []Line
	Labels []Label
}

// Point is a cell.
type Point struct{ X, Y int }

// Box is one node. Its texts may come from outside.
type Box struct {
	ID    string
	Glyph string
	Label string
	// Note stands at the right end: what is left of a wait.
	Note string
	// Beside stands outside of the frame, at its right: how often it was tried again.
	Beside string
	Tone   theme.Tone

	X, Y, W, H int
	// Port is the column where the main line arrives and leaves.
	Port int
	// Depth is how many boxes are around it.
	Depth int
	// Frameless boxes are a row of text.
	Frameless bool
	// Heavy frames are where something happens now.
	Heavy    bool
	Selected bool
	// Start and End mark where the flow begins and may end.
	Start, End bool
}

// Line is drawn along rows and columns from one box to another.
type Line struct {
	From, To string
	Label    string
	Points   []Point
	Tone     theme.Tone
	Heavy    bool
	// Arrow marks the end of a line that leads against the flow.
	Arrow bool
}

// Label is text beside a line.
type Label struct {
	X, Y, W int
	Text    string
	Tone    theme.Tone
}

// narrow is the width below which a list stands in place of the drawing.
const narrow = 30

// Graph shows a picture in a window that can be moved. It belongs to one goroutine.
type Graph struct {
	theme   *theme.Theme
	picture *Picture
	w, h    int
	x, y    int // the window's corner in the picture
	list    pane.Scroll

	cells []cell
	view  string // "" is stale
}

// New makes an empty graph.
func New(th *theme.Theme) *Graph { return &Graph{theme: th, picture: &Picture{}} }

// SetTheme changes the styles.
func (g *Graph) SetTheme(th *theme.Theme) { g.theme, g.view = th, "" }

// SetSize sets the size in cells.
func (g *Graph) SetSize(w, h int) {
	if w, h = max(w, 0), max(h, 0); w != g.w || h != g.h {
		g.w, g.h, g.view = w, h, ""
	}
}

// Set shows another picture. The window stays where it is.
func (g *Graph) Set(p *Picture) { g.picture, g.view = p, "" }

// Folded tells that a list stands in place of the drawing.
func (g *Graph) Folded() bool { return g.w < narrow }

// Move moves the window.
func (g *Graph) Move(dx, dy int) {
	g.view = ""
	if g.Folded() {
		g.list.Move(dy, len(g.rows()), g.h)
		return
	}
	g.x, g.y = within(g.x+dx, g.picture.W-g.w), within(g.y+dy, g.picture.H-g.h)
}

func within(n, most int) int { return max(0, min(n, most)) }

// Show moves the window just so far that a box is in it, with what stands
// around it where there is room.
func (g *Graph) Show(id string) {
	g.view = ""
	if g.Folded() {
		for i, r := range g.rows() {
			if r.id == id {
				g.list.Show(i, len(g.rows()), g.h)
				return
			}
		}
		return
	}
	for i := range g.picture.Boxes {
		b := &g.picture.Boxes[i]
		if b.ID != id {
			continue
		}
		h := min(b.H, 3) // of a box around others, its title
		g.x = reveal(g.x, b.X, b.W, g.w, 2)
		g.y = reveal(g.y, b.Y, h, g.h, 4)
		g.Move(0, 0)
		return
	}
}

// reveal is the least move of a window of size w that shows a span, with margin
// cells on either side where they fit.
func reveal(at, from, size, w, margin int) int {
	margin = max(0, min(margin, (w-size)/2))
	at = max(at, from+size+margin-w)
	return min(at, from-margin)
}

// View is exactly h lines of w cells.
func (g *Graph) View() string {
	if g.view == "" {
		if g.Folded() {
			g.view = strings.Join(g.list.View(g.theme, g.listed(), g.w, g.h), "\n")
		} else {
			g.Move(0, 0)
			g.view = g.draw()
		}
	}
	return g.view
}

// More tells in which directions there is more than the window shows.
func (g *Graph) More() string {
	var more strings.Builder
	for _, side := range []struct {
		hidden bool
		arrow  string
	}{
		{g.x > 0, "←"},
		{g.x+g.w < g.picture.W, "→"},
		{g.y > 0, "↑"},
		{g.y+g.h < g.picture.H, "↓"},
	} {
		if side.hidden && !g.Folded() {
			more.WriteString(side.arrow)
		}
	}
	return more.String()
}

// At is the innermost box at a cell of the window; false when there is none.
func (g *Graph) At(x, y int) (id string, ok bool) {
	if g.Folded() {
		if rows := g.rows(); y >= 0 && g.list.Top+y < len(rows) {
			id = rows[g.list.Top+y].id
		}
		return id, id != ""
	}
	x, y = x+g.x-g.left(), y+g.y
	for i := range g.picture.Boxes {
		if b := &g.picture.Boxes[i]; x >= b.X && x < b.X+b.W && y >= b.Y && y < b.Y+b.H {
			id, ok = b.ID, true // what is inside comes later
		}
	}
	return id, ok
}
