package dynamodb

import (
	"maps"
	"strings"
)

// action is one change of an UpdateExpression.
type action struct {
	// name is the attribute that is changed.
	name string
	// value is what SET takes; nil means REMOVE.
	value *node
}

// update reads an UpdateExpression.
func (p *parser) update(text *string) (actions []action) {
	if !p.begin("UpdateExpression", text) {
		return nil
	}
	seen := map[string]bool{}
	for p.at < len(p.tokens) {
		section := strings.ToUpper(p.peek(0).text)
		switch {
		case seen[section]:
			p.fail("The %q section can only be used once in an update expression;", section)
		case section == "SET" || section == "REMOVE":
			p.at++
			actions = append(actions, list(p, func() action { return p.action(section) })...)
		case section == "ADD" || section == "DELETE":
			p.fail("The %q section is not supported by the local AWS", section)
		default:
			p.syntax()
		}
		seen[section] = true
	}
	return actions
}

func (p *parser) action(section string) action {
	a := action{name: p.target()}
	if section == "SET" {
		p.expect("=")
		a.value = new(p.operation(operatorOf("+").level))
		p.want(*a.value, part, sum)
	}
	return a
}

// apply is the item after the actions, which all read it as it was before.
func apply(actions []action, old item) (item, error) {
	next := maps.Clone(old)
	for _, a := range actions {
		if a.value == nil {
			delete(next, a.name)
			continue
		}
		v, err := a.value.eval(old)
		if err != nil {
			return nil, err
		}
		next[a.name] = v
	}
	return next, nil
}
