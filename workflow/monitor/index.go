package monitor

import (
	"cmp"
	"time"

	"orderops/workflow/query"
)

// Index is a sorted and filtered view of rows, kept up by insertion: a change
// costs a binary search, not a sort. Rows are never changed in place, so one
// that was handed out stays as it was.
type Index[K cmp.Ordered, V query.Row] struct {
	key     func(V) K
	columns map[string]func(a, b V) int
}

// Len is how many rows pass the filter.
func (x *Index[K, V]) Len() int { return 0 }

// Total is how many rows there are without the filter.
func (x *Index[K, V]) Total() int { return 0 }

// At is the i-th row of the view.
func (x *Index[K, V]) At(i int) V { panic(i) }

// Find is the position of a row in the view, -1 when it is not there.
func (x *Index[K, V]) Find(id K) int { _ = id; return -1 }

// Get is a row by its id, whether it passes the filter or not.
func (x *Index[K, V]) Get(id K) (V, bool) { _ = id; var none V; return none, false }

// SetSort orders by a column. Another name than one of Columns changes nothing.
func (x *Index[K, V]) SetSort(column string, descending bool) { _, _ = column, descending }

// Sort is the present order.
func (x *Index[K, V]) Sort() (column string, descending bool) { return "", false }

// SetFilter shows only the rows that match at now.
func (x *Index[K, V]) SetFilter(q query.Query, now time.Time) { _, _ = q, now }

// Filter is the present filter.
func (x *Index[K, V]) Filter() query.Query { return query.Query{} }

// Columns are the names that can be sorted and filtered by, for query.Parse.
func (x *Index[K, V]) Columns() []string { return nil }
