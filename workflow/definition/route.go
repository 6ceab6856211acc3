package definition

import (
	"cmp"
	"slices"
)

// channel is the space above a layer, in which lines go sideways. Each net has
// a track, a row of its own.
type channel struct {
	nets   []*net
	tracks int
	// labelled tells that the last row is for labels.
	labelled bool
	top      int
}

// net are the lines that leave one port and share one track.
type net struct {
	from    int // column of the port
	lo, hi  int
	targets []int
	track   int // -1 while it has none, and for a straight line
	// sideways is the column of a detour: the net goes there on track, and on to
	// its targets on second. -1 is none.
	sideways, second int
	// below tells that it comes from below, at the margin.
	below bool
}

// wire is an edge's way through one channel.
type wire struct {
	net *net
	to  int // column
}

// port names where a line leaves: the main one, or the one of Catch edges.
type port struct {
	n     *node
	catch bool
}

func (d *drawing) route() {
	channels := make([]channel, len(d.layers)+1)
	wires := d.wire(channels)
	spare := d.w + 1 + 2*d.backs()
	for i := range channels {
		spare = max(spare, channels[i].assign(d.w+1+2*d.backs()))
	}
	d.stack(channels)
	width := spare
	for _, e := range d.edges {
		line := Line{Edge: e.Edge, From: e.from.state.Name, Back: e.back()}
		if e.back() {
			line.Points = d.backPoints(e, wires[e], channels)
		} else {
			line.Points = d.points(e, wires[e], channels)
		}
		d.lines = append(d.lines, line)
		width = max(width, d.label(e, wires[e], channels, spare))
	}
	d.w = max(d.w, width)
}

// backs counts the edges that lead back; each has a column at the right margin.
func (d *drawing) backs() int {
	n := 0
	for _, e := range d.edges {
		if e.back() {
			n++
		}
	}
	return n
}

// wire makes the nets of all channels, and gives each edge its way.
func (d *drawing) wire(channels []channel) map[*edge][]wire {
	nets := map[port]*net{}
	leaving := func(n *node, catch bool) *net {
		p := port{n, catch && n.state != nil}
		if nets[p] == nil {
			nets[p] = newNet(d.outPort(n, p.catch))
			c := &channels[n.layer+1]
			c.nets = append(c.nets, nets[p])
		}
		return nets[p]
	}
	type arrival struct {
		e    *edge
		i    int
		from int
	}
	arriving := map[*node][]arrival{}
	wires := map[*edge][]wire{}
	margin := d.w + 1
	for _, e := range d.edges {
		catch := e.Kind == Catch
		if e.back() {
			out := leaving(e.from, catch)
			in := newNet(margin)
			in.below = true
			c := &channels[e.to.layer]
			c.nets = append(c.nets, in)
			wires[e] = []wire{{out, margin}, {in, 0}}
			arriving[e.to] = append(arriving[e.to], arrival{e, 1, margin})
			margin += 2
			continue
		}
		for i := range len(e.way) - 1 {
			out := leaving(e.way[i], catch)
			wires[e] = append(wires[e], wire{out, 0})
			arriving[e.way[i+1]] = append(arriving[e.way[i+1]], arrival{e, i, out.from})
			if i == 0 && e.Label != "" {
				channels[e.from.layer+1].labelled = true
			}
		}
	}
	for n, list := range arriving {
		slices.SortStableFunc(list, func(a, b arrival) int { return cmp.Compare(a.from, b.from) })
		for k, a := range list {
			wires[a.e][a.i].to = d.inPort(n, k, len(list))
		}
	}
	for _, e := range d.edges {
		for i, w := range wires[e] {
			if e.back() && i == 0 {
				w.net.reach(w.to)
				continue
			}
			w.net.targets = append(w.net.targets, w.to)
			w.net.reach(w.to)
		}
	}
	return wires
}

func newNet(from int) *net { return &net{from: from, lo: from, hi: from, track: -1, sideways: -1} }

// reach widens the net's track to a column.
func (n *net) reach(x int) {
	n.lo, n.hi = min(n.lo, x), max(n.hi, x)
}

// outPort is where a line leaves: Catch edges have a port beside the main one.
func (d *drawing) outPort(n *node, catch bool) int {
	if !catch || !n.state.End && !slices.ContainsFunc(n.state.Edges, func(e Edge) bool { return e.Kind != Catch }) {
		return n.x
	}
	return n.x + max(1, (n.w-n.left-2)/2)
}

// inPort is where line k of several arrives: side by side while there is room.
func (d *drawing) inPort(n *node, k, of int) int {
	if n.state == nil {
		return n.x
	}
	room := max(1, (n.w-2)/2)
	k, of = min(k, room-1), min(of, room)
	return n.x - (of - 1) + 2*k
}

// assign gives every net its track. spare is the first column that is free; it
// returns the first that is free afterwards.
func (c *channel) assign(spare int) int {
	var open []*net
	for _, n := range c.nets {
		if n.lo != n.hi {
			open = append(open, n)
		}
	}
	slices.SortStableFunc(open, func(a, b *net) int { return cmp.Compare(a.lo, b.lo) })
	var last []*net // detours, whose second track is below all others
	for len(open) > 0 {
		rest, end := open[:0:0], -1
		placed := false
		for _, n := range open {
			if n.lo <= end || n.blocked(open) {
				rest = append(rest, n)
				continue
			}
			n.track, end, placed = c.tracks, n.hi+1, true
		}
		if !placed {
			// Each waits for another: the first takes a detour.
			n := rest[0]
			rest = rest[1:]
			n.track, n.sideways = c.tracks, spare
			last = append(last, n)
			spare += 2
		}
		c.tracks++
		open = rest
	}
	for _, n := range last {
		n.second = c.tracks
		c.tracks++
	}
	return spare
}

// blocked tells that another net must have its track first: one that comes down
// to where this net goes on down.
func (n *net) blocked(open []*net) bool {
	return slices.ContainsFunc(open, func(o *net) bool {
		return o != n && !o.below && slices.Contains(n.targets, o.from)
	})
}

// stack sets the rows of channels and layers.
func (d *drawing) stack(channels []channel) {
	y := 0
	for i := range channels {
		c := &channels[i]
		c.top = y
		y += c.tracks
		if c.labelled {
			y++
		}
		if y == c.top && i > 0 && i < len(d.layers) && d.bare(i) {
			y++
		}
		if i == len(d.layers) {
			break
		}
		height := 1
		for _, n := range d.layers[i] {
			n.y = y
			height = max(height, n.h)
		}
		y += height
	}
	d.h = y
}

// bare tells that a line above layer i has no frame at either end, so that it
// would not be seen without a row of its own.
func (d *drawing) bare(i int) bool {
	for _, n := range d.layers[i] {
		for _, above := range n.up {
			if n.h <= 1 && above.h <= 1 {
				return true
			}
		}
	}
	return false
}
