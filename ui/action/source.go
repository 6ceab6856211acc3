package action

import (
	"orderops/workflow/monitor"
	"orderops/workflow/query"
)

// Source is one view of the store as the rows of a list: everything but how a
// row is drawn.
type Source[K ~string, V query.Row] struct {
	World *World
	Index *monitor.Index[K, V]
	// Key is the id of a row.
	Key func(V) K
}

// Len is how many rows pass the filter.
func (s Source[K, V]) Len() int { return s.Index.Len() }

// Total is how many rows there are without the filter.
func (s Source[K, V]) Total() int { return s.Index.Total() }

// ID is the id of row i.
func (s Source[K, V]) ID(i int) string { return string(s.Key(s.Index.At(i))) }

// Find is the position of an id, or -1.
func (s Source[K, V]) Find(id string) int { return s.Index.Find(K(id)) }

// Sort is the present order.
func (s Source[K, V]) Sort() (column string, descending bool) { return s.Index.Sort() }

// SetSort orders by a column.
func (s Source[K, V]) SetSort(column string, descending bool) { s.Index.SetSort(column, descending) }

// SetFilter shows only what matches; what it does not understand it refuses.
func (s Source[K, V]) SetFilter(text string) error {
	q, err := query.Parse(text, s.Index.Columns()...)
	if err != nil {
		return err
	}
	s.Index.SetFilter(q, s.World.Now)
	return nil
}

// Take are the marked rows, or without marks all that pass the filter.
func (s Source[K, V]) Take(marked []string) []V {
	if len(marked) > 0 {
		rows := make([]V, 0, len(marked))
		for _, id := range marked {
			if row, ok := s.Index.Get(K(id)); ok {
				rows = append(rows, row)
			}
		}
		return rows
	}
	rows := make([]V, s.Index.Len())
	for i := range rows {
		rows[i] = s.Index.At(i)
	}
	return rows
}
