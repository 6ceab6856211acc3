package monitor

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
	"strings"
)

// column is one order of the rows: by a text or by a number.
type column[V any] struct {
	name   string
	text   func(V) string
	number func(V) int64
}

func byText[V any](name string, text func(V) string) column[V] {
	return column[V]{name: name, text: text}
}

func byNumber[V any](name string, number func(V) int64) column[V] {
	return column[V]{name: name, number: number}
}

func (c *column[V]) compare(a, b V) int {
	if c.text != nil {
		return cmp.Compare(c.text(a), c.text(b))
	}
	return cmp.Compare(c.number(a), c.number(b))
}

// compare orders by the chosen column, then by x.then, equal ones by key, so that
// the order is total.
func (x *Index[K, V]) compare(a, b V) int {
	c := x.columns[x.sort].compare(a, b)
	if c == 0 && x.then != nil {
		c = cmp.Compare(x.then(a), x.then(b))
	}
	if x.descending {
		c = -c
	}
	if c == 0 {
		return cmp.Compare(x.key(a), x.key(b))
	}
	return c
}

// ranked is a row with what decides most comparisons, so that the row itself is
// seldom looked at: 100,000 of them don't fit in a processor's cache.
type ranked[V any] struct {
	rank uint64
	then int64
	row  V
}

// resort sorts all rows anew, as compare does.
func (x *Index[K, V]) resort() {
	rows := make([]ranked[V], len(x.sorted))
	c := &x.columns[x.sort]
	places := x.placesOf(c)
	same := 0
	if places == nil {
		same = x.commonPrefix(c)
	}
	whole := true // the ranks tell all that the column does
	for i, row := range x.sorted {
		rows[i].row = row
		if x.then != nil {
			rows[i].then = x.then(row)
		}
		if c.text == nil {
			rows[i].rank = uint64(c.number(row)) ^ 1<<63 //nolint:gosec // the order is kept, also below zero
			continue
		}
		if places != nil {
			rows[i].rank = places[c.text(row)]
			continue
		}
		rest := c.text(row)[same:]
		whole = whole && len(rest) <= 8 && strings.IndexByte(rest, 0) < 0
		var first [8]byte
		copy(first[:], rest)
		rows[i].rank = binary.BigEndian.Uint64(first[:])
	}
	slices.SortFunc(rows, func(a, b ranked[V]) int {
		d := cmp.Compare(a.rank, b.rank)
		if d == 0 && whole {
			if d = cmp.Compare(a.then, b.then); d == 0 {
				return cmp.Compare(x.key(a.row), x.key(b.row))
			}
		}
		if d == 0 {
			return x.compare(a.row, b.row)
		}
		if x.descending {
			return -d
		}
		return d
	})
	for i := range rows {
		x.sorted[i] = rows[i].row
	}
}

// fewTexts is how many different texts are given places.
const fewTexts = 256

// placesOf are the places of a column's texts in their order where few differ, as
// states and causes do: rows with the same long text then needn't be compared by
// it. nil are more texts, or numbers.
func (x *Index[K, V]) placesOf(c *column[V]) map[string]uint64 {
	if c.text == nil {
		return nil
	}
	places := map[string]uint64{}
	for _, row := range x.sorted {
		if places[c.text(row)] = 0; len(places) > fewTexts {
			return nil
		}
	}
	for i, text := range slices.Sorted(maps.Keys(places)) {
		places[text] = uint64(i)
	}
	return places
}

// commonPrefix is how many bytes the texts of all rows begin with in common.
func (x *Index[K, V]) commonPrefix(c *column[V]) int {
	if c.text == nil || len(x.sorted) == 0 {
		return 0
	}
	prefix := c.text(x.sorted[0])
	for _, row := range x.sorted {
		s := c.text(row)
		n := min(len(prefix), len(s))
		i := 0
		for i < n && prefix[i] == s[i] {
			i++
		}
		prefix = prefix[:i]
	}
	return len(prefix)
}
