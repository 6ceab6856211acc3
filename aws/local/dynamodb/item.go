package dynamodb

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"orderops/aws/local/wire"
)

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
	t := wire.Must(s.find(in.TableName))
	t.checkKey(in.Key)
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
	wire.Check(cmp.Or(oneOf("ReturnValues", in.ReturnValues, "NONE", "ALL_OLD"), p.done()))
	t := wire.Must(s.find(in.TableName))
	t.checkWrite(in, actions)
	key, next := in.Item, in.Item
	if in.Item == nil {
		key = in.Key
	}
	old := t.get(key)
	if !condition.holds(old) {
		return nil, failed("ConditionalCheckFailedException", "The conditional request failed")
	}
	if in.Item == nil {
		next = wire.Must(apply(actions, old, key))
	}
	t.check(next)
	t.put(next)
	if in.ReturnValues == "ALL_OLD" {
		return &answer{Attributes: old}, nil
	}
	return &answer{}, nil
}

// checkWrite refuses what can never be written.
func (t *table) checkWrite(in *writeRequest, actions []action) {
	if in.Item != nil {
		t.check(in.Item)
		return
	}
	for _, a := range actions {
		need(in.Key[a.name].kind == "", wrong+"Cannot update attribute %s. This attribute is part of the key", a.name)
	}
	t.checkKey(in.Key)
}

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
		total += len(asked.Keys)
		need(total <= maxBatchGet, "Too many items requested for the BatchGetItem call")
		t := wire.Must(s.find(name))
		t.checkKeys(asked.Keys)
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

func (t *table) checkKeys(keys []item) {
	for n, key := range keys {
		t.checkKey(key)
		need(!slices.ContainsFunc(keys[:n], func(other item) bool { return t.compare(key, other) == 0 }), "Provided list of item keys contains duplicates")
	}
}

// action is one change of an UpdateExpression.
type action struct {
	// name is the attribute that is changed.
	name string
	// set are what SET takes, the first that the item has; none means REMOVE.
	set []operand
}

// update reads an UpdateExpression.
func (p *parser) update(text *string) (actions []action) {
	if !p.begin("UpdateExpression", text) {
		return nil
	}
	seen := map[string]bool{}
	for p.at < len(p.tokens) {
		section := strings.ToUpper(p.peek(0))
		switch {
		case seen[section]:
			p.fail("The %q section can only be used once in an update expression;", section)
		case section == "ADD" || section == "DELETE":
			p.fail("The %q section is not supported by the local AWS", section)
		case section != "SET" && section != "REMOVE":
			p.syntax()
		}
		seen[section] = true
		p.at++
		for more := p.err == nil; more; more = p.take(",") {
			a := p.action(section)
			if slices.ContainsFunc(actions, func(other action) bool { return other.name == a.name }) {
				p.fail("Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [%s], path two: [%s]", a.name, a.name)
			}
			actions = append(actions, a)
		}
	}
	return actions
}

// action reads "a = b", "a = if_not_exists(b, c)", or "a" to remove.
func (p *parser) action(section string) action {
	a := action{name: p.attribute()}
	if section == "REMOVE" {
		return a
	}
	p.expect("=")
	if p.peek(0) == "if_not_exists" && p.peek(1) == "(" {
		p.at += 2
		a.set = []operand{{attribute: p.attribute()}}
		p.expect(",")
		a.set = append(a.set, p.operand())
		p.expect(")")
	} else {
		a.set = []operand{p.operand()}
	}
	if next := p.peek(0); next == "+" || next == "-" {
		p.fail("The operator is not supported by the local AWS; operator: %s", next)
	}
	return a
}

// apply is the item, or the key of a missing one, after the actions, which all
// read it as it was before.
func apply(actions []action, old, key item) (item, error) {
	next := maps.Clone(old)
	if old == nil {
		next = maps.Clone(key)
	}
	for _, a := range actions {
		delete(next, a.name)
		at := slices.IndexFunc(a.set, func(o operand) bool { return o.of(old).kind != "" })
		switch {
		case at >= 0:
			next[a.name] = a.set[at].of(old)
		case a.set != nil:
			return nil, invalid("The provided expression refers to an attribute that does not exist in the item")
		}
	}
	return next, nil
}
