package compare_test

import (
	"strings"
	"testing"

	"orderops/workflow"
	"orderops/workflow/compare"
)

// written are the lines as they are read: sign, path, values.
func written(lines []compare.Line) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(strings.TrimRight(strings.Join([]string{string(rune(l.Kind)), l.Path, l.Was, l.Is}, "|"), "|") + "\n")
	}
	return b.String()
}

func TestBodies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, was, is, want, note string }{
		{"a value", `{"data":{"q":"three","u":"x"}}`, `{"data":{"u":"x","q":"3"}}`, "~|data.q|\"three\"|\"3\"\n |data.u|\"x\"|\"x\"\n", ""},
		{"gone and new", `{"a":1,"b":{"c":[]}}`, `{"a":1,"d":{"e": 2}}`, " |a|1|1\n-|b|{\"c\":[]}\n+|d||{\"e\":2}\n", ""},
		{"lists by place", `[1,2]`, `[1,3,4]`, " |[0]|1|1\n~|[1]|2|3\n+|[2]||4\n", ""},
		{"another type", `{"a":{"b":1}}`, `{"a":"1"}`, "~|a|{\"b\":1}|\"1\"\n", ""},
		{"numbers as they are written", `{"n":1.0}`, `{"n":1}`, "~|n|1.0|1\n", ""},
		{"big numbers", `{"n":12345678901234567890}`, `{"n":12345678901234567891}`, "~|n|12345678901234567890|12345678901234567891\n", ""},
		{"spaces, order, escapes", "{ \"b\":\"\\u0041<\", \"a\":1}", `{"a":1,"b":"A<"}`, " |b|\"A<\"|\"A<\"\n |a|1|1\n", "the bytes differ"},
		{"equal", `{}`, `{}`, " |the body|{}|{}\n", ""},
		{"odd names", `{"a b":1,"":2}`, `{"a b":1,"":3}`, " |\"a b\"|1|1\n~|\"\"|2|3\n", ""},
		{"no JSON", "one\ntwo\nthree", "one\n2\nthree", " |line 1|one|one\n-|line 2|two\n+|line 2||2\n |line 3|three|three\n", "the first is no JSON"},
		{"mended", `not json`, `{"a":1}`, "-|line 1|not json\n+|line 1||{\"a\":1}\n", "the first is no JSON"},
		{"broken", `{"a":1}`, ``, "-|line 1|{\"a\":1}\n+|line 1\n", "the second is no JSON"},
	} {
		d := compare.Bodies([]byte(c.was), []byte(c.is))
		if got := written(d.Lines); got != c.want || !strings.Contains(d.Note, c.note) || (d.Note == "") != (c.note == "") {
			t.Errorf("%s: note %q\n%swant\n%s", c.name, d.Note, got, c.want)
		}
	}
}

func TestAround(t *testing.T) {
	t.Parallel()
	d := compare.Bodies([]byte(`[0,1,2,3,4,5,6,7,8,9]`), []byte(`[0,1,2,3,4,x]`))
	if d.Note == "" {
		t.Error("no note though one side is no JSON")
	}
	d = compare.Bodies([]byte(`[0,1,2,3,4,5,6,7,8,9]`), []byte(`[0,1,2,3,44,5,6,7,8,9]`))
	want := " ||… 3 the same\n |[3]|3|3\n~|[4]|4|44\n |[5]|5|5\n ||… 4 the same\n"
	if got := written(d.Around(1)); got != want || d.Changed() != 1 {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got := written(compare.Bodies([]byte(`1`), []byte(`1`)).Around(3)); got != " ||… 1 the same\n" {
		t.Errorf("nothing differs: %s", got)
	}
}

// A body may be a mebibyte of brackets.
func TestDeep(t *testing.T) {
	t.Parallel()
	was, is := strings.Repeat("[", 9000)+strings.Repeat("]", 9000), strings.Repeat("[", 8999)+strings.Repeat("]", 8999)
	d := compare.Bodies([]byte(was), []byte(is))
	if d.Changed() != 1 {
		t.Errorf("%d changes", d.Changed())
	}
}

func TestAttributes(t *testing.T) {
	t.Parallel()
	text, raw := workflow.Attribute{DataType: "String", Text: "x"}, workflow.Attribute{DataType: "Binary", Binary: []byte{0, 255}}
	d := compare.Attributes(map[string]workflow.Attribute{"a": text, "b": raw, "c": text}, map[string]workflow.Attribute{"a": text, "b": {DataType: "Binary"}, "d": raw})
	want := " |a|String \"x\"|String \"x\"\n~|b|Binary 00ff|Binary \n-|c|String \"x\"\n+|d||Binary 00ff\n"
	if got := written(d.Lines); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
