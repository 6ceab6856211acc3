package definition

import "slices"

// Layout says where everything of a machine's drawing stands, in cells of a
// terminal: x to the right, y down. It depends on the definition alone.
type Layout struct {
	W, H int
	// Boxes are the states; a Map or Parallel stands before what is inside it.
	Boxes  []Box
	Lines  []Line
	Labels []Label
}

// Point is a cell.
type Point struct{ X, Y int }

// Box is one state. What it contains, if anything, begins two rows below its top.
type Box struct {
	State      *State
	X, Y, W, H int
	// Port is the column where the main line arrives and leaves.
	Port int
	// Depth is how many boxes are around it.
	Depth int
	// Frameless boxes are one row of text: a Choice.
	Frameless bool
	// Start tells that the machine, or the branch, starts here.
	Start bool
}

// Line is one edge, from the frame of a box to the frame of another, along rows
// and columns.
type Line struct {
	Edge

	From   string
	Points []Point
	// Back tells that the line leads against the flow: its end needs an arrow.
	Back bool
}

// Label is the text beside a line.
type Label struct {
	Point

	// W is the room for the text.
	W        int
	Text     string
	From, To string
}

const (
	mostDrawn   = 2000  // states of a definition that are laid out
	mostBends   = 20000 // places where long edges pass a layer
	widestName  = 40    // cells of a state's name
	widestLabel = 24    // cells of an edge's label that are given room
	waitRoom    = 8     // cells for a countdown behind a Wait's name
	besideRoom  = 3     // cells beside a box for its retries and visits
)

// Arrange lays a machine out. width tells the cells that a text takes. It is nil
// for a machine without states and for one that is too large to be looked at.
func Arrange(m *Machine, width func(string) int) *Layout {
	if m == nil || len(m.States) == 0 || m.Size() > mostDrawn {
		return nil
	}
	return plan(m, width)
}

// Size counts the states, those of Map and Parallel included.
func (m *Machine) Size() int {
	n := len(m.States)
	for i := range m.States {
		for _, child := range m.States[i].Children {
			n += child.Size()
		}
	}
	return n
}

// plan lays out one machine or branch.
func plan(m *Machine, width func(string) int) *Layout {
	d := &drawing{width: width}
	if !d.collect(m) {
		return nil
	}
	d.order()
	d.place()
	d.route()
	return d.finish()
}

// measure sets the size of a state's box.
func (d *drawing) measure(n *node) {
	n.w, n.h = min(d.width(n.state.Name), widestName)+6, 3
	switch n.state.Type {
	case "Choice":
		n.h = 1
	case "Wait":
		n.w += waitRoom
	}
	inner := 0
	for _, child := range n.state.Children {
		l := plan(child, d.width)
		if l == nil {
			continue
		}
		n.inner = append(n.inner, l)
		inner += l.W + 2
		n.h = max(n.h, l.H+3)
	}
	n.w = max(n.w, inner+2)
	n.left = n.w / 2
	n.right = n.w - 1 - n.left + besideRoom
}

// finish gathers the picture.
func (d *drawing) finish() *Layout {
	l := &Layout{W: d.w, H: d.h, Lines: d.lines, Labels: d.labels}
	for _, row := range d.layers {
		for _, n := range row {
			if n.state == nil {
				continue
			}
			l.Boxes = append(l.Boxes, Box{
				State: n.state, X: n.x - n.left, Y: n.y, W: n.w, H: n.h, Port: n.x,
				Frameless: n.h == 1, Start: n.state.Name == d.start,
			})
			x := n.x - n.left + 2
			for _, inner := range n.inner {
				l.embed(inner, x, n.y+2)
				x += inner.W + 2
			}
		}
	}
	return l
}

// embed puts a branch's picture at a place inside this one.
func (l *Layout) embed(inner *Layout, x, y int) {
	for _, b := range inner.Boxes {
		b.X, b.Y, b.Port, b.Depth = b.X+x, b.Y+y, b.Port+x, b.Depth+1
		l.Boxes = append(l.Boxes, b)
	}
	for _, line := range inner.Lines {
		line.Points = slices.Clone(line.Points)
		for i := range line.Points {
			line.Points[i].X += x
			line.Points[i].Y += y
		}
		l.Lines = append(l.Lines, line)
	}
	for _, label := range inner.Labels {
		label.X, label.Y = label.X+x, label.Y+y
		l.Labels = append(l.Labels, label)
	}
}
