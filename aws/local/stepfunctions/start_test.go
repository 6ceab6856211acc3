package stepfunctions_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

const waits = `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":30,"End":true}}}`

// TestStartIsIdempotentWhileRunning: the same name and input answers with the
// first start, anything else is refused.
func TestStartIsIdempotentWhileRunning(t *testing.T) {
	t.Parallel()
	inCloud(t, nil, func(c *cloud) {
		t := c.t
		machine := c.machine("M", waits)
		start := func(input string) (*sfn.StartExecutionOutput, error) {
			return c.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &machine, Name: new("order"), Input: &input})
		}
		first, err := start(`{"a":1}`)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		again, err := start(`{"a":1}`)
		if err != nil {
			t.Fatal(err)
		}
		if *again.ExecutionArn != *first.ExecutionArn || !again.StartDate.Equal(*first.StartDate) {
			t.Errorf("the second start answered %s of %s", *again.ExecutionArn, again.StartDate)
		}
		const want = "Execution Already Exists: 'arn:aws:states:us-east-1:000000000000:execution:M:order'"
		_, err = start(`{"a":2}`)
		if name, message := code(err); name != "ExecutionAlreadyExists" || message != want {
			t.Errorf("another input: %s %s", name, message)
		}
		time.Sleep(time.Minute)
		_, err = start(`{"a":1}`)
		if name, _ := code(err); name != "ExecutionAlreadyExists" {
			t.Errorf("after the end: %v", err)
		}
		if history := c.history(*first.ExecutionArn); len(history) != 4 {
			t.Errorf("%d events", len(history))
		}
	})
}

// TestStartRefuses checks messages of refused starts, recorded on AWS but for what is no JSON.
func TestStartRefuses(t *testing.T) {
	t.Parallel()
	const machine = "arn:aws:states:us-east-1:000000000000:stateMachine:M"
	long := strings.Repeat("n", 81)
	for name, c := range map[string]struct{ body, kind, message string }{
		"empty input": {
			`{"stateMachineArn":"` + machine + `","input":""}`, "com.amazonaws.swf.service.v2.model#InvalidExecutionInput",
			"Invalid State Machine Execution Input: 'Invalid execution input.'",
		},
		"word": {
			`{"stateMachineArn":"` + machine + `","input":"not some json"}`, "com.amazonaws.swf.service.v2.model#InvalidExecutionInput",
			"Invalid State Machine Execution Input: 'invalid character 'o' in literal null (expecting 'u')'",
		},
		"single quotes": {
			`{"stateMachineArn":"` + machine + `","input":"{'not': 'json'}"}`, "com.amazonaws.swf.service.v2.model#InvalidExecutionInput",
			"Invalid State Machine Execution Input: 'invalid character '\\'' looking for beginning of object key string'",
		},
		"no machine": {
			`{"stateMachineArn":"` + machine + `X"}`, "com.amazonaws.swf.service.v2.model#StateMachineDoesNotExist",
			"State Machine Does Not Exist: '" + machine + "X'",
		},
		"no arn": {
			`{"stateMachineArn":"nonsense"}`, "com.amazonaws.swf.service.v2.model#InvalidArn",
			"Invalid Arn: 'Invalid ARN prefix: nonsense'",
		},
		"arn missing": {
			`{}`, "com.amazon.coral.validate#ValidationException",
			"1 validation error detected: Value at 'stateMachineArn' failed to satisfy constraint: Member must not be null",
		},
		"name with a blank": {
			`{"stateMachineArn":"` + machine + `","name":"a b"}`, "com.amazonaws.swf.service.v2.model#InvalidName",
			"Invalid Name: 'a b'",
		},
		"name too long": {
			`{"stateMachineArn":"` + machine + `","name":"` + long + `"}`, "com.amazon.coral.validate#ValidationException",
			"1 validation error detected: Value '" + long + "' at 'name' failed to satisfy constraint: Member must have length less than or equal to 80",
		},
		"not json": {`{`, "com.amazon.coral.service#SerializationException", "The request body is not valid JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inCloud(t, nil, func(cl *cloud) {
				t := cl.t
				cl.machine("M", waits)
				status, out := cl.post("StartExecution", c.body)
				if status != 400 || out["__type"] != c.kind || out["message"] != c.message {
					t.Errorf("%d %s\n%s", status, out["__type"], out["message"])
				}
			})
		})
	}
}

// TestStartAcceptsAnyJSON: numbers, strings and null are inputs too.
func TestStartAcceptsAnyJSON(t *testing.T) {
	t.Parallel()
	inCloud(t, nil, func(c *cloud) {
		t := c.t
		machine := c.machine("M", waits)
		for name, input := range map[string]string{"number": "2", "string": `"x"`, "null": "null", "spaced": ` { "b" : 1.0, "a" : 2 } `} {
			arn := c.start(machine, name, input)
			time.Sleep(time.Minute)
			synctest.Wait()
			if out := c.describe(arn); out.Status != types.ExecutionStatusSucceeded || *out.Input != input || *out.Output != input {
				t.Errorf("%s: %s %s %v", name, out.Status, *out.Input, out.Output)
			}
		}
		out, err := c.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &machine})
		if err != nil {
			t.Fatal(err)
		}
		if got := c.describe(*out.ExecutionArn); *got.Input != "{}" || len(*got.Name) != 36 {
			t.Errorf("a start without name and input has %s and %s", *got.Name, *got.Input)
		}
	})
}
