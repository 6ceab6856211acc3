package dynamodb

import (
	"cmp"
	"slices"

	"orderops/aws/local/wire"
)

// maxPage is the most bytes that one Query or Scan reads.
const maxPage = 1 << 20

// readRequest has the members of Query and Scan.
type readRequest struct {
	aliases
	TableName, IndexName   string
	KeyConditionExpression *string
	ConsistentRead         bool
	ExclusiveStartKey      item
	// Limit is at least 1; nil means none.
	Limit *int
	// ScanIndexForward is true when it is left out.
	ScanIndexForward       *bool
	Select                 string
	ReturnConsumedCapacity string
}

// page is the answer to a Query or Scan.
type page struct {
	Items               []item `json:",omitzero"`
	Count, ScannedCount int
	LastEvaluatedKey    item   `json:",omitempty"`
	ConsumedCapacity    object `json:",omitempty"`
}

// read is a request with its key condition parsed, and what it is about.
type read struct {
	*readRequest
	table *table
	view
	condition *condition
}

func (s *Service) read(in *readRequest) *read {
	p := newParser(in.aliases)
	r := &read{readRequest: in, condition: p.condition("KeyConditionExpression", in.KeyConditionExpression)}
	wire.Check(cmp.Or(
		oneOf("Select", in.Select, "COUNT"), oneOf("ReturnConsumedCapacity", in.ReturnConsumedCapacity, "NONE", "TOTAL"), p.done(),
	))
	t := wire.Must(s.find(in.TableName))
	at := slices.IndexFunc(t.views, func(v view) bool { return v.index == in.IndexName })
	need(at >= 0, "The table does not have the specified index: %s", in.IndexName)
	r.table, r.view = t, t.views[at]
	need(at == 0 || !in.ConsistentRead, "Consistent reads are not supported on global secondary indexes")
	if in.Limit != nil {
		need(*in.Limit >= 1, "1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1", *in.Limit)
	}
	need(in.ExclusiveStartKey == nil || in.ExclusiveStartKey.fits(r.place), "The provided starting key is invalid")
	return r
}

func (s *Service) scan(in *readRequest) (*page, error) {
	if in.IndexName != "" {
		return nil, unsupported("A scan of an index")
	}
	r := s.read(in)
	return r.page(r.table.items, r.table.compare), nil
}

func (s *Service) query(in *readRequest) (*page, error) {
	r := s.read(in)
	r.checkQuery()
	items := slices.DeleteFunc(r.table.in(r.view), func(i item) bool { return !r.condition.holds(i) })
	order := func(a, b item) int { return compareBy(r.place, a, b) }
	if in.ScanIndexForward != nil && !*in.ScanIndexForward {
		order = func(a, b item) int { return compareBy(r.place, b, a) }
	}
	slices.SortFunc(items, order)
	return r.page(items, order), nil
}

// page reads items, which are in that order, from behind the exclusive start
// key until the limit, or until 1 MB is read.
func (r *read) page(items []item, order func(a, b item) int) *page {
	if r.ExclusiveStartKey != nil {
		at, found := slices.BinarySearchFunc(items, r.ExclusiveStartKey, order)
		if found {
			at++
		}
		items = items[at:]
	}
	out, bytes := &page{Items: []item{}}, 0
	for n, i := range items {
		if r.keysOnly {
			i = i.pick(r.place)
		}
		if bytes+i.size() > maxPage || r.Limit != nil && n == *r.Limit {
			break
		}
		bytes += i.size()
		out.Items = append(out.Items, i)
	}
	n := len(out.Items)
	out.Count, out.ScannedCount = n, n
	if n < len(items) || r.Limit != nil && n == *r.Limit {
		out.LastEvaluatedKey = items[n-1].pick(r.place)
	}
	if r.Select == "COUNT" {
		out.Items = nil
	}
	if r.ReturnConsumedCapacity == "TOTAL" {
		out.ConsumedCapacity = object{"TableName": r.table.TableName, "CapacityUnits": readUnits(bytes, r.ConsistentRead)}
	}
	return out
}

// readUnits is one unit for every begun 4 KB of a strongly consistent read, and
// half of that for an eventually consistent one. Reading nothing costs as much
// as reading one item.
func readUnits(bytes int, consistent bool) float64 {
	n := float64(max(1, (bytes+4095)/4096))
	if consistent {
		return n
	}
	return n / 2
}

// checkQuery refuses what cannot select items by their key: all but the
// partition key's value and at most one condition on the sort key.
func (r *read) checkQuery() {
	need(r.condition != nil, "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
	given := make([]*condition, len(r.keys))
	for _, c := range r.condition.conjuncts() {
		at := slices.IndexFunc(r.keys, func(k key) bool { return c.parts == nil && k.name == c.operands[0].attribute })
		need(at >= 0 && (at > 0 || c.op == "=") && len(c.operands) > 1 && c.op != "<>" && given[at] == nil, "Query key condition not supported")
		given[at] = c
		for _, o := range c.operands[1:] {
			need(o.literal.kind == r.keys[at].kind, wrong+"Condition parameter type does not match schema type")
			if o.literal.text() == "" {
				wire.Check(emptyKey(r.keys[at]))
			}
		}
	}
	need(given[0] != nil, "Query condition missed key schema element: %s", r.keys[0].name)
	need(r.ExclusiveStartKey == nil || given[0].holds(r.ExclusiveStartKey), "The provided starting key is outside query boundaries based on provided conditions")
}
