package dynamodb

import (
	"context"
)

// writeRequest has the members that PutItem, UpdateItem and DeleteItem share.
type writeRequest struct {
	attributes
	legacy
	TableName                           string
	ConditionExpression                 *string
	ReturnValues                        string
	ReturnConsumedCapacity              string
	ReturnItemCollectionMetrics         string
	ReturnValuesOnConditionCheckFailure string
}

type putRequest struct {
	writeRequest
	Item item
}

type deleteRequest struct {
	writeRequest
	Key item
}

type updateRequest struct {
	writeRequest
	Key              item
	UpdateExpression *string
}

type writeAnswer struct {
	Attributes       item      `json:",omitempty"`
	ConsumedCapacity *consumed `json:",omitempty"`
}

// check refuses members with values that the operation does not know.
func (in *writeRequest) check() error {
	if err := in.refuse(); err != nil {
		return err
	}
	if err := checkMode(in.ReturnConsumedCapacity); err != nil {
		return err
	}
	if err := oneOf("returnValuesOnConditionCheckFailure", in.ReturnValuesOnConditionCheckFailure, "ALL_OLD", "NONE"); err != nil {
		return err
	}
	return oneOf("returnValues", in.ReturnValues, "ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW")
}

// checkOld is check for operations that can return nothing but the old item.
func (in *writeRequest) checkOld() error {
	if err := in.check(); err != nil {
		return err
	}
	if in.ReturnValues != "" && in.ReturnValues != "NONE" && in.ReturnValues != "ALL_OLD" {
		return invalid("ReturnValues can only be ALL_OLD or NONE")
	}
	return nil
}

// condition parses the request's condition.
func (in *writeRequest) condition() (*condition, error) {
	e := expression{"ConditionExpression", in.ConditionExpression}
	s, err := newScope(in.attributes, e)
	if err != nil {
		return nil, err
	}
	c, err := s.condition(e)
	if err != nil {
		return nil, err
	}
	return c, s.unused()
}

// write puts next where old was, if the condition holds for old.
func (in *writeRequest) write(t *table, c *condition, old, next item) (*writeAnswer, error) {
	if !c.holds(old) {
		if in.ReturnValuesOnConditionCheckFailure == "ALL_OLD" {
			return nil, conditionFailed(old)
		}
		return nil, conditionFailed(nil)
	}
	t.replace(old, next)
	out := &writeAnswer{ConsumedCapacity: t.written(old, next).report(t, in.ReturnConsumedCapacity)}
	if in.ReturnValues == "ALL_OLD" {
		out.Attributes = old
	}
	return out, nil
}

func (s *Service) putItem(_ context.Context, in *putRequest) (*writeAnswer, error) {
	if err := in.checkOld(); err != nil {
		return nil, err
	}
	if in.Item == nil {
		return nil, missing("item")
	}
	if in.Item.size() > maxItem {
		return nil, invalid("Item size has exceeded the maximum allowed size")
	}
	c, err := in.condition()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.find(in.TableName)
	if err != nil {
		return nil, err
	}
	if err := t.checkItem(in.Item); err != nil {
		return nil, err
	}
	return in.write(t, c, t.get(in.Item), in.Item)
}

func (s *Service) deleteItem(_ context.Context, in *deleteRequest) (*writeAnswer, error) {
	if err := in.checkOld(); err != nil {
		return nil, err
	}
	c, err := in.condition()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.find(in.TableName)
	if err != nil {
		return nil, err
	}
	if err := t.checkKey(in.Key); err != nil {
		return nil, err
	}
	return in.write(t, c, t.get(in.Key), nil)
}

func (s *Service) updateItem(_ context.Context, in *updateRequest) (*writeAnswer, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	e := expression{"ConditionExpression", in.ConditionExpression}
	sc, err := newScope(in.attributes, expression{"UpdateExpression", in.UpdateExpression}, e)
	if err != nil {
		return nil, err
	}
	u, err := sc.update(in.UpdateExpression)
	if err != nil {
		return nil, err
	}
	c, err := sc.condition(e)
	if err != nil {
		return nil, err
	}
	if err := sc.unused(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.find(in.TableName)
	if err != nil {
		return nil, err
	}
	return in.update(t, u, c)
}

// update applies a parsed update to the item, which is made when it is missing.
func (in *updateRequest) update(t *table, u update, c *condition) (*writeAnswer, error) {
	if err := t.checkKey(in.Key); err != nil {
		return nil, err
	}
	for _, p := range u.paths() {
		if _, ok := in.Key[p[0].name]; ok {
			return nil, invalidValue("Cannot update attribute %s. This attribute is part of the key", p[0].name)
		}
	}
	old := t.get(in.Key)
	if !c.holds(old) {
		return in.write(t, c, old, old)
	}
	before := old
	if before == nil {
		before = in.Key
	}
	next, err := u.apply(before)
	if err != nil {
		return nil, err
	}
	if next.size() > maxItem {
		return nil, invalid("Item size to update has exceeded the maximum allowed size")
	}
	if err := t.checkIndexKeys(next); err != nil {
		return nil, err
	}
	out, err := in.write(t, nil, old, next)
	if err != nil {
		return nil, err
	}
	switch in.ReturnValues {
	case "ALL_NEW":
		out.Attributes = next
	case "UPDATED_OLD":
		out.Attributes = project(old, u.paths())
	case "UPDATED_NEW":
		out.Attributes = project(next, u.paths())
	}
	return out, nil
}

type getRequest struct {
	attributes
	legacy
	TableName              string
	Key                    item
	ConsistentRead         bool
	ProjectionExpression   *string
	ReturnConsumedCapacity string
}

type getAnswer struct {
	// Item is left out when there is none; it is {} when nothing of it was asked for.
	Item             item      `json:",omitzero"`
	ConsumedCapacity *consumed `json:",omitempty"`
}

func (s *Service) getItem(_ context.Context, in *getRequest) (*getAnswer, error) {
	if err := in.refuse(); err != nil {
		return nil, err
	}
	if err := checkMode(in.ReturnConsumedCapacity); err != nil {
		return nil, err
	}
	paths, err := onlyProjection(in.attributes, in.ProjectionExpression)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.find(in.TableName)
	if err != nil {
		return nil, err
	}
	if err := t.checkKey(in.Key); err != nil {
		return nil, err
	}
	found := t.get(in.Key)
	c := capacity{table: readUnits(found.size(), in.ConsistentRead)}
	out := &getAnswer{Item: found, ConsumedCapacity: c.report(t, in.ReturnConsumedCapacity)}
	if paths != nil && found != nil {
		out.Item = project(found, paths)
	}
	return out, nil
}

// onlyProjection parses the projection of a request that has no other
// expression.
func onlyProjection(a attributes, text *string) ([]path, error) {
	s, err := newScope(a, expression{"ProjectionExpression", text})
	if err != nil {
		return nil, err
	}
	paths, err := s.projection(text)
	if err != nil {
		return nil, err
	}
	return paths, s.unused()
}
