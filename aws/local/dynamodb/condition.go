package dynamodb

import (
	"slices"
	"strconv"
	"strings"
)

// condition is a node of a condition, key condition or filter. A nil condition
// always holds.
type condition struct {
	// op is AND, OR, NOT, a comparison, BETWEEN, IN or a function.
	op       string
	operands []operand
	parts    []*condition
}

// condition parses an expression of that kind; nil text is no condition.
func (s *scope) condition(e expression) (*condition, error) {
	if e.text == nil {
		return nil, nil //nolint:nilnil // no condition is a condition that always holds
	}
	p := s.parser(e)
	c := p.or()
	return c, p.end()
}

func (p *parser) or() *condition {
	c := p.and()
	for p.take("OR") {
		c = &condition{op: "OR", parts: []*condition{c, p.and()}}
	}
	return c
}

func (p *parser) and() *condition {
	c := p.not()
	for p.take("AND") {
		c = &condition{op: "AND", parts: []*condition{c, p.not()}}
	}
	return c
}

func (p *parser) not() *condition {
	switch {
	case p.take("NOT"):
		return &condition{op: "NOT", parts: []*condition{p.not()}}
	case p.take("("):
		c := p.or()
		p.expect(")")
		return c
	}
	return p.predicate()
}

func (p *parser) predicate() *condition {
	t := p.peek(0)
	if t.identifier() && p.peek(1).text == "(" && t.text != "size" && conditionArity(t.text) > 0 {
		p.at += 2
		call := p.arguments(t.text)
		return &condition{op: t.text, operands: call}
	}
	first := p.operand("size")
	switch op := p.peek(0).text; {
	case slices.Contains([]string{"=", "<>", "<", "<=", ">", ">="}, op):
		p.at++
		second := p.operand("size")
		p.distinct(op, first, second)
		return &condition{op: op, operands: []operand{first, second}}
	case p.take("BETWEEN"):
		low := p.operand("size")
		p.expect("AND")
		high := p.operand("size")
		p.bounds(low.literal, high.literal)
		return &condition{op: "BETWEEN", operands: []operand{first, low, high}}
	case p.take("IN"):
		p.expect("(")
		operands := []operand{first, p.operand("size")}
		for p.take(",") {
			operands = append(operands, p.operand("size"))
		}
		p.expect(")")
		return &condition{op: "IN", operands: operands}
	case first.function != "":
		p.fail("The function is not allowed to be used this way in an expression; function: %s", first.function)
	default:
		p.syntax()
	}
	return nil
}

// arguments reads the operands of a function that is a condition, and checks
// them as far as their types are known.
func (p *parser) arguments(function string) []operand {
	operands := []operand{p.operand("size")}
	for p.take(",") {
		operands = append(operands, p.operand("size"))
	}
	p.expect(")")
	p.arity(function, len(operands), conditionArity(function))
	if p.err != nil {
		return nil
	}
	if len(operands) == 2 {
		p.distinct(function, operands[0], operands[1])
	}
	switch function {
	case "attribute_exists", "attribute_not_exists":
		if operands[0].path == nil {
			p.fail("Operator or function requires a document path; operator or function: %s", function)
		}
	case "begins_with":
		for _, o := range operands {
			if kind := o.literal.kind; kind != "" && kind != "S" && kind != "B" {
				p.operandType(function, kind)
			}
		}
	case "attribute_type":
		switch wanted := operands[1].literal; {
		case wanted.kind == "":
			p.operandType(function, "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}")
		case wanted.kind != "S":
			p.operandType(function, wanted.kind)
		case !isKind(wanted.text):
			p.fail("Invalid attribute type name found; type: %s, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}", wanted.text)
		}
	}
	return operands
}

func (p *parser) distinct(op string, first, second operand) {
	if first.path != nil && slices.Equal(first.path, second.path) {
		p.fail("The first operand must be distinct from the remaining operands for this operator or function; operator: %s, first operand: %s", op, first.path)
	}
}

func (p *parser) bounds(low, high value) {
	if low.kind == "" || high.kind == "" {
		return
	}
	order, ok := compare(low, high)
	shown := func(v value) string { return "AttributeValue: {" + v.kind + ":" + v.text + "}" }
	switch {
	case low.kind != high.kind:
		p.fail("The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: %s, upper bound operand: %s", shown(low), shown(high))
	case ok && order > 0:
		p.fail("The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: %s, upper bound operand: %s", shown(low), shown(high))
	}
}

// conditionArity is how many operands a condition's function has; 0 means that
// there is no such function.
func conditionArity(function string) int {
	switch function {
	case "attribute_exists", "attribute_not_exists", "size":
		return 1
	case "attribute_type", "begins_with", "contains":
		return 2
	}
	return 0
}

// holds tells whether the item meets the condition; a nil item is an empty one.
func (c *condition) holds(i item) bool {
	if c == nil {
		return true
	}
	switch c.op {
	case "AND":
		return c.parts[0].holds(i) && c.parts[1].holds(i)
	case "OR":
		return c.parts[0].holds(i) || c.parts[1].holds(i)
	case "NOT":
		return !c.parts[0].holds(i)
	}
	a, found := c.operands[0].eval(i)
	switch c.op {
	case "attribute_exists":
		return found
	case "attribute_not_exists":
		return !found
	case "IN":
		return found && slices.ContainsFunc(c.operands[1:], func(o operand) bool {
			b, ok := o.eval(i)
			return ok && equal(a, b)
		})
	}
	b, ok := c.operands[1].eval(i)
	if c.op == "<>" {
		return found != ok || found && !equal(a, b)
	}
	if !found || !ok {
		return false
	}
	switch c.op {
	case "=":
		return equal(a, b)
	case "attribute_type":
		return a.kind == b.text
	case "begins_with":
		return a.kind == b.kind && (a.kind == "S" || a.kind == "B") && strings.HasPrefix(a.text, b.text)
	case "contains":
		return contains(a, b)
	case "BETWEEN":
		high, ok := c.operands[2].eval(i)
		return ok && ordered(">=", a, b) && ordered("<=", a, high)
	}
	return ordered(c.op, a, b)
}

// ordered compares two values; values of different kinds have no order.
func ordered(op string, a, b value) bool {
	order, ok := compare(a, b)
	if !ok {
		return false
	}
	switch op {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

// contains looks for a part of a text, or for an element of a set or list.
func contains(a, b value) bool {
	switch a.kind {
	case "S", "B":
		return b.kind == a.kind && strings.Contains(a.text, b.text)
	case "L":
		return slices.ContainsFunc(a.list, func(element value) bool { return equal(element, b) })
	case "SS", "NS", "BS":
		return b.kind == a.kind[:1] && slices.Contains(a.set, b.text)
	}
	return false
}

// count is a number of things as a value.
func count(n int) value { return value{kind: "N", text: strconv.Itoa(n)} }
