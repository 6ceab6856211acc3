package dynamodb

import (
	"bytes"
	"crypto/sha256"
	"slices"

	"orderops/aws/local/wire"
)

// table is one table with its items. The service's lock guards it.
type table struct {
	schema
	arn, id string
	created wire.Time
	// keys are the partition key and, if there is one, the sort key.
	keys []Key
	// keyNames are theirs.
	keyNames []string
	// items are in the order of a hash of the partition key, so that a scan's
	// order looks as unsorted as AWS's and yet never changes, and inside a
	// partition by the sort key.
	items []item
	// bytes is the size of all items.
	bytes int
}

// compare orders two items, or keys.
func (t *table) compare(a, b item) int {
	partition := t.keys[0].Name
	one, other := sha256.Sum256([]byte(a[partition].text)), sha256.Sum256([]byte(b[partition].text))
	order := bytes.Compare(one[:], other[:])
	for _, key := range t.keys {
		if order == 0 {
			order, _ = compare(a[key.Name], b[key.Name])
		}
	}
	return order
}

// get finds the item with this key, nil when there is none.
func (t *table) get(key item) item {
	if at, found := slices.BinarySearchFunc(t.items, key, t.compare); found {
		return t.items[at]
	}
	return nil
}

// put stores an item in the place of the one with the same key.
func (t *table) put(i item) {
	at, found := slices.BinarySearchFunc(t.items, i, t.compare)
	if found {
		t.bytes += i.size() - t.items[at].size()
		t.items[at] = i
		return
	}
	t.bytes += i.size()
	t.items = slices.Insert(t.items, at, i)
}

// pick is the item with only these attributes; nil keeps all.
func (i item) pick(names []string) item {
	if i == nil || names == nil {
		return i
	}
	picked := item{}
	for _, name := range names {
		if v, ok := i[name]; ok {
			picked[name] = v
		}
	}
	return picked
}
