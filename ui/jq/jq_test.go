package jq_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"orderops/ui/jq"
	"orderops/workflow"
)

const good = `{"data":{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}}`

func compile(t *testing.T, expression string) workflow.Transform {
	t.Helper()
	transform, err := jq.Compile(expression)
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return transform
}

// TestEdit changes what the expression says, and leaves every other byte alone.
func TestEdit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, expression, body, want string }{
		{"a value", `.data.quantity = "3"`, `{"data":{"user_id":"u","quantity":"three","restaurant_id":"r"}}`, `{"data":{"user_id":"u","quantity":"3","restaurant_id":"r"}}`},
		{"spaces and order stay", `.b = 2`, "{ \"z\" : 1.50 ,\n \"b\":1, \"a\" : [ 1 , 2 ] }", "{ \"z\" : 1.50 ,\n \"b\":2, \"a\" : [ 1 , 2 ] }"},
		{"nothing changes", `.`, "{ \"z\" : 1.50 ,\n \"b\":\"\\u0041\" }", "{ \"z\" : 1.50 ,\n \"b\":\"\\u0041\" }"},
		{"the same value again", `.b = "A"`, `{"b":"\u0041"}`, `{"b":"\u0041"}`},
		{"a big number that is only passed", `.a = .n`, `{"n":12345678901234567890123,"a":0}`, `{"n":12345678901234567890123,"a":12345678901234567890123}`},
		{"a big number that is counted with", `.n += 1`, `{"n":9007199254740993}`, `{"n":9007199254740994}`},
		{"a bigger one", `.n += 1`, `{"n":99999999999999999999}`, `{"n":100000000000000000000}`},
		{"digits of a fraction", `.a = 1`, `{"n":0.10000000000000000000001,"a":0}`, `{"n":0.10000000000000000000001,"a":1}`},
		{"an exponent that no float has", `.a = 1`, `{"n":1e1000,"a":0}`, `{"n":1e1000,"a":1}`},
		{"a new member", `.data.note = "<&>"`, `{"data":{"q":"1"}}`, `{"data":{"q":"1","note":"<&>"}}`},
		{"one less", `del(.data.x)`, `{"data":{"x":1, "q": "1"}}`, `{"data":{"q":"1"}}`},
		{"a name twice: the last counts", `.b = 2`, `{"a":1,"a":3,"b":1}`, `{"a":3,"b":2}`},
		{"another type", `.data |= tostring`, `{"data":{"b":1,"a":2}}`, `{"data":"{\"a\":2,\"b\":1}"}`},
		{"number to text", `.q |= tostring`, `{"q":3}`, `{"q":"3"}`},
		{"a list", `.l[1] = "x"`, `{"l":[ 1, 2 ]}`, `{"l":[1,"x"]}`},
		{"no object at all", `.`, `[1, 2]`, `[1, 2]`},
	} {
		got, err := compile(t, c.expression)(t.Context(), []byte(c.body))
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s, %v; want %s", c.name, got, err, c.want)
		}
	}
}

func TestWhatCannotBeEdited(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, expression, body, want string }{
		{"no JSON", `.`, `{"data":`, "ends too early, at byte 8"},
		{"no UTF-8", `.`, "{\"a\":\"\xff\"}", "not UTF-8 at byte 6"},
		{"no output", `empty`, good, "gives nothing"},
		{"two outputs", `.data, .data`, good, "more than one value"},
		{"an error behind the first output", `., error("late")`, good, "late"},
		{"an error of jq", `.data.quantity + 1`, good, "cannot add"},
		{"it never ends", `def f: f; f`, good, "longer than 1s"},
		{"it never ends after one output", `., (def f: f; f)`, good, "longer than 1s"},
		{"too large", `.data.x = ("x" * (2000 * 1000))`, good, "more than 1048576 bytes"},
		{"too deep", `reduce range(20000) as $i (.; [.])`, good, "deeper than 10000"},
		{"not a number", `.data.x = nan`, good, "can't write"},
		{"infinite", `.data.x = infinite`, good, "can't write"},
		{"it halts", `halt_error`, `"enough"`, "halts: enough"},
	} {
		got, err := compile(t, c.expression)(t.Context(), []byte(c.body))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %.80s, %v; want %q", c.name, got, err, c.want)
		}
	}
}

