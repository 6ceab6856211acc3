package dynamodb

import (
	"cmp"
	"hash/fnv"
	"maps"
	"slices"
)

// place makes the entry of an item; ok is false when the item lacks a key
// attribute and so is not in this index.
func (x *index) place(i item) (e entry, ok bool) {
	for _, key := range x.order {
		if _, ok := i[key.Name]; !ok {
			return entry{}, false
		}
	}
	return entry{hash: partitionHash(i[x.PartitionKey.Name]), item: i}, true
}

// partitionHash spreads partition keys; it is the same in every process.
func partitionHash(v value) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(v.text)) // a hash never fails
	sum := h.Sum64()
	// FNV leaves the keys of one prefix close together; a multiplication and a
	// shift mix them (the finaliser of MurmurHash3).
	sum ^= sum >> 33
	sum *= 0xff51afd7ed558ccd
	return sum ^ sum>>33
}

// compare orders two entries by the first keys of the order.
func (x *index) compare(a, b entry, keys int) int {
	order := cmp.Compare(a.hash, b.hash)
	for k := 0; k < keys && order == 0; k++ {
		order, _ = compare(a.item[x.order[k].Name], b.item[x.order[k].Name])
	}
	return order
}

// search finds where an entry is or belongs.
func (x *index) search(e entry) (at int, found bool) {
	return slices.BinarySearchFunc(x.entries, e, func(a, b entry) int { return x.compare(a, b, len(x.order)) })
}

// partition is the range of entries with this partition key.
func (x *index) partition(key value) []entry {
	e := entry{hash: partitionHash(key), item: item{x.PartitionKey.Name: key}}
	from, _ := slices.BinarySearchFunc(x.entries, e, func(a, b entry) int { return x.compare(a, b, 1) })
	rest := x.entries[from:]
	to, _ := slices.BinarySearchFunc(rest, e, func(a, b entry) int { return cmp.Or(x.compare(a, b, 1), -1) })
	return rest[:to]
}

func (x *index) insert(i item) {
	e, ok := x.place(i)
	if !ok {
		return
	}
	at, found := x.search(e)
	if found {
		x.entries[at] = e
		return
	}
	x.entries = slices.Insert(x.entries, at, e)
}

func (x *index) remove(i item) {
	e, ok := x.place(i)
	if !ok {
		return
	}
	if at, found := x.search(e); found {
		x.entries = slices.Delete(x.entries, at, at+1)
	}
}

// projected is what the index holds of an item.
func (x *index) projected(i item) item {
	if x.Projection == "" || x.Projection == "ALL" {
		return i
	}
	return pick(i, append(x.keyNames(), x.Include...))
}

// pick is the item with only these attributes.
func pick(i item, names []string) item {
	picked := make(item, len(names))
	for _, name := range names {
		if v, ok := i[name]; ok {
			picked[name] = v
		}
	}
	return picked
}

// get finds the item with this key, nil when there is none.
func (t *table) get(key item) item {
	e, _ := t.primary.place(key)
	if at, found := t.primary.search(e); found {
		return t.primary.entries[at].item
	}
	return nil
}

// replace puts next where old was; nil means that there is no such item.
func (t *table) replace(old, next item) {
	if old != nil {
		t.bytes -= old.size()
		for _, x := range t.indexes {
			x.remove(old)
		}
		if next == nil {
			t.primary.remove(old)
		}
	}
	if next != nil {
		t.bytes += next.size()
		t.primary.insert(next)
		for _, x := range t.indexes {
			x.insert(next)
		}
	}
}

// clone is a copy to change; of nothing it is an empty item.
func clone(i item) item {
	if i == nil {
		return item{}
	}
	return maps.Clone(i)
}
