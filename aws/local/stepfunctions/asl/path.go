package asl

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// maxSelected bounds the parts that one path selects, so that a definition
// with several ".." can't run for ever.
const maxSelected = 100_000

// The grammar of a step: ".name", ".*", "[*]", "[from:to]", "['name',…]" or
// "[0,…]", with a second dot where it goes deep. A backslash in a quoted name
// takes its own quote and another backslash as they are; before anything else it
// stands for itself (recorded: $['Test\""Name"'] finds the member Test\""Name").
var (
	quotedName = regexp.MustCompile(`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`)
	pathStep   = regexp.MustCompile(`(?s)^(?:\.(\.?)([^][.()'"\\*?@,:$\s]+|\*)|(\.\.)?\[ *(?:(\*)|(-?\d*):(-?\d*)|` +
		`((?:` + quotedName.String() + `)(?: *, *(?:` + quotedName.String() + `))*)|(-?\d+(?: *, *-?\d+)*)) *\])`)
)

// path is a JSONPath over a state's input ("$.a") or over the context object ("$$.a").
type path struct {
	text    string
	context bool
	steps   []step
	// definite paths name one place; the others select a list.
	definite bool
}

// step goes from a value to some of its parts: members by name, elements by
// position, a range of elements, or all.
type step struct {
	names     []string
	positions []int
	// from and to bound a range where ranged is set; negative positions count
	// from the end, nil is the array's own end.
	ranged   bool
	from, to *int
	all      bool
	// deep applies the step to the value and everything below it ("..").
	deep bool
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
		part := pathStep.FindStringSubmatch(rest)
		if part == nil {
			return path{}, fmt.Errorf("%q is not understood", rest)
		}
		rest = rest[len(part[0]):]
		s, err := parseStep(part)
		if err != nil {
			return path{}, err
		}
		p.steps = append(p.steps, s)
		p.definite = p.definite && !s.deep && len(s.names)+len(s.positions) == 1
	}
	return p, nil
}

// parseStep takes what pathStep found.
func parseStep(part []string) (step, error) {
	name, from, to, quoted, positions := part[2], part[5], part[6], part[7], part[8]
	s := step{deep: part[1]+part[3] != "", all: name == "*" || part[4] != ""}
	switch {
	case s.all:
	case name != "":
		s.names = []string{name}
	case quoted != "":
		for _, name := range quotedName.FindAllString(quoted, -1) {
			quote := name[:1]
			s.names = append(s.names, strings.NewReplacer(`\\`, `\`, `\`+quote, quote).Replace(name[1:len(name)-1]))
		}
	case positions != "":
		for text := range strings.SplitSeq(positions, ",") {
			n, err := strconv.Atoi(strings.TrimSpace(text))
			if err != nil {
				return step{}, err
			}
			s.positions = append(s.positions, n)
		}
	default:
		var err, other error
		s.ranged = true
		s.from, err = bound(from)
		s.to, other = bound(to)
		return s, errors.Join(err, other)
	}
	return s, nil
}

func bound(text string) (*int, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // no bound is no error
	}
	n, err := strconv.Atoi(text)
	return &n, err
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

// find gives what the path selects in root: the value of a definite path, else
// a list. The error is in the words of AWS's JSONPath library.
func (p path) find(root any) (any, error) {
	values := []any{root}
	at := "$"
	for i, s := range p.steps {
		var next []any
		for _, v := range values {
			if !s.deep {
				next = append(next, s.parts(v)...)
				continue
			}
			for _, below := range descend(v, nil) {
				next = append(next, s.parts(below)...)
			}
		}
		if len(next) > maxSelected {
			return nil, fmt.Errorf("the path selects more than %d values", maxSelected)
		}
		values = next
		if !p.definite {
			continue
		}
		at += s.String()
		switch {
		case len(values) > 0:
		case i < len(p.steps)-1:
			return nil, errors.New("Missing property in path " + at)
		default:
			return nil, errors.New("No results for path: " + at)
		}
	}
	if p.definite {
		return values[0], nil
	}
	return append([]any{}, values...), nil
}

// String writes a definite step as AWS's messages do.
func (s step) String() string {
	if len(s.names) == 1 {
		return "['" + s.names[0] + "']"
	}
	return fmt.Sprintf("[%d]", s.positions[0])
}

// parts are the parts of v that the step selects, without going deeper.
func (s step) parts(v any) (found []any) {
	switch v := v.(type) {
	case *object:
		names := s.names
		if s.all {
			names = v.names
		}
		for _, n := range names {
			if member, ok := v.get(n); ok {
				found = append(found, member)
			}
		}
	case []any:
		if s.all {
			return v
		}
		if s.ranged {
			from, to := place(s.from, 0, len(v)), place(s.to, len(v), len(v))
			return v[min(from, to):to]
		}
		for _, i := range s.positions {
			if i < 0 {
				i += len(v)
			}
			if i >= 0 && i < len(v) {
				found = append(found, v[i])
			}
		}
	}
	return found
}

// place is a bound of a range within an array.
func place(bound *int, otherwise, length int) int {
	switch {
	case bound == nil:
		return otherwise
	case *bound < 0:
		return max(*bound+length, 0)
	}
	return min(*bound, length)
}

// descend lists v and everything below it, parents first.
func descend(v any, into []any) []any {
	into = append(into, v)
	switch v := v.(type) {
	case *object:
		for _, n := range v.names {
			into = descend(v.values[n], into)
		}
	case []any:
		for _, e := range v {
			into = descend(e, into)
		}
	}
	return into
}

// errNoPlace says that a result can't be put where ResultPath says.
var errNoPlace = errors.New("no place")

// put is root with value at the place of the steps of a reference path. Missing
// objects are made; a place below a value that is no object is errNoPlace.
func put(steps []step, root, value any) (any, error) {
	if len(steps) == 0 {
		return value, nil
	}
	o, ok := root.(*object)
	if !ok {
		return nil, errNoPlace
	}
	name := steps[0].names[0]
	below, ok := o.get(name)
	if !ok {
		below = newObject()
	}
	below, err := put(steps[1:], below, value)
	if err != nil {
		return nil, err
	}
	return o.with(name, below), nil
}
