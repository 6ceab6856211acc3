package workflow_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"orderops/workflow"
)

func TestChanges(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before, after string
		want          []workflow.Change
	}{
		"the same":             {`{"a":1,"b":{"c":[1,2]}}`, "{\n \"b\" : {\"c\":[1, 2]}, \"a\":1 }", nil},
		"another escape":       {"\"\u202e<\"", `"\u202e\u003c"`, nil},
		"a member":             {`{"a":1,"b":"<x>"}`, `{"a":2,"b":"<x>"}`, []workflow.Change{{"a", "1", "2"}}},
		"inside":               {`{"a":{"b":[1,{"c":null}]}}`, `{"a":{"b":[1,{"c":false}]}}`, []workflow.Change{{"a.b[1].c", "null", "false"}}},
		"one more, one less":   {`{"a":1}`, `{"b":"x"}`, []workflow.Change{{"a", "1", ""}, {"b", "", `"x"`}}},
		"items":                {`[1,2]`, `[1]`, []workflow.Change{{"[1]", "2", ""}}},
		"another kind":         {`{"a":[1]}`, `{"a":{"x":1}}`, []workflow.Change{{"a", "[1]", `{"x":1}`}}},
		"the whole":            {`1`, `{}`, []workflow.Change{{"", "1", "{}"}}},
		"digits stay":          {`{"n":12345678901234567890}`, `{"n":12345678901234567891}`, []workflow.Change{{"n", "12345678901234567890", "12345678901234567891"}}},
		"a name of some kind":  {`{}`, "{\"a.b\\n\":1}", []workflow.Change{{`["a.b\n"]`, "", "1"}}},
		"the last one of two":  {`{"a":1,"a":2}`, `{"a":2}`, nil},
		"no JSON":              {`{}`, `{`, nil},
		"a null is not absent": {`{"a":null}`, `{}`, []workflow.Change{{"a", "null", ""}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, workflow.Changes(c.before, c.after)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
