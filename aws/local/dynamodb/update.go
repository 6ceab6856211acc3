package dynamodb

import (
	"slices"
	"strings"
)

// update is a parsed UpdateExpression. All its actions read the item as it was
// before the update.
type update struct {
	actions []action
}

type action struct {
	// section is SET, REMOVE, ADD or DELETE.
	section string
	path    path
	// value is what SET, ADD and DELETE take.
	value operand
}

// update parses an UpdateExpression; without a text there is nothing to do.
func (s *scope) update(text *string) (update, error) {
	var u update
	if text == nil {
		return u, nil
	}
	p := s.parser(expression{"UpdateExpression", text})
	seen := map[string]bool{}
	for p.err == nil && p.at < len(p.tokens) {
		section := strings.ToUpper(p.peek(0).text)
		switch section {
		case "SET", "REMOVE", "ADD", "DELETE":
		default:
			p.syntax()
			continue
		}
		if seen[section] {
			p.fail("The %q section can only be used once in an update expression;", section)
			continue
		}
		seen[section] = true
		p.at++
		u.actions = append(u.actions, p.action(section))
		for p.take(",") {
			u.actions = append(u.actions, p.action(section))
		}
	}
	if err := p.end(); err != nil {
		return update{}, err
	}
	return u, checkPaths(p.kind, u.paths())
}

func (u update) paths() []path {
	paths := make([]path, len(u.actions))
	for i, a := range u.actions {
		paths[i] = a.path
	}
	return paths
}

func (p *parser) action(section string) action {
	a := action{section: section, path: p.path()}
	switch section {
	case "SET":
		p.expect("=")
		a.value = p.sum()
	case "ADD", "DELETE":
		a.value.literal = p.literal()
		kind := a.value.literal.kind
		if !strings.HasSuffix(kind, "S") || kind == "S" {
			if section != "ADD" || kind != "N" {
				p.fail("Incorrect operand type for operator or function; operator: %s, operand type: %s", section, longKind(kind))
			}
		}
	}
	return a
}

func longKind(kind string) string {
	switch kind {
	case "S":
		return "STRING"
	case "N":
		return "NUMBER"
	case "B":
		return "BINARY"
	case "BOOL":
		return "BOOLEAN"
	case "L":
		return "LIST"
	case "M":
		return "MAP"
	}
	return kind
}

// sum reads the right side of SET: an operand, or two with + or - between.
func (p *parser) sum() operand {
	if p.peek(0).text == "(" {
		p.at++
		o := p.sum()
		p.expect(")")
		return o
	}
	first := p.operand("if_not_exists", "list_append")
	for _, op := range []string{"+", "-"} {
		if !p.take(op) {
			continue
		}
		o := operand{function: op, args: []operand{first, p.operand("if_not_exists", "list_append")}}
		for _, arg := range o.args {
			if kind := arg.literal.kind; kind != "" && kind != "N" {
				p.operandType(op, kind)
			}
		}
		return o
	}
	return first
}

// apply is the item after the update.
func (u update) apply(old item) (item, error) {
	next := value{kind: "M", fields: old}
	var removals []path
	for _, a := range u.actions {
		if a.section == "REMOVE" {
			removals = append(removals, a.path)
			continue
		}
		v, keep, err := a.compute(old)
		switch {
		case err != nil:
		case !keep:
			removals = append(removals, a.path)
		case len(a.path)+depth(v) > maxNesting+1:
			err = invalid("Nesting Levels have exceeded supported limits")
		case v.kind != "":
			next, err = a.path.set(next, v)
		}
		if err != nil {
			return nil, err
		}
	}
	// From the back, so that an index still means the element it was meant for.
	slices.SortFunc(removals, func(a, b path) int { return slices.CompareFunc(b, a, compareSteps) })
	for _, p := range removals {
		var err error
		if next, err = p.remove(next); err != nil {
			return nil, err
		}
	}
	return next.fields, nil
}

// compute is the value that the action puts at its path. keep is false when the
// attribute goes; a value without a kind changes nothing.
func (a action) compute(old item) (v value, keep bool, err error) {
	if a.section == "SET" {
		v, err = a.value.compute(old)
		return v, true, err
	}
	operand := a.value.literal
	was, ok := a.path.get(old)
	if !ok {
		if a.section == "ADD" {
			v = operand
		}
		return v, true, nil
	}
	if was.kind != operand.kind {
		return value{}, true, wrongOperand()
	}
	if was.kind == "N" {
		was.text, err = add(was.text, operand.text)
		return was, true, err
	}
	in := func(set []string) func(string) bool {
		return func(element string) bool { return slices.Contains(set, element) }
	}
	if a.section == "ADD" {
		was.set = append(slices.Clone(was.set), slices.DeleteFunc(slices.Clone(operand.set), in(was.set))...)
		return was, true, nil
	}
	was.set = slices.DeleteFunc(slices.Clone(was.set), in(operand.set))
	return was, len(was.set) > 0, nil
}

// depth is how many lists and maps lie in each other.
func depth(v value) int {
	deepest := 0
	for _, element := range v.list {
		deepest = max(deepest, depth(element))
	}
	for _, field := range v.fields {
		deepest = max(deepest, depth(field))
	}
	if v.kind == "L" || v.kind == "M" {
		deepest++
	}
	return deepest
}
