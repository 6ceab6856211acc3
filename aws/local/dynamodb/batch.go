package dynamodb

import (
	"context"
	"maps"
	"slices"
)

// The most of a batch: keys, puts and deletes, and bytes of an answer.
const (
	maxBatchGet   = 100
	maxBatchWrite = 25
	maxBatchBytes = 16 << 20
)

type batchGetRequest struct {
	RequestItems           map[string]*batchKeys
	ReturnConsumedCapacity string
}

// batchKeys are the keys of one table to read, and come back as they are when
// they could not be.
type batchKeys struct {
	ExpressionAttributeNames map[string]string `json:",omitempty"`
	Keys                     []item
	ConsistentRead           bool    `json:",omitempty"`
	ProjectionExpression     *string `json:",omitempty"`
	AttributesToGet          []any   `json:",omitempty"`
}

type batchGetAnswer struct {
	Responses        map[string][]item
	UnprocessedKeys  map[string]*batchKeys
	ConsumedCapacity []*consumed `json:",omitempty"`
}

func (s *Service) batchGetItem(_ context.Context, in *batchGetRequest) (*batchGetAnswer, error) {
	if err := checkMode(in.ReturnConsumedCapacity); err != nil {
		return nil, err
	}
	total := 0
	for _, keys := range in.RequestItems {
		if keys == nil || len(keys.Keys) == 0 {
			return nil, invalid("1 validation error detected: Value '[]' at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1")
		}
		total += len(keys.Keys)
	}
	if total == 0 {
		return nil, missing("requestItems")
	}
	if total > maxBatchGet {
		return nil, invalid("Too many items requested for the BatchGetItem call")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &batchGetAnswer{Responses: map[string][]item{}, UnprocessedKeys: map[string]*batchKeys{}}
	bytes := 0
	for _, name := range slices.Sorted(maps.Keys(in.RequestItems)) {
		t, err := s.find(name)
		if err != nil {
			return nil, err
		}
		read, err := t.readKeys(in.RequestItems[name], &bytes)
		if err != nil {
			return nil, err
		}
		out.Responses[name] = read.items
		if read.left != nil {
			out.UnprocessedKeys[name] = read.left
		}
		if report := read.capacity.report(t, in.ReturnConsumedCapacity); report != nil {
			out.ConsumedCapacity = append(out.ConsumedCapacity, report)
		}
	}
	return out, nil
}

type batchRead struct {
	items    []item
	left     *batchKeys
	capacity capacity
}

// readKeys reads items until all tables together have given 16 MB; the keys
// that are left come back for another request.
func (t *table) readKeys(in *batchKeys, bytes *int) (batchRead, error) {
	if in.AttributesToGet != nil {
		return batchRead{}, unsupported("The legacy parameter AttributesToGet")
	}
	paths, err := onlyProjection(attributes{ExpressionAttributeNames: in.ExpressionAttributeNames}, in.ProjectionExpression)
	if err != nil {
		return batchRead{}, err
	}
	if err := t.checkDistinct(in.Keys); err != nil {
		return batchRead{}, err
	}
	out := batchRead{items: []item{}}
	for n, key := range in.Keys {
		found := t.get(key)
		size := found.size()
		if *bytes+size > maxBatchBytes {
			rest := *in
			rest.Keys = in.Keys[n:]
			out.left = &rest
			break
		}
		*bytes += size
		out.capacity.table += readUnits(size, in.ConsistentRead)
		if found == nil {
			continue
		}
		if paths != nil {
			found = project(found, paths)
		}
		out.items = append(out.items, found)
	}
	return out, nil
}

// checkDistinct refuses keys that do not fit the table or come twice.
func (t *table) checkDistinct(keys []item) error {
	for n, key := range keys {
		if err := t.checkKey(key); err != nil {
			return err
		}
		if slices.ContainsFunc(keys[:n], func(other item) bool { return equalItems(key, other) }) {
			return invalid("Provided list of item keys contains duplicates")
		}
	}
	return nil
}

type batchWriteRequest struct {
	RequestItems           map[string][]batchWrite
	ReturnConsumedCapacity string
}

// batchWrite is a put or a delete.
type batchWrite struct {
	PutRequest    *struct{ Item item }
	DeleteRequest *struct{ Key item }
}

type batchWriteAnswer struct {
	UnprocessedItems map[string][]batchWrite
	ConsumedCapacity []*consumed `json:",omitempty"`
}

func (s *Service) batchWriteItem(_ context.Context, in *batchWriteRequest) (*batchWriteAnswer, error) {
	if err := checkMode(in.ReturnConsumedCapacity); err != nil {
		return nil, err
	}
	total := 0
	for _, writes := range in.RequestItems {
		total += len(writes)
	}
	if total == 0 {
		return nil, missing("requestItems")
	}
	if total > maxBatchWrite {
		return nil, invalid("Too many items requested for the BatchWriteItem call")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	names := slices.Sorted(maps.Keys(in.RequestItems))
	for _, name := range names { // all is checked before anything is written
		t, err := s.find(name)
		if err != nil {
			return nil, err
		}
		if err := t.checkWrites(in.RequestItems[name]); err != nil {
			return nil, err
		}
	}
	out := &batchWriteAnswer{UnprocessedItems: map[string][]batchWrite{}}
	for _, name := range names {
		t, err := s.find(name)
		if err != nil {
			return nil, err
		}
		var c capacity
		for _, w := range in.RequestItems[name] {
			key, next := w.items()
			old := t.get(key)
			t.replace(old, next)
			cost := t.written(old, next)
			c.add("", cost.table)
			for index, n := range cost.indexes {
				c.add(index, n)
			}
		}
		if report := c.report(t, in.ReturnConsumedCapacity); report != nil {
			out.ConsumedCapacity = append(out.ConsumedCapacity, report)
		}
	}
	return out, nil
}

// items are the key that is written to and what comes there, nil for a delete.
func (w batchWrite) items() (key, next item) {
	if w.PutRequest != nil {
		return w.PutRequest.Item, w.PutRequest.Item
	}
	return w.DeleteRequest.Key, nil
}

func (t *table) checkWrites(writes []batchWrite) error {
	keys := make([]item, len(writes))
	for n, w := range writes {
		if (w.PutRequest == nil) == (w.DeleteRequest == nil) {
			return invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes")
		}
		key, next := w.items()
		if next != nil {
			if next.size() > maxItem {
				return invalid("Item size has exceeded the maximum allowed size")
			}
			if err := t.checkItem(next); err != nil {
				return err
			}
			key = pick(next, t.primary.keyNames())
		}
		keys[n] = key
	}
	return t.checkDistinct(keys)
}
