package dynamodb

import (
	"encoding/json"
	"strings"
	"testing"
)

func decode(t *testing.T, text string) value {
	t.Helper()
	var v value
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// fields reads an item from the wire's form.
func fields(t *testing.T, text string) item {
	t.Helper()
	var i item
	if err := json.Unmarshal([]byte(text), &i); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return i
}

func TestValuesKeepTheirForm(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"S":""}`, `{"S":"<b>&\u202e"}`, `{"N":"-1.5"}`, `{"B":"AP8="}`, `{"BOOL":false}`, `{"NULL":true}`,
		`{"L":[]}`, `{"M":{}}`, `{"L":[{"S":"a"},{"M":{"x":{"N":"1"}}}]}`, `{"SS":["a","b"]}`, `{"NS":["-1","2","10"]}`, `{"BS":["AA=="]}`,
	} {
		v := decode(t, text)
		encoded, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if !equal(v, decode(t, string(encoded))) || v.kind != "S" && string(encoded) != text {
			t.Errorf("%s is sent as %s", text, encoded)
		}
	}
}

func TestValuesThatAreRefused(t *testing.T) {
	t.Parallel()
	const empty = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
	deep := strings.Repeat(`{"L":[`, 33) + `{"NULL":true}` + strings.Repeat(`]}`, 33)
	for text, want := range map[string]string{
		`{}`:                     empty,
		`{"S":null}`:             empty,
		`{"X":"a"}`:              empty,
		`{"s":"a"}`:              empty,
		`null`:                   empty,
		`{"L":[{}]}`:             empty,
		`{"M":{"a":{}}}`:         empty,
		`{"S":"a","N":"1"}`:      "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
		`{"N":"one"}`:            "The parameter cannot be converted to a numeric value: one",
		`{"NS":["1","x"]}`:       "The parameter cannot be converted to a numeric value: x",
		`{"NULL":false}`:         "One or more parameter values were invalid: Null attribute value types must have the value of true",
		`{"SS":[]}`:              "One or more parameter values were invalid: An string set  may not be empty",
		`{"SS":["a","b","a"]}`:   "One or more parameter values were invalid: Input collection [a, b, a] contains duplicates.",
		`{"NS":["1","1.0"]}`:     "Input collection contains duplicates",
		`{"BS":["AA==","AA=="]}`: "One or more parameter values were invalid: Input collection of type BS contains duplicates.",
		deep:                     "Nesting Levels have exceeded supported limits",
	} {
		var v value
		err := json.Unmarshal([]byte(text), &v)
		if err == nil || err.Error() != "ValidationException: "+want {
			t.Errorf("%.60s: error = %v, want %s", text, err, want)
		}
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		`{"S":"é"}`: 2, `{"N":"0"}`: 1, `{"N":"5"}`: 2, `{"N":"-123"}`: 4, `{"B":"AP8="}`: 2, `{"BOOL":true}`: 1, `{"NULL":true}`: 1,
		`{"L":[]}`: 3, `{"L":[{"S":"ab"}]}`: 6, `{"M":{"k":{"S":"ab"}}}`: 7, `{"SS":["a","bc"]}`: 3, `{"NS":["1","22"]}`: 4,
	} {
		if got := decode(t, text).size(); got != want {
			t.Errorf("size(%s) = %d, want %d", text, got, want)
		}
	}
}

func TestEqual(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{`{"N":"1.0"}`, `{"N":"1"}`, true},
		{`{"N":"1"}`, `{"S":"1"}`, false},
		{`{"SS":["a","b"]}`, `{"SS":["b","a"]}`, true},
		{`{"L":[{"S":"a"},{"S":"b"}]}`, `{"L":[{"S":"b"},{"S":"a"}]}`, false},
		{`{"M":{"a":{"N":"1"}}}`, `{"M":{"a":{"N":"1.00"}}}`, true},
		{`{"M":{"a":{"N":"1"}}}`, `{"M":{"b":{"N":"1"}}}`, false},
		{`{"BOOL":true}`, `{"BOOL":false}`, false},
	} {
		if got := equal(decode(t, c.a), decode(t, c.b)); got != c.want {
			t.Errorf("equal(%s, %s) = %t", c.a, c.b, got)
		}
	}
}

func FuzzValue(f *testing.F) {
	for _, seed := range []string{`{"S":"a"}`, `{"NS":["1","2e3"]}`, `{"L":[{"M":{"a":{"B":"AA=="}}}]}`, `{"N":"-1e-130"}`, `{"S":null,"N":"1"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, given []byte) {
		var v value
		if json.Unmarshal(given, &v) != nil {
			return
		}
		sent, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if back := decode(t, string(sent)); !equal(v, back) || v.size() != back.size() {
			t.Fatalf("%s was read, %s was sent", given, sent)
		}
	})
}
