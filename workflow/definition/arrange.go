package definition

import (
	"cmp"
	"slices"
)

// arrange removes edges that lead nowhere, sets the layers, and puts the states
// in flow order.
func arrange(m *Machine) {
	index := make(map[string]int, len(m.States))
	for i, s := range m.States {
		index[s.Name] = i
	}
	to := make([][]int, len(m.States))
	for i := range m.States {
		s := &m.States[i]
		s.Edges = slices.DeleteFunc(s.Edges, func(e Edge) bool { _, ok := index[e.To]; return !ok })
		for _, e := range s.Edges {
			to[i] = append(to[i], index[e.To])
		}
	}
	start, ok := index[m.StartAt]
	if !ok {
		return
	}
	found := breadthFirst(to, start)
	layers := layer(to, start)
	last := 0
	for _, i := range found {
		m.States[i].Layer = layers[i]
		last = max(last, layers[i])
	}
	ordered := make([]State, 0, len(m.States))
	for _, i := range found {
		ordered = append(ordered, m.States[i])
	}
	slices.SortStableFunc(ordered, func(a, b State) int { return cmp.Compare(a.Layer, b.Layer) })
	reached := make([]bool, len(m.States))
	for _, i := range found {
		reached[i] = true
	}
	for i, s := range m.States {
		if !reached[i] {
			s.Layer = last + 1
			ordered = append(ordered, s)
		}
	}
	m.States = ordered
}

// breadthFirst are the nodes that start leads to, nearest first.
func breadthFirst(to [][]int, start int) []int {
	seen := make([]bool, len(to))
	seen[start] = true
	queue := []int{start}
	for n := 0; n < len(queue); n++ {
		for _, next := range to[queue[n]] {
			if !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	return queue
}

// layer is for each node the length of the longest way from start, over the
// edges that do not close a circle.
func layer(to [][]int, start int) []int {
	const fresh, open, done = 0, 1, 2
	state := make([]int, len(to))
	forward := make([][]int, len(to))
	var finished []int
	var visit func(int)
	visit = func(i int) {
		state[i] = open
		for _, next := range to[i] {
			if state[next] == open {
				continue // leads back
			}
			forward[i] = append(forward[i], next)
			if state[next] == fresh {
				visit(next)
			}
		}
		state[i] = done
		finished = append(finished, i)
	}
	visit(start)
	layers := make([]int, len(to))
	for _, i := range slices.Backward(finished) {
		for _, next := range forward[i] {
			layers[next] = max(layers[next], layers[i]+1)
		}
	}
	return layers
}
