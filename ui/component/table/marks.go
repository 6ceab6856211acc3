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

// marked tells whether a row of the list has a mark.
func (t *Table) marked(id string) bool {
	if t.all {
		_, not := t.except[id]
		return !not
	}
	_, on := t.marks[id]
	return on
}

func (t *Table) toggle(id string) {
	t.dirty = true
	if t.marked(id) {
		delete(t.marks, id)
		if t.all {
			t.except[id] = struct{}{}
		}
		return
	}
	t.mark(id)
}

func (t *Table) mark(id string) {
	if t.all {
		delete(t.except, id)
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
		t.mark(t.rows.ID(i))
	}
	t.ranged = false
}

// markAll marks every row of the list, those that come into it later too, or
// takes the marks away when all have one. Marks of rows that are not in the list
// are left alone.
func (t *Table) markAll() {
	was := t.MarkCount()
	if t.all && len(t.except) == 0 || !t.all && was > 0 && was == t.rows.Len() && t.everyMarked() {
		t.all = false
		clear(t.except)
		for i := range t.rows.Len() {
			if len(t.marks) == 0 {
				break
			}
			delete(t.marks, t.rows.ID(i))
		}
		return
	}
	t.all = true
	clear(t.except)
}

func (t *Table) everyMarked() bool {
	for i := range t.rows.Len() {
		if !t.marked(t.rows.ID(i)) {
			return false
		}
	}
	return true
}

// Settle turns "all that are in the list" into the ids that are in it now. It is
// called before the list gets another filter, so that the marks stay on what
// they were put on.
func (t *Table) Settle() {
	if !t.all {
		return
	}
	for i := range t.rows.Len() {
		id := t.rows.ID(i)
		if _, not := t.except[id]; !not {
			t.marks[id] = struct{}{}
		} else {
			delete(t.marks, id)
		}
	}
	t.all = false
	clear(t.except)
}

// ClearMarks takes every mark away.
func (t *Table) ClearMarks() {
	t.all, t.dirty = false, true
	clear(t.marks)
	clear(t.except)
}

// MarkCount is how many rows have a mark, those included that are not in the
// list at the moment.
func (t *Table) MarkCount() int {
	if !t.all {
		return len(t.marks)
	}
	n := t.rows.Len()
	for id := range t.except {
		if t.find(id) >= 0 {
			n--
		}
	}
	for id := range t.marks {
		if t.find(id) < 0 {
			n++
		}
	}
	return n
}

// mostSought is how many marks are looked for among the rows whenever the list is
// drawn.
const mostSought = 1000

// HiddenMarks is how many marked rows are not in the list, at least when there are
// too many to look for.
func (t *Table) HiddenMarks() (n int, atLeast bool) {
	if len(t.marks) > mostSought {
		return max(len(t.marks)-t.rows.Len(), 0), true
	}
	for id := range t.marks {
		if t.find(id) < 0 {
			n++
		}
	}
	return n, false
}

// Marked is every marked id, in row order; those not in the list at the moment
// (filtered out) come last.
func (t *Table) Marked() []string {
	type place struct {
		id string
		at int
	}
	var places []place
	if t.all {
		for i := range t.rows.Len() {
			if id := t.rows.ID(i); t.marked(id) {
				places = append(places, place{id, i})
			}
		}
	}
	for id := range t.marks {
		at := t.find(id)
		switch {
		case at < 0:
			places = append(places, place{id, t.rows.Len()})
		case !t.all:
			places = append(places, place{id, at})
		}
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
