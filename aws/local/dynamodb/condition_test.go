package dynamodb

import (
	"strings"
	"testing"
)

// parserOf makes a parser with some aliases and the values given as the wire has
// them.
func parserOf(t *testing.T, values string) *parser {
	t.Helper()
	return newParser(attributes{
		ExpressionAttributeNames:  map[string]string{"#s": "status", "#d": "a.b"},
		ExpressionAttributeValues: fields(t, values),
	})
}

func parseCondition(t *testing.T, text, values string) (*node, error) {
	t.Helper()
	p := parserOf(t, values)
	n := p.condition("ConditionExpression", &text)
	return n, p.err
}

const orderItem = `{
	"user_id":{"S":"Burger_20"}, "n":{"N":"10"}, "status":{"S":"PENDING"}, "a.b":{"S":"dotted"}, "bin":{"B":"AAEC"},
	"tags":{"SS":["x","y"]}, "nums":{"NS":["1","2.0"]}, "lst":{"L":[{"S":"a"},{"M":{"deep":{"N":"7"}}}]}, "gone":{"NULL":true}, "name2":{"S":"äöü"}
}`

func TestConditions(t *testing.T) {
	t.Parallel()
	values := `{":b":{"S":"Burger_20"}, ":p":{"S":"PEND"}, ":nine":{"N":"9"}, ":ten":{"N":"10.0"}, ":eleven":{"N":"11"}, ":two":{"N":"2"}, ":three":{"N":"3"}, ":x":{"S":"x"}, ":a":{"S":"a"}, ":N":{"S":"N"}, ":bin":{"B":"AAE="}}`
	for text, want := range map[string]bool{
		"user_id = :b":                            true,
		"user_id <> :b":                           false,
		"absent <> :b":                            true,
		"absent = :b":                             false,
		"NOT absent = :b":                         true,
		"absent < :nine":                          false,
		"n = :ten":                                true,
		"n > :nine AND n < :eleven":               true,
		"n > :eleven OR n >= :ten":                true,
		"n <= :nine":                              false,
		"n > :b":                                  false,
		"n BETWEEN :nine AND :eleven":             true,
		"n between :eleven and :eleven":           false,
		"n IN (:nine, :ten)":                      true,
		"n in (:nine)":                            false,
		"NOT (n = :ten OR n = :nine)":             false,
		"n = :ten OR n = :nine AND n = :eleven":   true,
		"(n = :ten OR n = :nine) AND n = :eleven": false,
		"attribute_not_exists(absent)":            true,
		"attribute_not_exists(gone)":              false,
		"attribute_type(n, :N)":                   true,
		"attribute_type(user_id, :N)":             false,
		"begins_with(#s, :p)":                     true,
		"begins_with(bin, :bin)":                  true,
		"begins_with(n, :p)":                      false,
		"contains(#s, :p)":                        true,
		"contains(tags, :x)":                      true,
		"contains(tags, :a)":                      false,
		"contains(nums, :two)":                    true,
		"contains(lst, :a)":                       true,
		"contains(n, :ten)":                       false,
		"#d = :a":                                 false,
		"attribute_exists(#d)":                    true,
		"size(tags) = :two":                       true,
		"size(name2) = :three":                    true,
		"size(bin) > size(tags)":                  true,
		"size(n) = :two":                          false,
		"attribute_exists(user_id) AND NOT begins_with(n,:p)": true,
	} {
		c, err := parseCondition(t, text, values)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := c.holds(fields(t, orderItem)); got != want {
			t.Errorf("%s = %t", text, got)
		}
	}
}

func TestConditionsThatAreRefused(t *testing.T) {
	t.Parallel()
	values := `{":s":{"S":"x"}, ":n":{"N":"2"}, ":low":{"N":"1"}, ":Q":{"S":"Q"}}`
	for text, want := range map[string]string{
		"":                         "The expression can not be empty;",
		" ":                        "The expression can not be empty;",
		"a":                        `Syntax error; token: "<EOF>", near: "a"`,
		"a = = :s":                 `Syntax error; token: "=", near: "= = :s"`,
		"a = :s b":                 `Syntax error; token: "b", near: ":s b"`,
		"a = :s; drop":             `Syntax error; token: ";", near: ":s; drop"`,
		"(a = :s":                  `Syntax error; token: "<EOF>", near: ":s"`,
		"a.b = :s":                 "A document path into an attribute is not supported by the local AWS; attribute name: a",
		"#d[0] = :s":               "A document path into an attribute is not supported by the local AWS; attribute name: a.b",
		"status = :s":              "Attribute name is a reserved keyword; reserved keyword: status",
		"#q = :s":                  "An expression attribute name used in the document path is not defined; attribute name: #q",
		"a = :q":                   "An expression attribute value used in expression is not defined; attribute value: :q",
		"foo(a)":                   "Invalid function name; function: foo",
		"a AND b":                  `Syntax error; token: "<EOF>", near: "b"`,
		"a = b = c":                `Syntax error; token: "<EOF>", near: "c"`,
		"a = :n + :low":            `Syntax error; token: "<EOF>", near: ":low"`,
		"OR(a = :s, b = :s)":       "Attribute name is a reserved keyword; reserved keyword: OR",
		"a = if_not_exists(a, :n)": "The function is not allowed to be used this way in an expression; function: if_not_exists",
		"a = foo(b)":               "Invalid function name; function: foo",
		"size(a)":                  "The function is not allowed to be used this way in an expression; function: size",
		"a = contains(b, :s)":      "The function is not allowed to be used this way in an expression; function: contains",
		"attribute_exists(a, b)":   "Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2",
		"begins_with(a)":           "Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1",
		"attribute_exists(:s)":     "Operator or function requires a document path; operator or function: attribute_exists",
		"begins_with(a, :n)":       "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
		"size(:n) = :n":            "Incorrect operand type for operator or function; operator or function: size, operand type: N",
		"attribute_type(a, :n)":    "Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N",
		"a = a":                    "The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [a]",
		strings.Repeat("a", 4097):  "Expression size has exceeded the maximum allowed size; expression size: 4097",
	} {
		_, err := parseCondition(t, text, values)
		if err == nil || err.Error() != "ValidationException: Invalid ConditionExpression: "+want {
			t.Errorf("%.40q\n got %v\nwant %s", text, err, want)
		}
	}
}

func TestProjection(t *testing.T) {
	t.Parallel()
	i := fields(t, `{"a":{"S":"1"},"m":{"M":{"x":{"N":"1"}}},"status":{"S":"OK"}}`)
	for text, want := range map[string]string{
		"a":       `{"a":{"S":"1"}}`,
		"m, #s":   `{"m":{"M":{"x":{"N":"1"}}},"status":{"S":"OK"}}`,
		"q, nope": `{}`,
		"a, a":    "",
		"#s, #s":  "",
		"m.x":     "",
		"a[0]":    "",
	} {
		p := parserOf(t, `{}`)
		names := p.projection(&text)
		if (p.err != nil) != (want == "") {
			t.Errorf("%s: error = %v", text, p.err)
		}
		if want == "" {
			continue
		}
		if got := i.pick(names); !equalItems(got, fields(t, want)) {
			t.Errorf("%s = %v, want %s", text, got, want)
		}
	}
}
