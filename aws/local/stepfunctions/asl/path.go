package asl

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// pathStep is the grammar of a step: ".name", ".*", "[*]", "[0]", "[from:to]"
// or "['name']". A backslash in a quoted name takes its own quote and another
// backslash as they are; before anything else it stands for itself (recorded:
// $['Test\""Name"'] finds the member Test\""Name").
var pathStep = regexp.MustCompile(`(?s)^(?:\.([^][.()'"\\*?@,:$\s]+|\*)|\[ *(?:` +
	`(\*)|(-?\d*)(:?)(-?\d*)|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")) *\])`)

// path is a JSONPath over a state's input ("$.a") or over the context object ("$$.a").
type path struct {
	text    string
	context bool
	steps   []step
	// definite paths name one place; the others select a list.
	definite bool
}

// step goes from a value to some of its parts.
type step struct {
	kind stepKind
	// name is the member's.
	name string
	// from and to bound the elements; negative positions count from the end.
	from, to int
}

type stepKind int

const (
	byName stepKind = iota
	byPosition
	byRange
	byAll
)

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
		p.definite = p.definite && s.kind <= byPosition
	}
	return p, nil
}

// parseStep takes what pathStep found.
func parseStep(part []string) (s step, err error) {
	name, from, to, quoted := part[1], part[3], part[5], part[6]
	switch {
	case name == "*" || part[2] != "":
		s.kind = byAll
	case name != "":
		s.name = name
	case quoted != "":
		quote := quoted[:1]
		s.name = strings.NewReplacer(`\\`, `\`, `\`+quote, quote).Replace(quoted[1 : len(quoted)-1])
	case part[4] == "":
		s.kind = byPosition
		s.from, err = strconv.Atoi(from)
		if s.to = s.from + 1; s.to == 0 {
			s.to = math.MaxInt
		}
	default:
		s.kind = byRange
		var other error
		s.from, err = strconv.Atoi(cmp.Or(from, "0"))
		s.to, other = strconv.Atoi(cmp.Or(to, strconv.Itoa(math.MaxInt)))
		err = cmp.Or(err, other)
	}
	return s, err
}

// reference says whether the path can be written to: names only, not the context.
func (p path) reference() bool {
	return !p.context && !slices.ContainsFunc(p.steps, func(s step) bool { return s.kind != byName })
}

// find gives what the path selects in root: the value of a definite path, else
// a list. The error is in the words of AWS's JSONPath library.
func (p path) find(root any) (any, error) {
	values := []any{root}
	for i, s := range p.steps {
		var next []any
		for _, v := range values {
			next = append(next, s.pick(v)...)
		}
		values = next
		if !p.definite || len(values) > 0 {
			continue
		}
		problem := "No results for path: $"
		if i < len(p.steps)-1 {
			problem = "Missing property in path $"
		}
		for _, s := range p.steps[:i+1] {
			problem += s.String()
		}
		return nil, errors.New(problem)
	}
	if p.definite {
		return values[0], nil
	}
	return append([]any{}, values...), nil
}

// String writes a definite step as AWS's messages do.
func (s step) String() string {
	if s.kind == byPosition {
		return fmt.Sprintf("[%d]", s.from)
	}
	return "['" + s.name + "']"
}

// pick gives the parts of v that the step selects, without going deeper.
func (s step) pick(v any) []any {
	o, _ := v.(*object)
	array, _ := v.([]any)
	place := func(i int) int {
		if i < 0 {
			i += len(array)
		}
		return min(max(i, 0), len(array))
	}
	switch s.kind {
	case byAll:
		if o == nil {
			return array
		}
		var all []any
		for _, name := range o.names {
			all = append(all, o.values[name])
		}
		return all
	case byName:
		if found, ok := o.get(s.name); ok {
			return []any{found}
		}
		return nil
	default:
		end := place(s.to)
		return array[min(place(s.from), end):end]
	}
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
	name := steps[0].name
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
