package dynamodb

import (
	"encoding/json"
	"reflect"
	"testing"
)

func applyUpdate(t *testing.T, text, before, values string) (item, error) {
	t.Helper()
	p := parserOf(t, values)
	actions := p.update(&text)
	if p.err != nil {
		return nil, p.err
	}
	return apply(actions, fields(t, before), nil)
}

func TestUpdates(t *testing.T) {
	t.Parallel()
	const values = `{":n":{"N":"0.1"}, ":s":{"S":"new"}, ":l":{"L":[{"S":"z"}]}, ":set":{"SS":["b","c"]}, ":m":{"M":{}}}`
	for _, c := range []struct{ name, text, before, want string }{
		{"set", "SET a = :s", `{}`, `{"a":{"S":"new"}}`},
		{"alias", "set #s = :s", `{"status":{"S":"old"}}`, `{"status":{"S":"new"}}`},
		{"copy reads the old item", "SET a = b, b = a", `{"a":{"S":"1"},"b":{"S":"2"}}`, `{"a":{"S":"2"},"b":{"S":"1"}}`},
		{"default", "SET a = if_not_exists(a, :s)", `{}`, `{"a":{"S":"new"}}`},
		{"no default needed", "SET a = if_not_exists(a, :s)", `{"a":{"S":"old"}}`, `{"a":{"S":"old"}}`},
		{"remove", "REMOVE a, nope", `{"a":{"S":"1"},"b":{"S":"2"}}`, `{"b":{"S":"2"}}`},
		{"both sections", "REMOVE a SET b = :m, n = :n", `{"a":{"S":"1"},"n":{"N":"1"}}`, `{"b":{"M":{}},"n":{"N":"0.1"}}`},
	} {
		got, err := applyUpdate(t, c.text, c.before, values)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if !reflect.DeepEqual(got, fields(t, c.want)) {
			shown, _ := json.Marshal(got)
			t.Errorf("%s: %s made %s, want %s", c.name, c.text, shown, c.want)
		}
	}
}

func TestUpdateKeepsTheOldItem(t *testing.T) {
	t.Parallel()
	const before = `{"l":{"L":[{"S":"0"},{"S":"1"}]},"m":{"M":{"x":{"N":"1"}}},"t":{"SS":["a","b"]}}`
	old := fields(t, before)
	p, text := parserOf(t, `{":l":{"L":[{"S":"new"}]}}`), "SET l = :l, m = :l, x = m REMOVE t"
	actions := p.update(&text)
	next, err := apply(actions, old, nil)
	if p.err != nil || err != nil {
		t.Fatal(p.err, err)
	}
	if !reflect.DeepEqual(next, fields(t, `{"l":{"L":[{"S":"new"}]},"m":{"L":[{"S":"new"}]},"x":{"M":{"x":{"N":"1"}}}}`)) {
		t.Errorf("the new item is %v", next)
	}
	if !reflect.DeepEqual(old, fields(t, before)) {
		t.Errorf("the old item became %v", old)
	}
}

func TestUpdatesThatAreRefused(t *testing.T) {
	t.Parallel()
	const (
		before = `{"s":{"S":"x"},"n":{"N":"1"},"l":{"L":[]}}`
		values = `{":s":{"S":"x"}, ":n":{"N":"1"}, ":l":{"L":[]}, ":set":{"SS":["b"]}}`
		prefix = "Invalid UpdateExpression: "
	)
	for text, want := range map[string]string{
		"":                              prefix + "The expression can not be empty;",
		"a = :s":                        prefix + `Syntax error; token: "a", near: "a ="`,
		"SET":                           prefix + `Syntax error; token: "<EOF>", near: "SET"`,
		"SET a = :s,":                   prefix + `Syntax error; token: "<EOF>", near: ","`,
		"SET a = :s SET b = :s":         prefix + `The "SET" section can only be used once in an update expression;`,
		"SET status = :s":               prefix + "Attribute name is a reserved keyword; reserved keyword: status",
		"SET a = :s, a = :n":            prefix + "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]",
		"SET a = :s REMOVE a":           prefix + "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]",
		"SET a.b = :s":                  prefix + "A document path into an attribute is not supported by the local AWS; attribute name: a",
		"REMOVE l[0]":                   prefix + "A document path into an attribute is not supported by the local AWS; attribute name: l",
		"SET a = size(s)":               prefix + "The function is not supported by the local AWS, or not here; function: size",
		"SET a = n + :n":                prefix + "The operator is not supported by the local AWS; operator: +",
		"SET a = if_not_exists(:s, :s)": prefix + `Syntax error; token: ":s", near: "( :s ,"`,
		"ADD n :n":                      prefix + `The "ADD" section is not supported by the local AWS`,
		"SET a = :s delete a :set":      prefix + `The "DELETE" section is not supported by the local AWS`,
		"SET a = b = :s":                prefix + `Syntax error; token: "=", near: "b = :s"`,
		"SET a = absent":                "The provided expression refers to an attribute that does not exist in the item",
	} {
		_, err := applyUpdate(t, text, before, values)
		if err == nil || err.Error() != "ValidationException: "+want {
			t.Errorf("%s\n got %v\nwant %s", text, err, want)
		}
	}
}
