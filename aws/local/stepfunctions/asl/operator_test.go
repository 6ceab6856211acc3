package asl

import (
	"strings"
	"testing"
)

// TestOperators is a truth table; the value's type decides, other types are false.
func TestOperators(t *testing.T) {
	t.Parallel()
	all := operators()
	for _, c := range []struct {
		operator, variable, value string
		want                      bool
	}{
		{"BooleanEquals", `true`, `true`, true},
		{"BooleanEquals", `false`, `false`, true},
		{"BooleanEquals", `true`, `false`, false},
		{"BooleanEquals", `"true"`, `true`, false},
		{"BooleanEquals", `null`, `false`, false},
		{"NumericEquals", `1.0`, `1`, true},
		{"NumericEquals", `9007199254740993`, `9007199254740992`, false},
		{"NumericEquals", `"1"`, `1`, false},
		{"NumericLessThan", `-1`, `0.5`, true},
		{"NumericLessThan", `1`, `1`, false},
		{"NumericLessThanEquals", `1`, `1`, true},
		{"NumericGreaterThan", `1e400`, `5`, true},
		{"NumericGreaterThan", `5`, `5`, false},
		{"NumericGreaterThanEquals", `5`, `5`, true},
		{"StringEquals", `"ok"`, `"ok"`, true},
		{"StringEquals", `"ok"`, `"OK"`, false},
		{"StringEquals", `null`, `"null"`, false},
		{"StringLessThan", `"A"`, `"AB"`, true},
		{"StringLessThan", `""`, `""`, false},
		{"StringLessThanEquals", `""`, `""`, true},
		{"StringGreaterThan", `"A"`, `"A "`, false},
		{"StringGreaterThanEquals", `"AB"`, `"A"`, true},
		{"StringMatches", `"foo23.log"`, `"foo*.log"`, true},
		{"StringMatches", `"foo*.log"`, `"foo\\*.log"`, true},
		{"StringMatches", `"foobar.log"`, `"foo\\*.log"`, false},
		{"StringMatches", `"zebra.log"`, `"*.log"`, true},
		{"StringMatches", `"foobar.zebra"`, `"foo*.*"`, true},
		{"StringMatches", `"a"`, `"a*b"`, false},
		{"StringMatches", `""`, `"**"`, true},
		{"StringMatches", `1`, `"*"`, false},
		{"TimestampEquals", `"2026-11-23T12:00:00Z"`, `"2026-11-23T13:00:00+01:00"`, true},
		{"TimestampEquals", `"2026-11-23"`, `"2026-11-23T00:00:00Z"`, false},
		{"TimestampLessThan", `"2026-11-23T12:00:00.1Z"`, `"2026-11-23T12:00:00.2Z"`, true},
		{"TimestampLessThanEquals", `"2026-11-23T12:00:00Z"`, `"2026-11-23T12:00:00Z"`, true},
		{"TimestampGreaterThan", `"2026-11-23T12:00:00Z"`, `"2026-11-23T12:00:00Z"`, false},
		{"TimestampGreaterThanEquals", `"2027-01-01T00:00:00Z"`, `"2026-11-23T12:00:00Z"`, true},
		{"IsNull", `null`, `true`, true},
		{"IsNull", `0`, `true`, false},
		{"IsNull", `0`, `false`, true},
		{"IsBoolean", `false`, `true`, true},
		{"IsBoolean", `"false"`, `true`, false},
		{"IsNumeric", `1.5`, `true`, true},
		{"IsNumeric", `"1.5"`, `false`, true},
		{"IsString", `""`, `true`, true},
		{"IsString", `null`, `true`, false},
		{"IsTimestamp", `"2026-11-23T12:00:00Z"`, `true`, true},
		{"IsTimestamp", `"2026-11-23 12:00:00Z"`, `true`, false},
		{"IsTimestamp", `"2026-11-23T12:00:00,5Z"`, `true`, false},
		{"IsPresent", `null`, `true`, true},
		{"IsPresent", `null`, `false`, false},
	} {
		o, ok := all[c.operator]
		if !ok {
			t.Errorf("%s is unknown", c.operator)
			continue
		}
		variable, err := parseJSON(c.variable)
		if err != nil {
			t.Fatal(err)
		}
		value, err := parseJSON(c.value)
		if err != nil {
			t.Fatal(err)
		}
		if got := o.test(variable, value); got != c.want {
			t.Errorf("%s %s %s is %t", c.variable, c.operator, c.value, got)
		}
		if !o.kind.is(value) {
			t.Errorf("%s does not take %s", c.operator, c.value)
		}
	}
}

// TestNoSuchOperator: names that only look like operators.
func TestNoSuchOperator(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "String", "StringEqual", "NumericMatches", "IsObject", "Equals", "BooleanLessThan", "IsNullPath", "StringEqualsPathPath"} {
		if _, ok := operators()[name]; ok {
			t.Errorf("%q is an operator", name)
		}
	}
}

// TestEveryOperatorRuns: each operator of the language is taken in a definition,
// with a value or with a path, and decides a Choice.
func TestEveryOperatorRuns(t *testing.T) {
	t.Parallel()
	values := map[string]string{"Boolean": `true`, "String": `"a"`, "Numeric": `1`, "Timestamp": `"2026-11-23T12:00:00Z"`}
	ran := 0
	for name, o := range operators() {
		value := values[o.kind.name]
		wanted := value
		if o.path {
			wanted = `"$.wanted"`
		}
		definition := `{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"Variable":"$.variable","` + name + `":` + wanted + `,"Next":"Yes"}],"Default":"No"},
			"Yes":{"Type":"Pass","Result":"yes","End":true},"No":{"Type":"Pass","Result":"no","End":true}}}`
		want := `"yes"`
		if strings.HasSuffix(strings.TrimSuffix(name, "Path"), "Than") || strings.HasPrefix(name, "Is") && name != "IsPresent" && name != "IsBoolean" {
			want = `"no"` // a value is not less or greater than itself; the variable is a Boolean
		}
		if got := outcome(t, definition, `{"variable":`+value+`,"wanted":`+value+`}`); got != want {
			t.Errorf("%s of %s: %s, want %s", name, value, got, want)
		}
		ran++
	}
	if ran != 17*2+6 { // the language's: 5 orders of 3 kinds, BooleanEquals and StringMatches with their paths, 6 Is…
		t.Errorf("%d operators", ran)
	}
}
