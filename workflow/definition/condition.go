package definition

import (
	"encoding/json"
	"slices"
	"strings"
)

// maxLabel is the most characters of an edge's label.
const maxLabel = 60

// condition tells a choice rule in short: `status = "ok"`. depth counts the
// And, Or and Not around it.
func condition(rule object, depth int) string {
	if depth > maxDepth {
		return "…"
	}
	if c := rule.text("Condition"); c != "" { // JSONata
		return strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(c, "{%"), "%}"))
	}
	for _, junction := range []string{"And", "Or"} {
		if parts := rule.objects(junction); len(parts) > 0 {
			return join(parts, strings.ToLower(junction), depth)
		}
	}
	if raw, ok := rule["Not"]; ok {
		var inner object
		if json.Unmarshal(raw, &inner) != nil {
			return "not …"
		}
		return "not (" + condition(inner, depth+1) + ")"
	}
	operator := ""
	for name := range rule {
		if !slices.Contains([]string{"Variable", "Next", "Comment", "Assign", "Output"}, name) && (operator == "" || name < operator) {
			operator = name
		}
	}
	if operator == "" {
		return "…"
	}
	return comparison(variable(rule.text("Variable")), operator, rule[operator])
}

func join(parts []object, word string, depth int) string {
	var texts []string
	for _, p := range parts {
		text := condition(p, depth+1)
		if len(p.objects("And"))+len(p.objects("Or")) > 0 {
			text = "(" + text + ")"
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, " "+word+" ")
}

// comparison tells one data test (Amazon States Language, Choice state).
func comparison(variable, operator string, value json.RawMessage) string {
	if what, ok := strings.CutPrefix(operator, "Is"); ok {
		not := ""
		if string(value) == "false" {
			not = "not "
		}
		return variable + " is " + not + strings.ToLower(what)
	}
	right := string(value)
	if name, ok := strings.CutSuffix(operator, "Path"); ok {
		operator, right = name, path(text(value))
	}
	for _, sign := range []struct{ suffix, sign string }{
		{"LessThanEquals", "≤"},
		{"GreaterThanEquals", "≥"},
		{"LessThan", "<"},
		{"GreaterThan", ">"},
		{"Matches", "~"},
		{"Equals", "="},
	} {
		if strings.HasSuffix(operator, sign.suffix) {
			return variable + " " + sign.sign + " " + right
		}
	}
	return variable + " " + operator + " " + right
}

// variable is the last name of a path: status of $.paymentOutEvent.status.
func variable(p string) string {
	p = path(p)
	return p[strings.LastIndexByte(p, '.')+1:]
}

// path leaves the leading $. away.
func path(p string) string { return strings.TrimPrefix(p, "$.") }

// short cuts a label.
func short(s string) string {
	n := 0
	for i := range s {
		if n == maxLabel-1 && len(s) > i+1 {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
