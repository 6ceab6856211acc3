package dynamodb

import (
	"maps"
	"slices"
)

// The most of a batch: keys, and bytes of an answer.
const (
	maxBatchGet   = 100
	maxBatchBytes = 16 << 20
)

type batchRequest struct {
	capacity
	RequestItems map[string]*batchKeys
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

type batchAnswer struct {
	Responses        map[string][]item
	UnprocessedKeys  map[string]*batchKeys
	ConsumedCapacity []object `json:",omitempty"`
}

func (s *Service) batchGetItem(in *batchRequest) (*batchAnswer, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	total := 0
	for _, keys := range in.RequestItems {
		if keys == nil || len(keys.Keys) == 0 {
			return nil, constraint("'[]'", "requestItems", "have length greater than or equal to 1")
		}
		total += len(keys.Keys)
	}
	if total == 0 {
		return nil, missing("requestItems")
	}
	if total > maxBatchGet {
		return nil, invalid("Too many items requested for the BatchGetItem call")
	}
	out := &batchAnswer{Responses: map[string][]item{}, UnprocessedKeys: map[string]*batchKeys{}}
	bytes := 0
	for _, name := range slices.Sorted(maps.Keys(in.RequestItems)) {
		keys := in.RequestItems[name]
		c, err := s.call(&request{
			TableName: name, capacity: in.capacity, attributes: attributes{ExpressionAttributeNames: keys.ExpressionAttributeNames},
			ProjectionExpression: keys.ProjectionExpression, ConsistentRead: keys.ConsistentRead,
		})
		if err != nil {
			return nil, err
		}
		if err := c.readKeys(keys, out, &bytes); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// readKeys reads items until all tables together have given 16 MB; the keys
// that are left come back for another request.
func (c *call) readKeys(in *batchKeys, out *batchAnswer, bytes *int) error {
	if in.AttributesToGet != nil {
		return unsupported("The parameter AttributesToGet")
	}
	for n, key := range in.Keys {
		if err := c.table.checkKey(key); err != nil {
			return err
		}
		if slices.ContainsFunc(in.Keys[:n], func(other item) bool { return equalItems(key, other) }) {
			return invalid("Provided list of item keys contains duplicates")
		}
	}
	items, units := []item{}, 0.0
	for n, key := range in.Keys {
		found := c.table.get(key)
		if *bytes+found.size() > maxBatchBytes {
			in.Keys = in.Keys[n:]
			out.UnprocessedKeys[c.TableName] = in
			break
		}
		*bytes += found.size()
		units += readUnits(found.size(), c.ConsistentRead)
		if found != nil {
			items = append(items, found.pick(c.names))
		}
	}
	out.Responses[c.TableName] = items
	if report := c.report(c.table, units); report != nil {
		out.ConsumedCapacity = append(out.ConsumedCapacity, report)
	}
	return nil
}
