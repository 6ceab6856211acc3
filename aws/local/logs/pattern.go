package logs

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// parsePattern reads a filter pattern: "" for everything, words that must all
// occur, or a JSON pattern { $.a.b = "x*" && ( … || … ) } over texts. What else
// the filter language has is refused.
func parsePattern(pattern string) (matches func(message string) bool, err error) {
	pattern = strings.TrimSpace(pattern)
	inner, isJSON := strings.CutPrefix(pattern, "{")
	if !isJSON {
		return parseWords(pattern)
	}
	inner, closed := strings.CutSuffix(inner, "}")
	if !closed {
		return nil, errors.New("a JSON pattern ends with }")
	}
	p := &parser{rest: inner}
	test, err := p.either()
	if err == nil && p.peek() != "" {
		err = fmt.Errorf("unexpected %q", p.peek())
	}
	if err != nil {
		return nil, err
	}
	return func(message string) bool {
		var record any
		return json.Unmarshal([]byte(message), &record) == nil && test(record)
	}, nil
}

// parseWords reads words and "phrases" that must all occur, in their case.
func parseWords(pattern string) (func(string) bool, error) {
	var words []string
	for p := (&parser{rest: pattern}); p.peek() != ""; {
		word := p.next()
		if strings.ContainsAny(word[:1], "?-%[&|=!") {
			return nil, fmt.Errorf("the local AWS filters by words and JSON only, not by %q", word)
		}
		words = append(words, strings.Trim(word, `"`))
	}
	return func(message string) bool {
		for _, word := range words {
			if !strings.Contains(message, word) {
				return false
			}
		}
		return true
	}, nil
}

type test func(record any) bool

type parser struct{ rest string }

// peek is the next token without taking it, "" at the end.
func (p *parser) peek() string {
	p.rest = strings.TrimLeftFunc(p.rest, unicode.IsSpace)
	switch {
	case p.rest == "":
		return ""
	case p.rest[0] == '"':
		if end := strings.IndexByte(p.rest[1:], '"'); end >= 0 {
			return p.rest[:end+2]
		}
		return p.rest
	}
	for _, operator := range []string{"&&", "||", "!=", "=", "(", ")"} {
		if strings.HasPrefix(p.rest, operator) {
			return operator
		}
	}
	if end := strings.IndexFunc(p.rest, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`()=!&|"`, r) }); end > 0 {
		return p.rest[:end]
	}
	return p.rest
}

func (p *parser) next() string {
	token := p.peek()
	p.rest = p.rest[len(token):]
	return token
}

func (p *parser) either() (test, error) {
	return p.chain("||", p.both, func(a, b test) test { return func(r any) bool { return a(r) || b(r) } })
}

func (p *parser) both() (test, error) {
	return p.chain("&&", p.one, func(a, b test) test { return func(r any) bool { return a(r) && b(r) } })
}

func (p *parser) chain(operator string, operand func() (test, error), join func(a, b test) test) (test, error) {
	all, err := operand()
	for err == nil && p.peek() == operator {
		p.next()
		var more test
		if more, err = operand(); err == nil {
			all = join(all, more)
		}
	}
	return all, err
}

func (p *parser) one() (test, error) {
	if p.peek() == "(" {
		p.next()
		inner, err := p.either()
		if err == nil && p.next() != ")" {
			err = errors.New("a ( has no )")
		}
		return inner, err
	}
	path, operator, value := p.next(), p.next(), p.next()
	names, ok := strings.CutPrefix(path, "$.")
	if !ok || operator != "=" && operator != "!=" || value == "" || strings.ContainsAny(names, "[*") {
		return nil, fmt.Errorf("the local AWS compares $.member with = or !=, not %q", strings.TrimSpace(path+" "+operator+" "+value))
	}
	value = strings.Trim(value, `"`)
	return func(record any) bool {
		for name := range strings.SplitSeq(names, ".") {
			object, ok := record.(map[string]any)
			if !ok {
				return false
			}
			if record, ok = object[name]; !ok {
				return false
			}
		}
		return like(value, fmt.Sprint(record)) == (operator == "=")
	}, nil
}

// like compares with a text that may begin or end with a * for anything.
func like(want, have string) bool {
	core, before := strings.CutPrefix(want, "*")
	core, behind := strings.CutSuffix(core, "*")
	switch {
	case before && behind:
		return strings.Contains(have, core)
	case before:
		return strings.HasSuffix(have, core)
	case behind:
		return strings.HasPrefix(have, core)
	}
	return have == want
}
