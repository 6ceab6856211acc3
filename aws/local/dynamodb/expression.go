package dynamodb

import (
	"cmp"
	_ "embed"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
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

// maxExpression is the most bytes of one expression.
const maxExpression = 4096

// aliases are the members that all requests with expressions share.
type aliases struct {
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues map[string]value
}

// parser reads the expressions of one request, one after the other. The first
// error stays; after it, every method returns nothing.
type parser struct {
	aliases

	// used are the #names and :values that were met.
	used map[string]bool
	err  error

	// What follows is about the expression that is being read. A token is a word
	// (an identifier, #name or :value), an operator, or a character that belongs
	// nowhere.
	member string
	tokens []string
	at     int
}

func newParser(a aliases) *parser { return &parser{aliases: a, used: map[string]bool{}} }

// begin turns to an expression, and tells whether there is one to read.
func (p *parser) begin(member string, text *string) bool {
	if text == nil || p.err != nil {
		return false
	}
	p.member, p.at = member, 0
	p.tokens = regexp.MustCompile(`[#:]?[A-Za-z_0-9]+|<>|<=|>=|[^ \t\r\n]`).FindAllString(*text, -1)
	switch {
	case len(*text) > maxExpression:
		p.fail("Expression size has exceeded the maximum allowed size; expression size: %d", len(*text))
	case len(p.tokens) == 0:
		p.fail("The expression can not be empty;")
	}
	return p.err == nil
}

// done tells the first error, or that no expression uses some names or values.
func (p *parser) done() error {
	p.unused("ExpressionAttributeNames", slices.Sorted(maps.Keys(p.ExpressionAttributeNames)))
	p.unused("ExpressionAttributeValues", slices.Sorted(maps.Keys(p.ExpressionAttributeValues)))
	return p.err
}

func (p *parser) unused(member string, names []string) {
	left := slices.DeleteFunc(names, func(name string) bool { return p.used[name] })
	if p.err == nil && len(left) > 0 {
		p.err = invalid("Value provided in %s unused in expressions: keys: {%s}", member, strings.Join(left, ", "))
	}
}

func (p *parser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = invalid("Invalid %s: %s", p.member, fmt.Sprintf(format, args...))
	}
	p.at = len(p.tokens)
}

// syntax fails on the next token, shown with its neighbours.
func (p *parser) syntax() {
	near := p.tokens[max(0, min(p.at, len(p.tokens))-1):min(p.at+2, len(p.tokens))]
	p.fail("Syntax error; token: %q, near: %q", cmp.Or(p.peek(0), "<EOF>"), strings.Join(near, " "))
}

// peek is the token n places ahead, "" behind the last one.
func (p *parser) peek(n int) string {
	if p.at+n >= len(p.tokens) {
		return ""
	}
	return p.tokens[p.at+n]
}

// take goes over the next token if it is this one; words match in any case.
func (p *parser) take(text string) bool {
	found := strings.EqualFold(p.peek(0), text)
	if found {
		p.at++
	}
	return found
}

func (p *parser) expect(text string) {
	if !p.take(text) {
		p.syntax()
	}
}

// operand is an attribute's name or a :value.
type operand struct {
	attribute string // "" for a value
	literal   value
}

// of is the operand's value, without a kind when the item lacks it.
func (o operand) of(i item) value {
	if o.attribute == "" {
		return o.literal
	}
	return i[o.attribute]
}

func (p *parser) operand() operand {
	name := p.peek(0)
	switch {
	case p.peek(1) == "(":
		p.fail("The function is not supported by the local AWS, or not here; function: %s", name)
		return operand{}
	case !strings.HasPrefix(name, ":"):
		return operand{attribute: p.attribute()}
	}
	v, known := p.ExpressionAttributeValues[name]
	if !known {
		p.fail("An expression attribute value used in expression is not defined; attribute value: %s", name)
	}
	p.used[name] = true
	p.at++
	return operand{literal: v}
}

// attribute reads an attribute's name or its alias.
func (p *parser) attribute() string {
	name := p.peek(0)
	switch alias := strings.HasPrefix(name, "#"); {
	case alias && p.ExpressionAttributeNames[name] == "":
		p.fail("An expression attribute name used in the document path is not defined; attribute name: %s", name)
	case alias:
		p.used[name], name = true, p.ExpressionAttributeNames[name]
	case !regexp.MustCompile(`^[A-Za-z_]`).MatchString(name):
		p.syntax()
	case reserved(name):
		p.fail("Attribute name is a reserved keyword; reserved keyword: %s", name)
	}
	p.at++
	if next := p.peek(0); next == "." || next == "[" {
		p.fail("A document path into an attribute is not supported by the local AWS; attribute name: %s", name)
	}
	return name
}

// reservedWords are the words that no expression may use as an attribute name,
// one in each line (DynamoDB Developer Guide, "Reserved words").
//
//go:embed reserved.txt
var reservedWords string

// reserved tells whether an attribute of that name needs an alias (#x).
func reserved(name string) bool {
	return strings.Contains("\n"+reservedWords, "\n"+strings.ToUpper(name)+"\n")
}
