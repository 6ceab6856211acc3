package stepfunctions_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

func (c *cloud) redrive(arn, token string) error {
	_, err := c.RedriveExecution(c.t.Context(), &sfn.RedriveExecutionInput{ExecutionArn: &arn, ClientToken: &token})
	time.Sleep(5 * time.Minute) // within the life of a client token
	synctest.Wait()
	return err
}

// TestRedriveTask goes on at the failed task: what succeeded is not run again.
func TestRedriveTask(t *testing.T) {
	t.Parallel()
	inCloud(t, answers("raise Boom", `"paid"`), func(c *cloud) {
		t := c.t
		arn := c.run(`{"StartAt":"P","States":{"P":{"Type":"Pass","Result":{"p":1},"Next":"A"},
			"A":{"Type":"Task","Resource":"`+payment+`","ResultPath":"$.out","End":true}}}`, `{}`)
		if d := c.describe(arn); d.Status != types.ExecutionStatusFailed || d.RedriveStatus != types.ExecutionRedriveStatusRedrivable || *d.RedriveCount != 0 {
			t.Fatalf("before: %s %s", d.Status, d.RedriveStatus)
		}
		for range 2 { // the second call has the same token and does nothing
			if err := c.redrive(arn, "t1"); err != nil {
				t.Fatal(err)
			}
		}
		got := lines(t, c.history(arn))
		_, after, _ := strings.Cut(got, "ExecutionFailed")
		_, after, _ = strings.Cut(after, "\n")
		want := `8 ExecutionRedriven {"RedriveCount":1}
9 LambdaFunctionScheduled {"Input":"{\"p\":1}","Resource":"` + payment + `"}
10 LambdaFunctionStarted
11 LambdaFunctionSucceeded {"Output":"\"paid\""}
12 TaskStateExited {"Name":"A","Output":"{\"p\":1,\"out\":\"paid\"}"}
13 ExecutionSucceeded {"Output":"{\"p\":1,\"out\":\"paid\"}"}`
		if after != want {
			t.Errorf("history\n%s", got)
		}
		d := c.describe(arn)
		if d.Status != types.ExecutionStatusSucceeded || *d.RedriveCount != 1 || d.RedriveDate == nil || d.Error != nil {
			t.Errorf("after: %s, %d redrives, error %v", d.Status, *d.RedriveCount, d.Error)
		}
		err := c.redrive(arn, "t2")
		if name, _ := code(err); name != "ExecutionNotRedrivable" {
			t.Errorf("redriving a success: %v", err)
		}
	})
}

// TestRedriveFail enters a Fail state again, which fails again.
func TestRedriveFail(t *testing.T) {
	t.Parallel()
	inCloud(t, nil, func(c *cloud) {
		t := c.t
		arn := c.run(`{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E"}}}`, `{}`)
		if err := c.redrive(arn, "t"); err != nil {
			t.Fatal(err)
		}
		want := `3 ExecutionRedriven {"RedriveCount":1}
4 FailStateEntered {"Input":"{}","Name":"F"}
5 ExecutionFailed {"Error":"E"}`
		if got := lines(t, c.history(arn)); !strings.HasSuffix(got, want) {
			t.Errorf("history\n%s", got)
		}
	})
}

// TestRedriveAfterStop: the aborted life, still on its way out, says nothing
// in the next one.
func TestRedriveAfterStop(t *testing.T) {
	t.Parallel()
	inCloud(t, nil, func(c *cloud) {
		t := c.t
		arn := c.start(c.machine("M", waits), "one", `{}`)
		time.Sleep(time.Second)
		if _, err := c.StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: &arn}); err != nil {
			t.Fatal(err)
		}
		if err := c.redrive(arn, "t"); err != nil {
			t.Fatal(err)
		}
		want := `0 ExecutionAborted {}
3 ExecutionRedriven {"RedriveCount":1}
4 WaitStateEntered {"Input":"{}","Name":"W"}
5 WaitStateExited {"Name":"W","Output":"{}"}
6 ExecutionSucceeded {"Output":"{}"}`
		if got := lines(t, c.history(arn)); !strings.HasSuffix(got, want) {
			t.Errorf("history\n%s", got)
		}
	})
}

// TestRedrivePeriod: after 14 days it is too late.
func TestRedrivePeriod(t *testing.T) {
	t.Parallel()
	inCloud(t, nil, func(c *cloud) {
		t := c.t
		arn := c.run(`{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E"}}}`, `{}`)
		time.Sleep(15 * 24 * time.Hour)
		err := c.redrive(arn, "t")
		if name, _ := code(err); name != "ExecutionNotRedrivable" {
			t.Errorf("redriven: %v", err)
		}
	})
}
