package asl

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"regexp"
	"strings"

	"orderops/aws/local/wire"
)

// condition says whether a choice rule, or a part of one, holds.
type condition func(v *visit, data document) bool

// choice is the work of a Choice state: the first rule that holds says what follows.
func (f *fields) choice() worker {
	type rule struct {
		holds condition
		next  string
	}
	var rules []rule
	f.require("Choices")
	f.objects("Choices", func(f *fields) {
		f.require("Next")
		next := f.target("Next")
		rules = append(rules, rule{f.condition(0), next})
	})
	if f.has("Choices") && len(rules) == 0 {
		f.fail("Choices", "Expected at least one choice rule")
	}
	otherwise := f.target("Default")
	return func(_ context.Context, v *visit, data document) (document, error) {
		v.next = otherwise
		for _, r := range rules {
			if r.holds(v, data) {
				v.next = r.next
				return data, nil
			}
		}
		if otherwise == "" {
			f := runtimeFailure("Failed to transition out of the state. The state does not point to a next state.")
			f.name = errorNoChoice
			return document{}, f
		}
		return data, nil
	}
}

// condition reads a choice rule: And, Or, Not, or a variable with one operator.
func (f *fields) condition(depth int) condition {
	defer f.finish()
	switch {
	case depth > 100:
		f.report(codeSchema, f.at, "The condition is nested too deep")
		return nil
	case f.has("And"):
		return all(f.conditions("And", depth), true)
	case f.has("Or"):
		return all(f.conditions("Or", depth), false)
	case f.has("Not"):
		o, ok := member[*object](f, "Not")
		if !ok {
			return nil
		}
		not := f.fields(o, f.state, f.at+"/Not").condition(depth + 1)
		return func(v *visit, data document) bool { return !not(v, data) }
	}
	return f.test()
}

func (f *fields) conditions(name string, depth int) []condition {
	var parts []condition
	f.objects(name, func(f *fields) { parts = append(parts, f.condition(depth+1)) })
	if len(parts) == 0 {
		f.fail(name, "Expected at least one choice rule")
	}
	return parts
}

// all says whether all parts are as wanted, else the contrary: And wants them
// true, Or false. Parts behind one that decides are not looked at.
func all(parts []condition, wanted bool) condition {
	return func(v *visit, data document) bool {
		for _, part := range parts {
			if part(v, data) != wanted {
				return !wanted
			}
		}
		return wanted
	}
}

// test reads a variable with the one operator that is applied to it.
func (f *fields) test() condition {
	f.require("Variable")
	variable := f.path("Variable")
	var found []string
	for _, name := range f.members.names {
		if _, ok := f.operators[name]; ok {
			found = append(found, name)
		}
	}
	if len(found) != 1 {
		f.report(codeSchema, f.at, "Expected exactly one comparison operator, found [%s]", strings.Join(found, ", "))
		for _, name := range found {
			f.known[name] = true
		}
		return nil
	}
	name := found[0]
	o := f.operators[name]
	f.known[name] = true
	literal, _ := f.members.get(name)
	var other *path
	if o.path {
		other = f.path(name)
	} else if !o.kind.is(literal) {
		f.fail(name, "Expected value of type %s", o.kind.name)
	}
	return func(v *visit, data document) bool {
		value, err := v.at(variable, data)
		if name == "IsPresent" { // alone takes a path that leads nowhere
			return (err == nil) == literal
		}
		wanted, wrong := literal, variable
		if err == nil && other != nil {
			wrong = other
			if wanted, err = v.at(other, data); !o.kind.is(wanted) {
				err = errors.New("of another type")
			}
		}
		if err != nil {
			wire.Check(runtimeFailure("Invalid path '%s': The choice state's condition path references an invalid value.", wrong.text))
		}
		return o.test(value, wanted)
	}
}

// operator is a comparison of the language.
type operator struct {
	// kind is the type of the value to compare with.
	kind kind
	// test compares the variable with the value; other types are false.
	test func(variable, value any) bool
	// path marks the ...Path form, whose value is a path to the value.
	path bool
}

// kind is a type of values and how two of them compare.
type kind struct {
	name string
	is   func(v any) bool
	// compare is nil where there is no order.
	compare func(a, b any) int
}

// operators are all comparisons by name: Is<kind> for each kind, an order for
// those that have one, and a few of their own.
func operators() map[string]operator {
	boolean := kind{name: "Boolean", is: func(v any) bool { _, ok := v.(bool); return ok }}
	text := kind{"String", func(v any) bool { _, ok := v.(string); return ok }, func(a, b any) int {
		return strings.Compare(a.(string), b.(string)) //nolint:forcetypeassert // is says so
	}}
	number := kind{"Numeric", func(v any) bool { _, ok := v.(json.Number); return ok }, compareNumbers}
	timestamp := kind{"Timestamp", isTimestamp, func(a, b any) int {
		x, _ := parseTimestamp(a)
		y, _ := parseTimestamp(b)
		return x.Compare(y)
	}}
	all := map[string]operator{
		"BooleanEquals": {kind: boolean, test: func(v, value any) bool { return v == value }},
		"StringMatches": {kind: text, test: func(v, value any) bool { return text.is(v) && wildcard(value.(string), v.(string)) }}, //nolint:forcetypeassert // is says so
	}
	for _, k := range []kind{text, number, timestamp} {
		for order, fits := range map[string]func(int) bool{
			"Equals":            func(o int) bool { return o == 0 },
			"LessThan":          func(o int) bool { return o < 0 },
			"LessThanEquals":    func(o int) bool { return o <= 0 },
			"GreaterThan":       func(o int) bool { return o > 0 },
			"GreaterThanEquals": func(o int) bool { return o >= 0 },
		} {
			all[k.name+order] = operator{kind: k, test: func(v, value any) bool { return k.is(v) && fits(k.compare(v, value)) }}
		}
	}
	for name, o := range maps.Clone(all) {
		o.path = true
		all[name+"Path"] = o
	}
	null := kind{name: "Null", is: func(v any) bool { return v == nil }}
	present := kind{name: "Present", is: func(any) bool { return true }} // the condition itself knows a missing variable
	for _, k := range []kind{boolean, text, number, timestamp, null, present} {
		all["Is"+k.name] = operator{kind: boolean, test: func(v, value any) bool { return k.is(v) == value }}
	}
	return all
}

func isTimestamp(v any) bool {
	_, ok := parseTimestamp(v)
	return ok
}

// compareNumbers is exact for whole numbers of 64 bits, else in floating point.
func compareNumbers(a, b any) int {
	x, _ := a.(json.Number)
	y, _ := b.(json.Number)
	i, err := x.Int64()
	j, otherErr := y.Int64()
	if err == nil && otherErr == nil {
		return cmp.Compare(i, j)
	}
	f, _ := x.Float64() // out of range is an infinity, which compares rightly
	g, _ := y.Float64()
	return cmp.Compare(f, g)
}

// wildcard matches text with a pattern in which "*" is any run of characters
// and a backslash takes the next character as it is.
func wildcard(pattern, text string) bool {
	parts := regexp.MustCompile(`(?s)\\.|\*|[^*\\]+|\\`).ReplaceAllStringFunc(pattern, func(part string) string {
		switch {
		case part == "*":
			return ".*"
		case len(part) > 1 && part[0] == '\\':
			part = part[1:]
		}
		return regexp.QuoteMeta(part)
	})
	matched, err := regexp.MatchString("^(?s:"+parts+")$", text)
	return err == nil && matched
}
