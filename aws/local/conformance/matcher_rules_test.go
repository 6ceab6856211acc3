package conformance

import (
	"strings"
	"testing"
)

func TestMatcherSeesDifferences(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, recorded, actual string
		// says is a part of the difference, "" for none.
		says string
	}{
		{"same", `{"a": 1, "b": [true, null, "x"]}`, `{"b": [true, null, "x"], "a": 1}`, ""},
		{"number written otherwise", `{"a": 1.0}`, `{"a": 1}`, ""},
		{"other number", `{"a": 1}`, `{"a": 2}`, "2 instead of 1"},
		{"number as text", `{"a": 1}`, `{"a": "1"}`, `"1" instead of 1`},
		{"text as number", `{"a": "1"}`, `{"a": 1}`, `1 instead of "1"`},
		{"missing", `{"a": 1}`, `{}`, "a is missing"},
		{"more", `{}`, `{"a": 1}`, "a is not recorded"},
		{"shorter list", `{"a": [1, 2]}`, `{"a": [1]}`, "instead of 2 elements"},
		{"order of a list", `{"a": [1, 2]}`, `{"a": [2, 1]}`, "a[0]: 2 instead of 1"},
		{"null", `{"a": null}`, `{"a": false}`, "false instead of null"},
		{"parsed text", `{"input": {"b": 1}}`, `{"input": "{\"b\":1}"}`, ""},
		{"parsed text that differs", `{"input": {"b": 1}}`, `{"input": "{\"b\":2}"}`, "input.b: 2 instead of 1"},
		{"text is not parsed where it was not", `{"input": "[]"}`, `{"input": "[ ]"}`, `"[ ]" instead of "[]"`},
		{"placeholder", `{"a": "<uuid:1>"}`, `{"a": "x"}`, ""},
		{"placeholder twice", `{"a": "<uuid:1>", "b": "is <uuid:1>!"}`, `{"a": "x", "b": "is x!"}`, ""},
		{"placeholder with two values", `{"a": "<uuid:1>", "b": "<uuid:1>"}`, `{"a": "x", "b": "y"}`, `"y" instead of "<uuid:1>"`},
		{"two placeholders with one value", `{"a": "<uuid:1>", "b": "<uuid:2>"}`, `{"a": "x", "b": "x"}`, "are both"},
		{"two kinds with one value", `{"a": "<uuid:1>", "b": "<name:1>"}`, `{"a": "x", "b": "x"}`, ""},
		{"region", `{"a": "<region>"}`, `{"a": "eu-west-1"}`, `instead of "<region>"`},
		{"time", `{"a": "datetime"}`, `{"a": 12.5}`, ""},
		{"no time", `{"a": "datetime"}`, `{"a": null}`, "null instead of"},
		{"header by its name", `{"x-amzn-RequestId": "x-amzn-RequestId"}`, `{"x-amzn-RequestId": ["1"]}`, ""},
		{"role", `{"roleArn": "snf_role_arn", "again": "snf_role_arn"}`, `{"roleArn": "r", "again": "s"}`, "instead of"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var recorded, actual members
			decode(t, test.name, []byte(test.recorded), &recorded)
			decode(t, test.name, []byte(test.actual), &actual)
			m := newMatcher()
			m.compare("", recorded, actual)
			found := strings.Join(m.differences, "\n")
			if (test.says == "") != (found == "") || !strings.Contains(found, test.says) {
				t.Errorf("differences %q, want %q", found, test.says)
			}
		})
	}
}

func TestMatcherFillsRequests(t *testing.T) {
	t.Parallel()
	m := newMatcher()
	m.bound["<uuid:1>"] = "known"
	var recorded members
	decode(t, "recorded", []byte(`{"name": "<function>", "list": ["a <uuid:1>", 1]}`), &recorded)
	if filled := show(m.fill(recorded)); filled != `{"list":["a known",1],"name":"function"}` {
		t.Errorf("filled %s", filled)
	}
}

func TestScopeLooksAtDefinitions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, definition, reason string }{
		{"pass", `{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}`, ""},
		{"lambda", `{"States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"Payload.$": "$"}}}}`, ""},
		{"map", `{"States": {"A": {"Type": "Map"}}}`, "Map"},
		{"inside a branch", `{"States": {"A": {"Type": "Pass", "Branches": [{"States": {"B": {"Type": "Map"}}}]}}}`, "Map"},
		{"query language", `{"QueryLanguage": "JSONata", "States": {}}`, "JSONata"},
		{"variables", `{"States": {"A": {"Type": "Pass", "Assign": {}}}}`, "variables"},
		{"other service", `{"States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish"}}}`, "integration sns:publish"},
		{"intrinsic function", `{"States": {"A": {"Type": "Pass", "Parameters": {"x.$": "States.UUID()"}}}}`, "intrinsic functions"},
		{"intrinsic function in a path", `{"States": {"A": {"Type": "Fail", "CausePath": "States.Format('x')"}}}`, "intrinsic functions"},
		{"data that looks like a call", `{"States": {"A": {"Type": "Pass", "Result": {"x.$": "States.UUID()"}}}}`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := &library{definitions: map[string][]byte{"base/a": []byte(test.definition)}}
			r := &recording{file: "stepfunctions/v2/x", test: "test_x", answers: members{"a": 1}, templates: []string{"base/a"}}
			if reason := l.scope(r); reason != test.reason {
				t.Errorf("reason %q, want %q", reason, test.reason)
			}
		})
	}
}
