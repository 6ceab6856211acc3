package monitor

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"orderops/workflow/query"
)

// Index is a sorted and filtered view of rows, kept up by insertion: a change
// costs a binary search, not a sort. Rows are never changed in place, so one
// that was handed out stays as it was.
type Index[K cmp.Ordered, V query.Row] struct {
	key        func(V) K
	columns    []column[V]
	then       func(V) int64 // orders what is equal in the column; may be nil
	sort       int
	descending bool
	filter     query.Query
	matchedAt  time.Time

	all map[K]V
	// sorted holds all rows, view those that pass the filter; view is not used
	// while the filter is empty.
	sorted []V
	view   []V
	// pending are the keys changed since the last flush, with the row that the
	// sorted lists hold for them.
	pending map[K]held[V]
}

// held is what the sorted lists hold for a key; there is nothing when present is false.
type held[V any] struct {
	row     V
	present bool
}

func newIndex[K cmp.Ordered, V query.Row](key func(V) K, then func(V) int64, sort int, descending bool, columns ...column[V]) Index[K, V] {
	return Index[K, V]{
		key: key, then: then, columns: columns, sort: sort, descending: descending,
		all: map[K]V{}, pending: map[K]held[V]{},
	}
}

// Len is how many rows pass the filter.
func (x *Index[K, V]) Len() int { return len(x.rows()) }

// Total is how many rows there are without the filter.
func (x *Index[K, V]) Total() int { return len(x.sorted) }

// At is the i-th row of the view.
func (x *Index[K, V]) At(i int) V { return x.rows()[i] }

// All are the rows in order, whether they pass the filter or not.
func (x *Index[K, V]) All() iter.Seq[V] {
	x.rows() // takes in what is pending
	return slices.Values(x.sorted)
}

// Find is the position of a row in the view, -1 when it is not there.
func (x *Index[K, V]) Find(id K) int {
	row, ok := x.all[id]
	if !ok {
		return -1
	}
	if at, found := x.search(x.rows(), row); found {
		return at
	}
	return -1
}

// Get is a row by its id, whether it passes the filter or not.
func (x *Index[K, V]) Get(id K) (V, bool) {
	row, ok := x.all[id]
	return row, ok
}

// SetSort orders by a column. Another name than one of Columns changes nothing.
func (x *Index[K, V]) SetSort(name string, descending bool) {
	at := slices.IndexFunc(x.columns, func(c column[V]) bool { return c.name == name })
	if at < 0 || at == x.sort && descending == x.descending {
		return
	}
	x.sort, x.descending = at, descending
	x.resort()
	x.refilter()
}

// Sort is the present order.
func (x *Index[K, V]) Sort() (column string, descending bool) {
	return x.columns[x.sort].name, x.descending
}

// SetFilter shows only the rows that match at now.
func (x *Index[K, V]) SetFilter(q query.Query, now time.Time) {
	x.filter, x.matchedAt = q, now
	x.refilter()
}

// Columns are the names that can be sorted and filtered by, for query.Parse.
func (x *Index[K, V]) Columns() []string {
	names := make([]string, len(x.columns))
	for i, c := range x.columns {
		names[i] = c.name
	}
	return names
}

// tick filters again when time alone may have changed the answer.
func (x *Index[K, V]) tick(now time.Time) {
	if x.filter.Relative() && now.Sub(x.matchedAt) >= time.Second {
		x.SetFilter(x.filter, now)
	}
}

// put adds or replaces a row. The view follows at the next flush.
func (x *Index[K, V]) put(row V) {
	id := x.key(row)
	x.remember(id)
	x.all[id] = row
}

// remove takes a row out. The view follows at the next flush.
func (x *Index[K, V]) remove(id K) {
	x.remember(id)
	delete(x.all, id)
}

func (x *Index[K, V]) remember(id K) {
	if _, ok := x.pending[id]; !ok {
		row, present := x.all[id]
		x.pending[id] = held[V]{row: row, present: present}
	}
}

// flush brings the sorted lists up to what was put and removed since the last time.
func (x *Index[K, V]) flush(now time.Time) {
	if len(x.pending) == 0 {
		return
	}
	if now.Before(x.matchedAt) {
		now = x.matchedAt
	}
	var gone, came, shown []V
	for id, old := range x.pending {
		if old.present {
			gone = append(gone, old.row)
		}
		if row, ok := x.all[id]; ok {
			came = append(came, row)
			if !x.filter.Empty() && x.filter.Match(row, now) {
				shown = append(shown, row)
			}
		}
	}
	clear(x.pending)
	if !x.filter.Empty() {
		x.view = x.replace(x.view, gone, shown)
	}
	x.sorted = x.replace(x.sorted, gone, came)
}

func (x *Index[K, V]) rows() []V {
	if x.filter.Empty() {
		return x.sorted
	}
	return x.view
}

func (x *Index[K, V]) refilter() {
	clear(x.view)
	x.view = x.view[:0]
	if x.filter.Empty() {
		return
	}
	for _, row := range x.sorted {
		if x.filter.Match(row, x.matchedAt) {
			x.view = append(x.view, row)
		}
	}
}

func (x *Index[K, V]) search(rows []V, row V) (int, bool) {
	return slices.BinarySearchFunc(rows, row, x.compare)
}

// few is up to how many changes are made one by one, each moving what stands
// behind it; more are merged in one pass over all.
const few = 64

// replace takes gone out of rows and puts came in. Rows of gone that are not
// there are passed over.
func (x *Index[K, V]) replace(rows, gone, came []V) []V {
	if len(gone)+len(came) <= few {
		for _, row := range gone {
			if at, found := x.search(rows, row); found {
				rows = slices.Delete(rows, at, at+1)
			}
		}
		for _, row := range came {
			at, _ := x.search(rows, row)
			rows = slices.Insert(rows, at, row)
		}
		return rows
	}
	return x.merge(x.without(rows, gone), came)
}

// without takes gone out of rows in one pass.
func (x *Index[K, V]) without(rows, gone []V) []V {
	places := make([]int, 0, len(gone))
	for _, row := range gone {
		if at, found := x.search(rows, row); found {
			places = append(places, at)
		}
	}
	slices.Sort(places)
	kept := rows[:0]
	from := 0
	for _, at := range places {
		kept = append(kept, rows[from:at]...)
		from = at + 1
	}
	kept = append(kept, rows[from:]...)
	clear(rows[len(kept):])
	return kept
}

// merge puts came into rows, from the back, moving what stands between them as
// a whole: rows that stay are not looked at.
func (x *Index[K, V]) merge(rows, came []V) []V {
	slices.SortFunc(came, x.compare)
	end := len(rows)
	rows = append(rows, came...)
	to := len(rows)
	for _, row := range slices.Backward(came) {
		at, _ := x.search(rows[:end], row)
		to -= end - at
		copy(rows[to:], rows[at:end])
		to--
		rows[to], end = row, at
	}
	return rows
}
