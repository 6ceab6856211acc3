package asl

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// path is a JSONPath over a state's input ("$.a") or over the context object ("$$.a").
type path struct {
	text    string
	context bool
	steps   []step
	// definite paths name one place; the others select a list.
	definite bool
}

// step goes from a value to some of its parts. Exactly one of names, indexes,
// slice and all is set.
type step struct {
	names   []string
	indexes []int
	slice   *slice
	all     bool
	// deep applies the step to the value and everything below it ("..").
	deep bool
}

// slice is [from:to]; negative positions count from the end.
type slice struct {
	from, to     int
	fromSet, end bool
}

func (s step) definite() bool {
	return !s.deep && !s.all && s.slice == nil && len(s.names)+len(s.indexes) == 1
}

// parsePath reads a JSONPath. Filters, functions and variables are refused.
func parsePath(text string) (path, error) {
	p := path{text: text, definite: true}
	rest, ok := strings.CutPrefix(text, "$")
	if !ok {
		return path{}, errors.New("a path starts with '$'")
	}
	rest, p.context = strings.CutPrefix(rest, "$")
	for rest != "" {
		s, after, err := parseStep(rest)
		if err != nil {
			return path{}, err
		}
		p.steps = append(p.steps, s)
		p.definite = p.definite && s.definite()
		rest = after
	}
	return p, nil
}

func parseStep(text string) (s step, rest string, err error) {
	if after, ok := strings.CutPrefix(text, ".."); ok {
		s, rest, err = parseMember(after)
		s.deep = true
		return s, rest, err
	}
	if after, ok := strings.CutPrefix(text, "."); ok {
		if strings.HasPrefix(after, "[") {
			return step{}, "", errors.New("a '.' is followed by a name")
		}
		return parseMember(after)
	}
	if strings.HasPrefix(text, "[") {
		return parseBracket(text[1:])
	}
	return step{}, "", fmt.Errorf("unexpected %q", text)
}

func parseMember(text string) (step, string, error) {
	if after, ok := strings.CutPrefix(text, "["); ok {
		return parseBracket(after)
	}
	if after, ok := strings.CutPrefix(text, "*"); ok {
		return step{all: true}, after, nil
	}
	end := strings.IndexAny(text, ".[]()'\"\\*?@,:$ \t\r\n")
	if end < 0 {
		end = len(text)
	}
	if end == 0 {
		return step{}, "", errors.New("a name is missing")
	}
	return step{names: []string{text[:end]}}, text[end:], nil
}

// parseBracket reads what stands behind "[".
func parseBracket(text string) (step, string, error) {
	if strings.HasPrefix(text, "?") {
		return step{}, "", errors.New("filter expressions are not supported")
	}
	if after, ok := strings.CutPrefix(text, "*]"); ok {
		return step{all: true}, after, nil
	}
	var s step
	for {
		text = strings.TrimLeft(text, " ")
		var err error
		if text, err = parseSubscript(&s, text); err != nil {
			return step{}, "", err
		}
		text = strings.TrimLeft(text, " ")
		if after, ok := strings.CutPrefix(text, "]"); ok {
			if len(s.names) > 0 && len(s.indexes) > 0 || s.slice != nil && len(s.names)+len(s.indexes) > 0 {
				return step{}, "", errors.New("names, positions and ranges can't be mixed in one bracket")
			}
			return s, after, nil
		}
		after, ok := strings.CutPrefix(text, ",")
		if !ok {
			return step{}, "", errors.New("a ']' is missing")
		}
		text = after
	}
}

func parseSubscript(s *step, text string) (rest string, err error) {
	if text == "" {
		return "", errors.New("a ']' is missing")
	}
	if text[0] == '\'' || text[0] == '"' {
		name, rest, err := parseQuoted(text)
		s.names = append(s.names, name)
		return rest, err
	}
	end := strings.IndexAny(text, ",] ")
	if end < 0 {
		return "", errors.New("a ']' is missing")
	}
	if from, to, ok := strings.Cut(text[:end], ":"); ok {
		s.slice, err = parseSlice(from, to)
		return text[end:], err
	}
	n, err := strconv.Atoi(text[:end])
	if err != nil {
		return "", fmt.Errorf("%q is no position", text[:end])
	}
	s.indexes = append(s.indexes, n)
	return text[end:], nil
}

func parseSlice(from, to string) (*slice, error) {
	var s slice
	var err error
	if from != "" {
		s.fromSet = true
		if s.from, err = strconv.Atoi(from); err != nil {
			return nil, fmt.Errorf("%q is no position", from)
		}
	}
	if to == "" {
		s.end = true
		return &s, nil
	}
	if s.to, err = strconv.Atoi(to); err != nil {
		return nil, fmt.Errorf("%q is no position", to)
	}
	return &s, nil
}

// parseQuoted reads a quoted name. A backslash takes its own quote and another
// backslash as they are; before anything else it stands for itself (recorded:
// $['Test\""Name"'] finds the member Test\""Name").
func parseQuoted(text string) (name, rest string, err error) {
	quote := text[0]
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text) && (text[i+1] == quote || text[i+1] == '\\'):
			i++
			b.WriteByte(text[i])
		case c == quote:
			return b.String(), text[i+1:], nil
		default:
			b.WriteByte(c)
		}
	}
	return "", "", errors.New("a quote is not closed")
}

// reference says whether the path can be written to: names only, not the context.
func (p path) reference() bool {
	for _, s := range p.steps {
		if s.deep || len(s.names) != 1 {
			return false
		}
	}
	return !p.context
}
