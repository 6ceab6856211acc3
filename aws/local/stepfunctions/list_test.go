package stepfunctions_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/google/go-cmp/cmp"
)

// TestListExecutions pages newest first, while new executions arrive.
func TestListExecutions(t *testing.T) {
	t.Parallel()
	inCloud(t, nil, func(c *cloud) {
		t := c.t
		machine := c.machine("M", waits)
		other := c.machine("Other", waits)
		c.start(other, "elsewhere", "{}")
		for i := range 5 {
			c.start(machine, fmt.Sprint("e", i), "{}")
			time.Sleep(10 * time.Second)
		}
		// e0 and e1 have ended, e2 ends now, e3 and e4 run.
		list := func(in sfn.ListExecutionsInput) (names, next string) {
			in.StateMachineArn = &machine
			out, err := c.ListExecutions(t.Context(), &in)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range out.Executions {
				names += *e.Name + " "
			}
			if out.NextToken != nil {
				next = *out.NextToken
			}
			return names, next
		}
		time.Sleep(time.Second)
		first, next := list(sfn.ListExecutionsInput{MaxResults: 2})
		c.start(machine, "e5", "{}")
		second, next := list(sfn.ListExecutionsInput{MaxResults: 2, NextToken: &next})
		third, next := list(sfn.ListExecutionsInput{MaxResults: 2, NextToken: &next})
		if got := first + second + third + next; got != "e4 e3 e2 e1 e0 " {
			t.Errorf("pages hold %q", got)
		}
		for filter, want := range map[types.ExecutionStatus]string{
			types.ExecutionStatusRunning: "e5 e4 e3 ", types.ExecutionStatusSucceeded: "e2 e1 e0 ", types.ExecutionStatusFailed: "",
		} {
			if got, _ := list(sfn.ListExecutionsInput{StatusFilter: filter}); got != want {
				t.Errorf("%s: %q, want %q", filter, got, want)
			}
		}
		if exact, next := list(sfn.ListExecutionsInput{MaxResults: 3, StatusFilter: types.ExecutionStatusSucceeded}); next != "" {
			t.Errorf("a token behind the last of %q", exact)
		}
	})
}

// TestListRefuses checks messages recorded on AWS.
func TestListRefuses(t *testing.T) {
	t.Parallel()
	const arn = `"stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:M"`
	long := strings.Repeat("x", 3097)
	for name, c := range map[string]struct{ body, message string }{
		"filter": {
			`{` + arn + `,"statusFilter":"succeeded"}`,
			"1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]",
		},
		"page": {
			`{` + arn + `,"maxResults":1001}`,
			"1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
		},
		"token length": {
			`{` + arn + `,"nextToken":"` + long + `"}`,
			"1 validation error detected: Value '" + long + "' at 'nextToken' failed to satisfy constraint: Member must have length less than or equal to 3096",
		},
		"token":   {`{` + arn + `,"nextToken":"abc"}`, "Invalid Token: 'Invalid token'"},
		"machine": {`{"stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:X"}`, "State Machine Does Not Exist: 'arn:aws:states:us-east-1:000000000000:stateMachine:X'"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inCloud(t, nil, func(cl *cloud) {
				t := cl.t
				cl.machine("M", waits)
				status, out := cl.post("ListExecutions", c.body)
				if status != 400 || out["message"] != c.message {
					t.Errorf("%d %s", status, out["message"])
				}
			})
		})
	}
}

// TestHistoryPages reads a history forwards, backwards and without its data.
func TestHistoryPages(t *testing.T) {
	t.Parallel()
	inCloud(t, nil, func(c *cloud) {
		t := c.t
		arn := c.run(waits, `{"secret":1}`)
		read := func(in sfn.GetExecutionHistoryInput) (ids []int64, next *string) {
			in.ExecutionArn = &arn
			out, err := c.GetExecutionHistory(t.Context(), &in)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range out.Events {
				ids = append(ids, e.Id)
			}
			return ids, out.NextToken
		}
		first, next := read(sfn.GetExecutionHistoryInput{MaxResults: 3})
		rest, last := read(sfn.GetExecutionHistoryInput{MaxResults: 3, NextToken: next})
		if diff := cmp.Diff([]int64{1, 2, 3, 4}, append(first, rest...)); diff != "" || last != nil {
			t.Errorf("forwards, token %v: %s", last, diff)
		}
		first, next = read(sfn.GetExecutionHistoryInput{MaxResults: 3, ReverseOrder: true})
		rest, last = read(sfn.GetExecutionHistoryInput{MaxResults: 3, ReverseOrder: true, NextToken: next})
		if diff := cmp.Diff([]int64{4, 3, 2, 1}, append(first, rest...)); diff != "" || last != nil {
			t.Errorf("backwards, token %v: %s", last, diff)
		}
		_, err := c.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: &arn, NextToken: next})
		if name, _ := code(err); name != "InvalidToken" {
			t.Errorf("a token of another order: %v", err)
		}
		out, err := c.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: &arn, IncludeExecutionData: new(false)})
		if err != nil {
			t.Fatal(err)
		}
		if got := lines(t, out.Events); strings.Contains(got, "secret") || !strings.Contains(got, `WaitStateEntered {"Name":"W"}`) {
			t.Errorf("without data\n%s", got)
		}
	})
}

// TestMissingExecution checks the errors of the operations on one execution.
func TestMissingExecution(t *testing.T) {
	t.Parallel()
	const missing = "arn:aws:states:us-east-1:000000000000:execution:M:x"
	inCloud(t, nil, func(c *cloud) {
		t := c.t
		for _, operation := range []string{"DescribeExecution", "GetExecutionHistory", "StopExecution", "RedriveExecution"} {
			status, out := c.post(operation, `{"executionArn":"`+missing+`"}`)
			if status != 400 || out["__type"] != "com.amazonaws.swf.service.v2.model#ExecutionDoesNotExist" || out["message"] != "Execution Does Not Exist: '"+missing+"'" {
				t.Errorf("%s: %d %v", operation, status, out)
			}
			status, out = c.post(operation, `{"executionArn":"invalid_arn"}`)
			if status != 400 || out["message"] != "Invalid Arn: 'Invalid ARN prefix: invalid_arn'" {
				t.Errorf("%s: %d %v", operation, status, out)
			}
		}
		if status, out := c.post("SendTaskSuccess", `{}`); status != 400 || out["__type"] != "com.amazon.coral.service#UnknownOperationException" {
			t.Errorf("an operation that is not there: %d %v", status, out)
		}
	})
}