// TestNothingOutside lets no expression read what the body does not hold.
func TestNothingOutside(t *testing.T) {
	t.Setenv("ORDEROPS_SECRET", "secret")
	got, err := compile(t, `[env, $ENV]`)(t.Context(), []byte(good))
	if err != nil || strings.Contains(string(got), "secret") {
		t.Errorf("the environment is read: %s, %v", got, err)
	}
	for _, expression := range []string{`import "a" as a; .`, `input`} {
		transform, err := jq.Compile(expression)
		if err == nil {
			_, err = transform(t.Context(), []byte(good))
		}
		if err == nil {
			t.Errorf("%s was taken", expression)
		}
	}
}

func TestExpressionErrorTellsThePlace(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string]string{
		`.data.quantity = `:         `line 1, column 18: unexpected EOF`,
		"# é\n.é":                   "line 2, column 2: unexpected token \"é\"",
		".data |\n  ) 3":            "line 2, column 3: unexpected token \")\"",
		`.data | nosuchfunction`:    "function not defined: nosuchfunction/0",
		`.data.quantity = $unknown`: "variable not defined: $unknown",
	} {
		_, err := jq.Compile(expression)
		if _, ok := errors.AsType[*jq.ExpressionError](err); !ok || err.Error() != want {
			t.Errorf("%q: %v, want %s", expression, err, want)
		}
	}
}

// TestExcessIsRefused takes no expression that allocates gigabytes in one step,
// where it says so in so many digits.
func TestExcessIsRefused(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string]string{
		`.data.a[500000000] = 1`:                           "the index 500000000 makes",
		`if .x then .y else (.z | .[1e9] |= 2) end`:        "the index 1e9 makes",
		`def f: .data.a[7000000]; f`:                       "the index 7000000 makes",
		`.data.x = "x" * 300000000`:                        "a text 300000000 times makes",
		`{a: [reduce .[] as $x (3; 9999999 * "\($x)")]}`:   "a text 9999999 times makes",
		`.data.a[1048576]`:                                 "",
		`.data.id = 12345678901 * 2 | .data.n *= 10000000`: "",
		`.["a"], .[:5000000], -.a[-5000000]`:               "",
	} {
		_, err := jq.Compile(expression)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", expression, err, want)
		}
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	if _, err := compile(t, `def f: f; f`)(ctx, []byte(good)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want %v", err, context.Canceled)
	}
}

// TestIdentityKeepsEveryByte draws JSON texts, spaces and all.
func TestIdentityKeepsEveryByte(t *testing.T) {
	t.Parallel()
	edit := compile(t, `.`)
	set := compile(t, `if type == "object" then .added = 1 | del(.added) else . end`)
	rapid.Check(t, func(t *rapid.T) {
		body := []byte(value().Draw(t, "body"))
		for _, transform := range []workflow.Transform{edit, set} {
			got, err := transform(context.Background(), body)
			if err != nil || string(got) != string(body) {
				t.Fatalf("%s becomes %s, %v", body, got, err)
			}
		}
	})
}

// value draws a JSON text.
func value() *rapid.Generator[string] {
	scalar := rapid.SampledFrom([]string{`null`, `true`, `"a"`, `"\u0041"`, `"\ud800"`, `1.50`, `-0`, `1E5`, `123456789012345678901234567890`, ` "x" `, `{}`, `[ ]`})
	return rapid.Custom(func(t *rapid.T) string {
		inner := scalar
		if rapid.IntRange(0, 2).Draw(t, "depth") > 0 {
			inner = rapid.Deferred(value)
		}
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			return scalar.Draw(t, "scalar")
		case 1:
			return "[ " + strings.Join(rapid.SliceOfN(inner, 0, 3).Draw(t, "list"), " ,") + "]"
		default:
			var parts []string
			for i, v := range rapid.SliceOfN(inner, 0, 3).Draw(t, "object") {
				parts = append(parts, []string{`"z"`, `"a" `, `"\ud801"`}[i]+": "+v)
			}
			return "{" + strings.Join(parts, ", ") + "\n}"
		}
	})
}
