package asl

import (
	"cmp"
	"encoding/json"
	"strings"
)

// operator is a comparison of the language.
type operator struct {
	// expects names the type of the value to compare with, for messages.
	expects string
	accepts func(value any) bool
	// test compares the variable with the value; other types are false.
	test func(variable, value any) bool
	// typeTest marks the Is... operators, which have no ...Path form.
	typeTest bool
	// presence marks IsPresent, which alone takes a path that leads nowhere.
	presence bool
}

// operatorNamed finds an operator by its name without "Path".
func operatorNamed(name string) (operator, bool) {
	if test, ok := typeTest(name); ok {
		return operator{expects: "Boolean", accepts: isBool, test: test, typeTest: true, presence: name == "IsPresent"}, true
	}
	switch name {
	case "BooleanEquals":
		return operator{expects: "Boolean", accepts: isBool, test: func(a, b any) bool { return isBool(a) && a == b }}, true
	case "StringMatches":
		return operator{expects: "String", accepts: isString, test: func(a, b any) bool {
			text, ok := a.(string)
			pattern, _ := b.(string)
			return ok && wildcard(pattern, text)
		}}, true
	}
	for _, kind := range []struct {
		prefix, expects string
		accepts         func(any) bool
		compare         func(a, b any) (int, bool)
	}{
		{"String", "String", isString, compareStrings},
		{"Numeric", "Number", isNumber, compareNumbers},
		{"Timestamp", "Timestamp", isTimestamp, compareTimestamps},
	} {
		rest, ok := strings.CutPrefix(name, kind.prefix)
		if !ok {
			continue
		}
		fits, ok := ordering(rest)
		if !ok {
			continue
		}
		return operator{expects: kind.expects, accepts: kind.accepts, test: func(a, b any) bool {
			order, ok := kind.compare(a, b)
			return ok && fits(order)
		}}, true
	}
	return operator{}, false
}

// ordering says which results of a comparison an operator takes.
func ordering(name string) (func(int) bool, bool) {
	switch name {
	case "Equals":
		return func(o int) bool { return o == 0 }, true
	case "LessThan":
		return func(o int) bool { return o < 0 }, true
	case "LessThanEquals":
		return func(o int) bool { return o <= 0 }, true
	case "GreaterThan":
		return func(o int) bool { return o > 0 }, true
	case "GreaterThanEquals":
		return func(o int) bool { return o >= 0 }, true
	}
	return nil, false
}

// typeTest is the test of an Is... operator: whether the variable is of the
// type, compared with true or false.
func typeTest(name string) (func(variable, value any) bool, bool) {
	var is func(any) bool
	switch name {
	case "IsPresent":
		is = func(any) bool { return true }
	case "IsNull":
		is = func(v any) bool { return v == nil }
	case "IsBoolean":
		is = isBool
	case "IsNumeric":
		is = isNumber
	case "IsString":
		is = isString
	case "IsTimestamp":
		is = isTimestamp
	default:
		return nil, false
	}
	return func(variable, value any) bool { return is(variable) == (value == true) }, true
}

func isBool(v any) bool   { _, ok := v.(bool); return ok }
func isString(v any) bool { _, ok := v.(string); return ok }
func isNumber(v any) bool { _, ok := v.(json.Number); return ok }

func isTimestamp(v any) bool {
	text, _ := v.(string)
	_, ok := parseTimestamp(text)
	return ok
}

func compareStrings(a, b any) (int, bool) {
	x, ok := a.(string)
	y, also := b.(string)
	return strings.Compare(x, y), ok && also
}

// compareNumbers is exact for whole numbers of 64 bits, else in floating point.
func compareNumbers(a, b any) (int, bool) {
	x, ok := a.(json.Number)
	y, also := b.(json.Number)
	if !ok || !also {
		return 0, false
	}
	i, err := x.Int64()
	j, otherErr := y.Int64()
	if err == nil && otherErr == nil {
		return cmp.Compare(i, j), true
	}
	f, _ := x.Float64() // out of range is an infinity, which compares rightly
	g, _ := y.Float64()
	return cmp.Compare(f, g), true
}

func compareTimestamps(a, b any) (int, bool) {
	x, _ := a.(string)
	y, _ := b.(string)
	t, ok := parseTimestamp(x)
	u, also := parseTimestamp(y)
	return t.Compare(u), ok && also
}

// wildcard matches text with a pattern in which "*" is any run of characters
// and a backslash takes "*" and "\" as they are.
func wildcard(pattern, text string) bool {
	literal, many := compilePattern(pattern)
	p, t := 0, 0
	star, mark := -1, 0
	for t < len(text) {
		switch {
		case p < len(literal) && many[p]:
			star, mark = p, t
			p++
		case p < len(literal) && literal[p] == text[t]:
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	for p < len(literal) && many[p] {
		p++
	}
	return p == len(literal)
}

// compilePattern splits a pattern into bytes and whether each is a wildcard.
func compilePattern(pattern string) (literal []byte, many []bool) {
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		if c == '\\' && i+1 < len(pattern) {
			i++
			literal, many = append(literal, pattern[i]), append(many, false)
			continue
		}
		literal, many = append(literal, c), append(many, c == '*')
	}
	return literal, many
}
