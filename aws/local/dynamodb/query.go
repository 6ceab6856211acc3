package dynamodb

import (
	"context"
	"slices"
)

func (s *Service) query(_ context.Context, in *readRequest) (*readAnswer, error) {
	if in.KeyConditionExpression == nil && in.KeyConditions == nil {
		return nil, invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
	}
	r, err := in.parse(expression{"KeyConditionExpression", in.KeyConditionExpression})
	if err != nil {
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
	partition, sort, err := x.keyConditions(r.keys)
	if err != nil {
		return nil, err
	}
	for _, k := range x.schema() {
		if r.filter.mentions(k.AttributeName) {
			return nil, invalid("Filter Expression can only contain non-primary key attributes: Primary key attribute: %s", k.AttributeName)
		}
	}
	entries := x.partition(partition)
	if sort != nil {
		entries = slices.DeleteFunc(slices.Clone(entries), func(e entry) bool { return !sort.holds(e.item) })
	}
	if start, ok := in.ExclusiveStartKey[x.PartitionKey.Name]; ok && start.kind == partition.kind && !equal(start, partition) {
		return nil, invalid("The provided starting key is outside query boundaries based on provided conditions")
	}
	if entries, err = r.start(x, entries); err != nil {
		return nil, err
	}
	return r.page(t, x, entries), nil
}

// keyConditions takes a key condition apart: the partition key's value, and the
// condition on the sort key, nil when there is none.
func (x *index) keyConditions(c *condition) (partition value, sort *condition, err error) {
	seen := map[string]bool{}
	for _, part := range c.conjuncts() {
		switch part.op {
		case "=", "<", "<=", ">", ">=", "BETWEEN", "begins_with":
		default:
			return value{}, nil, invalid("Invalid operator used in KeyConditionExpression: %s", part.op)
		}
		p := part.operands[0].path
		if len(p) > 1 {
			return value{}, nil, invalid("KeyConditionExpressions cannot have conditions on nested attributes")
		}
		if p == nil {
			return value{}, nil, invalid("Invalid condition in KeyConditionExpression: No key attribute specified")
		}
		name := p[0].name
		if seen[name] {
			return value{}, nil, invalid("KeyConditionExpressions must only contain one condition per key")
		}
		seen[name] = true
		key := x.PartitionKey
		switch {
		case name == x.PartitionKey.Name && part.op == "=":
			partition = part.operands[1].literal
		case name == x.SortKey.Name:
			key, sort = x.SortKey, part
		case name == x.PartitionKey.Name:
			return value{}, nil, invalid("Query key condition not supported")
		default:
			return value{}, nil, x.missedKey(seen)
		}
		if err := key.checkOperands(part); err != nil {
			return value{}, nil, err
		}
	}
	if partition.kind == "" {
		return value{}, nil, x.missedKey(seen)
	}
	return partition, sort, nil
}

// missedKey names the first key attribute that no condition is about.
func (x *index) missedKey(seen map[string]bool) error {
	name := x.PartitionKey.Name
	if seen[name] && x.SortKey.Name != "" {
		name = x.SortKey.Name
	}
	if seen[name] {
		return invalid("Query key condition not supported")
	}
	return invalid("Query condition missed key schema element: %s", name)
}

// checkOperands refuses operands that the key cannot be compared with.
func (k Key) checkOperands(c *condition) error {
	for _, o := range c.operands[1:] {
		if o.literal.kind == "" {
			return invalid("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition")
		}
		if o.literal.kind != k.Type {
			return invalidValue("Condition parameter type does not match schema type")
		}
		if err := checkNotEmpty(k, o.literal, ""); err != nil {
			return err
		}
	}
	if c.op == "begins_with" && k.Type == "N" {
		return invalid("Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N")
	}
	return nil
}

// conjuncts are the parts of a condition that are joined by AND.
func (c *condition) conjuncts() []*condition {
	if c.op == "AND" {
		return append(c.parts[0].conjuncts(), c.parts[1].conjuncts()...)
	}
	return []*condition{c}
}

// mentions tells whether the condition reads that attribute.
func (c *condition) mentions(name string) bool {
	if c == nil {
		return false
	}
	return slices.ContainsFunc(c.parts, func(part *condition) bool { return part.mentions(name) }) ||
		slices.ContainsFunc(c.operands, func(o operand) bool { return o.mentions(name) })
}

func (o operand) mentions(name string) bool {
	return len(o.path) > 0 && o.path[0].name == name ||
		slices.ContainsFunc(o.args, func(arg operand) bool { return arg.mentions(name) })
}
