package dynamodb

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"slices"

	"orderops/aws/local/wire"
)

// maxItem is the most bytes of an item.
const maxItem = 400 << 10

// table is one table with its items. The service's lock guards it.
type table struct {
	schema
	arn, id string
	created wire.Time
	// views are the table itself and its indexes.
	views []view
	// items are in the order of a hash of the partition key, so that a scan's
	// order looks as unsorted as AWS's and yet never changes, and inside a
	// partition by the sort key.
	items []item
	// bytes is the size of all items.
	bytes int
}

// keys are the table's own.
func (t *table) keys() []key { return t.views[0].keys }

// compare orders two items, or keys, as a scan does.
func (t *table) compare(a, b item) int {
	partition := t.keys()[0].name
	one, other := sha256.Sum256([]byte(a[partition].text())), sha256.Sum256([]byte(b[partition].text()))
	return cmp.Or(bytes.Compare(one[:], other[:]), compareBy(t.keys(), a, b))
}

// compareBy orders two items by their keys.
func compareBy(keys []key, a, b item) int {
	for _, k := range keys {
		if order := compare(a[k.name], b[k.name]); order != 0 {
			return order
		}
	}
	return 0
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
		t.bytes -= t.items[at].size()
		t.items[at] = i
	} else {
		t.items = slices.Insert(t.items, at, i)
	}
	t.bytes += i.size()
}

// in are the items that a view has: those with its keys.
func (t *table) in(v view) (items []item) {
	for _, i := range t.items {
		if !slices.ContainsFunc(v.keys, func(k key) bool { return i[k.name].kind == "" }) {
			items = append(items, i)
		}
	}
	return items
}

// pick is the item with only these attributes, which it has.
func (i item) pick(keys []key) item {
	picked := item{}
	for _, k := range keys {
		picked[k.name] = i[k.name]
	}
	return picked
}

// fits tells whether an item has exactly these keys and nothing else.
func (i item) fits(keys []key) bool {
	return len(i) == len(keys) && !slices.ContainsFunc(keys, func(k key) bool { return i[k.name].kind != k.kind })
}

// checkKey refuses what is not exactly this table's key.
func (t *table) checkKey(key item) error {
	if !key.fits(t.keys()) {
		return invalid("The provided key element does not match the schema")
	}
	return t.check(key)
}

// check refuses an item that is too large, or has a key that this table or one
// of its indexes cannot hold.
func (t *table) check(i item) error {
	if i.size() > maxItem {
		return invalid("Item size has exceeded the maximum allowed size")
	}
	for _, view := range t.views {
		for n, k := range view.keys {
			v, ok := i[k.name]
			switch most := []int{2048, 1024}[n]; {
			case !ok && view.index == "":
				return invalidValue("Missing the key %s in the item", k.name)
			case !ok: // the index does not have it
			case v.kind != k.kind && view.index == "":
				return invalidValue("Type mismatch for key %s expected: %s actual: %s", k.name, k.kind, v.kind)
			case v.kind != k.kind:
				return invalidValue("Type mismatch for Index Key %s Expected: %s Actual: %s IndexName: %s", k.name, k.kind, v.kind, view.index)
			case v.text() == "" && view.index == "":
				return emptyKey(k)
			case v.text() == "":
				return invalid("One or more parameter values are not valid. A value specified for a secondary index key is not supported. "+
					"The AttributeValue for a key attribute cannot contain an empty string value. IndexName: %s, IndexKey: %s", view.index, k.name)
			case v.bytes > most:
				return invalidValue("Size of the key %s has exceeded the maximum size limit of %d bytes", k.name, most)
			}
		}
	}
	return nil
}

func emptyKey(k key) error {
	return invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: %s", k.name)
}
