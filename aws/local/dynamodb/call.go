package dynamodb

import (
	"cmp"
	"fmt"
	"strings"
)

// request has the members of all operations on the items of one table.
type request struct {
	attributes
	capacity
	TableName              string
	Item, Key              item
	ConditionExpression    *string
	UpdateExpression       *string
	KeyConditionExpression *string
	FilterExpression       *string
	ProjectionExpression   *string
	ConsistentRead         bool
	ExclusiveStartKey      item
	// Limit is at least 1; nil means none.
	Limit *int
	// ScanIndexForward is true when it is left out.
	ScanIndexForward                    *bool
	Select                              string
	ReturnValues                        string
	ReturnValuesOnConditionCheckFailure string
}

// answer has the members of all answers to a request.
type answer struct {
	Attributes item `json:",omitempty"`
	// Item is left out when there is none; it is {} when nothing of it was asked for.
	Item             item   `json:",omitzero"`
	Items            []item `json:",omitzero"`
	Count            *int   `json:",omitempty"`
	ScannedCount     *int   `json:",omitempty"`
	LastEvaluatedKey item   `json:",omitempty"`
	ConsumedCapacity object `json:",omitempty"`
}

// call is a request with its expressions parsed, and the table it is about.
type call struct {
	*request

	table                   *table
	condition, keys, filter *node
	actions                 []action
	// names are what a projection keeps; nil keeps all.
	names []string
}

// onItems makes an operation of what is done with a call.
func (s *Service) onItems(f func(*call) (*answer, error)) func(*request) (*answer, error) {
	return func(in *request) (*answer, error) {
		c, err := s.call(in)
		if err != nil {
			return nil, err
		}
		return f(c)
	}
}

func (s *Service) call(in *request) (*call, error) {
	p := newParser(in.attributes)
	c := &call{
		request:   in,
		actions:   p.update(in.UpdateExpression),
		keys:      p.condition("KeyConditionExpression", in.KeyConditionExpression),
		condition: p.condition("ConditionExpression", in.ConditionExpression),
		filter:    p.condition("FilterExpression", in.FilterExpression),
		names:     p.projection(in.ProjectionExpression),
	}
	err := cmp.Or(in.check(), p.done())
	if err == nil {
		c.table, err = s.find(in.TableName, "")
	}
	return c, err
}

// check refuses members with values that AWS or this package does not know.
func (in *request) check() error {
	err := cmp.Or(
		in.capacity.check(),
		oneOf("returnValues", in.ReturnValues, "ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"),
		oneOf("returnValuesOnConditionCheckFailure", in.ReturnValuesOnConditionCheckFailure, "ALL_OLD", "NONE"),
	)
	switch {
	case err != nil:
		return err
	case in.Limit != nil && *in.Limit < 1:
		return constraint(fmt.Sprintf("'%d'", *in.Limit), "limit", "have value greater than or equal to 1")
	case strings.HasPrefix(in.ReturnValues, "UPDATED_"):
		return unsupported("ReturnValues " + in.ReturnValues)
	case in.Select != "" && in.Select != "COUNT" && in.Select != "ALL_ATTRIBUTES":
		return unsupported("Select " + in.Select)
	case in.Select != "" && in.ProjectionExpression != nil:
		return invalid("Cannot specify the ProjectionExpression when choosing to get %s", in.Select)
	}
	return nil
}
