package definition

// place gives every node its column: as near to the mean of its neighbours as
// the order and the widths allow.
func (d *drawing) place() {
	const sweeps = 6
	for _, row := range d.layers {
		settle(row, func(*node) (int, bool) { return 0, false })
	}
	for range sweeps {
		for _, row := range d.layers {
			settle(row, func(n *node) (int, bool) { return mean(n.up) })
		}
		for i := range d.layers {
			settle(d.layers[len(d.layers)-1-i], func(n *node) (int, bool) { return mean(n.down) })
		}
	}
	for _, row := range d.layers {
		settle(row, func(n *node) (int, bool) { return mean(n.up) })
	}
	left := 0
	for i, row := range d.layers {
		for j, n := range row {
			if edge := n.x - n.left; i == 0 && j == 0 || edge < left {
				left = edge
			}
		}
	}
	for _, row := range d.layers {
		for _, n := range row {
			n.x -= left
			d.w = max(d.w, n.x+n.right+1)
		}
	}
}

func mean(nodes []*node) (int, bool) {
	if len(nodes) == 0 {
		return 0, false
	}
	sum := 0
	for _, n := range nodes {
		sum += n.x
	}
	return sum / len(nodes), true
}

// run is a stretch of nodes that stand as near to each other as they may.
type run struct {
	sum, weight float64
	n           int
}

func (r run) at() float64 { return r.sum / r.weight }

// settle moves the nodes of a layer to where they want to be, with the least
// squares of what they have to give in: runs that would overlap are joined until
// none does (pool adjacent violators). A node that wants nothing stays.
func settle(row []*node, want func(*node) (int, bool)) {
	offsets := make([]int, len(row))
	var runs []run
	for i, n := range row {
		if i > 0 {
			offsets[i] = offsets[i-1] + apart(row[i-1], n)
		}
		to, ok := want(n)
		weight := 1.0
		switch {
		case !ok:
			to, weight = n.x, 0.01
		case n.state == nil:
			weight = 4 // a long line should be straight
		}
		next := run{float64(to-offsets[i]) * weight, weight, 1}
		for len(runs) > 0 && runs[len(runs)-1].at() >= next.at() {
			last := runs[len(runs)-1]
			runs = runs[:len(runs)-1]
			next = run{last.sum + next.sum, last.weight + next.weight, last.n + next.n}
		}
		runs = append(runs, next)
	}
	i := 0
	for _, r := range runs {
		at := int(floor(r.at() + 0.5))
		for range r.n {
			row[i].x = at + offsets[i]
			i++
		}
	}
}

// floor rounds down also what is negative, so that order survives rounding.
func floor(f float64) float64 {
	whole := float64(int(f))
	if whole > f {
		whole--
	}
	return whole
}

// apart is the least distance of two neighbouring ports.
func apart(a, b *node) int {
	return a.right + 2 + b.left
}
