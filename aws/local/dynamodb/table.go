package dynamodb

import (
	"time"
)

// table is one table with its items. The service's lock guards it.
type table struct {
	Table

	arn     string
	id      string
	created time.Time
	// bytes is the size of all items.
	bytes   int
	primary index
	indexes []*index
}

// index keeps items in the order of a key: by a hash of the partition key, so
// that a scan's order looks as unsorted as AWS's and yet never changes, and
// inside a partition by the sort key. A secondary index falls back on the
// table's own key, as its keys need not be unique.
type index struct {
	Index

	// order holds the key attributes by which entries are sorted.
	order   []Key
	entries []entry
}

// entry is an item at its place.
type entry struct {
	hash uint64
	item item
}

// keyNames are the attributes that tell an item's place: the index's own key
// and the table's.
func (x *index) keyNames() []string {
	names := make([]string, len(x.order))
	for i, key := range x.order {
		names[i] = key.Name
	}
	return names
}
