package definition

import (
	"cmp"
	"slices"
)

// drawing is a layout in the making: layers of nodes, and edges between them.
type drawing struct {
	width  func(string) int
	start  string
	layers [][]*node
	edges  []*edge

	w, h   int
	lines  []Line
	labels []Label
}

// node is a state, or the place where a long edge passes a layer.
type node struct {
	state *State // nil for such a place
	inner []*Layout
	layer int
	at    int // place within the layer
	w, h  int
	// x is the column of the port; left and right are the cells beside it that
	// are kept free of other nodes.
	x, y        int
	left, right int
	up, down    []*node
}

// edge is a drawn edge: what leads from one state to another for the same kind
// of reason is one.
type edge struct {
	Edge

	from, to *node
	// way are the nodes from from to to; nil for an edge that leads back.
	way []*node
}

func (e *edge) back() bool { return e.way == nil }

// collect makes the nodes and edges; false when there are too many bends.
func (d *drawing) collect(m *Machine) bool {
	d.start = m.StartAt
	nodes := map[string]*node{}
	for i := range m.States {
		s := &m.States[i]
		n := &node{state: s, layer: s.Layer}
		d.measure(n)
		nodes[s.Name] = n
		d.put(n)
	}
	bends := 0
	for i := range m.States {
		from := nodes[m.States[i].Name]
		for _, e := range joined(m.States[i].Edges) {
			drawn := &edge{Edge: e, from: from, to: nodes[e.To]}
			d.edges = append(d.edges, drawn)
			if drawn.to.layer <= from.layer {
				continue
			}
			if bends += drawn.to.layer - from.layer - 1; bends > mostBends {
				return false
			}
			d.thread(drawn)
		}
	}
	return true
}

// put appends a node to its layer.
func (d *drawing) put(n *node) {
	for len(d.layers) <= n.layer {
		d.layers = append(d.layers, nil)
	}
	n.at = len(d.layers[n.layer])
	d.layers[n.layer] = append(d.layers[n.layer], n)
}

// thread leads an edge through the layers, and keeps room for its label.
func (d *drawing) thread(e *edge) {
	e.way = []*node{e.from}
	last := e.from
	for layer := e.from.layer + 1; layer <= e.to.layer; layer++ {
		next := e.to
		if layer < e.to.layer {
			next = &node{layer: layer, w: 1}
			d.put(next)
		}
		if layer == e.from.layer+1 && e.Label != "" {
			next.right = max(next.right, 2+min(d.width(e.Label), widestLabel))
		}
		last.down, next.up = append(last.down, next), append(next.up, last)
		e.way = append(e.way, next)
		last = next
	}
}

// joined makes one edge of those that lead to the same state for the same kind
// of reason.
func joined(edges []Edge) []Edge {
	var out []Edge
	for _, e := range edges {
		same := slices.IndexFunc(out, func(o Edge) bool { return o.To == e.To && (o.Kind == Catch) == (e.Kind == Catch) })
		if same < 0 {
			out = append(out, e)
			continue
		}
		if e.Label != "" {
			out[same].Label = short(out[same].Label + " or " + e.Label)
		}
	}
	return out
}

// order sorts each layer so that few lines cross: each node goes to the mean
// place of its neighbours, downwards and upwards in turn.
func (d *drawing) order() {
	const sweeps = 8
	best, fewest := d.places(), d.crossings()
	for sweep := range sweeps {
		if fewest == 0 {
			break
		}
		for i := range d.layers {
			if sweep%2 == 0 {
				d.sortLayer(d.layers[i], func(n *node) []*node { return n.up })
			} else {
				d.sortLayer(d.layers[len(d.layers)-1-i], func(n *node) []*node { return n.down })
			}
		}
		if now := d.crossings(); now < fewest {
			best, fewest = d.places(), now
		}
	}
	for i, row := range best {
		d.layers[i] = row
		renumber(row)
	}
}

func (d *drawing) places() [][]*node {
	out := make([][]*node, len(d.layers))
	for i, row := range d.layers {
		out[i] = slices.Clone(row)
	}
	return out
}

func (d *drawing) sortLayer(row []*node, neighbours func(*node) []*node) {
	mean := make(map[*node]float64, len(row))
	for _, n := range row {
		mean[n] = float64(n.at)
		if list := neighbours(n); len(list) > 0 {
			sum := 0
			for _, other := range list {
				sum += other.at
			}
			mean[n] = float64(sum) / float64(len(list))
		}
	}
	slices.SortStableFunc(row, func(a, b *node) int { return cmp.Compare(mean[a], mean[b]) })
	renumber(row)
}

func renumber(row []*node) {
	for i, n := range row {
		n.at = i
	}
}

// crossings counts the pairs of lines between two layers that cross: the
// inversions of the lower ends when the upper ends are in order.
func (d *drawing) crossings() int {
	total := 0
	for _, row := range d.layers {
		var ends []int
		for _, n := range row {
			from := len(ends)
			for _, below := range n.down {
				ends = append(ends, below.at)
			}
			slices.Sort(ends[from:])
		}
		total += inversions(ends)
	}
	return total
}

// inversions counts the pairs that are out of order, by merging; it sorts list.
func inversions(list []int) int {
	if len(list) < 2 {
		return 0
	}
	a, b := slices.Clone(list[:len(list)/2]), slices.Clone(list[len(list)/2:])
	n := inversions(a) + inversions(b)
	for i := range list {
		if len(b) == 0 || len(a) > 0 && a[0] <= b[0] {
			list[i], a = a[0], a[1:]
			continue
		}
		list[i], b = b[0], b[1:]
		n += len(a)
	}
	return n
}
