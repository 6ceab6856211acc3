package asl

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestJSONKeepsText: order and numbers stay as they were written.
func TestJSONKeepsText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"z":1.50,"a":1e400,"m":[true,false,null]}`,
		`123456789012345678901234567890`,
		`"<&>\u2028\"\\\n\t\u001b"`,
		`{}`, `[]`, `""`,
	} {
		v, err := parseJSON(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := encode(v); got != text {
			t.Errorf("%s became %s", text, got)
		}
	}
	v, err := parseJSON(`{"a":1,"b":2,"a":3}`)
	if got := encode(v); err != nil || got != `{"a":3,"b":2}` {
		t.Errorf("a name that comes twice: %s, %v", got, err)
	}
}

// TestJSONRefuses lists what is no JSON document, or nests too deep.
func TestJSONRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{``, ` `, `{`, `{"a":1,}`, `1 2`, `nul`, `'a'`, `[1 2]`, "\"\n\"", strings.Repeat("[", 1500) + strings.Repeat("]", 1500)} {
		if v, err := parseJSON(text); err == nil {
			t.Errorf("%.20q is taken as %v", text, v)
		}
	}
}

// TestJSONMeansTheSame: what we write is what encoding/json reads, for any value.
func TestJSONMeansTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := anyValue(3).Draw(t, "value")
		for _, text := range []string{encode(value), encodeSpaced(value)} {
			again, err := parseJSON(text)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if encode(again) != encode(value) {
				t.Errorf("%s was read as %s", text, encode(again))
			}
			var theirs, ours any
			if err := json.Unmarshal([]byte(text), &theirs); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if err := json.Unmarshal([]byte(encode(again)), &ours); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(theirs, ours); diff != "" {
				t.Error(diff)
			}
		}
	})
}

// anyValue generates JSON values of at most the depth.
func anyValue(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		kind := rapid.IntRange(0, 5).Draw(t, "kind")
		if depth == 0 {
			kind %= 4
		}
		switch kind {
		case 0:
			return nil
		case 1:
			return rapid.Bool().Draw(t, "bool")
		case 2:
			return number(rapid.Int().Draw(t, "number"))
		case 3:
			return rapid.String().Draw(t, "string")
		case 4:
			array := []any{}
			return append(array, rapid.SliceOfN(anyValue(depth-1), 0, 4).Draw(t, "array")...)
		}
		o := newObject()
		for _, name := range rapid.SliceOfN(rapid.String(), 0, 4).Draw(t, "names") {
			o.set(name, anyValue(depth-1).Draw(t, "member"))
		}
		return o
	})
}
