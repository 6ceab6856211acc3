package dynamodb

import (
	"fmt"
	"strconv"
	"strings"
)

// maxExpression is the most bytes of one expression.
const maxExpression = 4096

// parser reads one expression. The first error stays; after it, the parser
// stands at the end and every method returns nothing.
type parser struct {
	kind   string
	text   string
	tokens []token
	at     int
	scope  *scope
	err    error
}

func (s *scope) parser(e expression) *parser {
	p := &parser{kind: e.kind, text: *e.text, scope: s}
	if len(p.text) > maxExpression {
		p.fail("Expression size has exceeded the maximum allowed size; expression size: %d", len(p.text))
		return p
	}
	p.tokens = tokens(p.text)
	if len(p.tokens) == 0 {
		p.fail("The expression can not be empty;")
	}
	return p
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
	if t := p.peek(0); t.text == "" || !strings.EqualFold(t.text, text) {
		return false
	}
	p.at++
	return true
}

func (p *parser) expect(text string) {
	if !p.take(text) {
		p.syntax()
	}
}

// end is the error of the whole expression.
func (p *parser) end() error {
	if p.err == nil && p.at < len(p.tokens) {
		p.syntax()
	}
	return p.err
}

// path reads a document path.
func (p *parser) path() path {
	out := path{p.name()}
	for p.err == nil {
		switch {
		case p.take("."):
			out = append(out, p.name())
		case p.take("["):
			index, err := strconv.Atoi(p.peek(0).text)
			if err != nil {
				p.syntax()
				return out
			}
			p.at++
			p.expect("]")
			out = append(out, step{index: index})
		default:
			return out
		}
	}
	return out
}

// name reads an attribute's name or its alias.
func (p *parser) name() step {
	t := p.peek(0)
	switch {
	case strings.HasPrefix(t.text, "#"):
		name, ok := p.scope.ExpressionAttributeNames[t.text]
		if !ok {
			p.fail("An expression attribute name used in the document path is not defined; attribute name: %s", t.text)
		}
		p.scope.used[t.text] = true
		p.at++
		return step{name: name, index: -1}
	case !t.identifier():
		p.syntax()
	case reserved(t.text):
		p.fail("Attribute name is a reserved keyword; reserved keyword: %s", t.text)
	default:
		p.at++
	}
	return step{name: t.text, index: -1}
}

// literal reads a :value.
func (p *parser) literal() value {
	t := p.peek(0)
	if !strings.HasPrefix(t.text, ":") {
		p.syntax()
		return value{}
	}
	v, ok := p.scope.ExpressionAttributeValues[t.text]
	if !ok {
		p.fail("An expression attribute value used in expression is not defined; attribute value: %s", t.text)
		return value{}
	}
	p.scope.used[t.text] = true
	p.at++
	return v
}

// projection reads a ProjectionExpression; nil paths mean the whole item.
func (s *scope) projection(text *string) ([]path, error) {
	if text == nil {
		return nil, nil
	}
	p := s.parser(expression{"ProjectionExpression", text})
	paths := []path{p.path()}
	for p.take(",") {
		paths = append(paths, p.path())
	}
	if err := p.end(); err != nil {
		return nil, err
	}
	return paths, checkPaths(p.kind, paths)
}
