package dynamodb

import (
	"encoding/json"
	"reflect"
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
		`{"L":[]}`, `{"M":{}}`, `{"L":[{"S":"a"},{"M":{"x":{"N":"1"}}}]}`, `{"SS":["a","b"]}`, `{"NS":["-1","10","2"]}`, `{"BS":["AA=="]}`,
	} {
		v := decode(t, text)
		encoded, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(v, decode(t, string(encoded))) || v.kind != "S" && string(encoded) != text {
			t.Errorf("%s is sent as %s", text, encoded)
		}
	}
}

func TestValuesThatAreRefused(t *testing.T) {
	t.Parallel()
	const (
		empty = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
		form  = "An AttributeValue does not have the form of its type "
		set   = "A set has at least one element, and none of them twice"
	)
	deep := strings.Repeat(`{"L":[`, 33) + `{"NULL":true}` + strings.Repeat(`]}`, 33)
	for text, want := range map[string]string{
		`{}`:                     empty,
		`null`:                   empty,
		`{"L":[{}]}`:             empty,
		`{"M":{"a":{}}}`:         empty,
		`{"S":"a","N":"1"}`:      "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
		`{"N":"one"}`:            "The parameter cannot be converted to a numeric value: one",
		`{"NS":["1","x"]}`:       "The parameter cannot be converted to a numeric value: x",
		`{"NULL":false}`:         form + "NULL",
		`{"X":"a"}`:              form + "X",
		`{"s":"a"}`:              form + "s",
		`{"S":null}`:             form + "S",
		`{"S":1}`:                form + "S",
		`{"SS":[]}`:              "One or more parameter values were invalid: " + set,
		`{"SS":["a","b","a"]}`:   "One or more parameter values were invalid: " + set,
		`{"BS":["AA==","AA=="]}`: "One or more parameter values were invalid: " + set,
		deep:                     "Nesting Levels have exceeded supported limits",
	} {
		var v value
		err := json.Unmarshal([]byte(text), &v)
		if err == nil || err.Error()[strings.Index(err.Error(), ": ")+2:] != want {
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
		if got := decode(t, text).bytes; got != want {
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
		{`{"N":"1"}`, `{"N":"1"}`, true},
		{`{"N":"1"}`, `{"S":"1"}`, false},
		{`{"SS":["a","b"]}`, `{"SS":["b","a"]}`, true},
		{`{"L":[{"S":"a"},{"S":"b"}]}`, `{"L":[{"S":"b"},{"S":"a"}]}`, false},
		{`{"M":{"a":{"N":"1"}}}`, `{"M":{"a":{"N":"1"}}}`, true},
		{`{"M":{"a":{"N":"1"}}}`, `{"M":{"b":{"N":"1"}}}`, false},
		{`{"BOOL":true}`, `{"BOOL":false}`, false},
	} {
		if got := reflect.DeepEqual(decode(t, c.a), decode(t, c.b)); got != c.want {
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
		if back := decode(t, string(sent)); !reflect.DeepEqual(v, back) || v.bytes != back.bytes {
			t.Fatalf("%s was read, %s was sent", given, sent)
		}
	})
}
