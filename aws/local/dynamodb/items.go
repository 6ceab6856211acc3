package dynamodb

func (c *call) getItem() (*answer, error) {
	if err := c.table.checkKey(c.Key); err != nil {
		return nil, err
	}
	found := c.table.get(c.Key)
	return &answer{
		Item:             found.pick(c.names),
		ConsumedCapacity: c.report(c.table, readUnits(found.size(), c.ConsistentRead)),
	}, nil
}

func (c *call) putItem() (*answer, error) {
	if c.Item == nil {
		return nil, missing("item")
	}
	if c.ReturnValues == "ALL_NEW" {
		return nil, invalid("ReturnValues can only be ALL_OLD or NONE")
	}
	if c.Item.size() > maxItem {
		return nil, invalid("Item size has exceeded the maximum allowed size")
	}
	if err := c.table.checkItem(c.Item); err != nil {
		return nil, err
	}
	return c.write(c.Item, func(item) (item, error) { return c.Item, nil })
}

// updateItem changes an item, which is made when it is missing.
func (c *call) updateItem() (*answer, error) {
	if err := c.table.checkKey(c.Key); err != nil {
		return nil, err
	}
	for _, a := range c.actions {
		if _, ok := c.Key[a.name]; ok {
			return nil, invalidValue("Cannot update attribute %s. This attribute is part of the key", a.name)
		}
	}
	return c.write(c.Key, func(old item) (item, error) {
		if old == nil {
			old = c.Key
		}
		next, err := apply(c.actions, old)
		if err == nil && next.size() > maxItem {
			err = invalid("Item size to update has exceeded the maximum allowed size")
		}
		return next, err
	})
}

// write makes the next item of the one at the key, if the condition holds.
func (c *call) write(key item, change func(old item) (item, error)) (*answer, error) {
	old := c.table.get(key)
	if !c.condition.holds(old) {
		err := failed("ConditionalCheckFailedException", "The conditional request failed")
		if old != nil && c.ReturnValuesOnConditionCheckFailure == "ALL_OLD" {
			err.Members = object{"Item": old}
		}
		return nil, err
	}
	next, err := change(old)
	if err != nil {
		return nil, err
	}
	c.table.put(next)
	out := &answer{ConsumedCapacity: c.report(c.table, writeUnits(max(old.size(), next.size())))}
	switch c.ReturnValues {
	case "ALL_OLD":
		out.Attributes = old
	case "ALL_NEW":
		out.Attributes = next
	}
	return out, nil
}
