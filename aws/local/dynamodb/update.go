package dynamodb

import (
	"maps"
	"slices"
	"strings"
)

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
