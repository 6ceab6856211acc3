package dynamodb

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// step is one part of a document path: a member's name, or an element's index.
type step struct {
	name string
	// index counts from 0; -1 means that the step is a name.
	index int
}

// path leads into an item: a.b[2].
type path []step

// String is the path as DynamoDB's messages show it: [a, b, [2]].
func (p path) String() string {
	parts := make([]string, len(p))
	for i, s := range p {
		parts[i] = s.name
		if s.index >= 0 {
			parts[i] = "[" + strconv.Itoa(s.index) + "]"
		}
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// get finds the value at the path.
func (p path) get(i item) (value, bool) {
	v := value{kind: "M", fields: i}
	for _, s := range p {
		var ok bool
		if v, ok = v.child(s); !ok {
			return value{}, false
		}
	}
	return v, true
}

func (v value) child(s step) (value, bool) {
	if s.index < 0 {
		child, ok := v.fields[s.name]
		return child, ok
	}
	if s.index >= len(v.list) {
		return value{}, false
	}
	return v.list[s.index], true
}

// set is a copy of v with the value put at the path. An element behind a list's
// end is appended; a missing parent is refused.
func (p path) set(v, put value) (value, error) {
	if len(p) == 0 {
		return put, nil
	}
	child, ok := v.child(p[0])
	if !p.fits(v) || !ok && len(p) > 1 {
		return value{}, invalidPath()
	}
	child, err := p[1:].set(child, put)
	if err != nil {
		return value{}, err
	}
	if p[0].index < 0 {
		v.fields = clone(v.fields)
		v.fields[p[0].name] = child
		return v, nil
	}
	v.list = slices.Clone(v.list)
	if ok {
		v.list[p[0].index] = child
	} else {
		v.list = append(v.list, child)
	}
	return v, nil
}

// remove is a copy of v without the value at the path; a missing parent is
// refused, a missing value is not.
func (p path) remove(v value) (value, error) {
	child, ok := v.child(p[0])
	if !p.fits(v) || !ok && len(p) > 1 {
		return value{}, invalidPath()
	}
	if !ok {
		return v, nil
	}
	if len(p) > 1 {
		child, err := p[1:].remove(child)
		if err != nil {
			return value{}, err
		}
		return p[:1].set(v, child)
	}
	if p[0].index < 0 {
		v.fields = clone(v.fields)
		delete(v.fields, p[0].name)
		return v, nil
	}
	v.list = slices.Delete(slices.Clone(v.list), p[0].index, p[0].index+1)
	return v, nil
}

// fits tells whether the first step can be taken from a value of this kind.
func (p path) fits(v value) bool {
	if p[0].index < 0 {
		return v.kind == "M"
	}
	return v.kind == "L"
}

func invalidPath() error {
	return invalid("The document path provided in the update expression is invalid for update")
}

// checkPaths refuses paths of one expression that meet each other.
func checkPaths(kind string, paths []path) error {
	for i, second := range paths {
		for _, first := range paths[:i] {
			if clash := first.clash(second); clash != "" {
				return invalid("Invalid %s: Two document paths %s with each other; must remove or rewrite one of these paths; path one: %s, path two: %s",
					kind, clash, first, second)
			}
		}
	}
	return nil
}

// clash is "overlap" when one path leads through the other, "conflict" when
// they take the same value for a map and for a list, else "".
func (p path) clash(other path) string {
	for i := range min(len(p), len(other)) {
		if (p[i].index < 0) != (other[i].index < 0) {
			return "conflict"
		}
		if p[i] != other[i] {
			return ""
		}
	}
	return "overlap"
}

// compareSteps orders steps: names before indexes.
func compareSteps(a, b step) int {
	return cmp.Or(cmp.Compare(a.index, b.index), strings.Compare(a.name, b.name))
}

// project is the item with only what the paths lead to. Elements of a list move
// together.
func project(i item, paths []path) item {
	v, _ := extract(value{kind: "M", fields: i}, paths)
	return v.fields
}

func extract(v value, paths []path) (value, bool) {
	if len(paths) == 1 && len(paths[0]) == 0 {
		return v, true
	}
	// The paths that go on from each child, children in the order of their index.
	onward := map[step][]path{}
	var children []step
	for _, p := range paths {
		if _, ok := onward[p[0]]; !ok {
			children = append(children, p[0])
		}
		onward[p[0]] = append(onward[p[0]], p[1:])
	}
	slices.SortFunc(children, compareSteps)
	out := value{kind: v.kind, fields: item{}}
	for _, s := range children {
		child, ok := v.child(s)
		if ok {
			child, ok = extract(child, onward[s])
		}
		switch {
		case !ok:
		case s.index < 0:
			out.fields[s.name] = child
		default:
			out.list = append(out.list, child)
		}
	}
	return out, len(out.fields)+len(out.list) > 0
}
