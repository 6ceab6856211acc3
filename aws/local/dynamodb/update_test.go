package dynamodb

import (
	"encoding/json"
	"testing"
)

func applyUpdate(t *testing.T, text, before, values string) (item, error) {
	t.Helper()
	s := scopeOf(t, values)
	u, err := s.update(&text)
	if err != nil {
		return nil, err
	}
	return u.apply(fields(t, before))
}

func TestUpdates(t *testing.T) {
	t.Parallel()
	const values = `{":n":{"N":"0.1"}, ":s":{"S":"new"}, ":l":{"L":[{"S":"z"}]}, ":set":{"SS":["b","c"]}, ":m":{"M":{}}}`
	for _, c := range []struct{ name, text, before, want string }{
		{"set", "SET a = :s", `{}`, `{"a":{"S":"new"}}`},
		{"alias", "set #s = :s", `{"status":{"S":"old"}}`, `{"status":{"S":"new"}}`},
		{"copy reads the old item", "SET a = b, b = a", `{"a":{"S":"1"},"b":{"S":"2"}}`, `{"a":{"S":"2"},"b":{"S":"1"}}`},
		{"add exactly", "SET n = n + :n", `{"n":{"N":"0.2"}}`, `{"n":{"N":"0.3"}}`},
		{"subtract", "SET n = (:n - n)", `{"n":{"N":"1"}}`, `{"n":{"N":"-0.9"}}`},
		{"default", "SET a = if_not_exists(a, :s)", `{}`, `{"a":{"S":"new"}}`},
		{"no default needed", "SET a = if_not_exists(a, :s)", `{"a":{"S":"old"}}`, `{"a":{"S":"old"}}`},
		{"count from nothing", "SET n = if_not_exists(n, :n) + :n", `{}`, `{"n":{"N":"0.2"}}`},
		{"append", "SET l = list_append(l, :l)", `{"l":{"L":[{"S":"y"}]}}`, `{"l":{"L":[{"S":"y"},{"S":"z"}]}}`},
		{"nested", "SET m.x = :s", `{"m":{"M":{"y":{"N":"1"}}}}`, `{"m":{"M":{"x":{"S":"new"},"y":{"N":"1"}}}}`},
		{"element", "SET l[0] = :s", `{"l":{"L":[{"S":"y"}]}}`, `{"l":{"L":[{"S":"new"}]}}`},
		{"behind the end", "SET l[9] = :s", `{"l":{"L":[{"S":"y"}]}}`, `{"l":{"L":[{"S":"y"},{"S":"new"}]}}`},
		{"remove", "REMOVE a, nope", `{"a":{"S":"1"},"b":{"S":"2"}}`, `{"b":{"S":"2"}}`},
		{"remove elements", "REMOVE l[0], l[2], l[9]", `{"l":{"L":[{"S":"0"},{"S":"1"},{"S":"2"}]}}`, `{"l":{"L":[{"S":"1"}]}}`},
		{"remove an element and from a later one", "REMOVE l[0], l[1].x", `{"l":{"L":[{"S":"0"},{"M":{"x":{"S":"1"}}}]}}`, `{"l":{"L":[{"M":{}}]}}`},
		{"count", "ADD n :n", `{"n":{"N":"1"}}`, `{"n":{"N":"1.1"}}`},
		{"count from zero", "ADD n :n", `{}`, `{"n":{"N":"0.1"}}`},
		{"union", "ADD t :set", `{"t":{"SS":["a","b"]}}`, `{"t":{"SS":["a","b","c"]}}`},
		{"difference", "DELETE t :set", `{"t":{"SS":["a","b"]}}`, `{"t":{"SS":["a"]}}`},
		{"empty sets go", "DELETE t :set", `{"t":{"SS":["b"]}}`, `{}`},
		{"nothing to delete from", "DELETE t :set", `{}`, `{}`},
		{"all sections", "REMOVE a ADD n :n DELETE t :set SET b = :m", `{"a":{"S":"1"},"t":{"SS":["a"]}}`, `{"b":{"M":{}},"n":{"N":"0.1"},"t":{"SS":["a"]}}`},
	} {
		got, err := applyUpdate(t, c.text, c.before, values)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if !equalItems(got, fields(t, c.want)) {
			shown, _ := json.Marshal(got)
			t.Errorf("%s: %s made %s, want %s", c.name, c.text, shown, c.want)
		}
	}
}

func TestUpdateKeepsTheOldItem(t *testing.T) {
	t.Parallel()
	const before = `{"l":{"L":[{"S":"0"},{"S":"1"}]},"m":{"M":{"x":{"N":"1"}}},"t":{"SS":["a","b"]}}`
	old := fields(t, before)
	text := "SET l[0] = :s, m.x = :s REMOVE l[1] DELETE t :t"
	u, err := scopeOf(t, `{":s":{"S":"new"},":t":{"SS":["a"]}}`).update(&text)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := u.apply(old); err != nil {
		t.Fatal(err)
	}
	if !equalItems(old, fields(t, before)) {
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
		"SET a.b = :s REMOVE a":         prefix + "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a]",
		"SET a.b = :s REMOVE a[1]":      prefix + "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a, [1]]",
		"SET a = size(s)":               prefix + "The function is not allowed to be used this way in an expression; function: size",
		"SET a = nope(s)":               prefix + "Invalid function name; function: nope",
		"SET a = if_not_exists(:s, :s)": prefix + "Operator or function requires a document path; operator or function: if_not_exists",
		"SET a = list_append(l, :s)":    prefix + "Incorrect operand type for operator or function; operator or function: list_append, operand type: S",
		"SET a = n + :s":                prefix + "Incorrect operand type for operator or function; operator or function: +, operand type: S",
		"ADD a :s":                      prefix + "Incorrect operand type for operator or function; operator: ADD, operand type: STRING",
		"DELETE n :n":                   prefix + "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER",
		"SET a = absent":                "The provided expression refers to an attribute that does not exist in the item",
		"SET a = n + s":                 "An operand in the update expression has an incorrect data type",
		"SET a = list_append(l,n)":      "An operand in the update expression has an incorrect data type",
		"ADD s :n":                      "An operand in the update expression has an incorrect data type",
		"DELETE n :set":                 "An operand in the update expression has an incorrect data type",
		"SET a.b = :s":                  "The document path provided in the update expression is invalid for update",
		"SET s.b = :s":                  "The document path provided in the update expression is invalid for update",
		"SET n[0] = :s":                 "The document path provided in the update expression is invalid for update",
		"REMOVE a.b":                    "The document path provided in the update expression is invalid for update",
	} {
		_, err := applyUpdate(t, text, before, values)
		if err == nil || err.Error() != "ValidationException: "+want {
			t.Errorf("%s\n got %v\nwant %s", text, err, want)
		}
	}
}

func TestUpdateCannotNestDeeper(t *testing.T) {
	t.Parallel()
	text := "SET l = list_append(l, :l)"
	deep := `{"NULL":true}`
	for range maxNesting - 1 {
		deep = `{"L":[` + deep + `]}`
	}
	if _, err := applyUpdate(t, text, `{"l":{"L":[]}}`, `{":l":`+deep+`}`); err != nil {
		t.Errorf("a list of %d levels: %v", maxNesting-1, err)
	}
	text = "SET l[0] = :l"
	deep = `{"L":[` + deep + `]}`
	_, err := applyUpdate(t, text, `{"l":{"L":[]}}`, `{":l":`+deep+`}`)
	if err == nil || err.Error() != "ValidationException: Nesting Levels have exceeded supported limits" {
		t.Errorf("error = %v", err)
	}
}
