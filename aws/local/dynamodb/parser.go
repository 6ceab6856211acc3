package dynamodb

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// maxExpression is the most bytes of one expression.
const maxExpression = 4096

// attributes are the members that all requests with expressions share.
type attributes struct {
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues map[string]value
}

// parser reads the expressions of one request, one after the other. The first
// error stays; after it, every method returns nothing.
type parser struct {
	attributes

	// used are the #names and :values that were met.
	used map[string]bool
	err  error

	// What follows is about the expression that is being read.
	kind, text string
	tokens     []token
	at         int
	// targets are the attributes that it keeps or changes.
	targets []string
}

func newParser(a attributes) *parser { return &parser{attributes: a, used: map[string]bool{}} }

// begin turns to an expression, and tells whether there is one to read.
func (p *parser) begin(kind string, text *string) bool {
	if text == nil || p.err != nil {
		return false
	}
	p.kind, p.text, p.tokens, p.at, p.targets = kind, *text, nil, 0, nil
	if len(p.text) > maxExpression {
		p.fail("Expression size has exceeded the maximum allowed size; expression size: %d", len(p.text))
	} else if p.tokens = tokens(p.text); len(p.tokens) == 0 {
		p.fail("The expression can not be empty;")
	}
	return p.err == nil
}

// end refuses what is left of the expression.
func (p *parser) end() {
	if p.err == nil && p.at < len(p.tokens) {
		p.syntax()
	}
}

// done tells the first error, or that no expression uses some names or values.
func (p *parser) done() error {
	p.unused("ExpressionAttributeNames", slices.Sorted(maps.Keys(p.ExpressionAttributeNames)))
	p.unused("ExpressionAttributeValues", slices.Sorted(maps.Keys(p.ExpressionAttributeValues)))
	return p.err
}

func (p *parser) unused(member string, aliases []string) {
	left := slices.DeleteFunc(aliases, func(name string) bool { return p.used[name] })
	if p.err == nil && len(left) > 0 {
		p.err = invalid("Value provided in %s unused in expressions: keys: {%s}", member, strings.Join(left, ", "))
	}
}

func (p *parser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = invalid("Invalid %s: %s", p.kind, fmt.Sprintf(format, args...))
	}
	p.at = len(p.tokens)
}

// syntax fails on the next token, shown with its neighbours.
func (p *parser) syntax() {
	shown, start, end := "<EOF>", 0, len(p.text)
	if p.at < len(p.tokens) {
		shown = p.tokens[p.at].text
	}
	if p.at > 0 && p.at <= len(p.tokens) {
		start = p.tokens[p.at-1].start
	}
	if p.at+1 < len(p.tokens) {
		end = p.tokens[p.at+1].end
	}
	p.fail("Syntax error; token: %q, near: %q", shown, strings.TrimSpace(p.text[start:end]))
}

// peek is the token n places ahead.
func (p *parser) peek(n int) token {
	if p.at+n < len(p.tokens) {
		return p.tokens[p.at+n]
	}
	return token{}
}

// take goes over the next token if it is this one; words match in any case.
func (p *parser) take(text string) bool {
	found := strings.EqualFold(p.peek(0).text, text)
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

// list reads what stands between commas.
func list[T any](p *parser, read func() T) []T {
	all := []T{read()}
	for p.take(",") {
		all = append(all, read())
	}
	return all
}

// projection reads a ProjectionExpression; nil means the whole item.
func (p *parser) projection(text *string) []string {
	if !p.begin("ProjectionExpression", text) {
		return nil
	}
	names := list(p, p.target)
	p.end()
	return names
}

// target reads an attribute that the expression may have only once.
func (p *parser) target() string {
	name := p.attribute()
	if slices.Contains(p.targets, name) {
		p.fail("Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [%s], path two: [%s]", name, name)
	}
	p.targets = append(p.targets, name)
	return name
}

// attribute reads an attribute's name or its alias.
func (p *parser) attribute() string {
	t := p.peek(0)
	name := t.text
	switch alias := strings.HasPrefix(name, "#"); {
	case alias && p.ExpressionAttributeNames[name] == "":
		p.fail("An expression attribute name used in the document path is not defined; attribute name: %s", name)
	case alias:
		p.used[name], name = true, p.ExpressionAttributeNames[name]
	case !t.identifier():
		p.syntax()
	case reserved(name):
		p.fail("Attribute name is a reserved keyword; reserved keyword: %s", name)
	}
	p.at++
	if next := p.peek(0).text; next == "." || next == "[" {
		p.fail("A document path into an attribute is not supported by the local AWS; attribute name: %s", name)
	}
	return name
}

// literal reads a :value.
func (p *parser) literal() value {
	name := p.peek(0).text
	v, known := p.ExpressionAttributeValues[name]
	if !known {
		p.fail("An expression attribute value used in expression is not defined; attribute value: %s", name)
	}
	p.used[name] = true
	p.at++
	return v
}
