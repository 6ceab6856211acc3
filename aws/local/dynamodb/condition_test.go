package dynamodb

import (
	"strings"
	"testing"
)

// parserOf makes a parser with some aliases and the values given as the wire has
// them.
func parserOf(t *testing.T, values string) *parser {
	t.Helper()
	return newParser(aliases{
		ExpressionAttributeNames:  map[string]string{"#s": "status", "#d": "a.b"},
		ExpressionAttributeValues: fields(t, values),
	})
}

func parseCondition(t *testing.T, text, values string) (*condition, error) {
	t.Helper()
	p := parserOf(t, values)
	n := p.condition("ConditionExpression", &text)
	return n, p.err
}

const orderItem = `{
	"user_id":{"S":"Burger_20"}, "n":{"N":"10"}, "status":{"S":"PENDING"}, "a.b":{"S":"dotted"}, "bin":{"B":"AAEC"},
	"tags":{"SS":["x","y"]}, "nums":{"NS":["1","2"]}, "lst":{"L":[{"S":"a"},{"M":{"deep":{"N":"7"}}}]}, "gone":{"NULL":true}, "name2":{"S":"äöü"}
}`

func TestConditions(t *testing.T) {
	t.Parallel()
	values := `{":b":{"S":"Burger_20"}, ":tags":{"SS":["y","x"]}, ":p":{"S":"PEND"}, ":nine":{"N":"9"}, ":ten":{"N":"10"}, ":eleven":{"N":"11"}, ":two":{"N":"2"}, ":three":{"N":"3"}, ":x":{"S":"x"}, ":a":{"S":"a"}, ":N":{"S":"N"}, ":bin":{"B":"AAE="}}`
	for text, want := range map[string]bool{
		"user_id = :b":                          true,
		"user_id <> :b":                         false,
		"absent <> :b":                          true,
		"absent = :b":                           false,
		"absent < :nine":                        false,
		"n > :nine AND n < :eleven":             true,
		"n > :eleven OR n >= :ten":              true,
		"n <= :nine":                            false,
		"n > :b":                                false,
		"n <> :b":                               true,
		"n = :ten":                              true,
		"tags = :tags":                          true,
		"tags = :b":                             false,
		"tags > tags2":                          false,
		"n BETWEEN :nine AND :eleven":           true,
		"n between :eleven and :eleven":         false,
		"n = :ten OR n = :nine AND n = :eleven": true,
		"(n = :ten OR n = :nine) AND n = :eleven": false,
		"attribute_not_exists(absent)":            true,
		"attribute_not_exists(gone)":              false,
		"#d = :a":                                 false,
		"attribute_exists(#d)":                    true,
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
	values := `{":s":{"S":"x"}, ":n":{"N":"2"}, ":low":{"N":"1"}, ":Q":{"S":"Q"}, ":flag":{"BOOL":true}}`
	for text, want := range map[string]string{
		"":                         "The expression can not be empty;",
		" ":                        "The expression can not be empty;",
		"a":                        `Syntax error; token: "<EOF>", near: "a"`,
		"a = = :s":                 `Syntax error; token: "=", near: "= = :s"`,
		"a = :s b":                 `Syntax error; token: "b", near: ":s b"`,
		"a = :s; drop":             `Syntax error; token: ";", near: ":s ; drop"`,
		"(a = :s":                  `Syntax error; token: "<EOF>", near: ":s"`,
		"a.b = :s":                 "A document path into an attribute is not supported by the local AWS; attribute name: a",
		"#d[0] = :s":               "A document path into an attribute is not supported by the local AWS; attribute name: a.b",
		"status = :s":              "Attribute name is a reserved keyword; reserved keyword: status",
		"foo(a)":                   "The function is not supported by the local AWS, or not here; function: foo",
		"contains(a, :s)":          "The function is not supported by the local AWS, or not here; function: contains",
		"begins_with(a, :s)":       "The function is not supported by the local AWS, or not here; function: begins_with",
		"size(a) = :n":             "The function is not supported by the local AWS, or not here; function: size",
		"a = if_not_exists(a, :n)": "The function is not supported by the local AWS, or not here; function: if_not_exists",
		"attribute_exists(a, b)":   `Syntax error; token: ",", near: "a , b"`,
		"attribute_exists(:s)":     `Syntax error; token: ":s", near: "( :s )"`,
		"NOT a = :s":               "Attribute name is a reserved keyword; reserved keyword: NOT",
		"a IN (:s)":                `Syntax error; token: "IN", near: "a IN ("`,
		"a + :n = :n":              `Syntax error; token: "+", near: "a + :n"`,
		"a AND b":                  `Syntax error; token: "AND", near: "a AND b"`,
		"a < :flag":                "Incorrect operand type for operator or function; operator or function: <, operand type: BOOL",
		"#q = :s":                  "An expression attribute name used in the document path is not defined; attribute name: #q",
		"a = :q":                   "An expression attribute value used in expression is not defined; attribute value: :q",
		strings.Repeat("a", 4097):  "Expression size has exceeded the maximum allowed size; expression size: 4097",
	} {
		_, err := parseCondition(t, text, values)
		if err == nil || err.Error() != "ValidationException: Invalid ConditionExpression: "+want {
			t.Errorf("%.40q\n got %v\nwant %s", text, err, want)
		}
	}
}
