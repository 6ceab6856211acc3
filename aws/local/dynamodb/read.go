package dynamodb

import (
	"context"
	"slices"
)

// maxPage is the most bytes that one Query or Scan reads.
const maxPage = 1 << 20

// readRequest has the members of Query and Scan.
type readRequest struct {
	attributes
	legacy
	TableName              string
	IndexName              *string
	Select                 string
	Limit                  *int
	ConsistentRead         bool
	ExclusiveStartKey      item
	KeyConditionExpression *string
	FilterExpression       *string
	ProjectionExpression   *string
	// ScanIndexForward is true when it is left out.
	ScanIndexForward       *bool
	Segment, TotalSegments *int
	ReturnConsumedCapacity string
}

type readAnswer struct {
	Items            []item    `json:",omitzero"`
	Count            int       `json:"Count"`
	ScannedCount     int       `json:"ScannedCount"`
	LastEvaluatedKey item      `json:",omitempty"`
	ConsumedCapacity *consumed `json:",omitempty"`
}

// reading is a readRequest with its expressions parsed.
type reading struct {
	*readRequest

	keys   *condition
	filter *condition
	paths  []path
}

func (in *readRequest) parse(expressions ...expression) (*reading, error) {
	if err := in.refuse(); err != nil {
		return nil, err
	}
	if err := checkMode(in.ReturnConsumedCapacity); err != nil {
		return nil, err
	}
	if in.Limit != nil && *in.Limit < 1 {
		return nil, tooLow("limit", *in.Limit, 1)
	}
	if err := in.checkSelect(); err != nil {
		return nil, err
	}
	filter := expression{"FilterExpression", in.FilterExpression}
	s, err := newScope(in.attributes, append(expressions, filter, expression{"ProjectionExpression", in.ProjectionExpression})...)
	if err != nil {
		return nil, err
	}
	r := &reading{readRequest: in}
	if r.filter, err = s.condition(filter); err != nil {
		return nil, err
	}
	if r.paths, err = s.projection(in.ProjectionExpression); err != nil {
		return nil, err
	}
	for _, e := range expressions {
		if r.keys, err = s.condition(e); err != nil {
			return nil, err
		}
	}
	return r, s.unused()
}

func (in *readRequest) checkSelect() error {
	if err := oneOf("select", in.Select, "SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"); err != nil {
		return err
	}
	switch {
	case in.Select == "ALL_PROJECTED_ATTRIBUTES" && in.IndexName == nil:
		return invalid("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
	case in.Select == "SPECIFIC_ATTRIBUTES" && in.ProjectionExpression == nil:
		return invalid("Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES")
	case in.Select != "" && in.Select != "SPECIFIC_ATTRIBUTES" && in.ProjectionExpression != nil:
		return invalid("Cannot specify the ProjectionExpression when choosing to get %s", in.Select)
	}
	return nil
}

// index is the index to read.
func (r *reading) index(t *table) (*index, error) {
	if r.IndexName == nil {
		return &t.primary, nil
	}
	for _, x := range t.indexes {
		if x.Name != *r.IndexName {
			continue
		}
		if r.ConsistentRead {
			return nil, invalid("Consistent reads are not supported on global secondary indexes")
		}
		if r.Select == "ALL_ATTRIBUTES" && x.Projection != "" && x.Projection != "ALL" {
			return nil, invalidValue("Select type ALL_ATTRIBUTES is not supported for global secondary index %s because its projection type is not ALL", x.Name)
		}
		return x, nil
	}
	return nil, invalid("The table does not have the specified index: %s", *r.IndexName)
}

// start cuts off what comes before the exclusive start key.
func (r *reading) start(x *index, entries []entry) ([]entry, error) {
	if r.ExclusiveStartKey == nil {
		return entries, nil
	}
	e, ok := x.place(r.ExclusiveStartKey)
	if !ok || len(r.ExclusiveStartKey) != len(x.order) {
		return nil, invalid("The provided starting key is invalid")
	}
	for _, key := range x.order {
		if r.ExclusiveStartKey[key.Name].kind != key.Type {
			return nil, invalid("The provided starting key is invalid")
		}
	}
	at, found := slices.BinarySearchFunc(entries, e, func(a, b entry) int { return x.compare(a, b, len(x.order)) })
	if r.backward() {
		return entries[:at], nil
	}
	if found {
		at++
	}
	return entries[at:], nil
}

func (r *reading) backward() bool { return r.ScanIndexForward != nil && !*r.ScanIndexForward }

// page reads entries until the limit, or until 1 MB is read.
func (r *reading) page(t *table, x *index, entries []entry) *readAnswer {
	out := &readAnswer{}
	if r.Select != "COUNT" {
		out.Items = []item{}
	}
	bytes := 0
	var last item
	for n := range entries {
		e := entries[n]
		if r.backward() {
			e = entries[len(entries)-1-n]
		}
		seen := x.projected(e.item)
		size := seen.size()
		if bytes+size > maxPage {
			out.LastEvaluatedKey = pick(last, x.keyNames())
			break
		}
		bytes += size
		last = e.item
		out.ScannedCount++
		if r.filter.holds(seen) {
			out.Count++
			if r.paths != nil {
				seen = project(seen, r.paths)
			}
			if out.Items != nil {
				out.Items = append(out.Items, seen)
			}
		}
		if r.Limit != nil && out.ScannedCount == *r.Limit {
			out.LastEvaluatedKey = pick(e.item, x.keyNames())
			break
		}
	}
	var c capacity
	c.add(x.Name, readUnits(bytes, r.ConsistentRead))
	out.ConsumedCapacity = c.report(t, r.ReturnConsumedCapacity)
	return out
}

func (s *Service) scan(_ context.Context, in *readRequest) (*readAnswer, error) {
	in.ScanIndexForward = nil // not Scan's to choose
	r, err := in.parse()
	if err != nil {
		return nil, err
	}
	if err := in.checkSegments(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.find(in.TableName)
	if err != nil {
		return nil, err
	}
	x, err := r.index(t)
	if err != nil {
		return nil, err
	}
	entries, err := r.start(x, x.entries)
	if err != nil {
		return nil, err
	}
	if in.Segment != nil {
		entries = slices.DeleteFunc(slices.Clone(entries), func(e entry) bool {
			return int(e.hash>>33)%*in.TotalSegments != *in.Segment
		})
	}
	return r.page(t, x, entries), nil
}

func (in *readRequest) checkSegments() error {
	switch {
	case in.Segment == nil && in.TotalSegments == nil:
		return nil
	case in.Segment == nil:
		return invalid("The Segment parameter is required but was not present in the request when parameter TotalSegments is present")
	case in.TotalSegments == nil:
		return invalid("The TotalSegments parameter is required but was not present in the request when Segment parameter is present")
	case *in.TotalSegments < 1:
		return tooLow("totalSegments", *in.TotalSegments, 1)
	case *in.Segment < 0:
		return tooLow("segment", *in.Segment, 0)
	case *in.Segment >= *in.TotalSegments:
		return invalid("The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: %d is not less than TotalSegments: %d", *in.Segment, *in.TotalSegments)
	}
	return nil
}
