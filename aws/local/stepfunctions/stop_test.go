package stepfunctions_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"orderops/aws/local/lambda"
)

// TestStopInWait checks the recorded history of an abort.
func TestStopInWait(t *testing.T) {
	t.Parallel()
	inCloud(t, nil, func(c *cloud) {
		t := c.t
		arn := c.start(c.machine("M", waits), "one", "{}")
		time.Sleep(5 * time.Second)
		out, err := c.StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: &arn})
		if err != nil {
			t.Fatal(err)
		}
		if !out.StopDate.Equal(time.Now()) {
			t.Errorf("stopped at %s", out.StopDate)
		}
		time.Sleep(time.Hour)
		got := lines(t, c.history(arn))
		const want = `0 WaitStateEntered {"Input":"{}","Name":"W"}` + "\n" + `0 ExecutionAborted {}`
		if !strings.HasSuffix(got, want) {
			t.Errorf("history\n%s", got)
		}
		if d := c.describe(arn); d.Status != types.ExecutionStatusAborted || d.RedriveStatus != types.ExecutionRedriveStatusRedrivable || !d.StopDate.Equal(*out.StopDate) {
			t.Errorf("described as %s, %s, stopped %s", d.Status, d.RedriveStatus, d.StopDate)
		}
	})
}

// TestStopInTask: the function's context ends, error and cause are kept, and
// the function's late answer changes nothing.
func TestStopInTask(t *testing.T) {
	t.Parallel()
	var ended time.Time
	f := functions{payment: func(ctx context.Context, _ string) (string, *lambda.Failure, error) {
		<-ctx.Done()
		ended = time.Now()
		return `"late"`, nil, nil
	}}
	inCloud(t, f, func(c *cloud) {
		t := c.t
		arn := c.start(c.machine("M", state(`{"Type":"Task","Resource":"`+payment+`","Next":"Z"}`)), "one", "{}")
		time.Sleep(5 * time.Second)
		stopped := time.Now()
		for range 2 { // the second stop must not fail and changes nothing
			if _, err := c.StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: &arn, Error: new("Operator"), Cause: new("wrong order")}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		if !ended.Equal(stopped) {
			t.Errorf("the function's context ended at %s", ended)
		}
		got := lines(t, c.history(arn))
		if !strings.HasSuffix(got, "3 LambdaFunctionStarted\n"+`0 ExecutionAborted {"Cause":"wrong order","Error":"Operator"}`) {
			t.Errorf("history\n%s", got)
		}
		if d := c.describe(arn); *d.Error != "Operator" || *d.Cause != "wrong order" || d.Output != nil {
			t.Errorf("described with %v %v %v", d.Error, d.Cause, d.Output)
		}
	})
}

// TestCloseEndsExecutions: nothing is left running, and no start is taken.
func TestCloseEndsExecutions(t *testing.T) {
	t.Parallel()
	inCloud(t, hang(), func(c *cloud) {
		t := c.t
		machine := c.machine("M", waits)
		arn := c.start(machine, "one", "{}")
		c.start(c.machine("T", state(`{"Type":"Task","Resource":"`+payment+`","Next":"Z"}`)), "two", "{}")
		c.service.Close() // the bubble fails if a goroutine survives
		if d := c.describe(arn); d.Status != types.ExecutionStatusRunning {
			t.Errorf("closing recorded %s", d.Status)
		}
		if _, err := c.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &machine}); err == nil {
			t.Error("started after Close")
		}
	})
}

// TestManyWait: thousands of executions wait side by side and end on time.
func TestManyWait(t *testing.T) {
	t.Parallel()
	const many = 5000
	inCloud(t, nil, func(c *cloud) {
		t := c.t
		machine := c.machine("M", waits)
		for range many {
			if status, out := c.post("StartExecution", `{"stateMachineArn":"`+machine+`"}`); status != 200 {
				t.Fatal(out)
			}
		}
		time.Sleep(31 * time.Second)
		synctest.Wait()
		done := 0
		pages := sfn.NewListExecutionsPaginator(c, &sfn.ListExecutionsInput{StateMachineArn: &machine, StatusFilter: types.ExecutionStatusSucceeded, MaxResults: 1000})
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			done += len(page.Executions)
		}
		if done != many {
			t.Errorf("%d of %d ended", done, many)
		}
	})
}
