package stepfunctions_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// TestStateMachines makes, describes, lists and deletes machines.
func TestStateMachines(t *testing.T) {
	t.Parallel()
	inCloud(t, nil, func(c *cloud) {
		t := c.t
		create := func(name, definition string) (*sfn.CreateStateMachineOutput, error) {
			return c.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{Name: &name, Definition: &definition, RoleArn: new(roleARN)})
		}
		first, err := create("Second", waits)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		again, err := create("Second", waits)
		if err != nil || !again.CreationDate.Equal(*first.CreationDate) {
			t.Errorf("the same machine again: %v, %v", again, err)
		}
		_, err = create("Second", waits+" ")
		if name, message := code(err); name != "StateMachineAlreadyExists" || message != "State Machine Already Exists: '"+*first.StateMachineArn+"'" {
			t.Errorf("another definition: %s %s", name, message)
		}
		c.machine("First", waits)

		d, err := c.DescribeStateMachine(t.Context(), &sfn.DescribeStateMachineInput{StateMachineArn: first.StateMachineArn})
		if err != nil {
			t.Fatal(err)
		}
		if *d.Definition != waits || *d.Name != "Second" || *d.RoleArn != roleARN || d.Type != types.StateMachineTypeStandard || d.Status != types.StateMachineStatusActive {
			t.Errorf("described as %+v", d)
		}

		running := c.start(*first.StateMachineArn, "one", "{}")
		var names []string
		pages := sfn.NewListStateMachinesPaginator(c, &sfn.ListStateMachinesInput{MaxResults: 1})
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, *page.StateMachines[0].Name)
		}
		if got := strings.Join(names, " "); got != "First Second" {
			t.Errorf("listed %q", got)
		}

		for range 2 { // deleting what is gone is no error
			if _, err := c.DeleteStateMachine(t.Context(), &sfn.DeleteStateMachineInput{StateMachineArn: first.StateMachineArn}); err != nil {
				t.Fatal(err)
			}
		}
		_, err = c.DescribeStateMachine(t.Context(), &sfn.DescribeStateMachineInput{StateMachineArn: first.StateMachineArn})
		if name, _ := code(err); name != "StateMachineDoesNotExist" {
			t.Errorf("after deleting: %v", err)
		}
		_, err = c.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: &running})
		if name, _ := code(err); name != "ExecutionDoesNotExist" {
			t.Errorf("its execution after deleting: %v", err)
		}
	})
}

// TestCreateRefuses checks what no machine can be made of.
func TestCreateRefuses(t *testing.T) {
	t.Parallel()
	inCloud(t, nil, func(c *cloud) {
		t := c.t
		for name, k := range map[string]struct{ name, definition, code, message string }{
			"definition": {
				"M", `{"StartAt":"A"}`, "InvalidDefinition",
				"Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'",
			},
			"no object": {"M", ` `, "InvalidDefinition", "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object'"},
			"no JSON": {
				"M", `not a definition`, "InvalidDefinition", "Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: " +
					"invalid character 'o' in literal null (expecting 'u')'",
			},
			"name":    {"a/b", waits, "InvalidName", "Invalid Name: 'a/b'"},
			"no name": {"", waits, "ValidationException", "1 validation error detected: Value at 'name' failed to satisfy constraint: Member must not be null"},
		} {
			status, out := c.post("CreateStateMachine", `{"name":"`+k.name+`","roleArn":"r","definition":"`+strings.ReplaceAll(k.definition, `"`, `\"`)+`"}`)
			kind, _ := out["__type"].(string)
			if status != 400 || !strings.HasSuffix(kind, "#"+k.code) || out["message"] != k.message {
				t.Errorf("%s: %d %s %s", name, status, kind, out["message"])
			}
		}
		if status, out := c.post("CreateStateMachine", `{"name":"X","roleArn":"r","definition":"{}","type":"EXPRESS"}`); status != 400 {
			t.Errorf("an express machine: %d %v", status, out)
		}
	})
}
