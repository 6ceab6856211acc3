package workflow_test

import (
	"testing"

	"orderops/workflow"
)

func TestRerunsBelongToTheirOrder(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]workflow.OrderID{
		"7c1e":                         "7c1e",
		workflow.RerunName("7c1e", 1):  "7c1e",
		workflow.RerunName("7c1e", 12): "7c1e",
		"7c1e-r":                       "7c1e-r",
		"7c1e-r0":                      "7c1e-r0",
		"7c1e-rx1":                     "7c1e-rx1",
		"-r1":                          "-r1",
		"a-r1-r2":                      "a-r1",
	} {
		if got := (workflow.Execution{Name: name}).OrderID(); got != want {
			t.Errorf("%s is a run of %s, want %s", name, got, want)
		}
	}
}

func TestWithMember(t *testing.T) {
	t.Parallel()
	for object, want := range map[string]string{
		`{"id":"a", "n": [1,{"id":2}]}`:   `{"id":"b\"", "n": [1,{"id":2}]}`,
		`{ "x":1, "id" :  null }`:         `{ "x":1, "id" :  "b\"" }`,
		`{"id":1,"id":{"a":"}"},"z":"ü"}`: `{"id":1,"id":"b\"","z":"ü"}`,
		`{"x":1}`:                         "",
		`[1]`:                             "",
		`nonsense`:                        "",
	} {
		got, ok := workflow.WithMember(object, "id", `b"`)
		if want == "" {
			want = object
			if ok {
				t.Errorf("%s has no id to replace", object)
			}
		}
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", object, got, want)
		}
	}
}
