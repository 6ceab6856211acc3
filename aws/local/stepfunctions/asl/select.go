package asl

import (
	"errors"
	"fmt"
	"strings"
)

// maxSelected bounds the parts that one path selects, so that a definition
// with several ".." can't run for ever.
const maxSelected = 100_000

// noPathError is a definite path that leads nowhere, in the words of AWS's JSONPath library.
type noPathError struct{ detail string }

func (e *noPathError) Error() string { return e.detail }

// find gives what the path selects in root: the value of a definite path, else a list.
func (p path) find(root any) (any, error) {
	if p.definite {
		return p.findOne(root)
	}
	values := []any{root}
	for _, s := range p.steps {
		var next []any
		for _, v := range values {
			if s.deep {
				for _, below := range descend(v, nil) {
					next = append(next, s.parts(below)...)
				}
			} else {
				next = append(next, s.parts(v)...)
			}
			if len(next) > maxSelected {
				return nil, &noPathError{fmt.Sprintf("the path selects more than %d values", maxSelected)}
			}
		}
		values = next
	}
	if values == nil {
		values = []any{}
	}
	return values, nil
}

func (p path) findOne(root any) (any, error) {
	v := root
	var at strings.Builder
	at.WriteByte('$')
	for i, s := range p.steps {
		at.WriteString(s.String())
		parts := s.parts(v)
		if len(parts) == 0 {
			if i < len(p.steps)-1 {
				return nil, &noPathError{"Missing property in path " + at.String()}
			}
			return nil, &noPathError{"No results for path: " + at.String()}
		}
		v = parts[0]
	}
	return v, nil
}

// String writes a definite step as AWS's messages do.
func (s step) String() string {
	if len(s.names) == 1 {
		return "['" + s.names[0] + "']"
	}
	return fmt.Sprintf("[%d]", s.indexes[0])
}

// parts are the parts of v that the step selects, without going deeper.
func (s step) parts(v any) []any {
	switch v := v.(type) {
	case *object:
		return s.members(v)
	case []any:
		return s.elements(v)
	}
	return nil
}

func (s step) members(o *object) []any {
	names := s.names
	if s.all {
		names = o.names
	}
	var found []any
	for _, n := range names {
		if v, ok := o.get(n); ok {
			found = append(found, v)
		}
	}
	return found
}

func (s step) elements(array []any) []any {
	if s.all {
		return array
	}
	if s.slice != nil {
		return s.slice.of(array)
	}
	var found []any
	for _, i := range s.indexes {
		if i < 0 {
			i += len(array)
		}
		if i >= 0 && i < len(array) {
			found = append(found, array[i])
		}
	}
	return found
}

func (s *slice) of(array []any) []any {
	place := func(i int) int {
		if i < 0 {
			i += len(array)
		}
		return min(max(i, 0), len(array))
	}
	from, to := 0, len(array)
	if s.fromSet {
		from = place(s.from)
	}
	if !s.end {
		to = place(s.to)
	}
	if from >= to {
		return nil
	}
	return array[from:to]
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

// put is root with value at the place of a reference path. Missing objects are
// made; a place below a value that is no object is errNoPlace.
func (p path) put(root, value any) (any, error) { return put(p.steps, root, value) }

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
