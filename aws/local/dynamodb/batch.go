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
	RequestItems map[string]batchKeys
}

// batchKeys are the keys of one table to read.
type batchKeys struct {
	Keys           []item
	ConsistentRead bool `json:",omitempty"`
}

type batchAnswer struct {
	Responses map[string][]item
	// UnprocessedKeys are left for another request.
	UnprocessedKeys map[string]batchKeys
}

// batchGetItem reads items until all tables together have given 16 MB.
func (s *Service) batchGetItem(in *batchRequest) (*batchAnswer, error) {
	out := &batchAnswer{Responses: map[string][]item{}, UnprocessedKeys: map[string]batchKeys{}}
	total, bytes := 0, 0
	for _, name := range slices.Sorted(maps.Keys(in.RequestItems)) {
		asked := in.RequestItems[name]
		if total += len(asked.Keys); total > maxBatchGet {
			return nil, invalid("Too many items requested for the BatchGetItem call")
		}
		t, err := s.find(name)
		if err == nil {
			err = t.checkKeys(asked.Keys)
		}
		if err != nil {
			return nil, err
		}
		items := []item{}
		for n, key := range asked.Keys {
			found := t.get(key)
			if bytes += found.size(); bytes > maxBatchBytes {
				out.UnprocessedKeys[name] = batchKeys{asked.Keys[n:], asked.ConsistentRead}
				break
			}
			if found != nil {
				items = append(items, found)
			}
		}
		out.Responses[name] = items
	}
	return out, nil
}

func (t *table) checkKeys(keys []item) error {
	for n, key := range keys {
		if err := t.checkKey(key); err != nil {
			return err
		}
		if slices.ContainsFunc(keys[:n], func(other item) bool { return t.compare(key, other) == 0 }) {
			return invalid("Provided list of item keys contains duplicates")
		}
	}
	return nil
}
