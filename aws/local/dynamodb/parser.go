package dynamodb

import (
	"cmp"
	_ "embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

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
