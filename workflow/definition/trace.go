package definition

// points is the way of an edge that leads on.
func (d *drawing) points(e *edge, wires []wire, channels []channel) []Point {
	path := trail{}
	path.to(wires[0].net.from, e.from.y+max(e.from.h, 1)-1)
	for i, w := range wires {
		path.across(w, &channels[e.from.layer+1+i])
	}
	path.to(wires[len(wires)-1].to, e.to.y)
	return path
}

// backPoints is the way of an edge that leads back: down into the channel below
// it, up along the margin, and down to its target.
func (d *drawing) backPoints(e *edge, wires []wire, channels []channel) []Point {
	out, in := wires[0], wires[1]
	path := trail{}
	path.to(out.net.from, e.from.y+e.from.h-1)
	below, above := &channels[e.from.layer+1], &channels[e.to.layer]
	path.across(out, below)
	path.to(out.to, above.row(in.net.track))
	path.across(in, above)
	path.to(in.to, e.to.y)
	return path
}

func (c *channel) row(track int) int { return c.top + track }

// trail is a way along rows and columns.
type trail []Point

// to goes on to a cell that is in the row or the column of the last one.
func (t *trail) to(x, y int) {
	p, n := Point{x, y}, len(*t)
	switch {
	case n > 0 && (*t)[n-1] == p:
		return
	case n > 1 && ((*t)[n-1].X == x && (*t)[n-2].X == x || (*t)[n-1].Y == y && (*t)[n-2].Y == y):
		(*t)[n-1] = p
		return
	}
	*t = append(*t, p)
}

// across goes through a channel.
func (t *trail) across(w wire, c *channel) {
	n := w.net
	if n.track < 0 {
		return // straight through
	}
	x := (*t)[len(*t)-1].X
	if n.below {
		x = n.from
	}
	t.to(x, c.row(n.track))
	if n.sideways >= 0 {
		t.to(n.sideways, c.row(n.track))
		t.to(n.sideways, c.row(n.second))
		t.to(w.to, c.row(n.second))
		return
	}
	t.to(w.to, c.row(n.track))
}

// label places the label of an edge where it arrives in its first channel, or
// at the margin for one that leads back. It returns the width that it needs.
func (d *drawing) label(e *edge, wires []wire, channels []channel, margin int) int {
	if e.Label == "" {
		return 0
	}
	label := Label{Text: e.Label, From: e.from.state.Name, To: e.to.state.Name}
	want := d.width(e.Label)
	c, w := &channels[e.from.layer+1], wires[0]
	if e.back() {
		label.Point, label.W = Point{margin + 1, c.row(w.net.track)}, min(want, widestLabel)
		d.labels = append(d.labels, label)
		return label.X + label.W
	}
	label.Point = Point{w.to + 2, channels[e.from.layer+1].bottom()}
	room := want
	for _, n := range c.nets {
		for _, x := range n.targets {
			if x > w.to {
				room = min(room, x-label.X-1)
			}
		}
		if !n.below && n.track < 0 && n.from > w.to {
			room = min(room, n.from-label.X-1)
		}
	}
	if room <= 0 {
		return 0
	}
	label.W = room
	d.labels = append(d.labels, label)
	return label.X + label.W
}

// bottom is the last row of a channel that has labels.
func (c *channel) bottom() int { return c.top + c.tracks }
