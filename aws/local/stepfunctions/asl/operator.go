package asl

import (
	"cmp"
	"encoding/json"
	"maps"
	"strings"
)

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
	var parts []string // the texts between the stars
	var part []byte
	for i := 0; i < len(pattern); i++ {
		switch {
		case pattern[i] == '*':
			parts, part = append(parts, string(part)), nil
			continue
		case pattern[i] == '\\' && i+1 < len(pattern):
			i++
		}
		part = append(part, pattern[i])
	}
	if parts == nil {
		return text == string(part)
	}
	text, ok := strings.CutPrefix(text, parts[0])
	for _, between := range parts[1:] {
		_, after, found := strings.Cut(text, between)
		text, ok = after, ok && found
	}
	return ok && strings.HasSuffix(text, string(part))
}
