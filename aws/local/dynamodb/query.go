package dynamodb

import "slices"

func (c *call) query() (*answer, error) {
	if c.keys == nil {
		return nil, invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
	}
	partition, err := c.table.checkKeyCondition(c.keys)
	if err != nil {
		return nil, err
	}
	for _, k := range c.table.keys {
		if c.filter != nil && c.filter.mentions(k.Name) {
			return nil, invalid("Filter Expression can only contain non-primary key attributes: Primary key attribute: %s", k.Name)
		}
	}
	if start, ok := c.ExclusiveStartKey[c.table.keys[0].Name]; ok && start.kind == partition.kind && !equal(start, partition) {
		return nil, invalid("The provided starting key is outside query boundaries based on provided conditions")
	}
	items := slices.DeleteFunc(slices.Clone(c.table.items), func(i item) bool { return !c.keys.holds(i) })
	if c.ScanIndexForward == nil || *c.ScanIndexForward {
		return c.page(items, c.table.compare)
	}
	slices.Reverse(items)
	return c.page(items, func(a, b item) int { return c.table.compare(b, a) })
}

// checkKeyCondition refuses what cannot select items by their key, and tells the
// partition key's value: all but that value and one condition on the sort key.
func (t *table) checkKeyCondition(c *node) (partition value, err error) {
	left := c.conjuncts()
	for n, part := range left {
		switch same := func(other node) bool { return other.args[0].attribute == part.args[0].attribute }; {
		case !slices.Contains([]string{"=", "<", "<=", ">", ">=", "BETWEEN", "begins_with"}, part.op):
			return value{}, invalid("Invalid operator used in KeyConditionExpression: %s", part.op)
		case slices.ContainsFunc(left[:n], same):
			return value{}, invalid("KeyConditionExpressions must only contain one condition per key")
		}
	}
	for n, k := range t.keys {
		at := slices.IndexFunc(left, func(part node) bool { return part.args[0].attribute == k.Name })
		if at < 0 && n > 0 && len(left) == 0 {
			break // the sort key needs no condition
		}
		if at < 0 {
			return value{}, invalid("Query condition missed key schema element: %s", k.Name)
		}
		if n == 0 && left[at].op != "=" {
			return value{}, invalid("Query key condition not supported")
		}
		operands := left[at].args[1:]
		if err := k.checkOperands(operands); err != nil {
			return value{}, err
		}
		if n == 0 {
			partition = operands[0].literal
		}
		left = slices.Delete(left, at, at+1)
	}
	if len(left) > 0 {
		return value{}, invalid("Query key condition not supported")
	}
	return partition, nil
}

// checkOperands refuses operands that the key cannot be compared with.
func (k Key) checkOperands(operands []node) error {
	for _, o := range operands {
		switch {
		case o.literal.kind == "":
			return invalid("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition")
		case o.literal.kind != k.Type:
			return invalidValue("Condition parameter type does not match schema type")
		}
		if err := k.checkNotEmpty(o.literal); err != nil {
			return err
		}
	}
	return nil
}

// conjuncts are the parts of a condition that are joined by AND.
func (n *node) conjuncts() []node {
	if n.op == "AND" {
		return append(n.args[0].conjuncts(), n.args[1].conjuncts()...)
	}
	return []node{*n}
}

// mentions tells whether the condition reads that attribute.
func (n *node) mentions(name string) bool {
	return n.attribute == name || slices.ContainsFunc(n.args, func(arg node) bool { return arg.mentions(name) })
}
