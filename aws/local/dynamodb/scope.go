package dynamodb

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"orderops/aws/local/wire"
)

// literals are ExpressionAttributeValues.
type literals map[string]value

// UnmarshalJSON reads the values and says, for one that is refused, which.
func (l *literals) UnmarshalJSON(b []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil || raw == nil {
		return err
	}
	*l = literals{}
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		v, err := decodeValue(raw[name], 1)
		if e, ok := errors.AsType[*wire.Error](err); ok {
			return invalid("ExpressionAttributeValues contains invalid value: %s for key %s", e.Message, name)
		}
		if err != nil {
			return err
		}
		(*l)[name] = v
	}
	return nil
}

// attributes are the members that all requests with expressions share.
type attributes struct {
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues literals
}

// expression is one expression of a request; without a text it was not given.
type expression struct {
	kind string
	text *string
}

// scope resolves the names and values of one request's expressions, and
// remembers which were used.
type scope struct {
	attributes
	used map[string]bool
}

// newScope checks the names and values against the expressions that may use
// them.
func newScope(a attributes, expressions ...expression) (*scope, error) {
	given := false
	var missing []string
	for _, e := range expressions {
		if e.text != nil {
			given = true
		} else if e.kind != "ProjectionExpression" {
			missing = append(missing, e.kind)
		}
	}
	if a.ExpressionAttributeNames != nil {
		if !given {
			return nil, invalid("ExpressionAttributeNames can only be specified when using expressions")
		}
		if err := checkAliases("ExpressionAttributeNames", '#', maps.Keys(a.ExpressionAttributeNames)); err != nil {
			return nil, err
		}
	}
	if a.ExpressionAttributeValues != nil {
		if !given {
			verb := " is null"
			if len(missing) > 1 {
				verb = " are null"
			}
			return nil, invalid("ExpressionAttributeValues can only be specified when using expressions: %s%s", strings.Join(missing, " and "), verb)
		}
		if err := checkAliases("ExpressionAttributeValues", ':', maps.Keys(a.ExpressionAttributeValues)); err != nil {
			return nil, err
		}
	}
	return &scope{attributes: a, used: map[string]bool{}}, nil
}

func checkAliases(member string, first byte, names func(yield func(string) bool)) error {
	count := 0
	for _, name := range slices.Sorted(names) {
		count++
		if len(name) < 2 || name[0] != first || span(name[1:], letters+digits) != len(name)-1 {
			return invalid("%s contains invalid key: Syntax error; key: %q", member, name)
		}
	}
	if count == 0 {
		return invalid("%s must not be empty", member)
	}
	return nil
}

// unused refuses names and values that no expression used.
func (s *scope) unused() error {
	if err := s.unusedOf("ExpressionAttributeNames", maps.Keys(s.ExpressionAttributeNames)); err != nil {
		return err
	}
	return s.unusedOf("ExpressionAttributeValues", maps.Keys(s.ExpressionAttributeValues))
}

func (s *scope) unusedOf(member string, names func(yield func(string) bool)) error {
	left := slices.DeleteFunc(slices.Sorted(names), func(name string) bool { return s.used[name] })
	if len(left) == 0 {
		return nil
	}
	return invalid("Value provided in %s unused in expressions: keys: {%s}", member, strings.Join(left, ", "))
}
