package dynamodb

import "cmp"

type getRequest struct {
	TableName      string
	Key            item
	ConsistentRead bool
}

// answer has the members of all answers about one item.
type answer struct {
	Item       item `json:",omitempty"`
	Attributes item `json:",omitempty"`
}

func (s *Service) getItem(in *getRequest) (*answer, error) {
	t, err := s.find(in.TableName)
	if err == nil {
		err = t.checkKey(in.Key)
	}
	if err != nil {
		return nil, err
	}
	return &answer{Item: t.get(in.Key)}, nil
}

// writeRequest has the members of PutItem and UpdateItem.
type writeRequest struct {
	aliases
	TableName                             string
	Item, Key                             item
	ConditionExpression, UpdateExpression *string
	// ReturnValues is NONE or ALL_OLD.
	ReturnValues string
}

func (s *Service) putItem(in *writeRequest) (*answer, error) {
	in.Key, in.UpdateExpression = nil, nil
	return s.write(in)
}

func (s *Service) updateItem(in *writeRequest) (*answer, error) {
	in.Item = nil
	return s.write(in)
}

// write puts the item, or changes the one with the key, if the condition holds.
// A missing item is made.
func (s *Service) write(in *writeRequest) (*answer, error) {
	p := newParser(in.aliases)
	actions, condition := p.update(in.UpdateExpression), p.condition("ConditionExpression", in.ConditionExpression)
	t, err := s.find(in.TableName)
	err = cmp.Or(oneOf("ReturnValues", in.ReturnValues, "NONE", "ALL_OLD"), p.done(), err)
	if err == nil {
		err = t.checkWrite(in, actions)
	}
	if err != nil {
		return nil, err
	}
	key, next := in.Item, in.Item
	if in.Item == nil {
		key = in.Key
	}
	old := t.get(key)
	if !condition.holds(old) {
		return nil, failed("ConditionalCheckFailedException", "The conditional request failed")
	}
	if in.Item == nil {
		if next, err = apply(actions, old, key); err != nil {
			return nil, err
		}
	}
	if err := t.check(next); err != nil {
		return nil, err
	}
	t.put(next)
	if in.ReturnValues == "ALL_OLD" {
		return &answer{Attributes: old}, nil
	}
	return &answer{}, nil
}

// checkWrite refuses what can never be written.
func (t *table) checkWrite(in *writeRequest, actions []action) error {
	if in.Item != nil {
		return t.check(in.Item)
	}
	for _, a := range actions {
		if _, ok := in.Key[a.name]; ok {
			return invalidValue("Cannot update attribute %s. This attribute is part of the key", a.name)
		}
	}
	return t.checkKey(in.Key)
}
