package dynamodb

import (
	"reflect"
	"strings"
)

// condition is a condition or a key condition. Nil always holds.
type condition struct {
	// op is AND, OR, a comparison, BETWEEN, or a function.
	op string
	// parts are those of AND and OR.
	parts []*condition
	// operands are those of all others.
	operands []operand
}

// condition reads a condition; nil when there is none.
func (p *parser) condition(member string, text *string) *condition {
	if !p.begin(member, text) {
		return nil
	}
	c := p.either()
	if p.at < len(p.tokens) {
		p.syntax()
	}
	return c
}

func (p *parser) either() *condition { return p.chain("OR", p.both) }

func (p *parser) both() *condition { return p.chain("AND", p.single) }

func (p *parser) chain(op string, part func() *condition) *condition {
	c := part()
	for p.take(op) {
		c = &condition{op: op, parts: []*condition{c, part()}}
	}
	return c
}

func (p *parser) single() *condition {
	switch name := p.peek(0); {
	case p.take("("):
		c := p.either()
		p.expect(")")
		return c
	case p.peek(1) == "(" && (name == "attribute_exists" || name == "attribute_not_exists"):
		p.at += 2
		c := &condition{op: name, operands: []operand{{attribute: p.attribute()}}}
		p.expect(")")
		return c
	}
	c := &condition{operands: []operand{p.operand()}, op: strings.ToUpper(p.peek(0))}
	switch c.op {
	case "BETWEEN":
		p.at++
		c.operands = append(c.operands, p.operand())
		p.expect("AND")
	case "=", "<>", "<", "<=", ">", ">=":
		p.at++
	default:
		p.syntax()
	}
	c.operands = append(c.operands, p.operand())
	for _, o := range c.operands {
		if kind := o.literal.kind; kind != "" && !o.literal.ordered() && c.op != "=" && c.op != "<>" {
			p.fail("Incorrect operand type for operator or function; operator or function: %s, operand type: %s", c.op, kind)
		}
	}
	return c
}

// holds tells whether the item meets the condition; a nil item is an empty one.
// Nothing compares with what the item lacks, and values of different kinds have
// no order.
func (c *condition) holds(i item) bool {
	if c == nil {
		return true
	}
	switch c.op {
	case "AND":
		return c.parts[0].holds(i) && c.parts[1].holds(i)
	case "OR":
		return c.parts[0].holds(i) || c.parts[1].holds(i)
	}
	values, found := make([]value, len(c.operands)), true
	for n, o := range c.operands {
		values[n] = o.of(i)
		found = found && values[n].kind != ""
	}
	first, last := values[0], values[len(values)-1]
	switch c.op {
	case "attribute_exists":
		return found
	case "attribute_not_exists":
		return !found
	case "=":
		return found && first.equal(last)
	case "<>":
		return !first.equal(last)
	case "BETWEEN":
		return first.is(">=", values[1]) && first.is("<=", last)
	}
	return first.is(c.op, last)
}

// equal is far quicker for texts and numbers.
func (v value) equal(other value) bool {
	if text, ok := v.content.(string); ok {
		return v.kind == other.kind && text == other.text()
	}
	return reflect.DeepEqual(v, other)
}

// is compares two values by an operator of order.
func (v value) is(op string, other value) bool {
	return v.kind == other.kind && v.ordered() && strings.Contains(op, "<=>"[compare(v, other)+1:][:1])
}

func (v value) ordered() bool { return v.kind == "S" || v.kind == "N" }

// conjuncts are the parts of a condition that are joined by AND.
func (c *condition) conjuncts() []*condition {
	if c.op == "AND" {
		return append(c.parts[0].conjuncts(), c.parts[1].conjuncts()...)
	}
	return []*condition{c}
}
