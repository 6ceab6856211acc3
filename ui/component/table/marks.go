package table

import (
	"slices"

	tea "charm.land/bubbletea/v2"
)

func (t *Table) markKey(msg tea.KeyPressMsg) bool {
	switch k := &t.keys; {
	case t.index < 0:
		return false
	case k.Mark.Match(msg) && t.ranged:
		t.closeRange()
	case k.Mark.Match(msg):
		t.toggle(t.cursor)
		t.moveTo(t.index + 1)
	case k.Range.Match(msg) && t.ranged:
		t.closeRange()
	case k.Range.Match(msg):
		t.ranged, t.anchor = true, t.cursor
	case k.Back.Match(msg) && t.ranged:
		t.ranged = false
	case k.MarkAll.Match(msg):
		t.markAll()
	default:
		return false
	}
	t.dirty = true
	return true
}

func (t *Table) toggle(id string) {
	t.dirty = true
	if _, on := t.marks[id]; on {
		delete(t.marks, id)
		return
	}
	t.marks[id] = struct{}{}
}

// span is the open range, as indexes; none gives from > to.
func (t *Table) span() (from, to int) {
	if !t.ranged || t.index < 0 {
		return 0, -1
	}
	a := t.find(t.anchor)
	if a < 0 {
		a = t.index
	}
	return min(a, t.index), max(a, t.index)
}

func (t *Table) closeRange() {
	from, to := t.span()
	for i := from; i <= to; i++ {
		t.marks[t.rows.ID(i)] = struct{}{}
	}
	t.ranged = false
}

// markAll marks every row of the list, or takes the marks away when all have
// one. Marks of rows that are not in the list are left alone.
func (t *Table) markAll() {
	n, added := t.rows.Len(), false
	for i := range n {
		id := t.rows.ID(i)
		if _, on := t.marks[id]; !on {
			t.marks[id] = struct{}{}
			added = true
		}
	}
	if added {
		return
	}
	for i := range n {
		delete(t.marks, t.rows.ID(i))
	}
}

// Marked is every marked id, in row order; those not in the list at the moment
// (filtered out) come last.
func (t *Table) Marked() []string {
	type place struct {
		id string
		at int
	}
	places := make([]place, 0, len(t.marks))
	for id := range t.marks {
		at := t.find(id)
		if at < 0 {
			at = t.rows.Len()
		}
		places = append(places, place{id, at})
	}
	slices.SortFunc(places, func(a, b place) int {
		switch {
		case a.at != b.at:
			return a.at - b.at
		case a.id < b.id:
			return -1
		}
		return 1
	})
	ids := make([]string, len(places))
	for i, p := range places {
		ids[i] = p.id
	}
	return ids
}
