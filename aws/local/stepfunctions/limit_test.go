package stepfunctions_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"orderops/aws/local/identity"
	"orderops/aws/local/lambda"
	"orderops/aws/local/stepfunctions"
	"orderops/aws/local/stepfunctions/asl"
)

// TestTimeoutPath: the time-out that a path leads to ends the call after so many
// seconds, is told when the call is scheduled, and can be caught without a cause.
func TestTimeoutPath(t *testing.T) {
	t.Parallel()
	inCloud(t, hang(), func(c *cloud) {
		arn := c.run(state(`{"Type":"Task","Resource":"`+payment+`","TimeoutSecondsPath":"$.most","Catch":[{"ErrorEquals":["States.Timeout"],"Next":"Z"}],"End":true}`), `{"most":7}`)
		history := c.history(arn)
		if got := lines(c.t, history); !strings.Contains(got, `"TimeoutInSeconds":7`) || !strings.HasSuffix(got, `{"Output":"{\"Error\":\"States.Timeout\",\"Cause\":\"\"}"}`) {
			c.t.Errorf("history\n%s", got)
		}
		if took := history[4].Timestamp.Sub(*history[3].Timestamp); took != 7*time.Second {
			c.t.Errorf("timed out after %s", took)
		}
	})
}

// TestLargeData: 256 KiB go in and through a task, one byte more does not.
func TestLargeData(t *testing.T) {
	t.Parallel()
	fits := `"` + strings.Repeat("x", 256<<10-2) + `"`
	inCloud(t, answers(fits), func(c *cloud) {
		machine := c.machine("M", state(`{"Type":"Task","Resource":"`+payment+`","Next":"Z"}`))
		arn := c.start(machine, "fits", fits)
		synctest.Wait()
		if d := c.describe(arn); d.Status != types.ExecutionStatusSucceeded || *d.Output != fits {
			c.t.Errorf("256 KiB: %s", d.Status)
		}
		status, out := c.post("StartExecution", `{"stateMachineArn":"`+machine+`","input":"`+strings.Repeat("1", 256<<10+1)+`"}`)
		if status != http.StatusBadRequest || out["message"] != "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144" {
			c.t.Errorf("one more: %d %v", status, out["message"])
		}
	})
	inCloud(t, answers(`{}`), func(c *cloud) {
		arn := c.run(state(`{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"payment","Payload.$":"$"},"Next":"Z"}`), fits)
		if d := c.describe(arn); *d.Error != "States.DataLimitExceeded" {
			c.t.Errorf("a request above the limit: %s", *d.Error)
		}
	})
}

// TestRedriveStatus tells whether an execution can be redriven, and why not.
func TestRedriveStatus(t *testing.T) {
	t.Parallel()
	inCloud(t, nil, func(c *cloud) {
		check := func(arn, want string) {
			c.t.Helper()
			d := c.describe(arn)
			got := string(d.RedriveStatus)
			if d.RedriveStatusReason != nil {
				got += ": " + *d.RedriveStatusReason
			}
			if got != want {
				c.t.Errorf("%s: %s, want %s", d.Status, got, want)
			}
		}
		waiting := c.start(c.machine("W", waits), "one", "{}")
		failed := c.start(c.machine("F", `{"StartAt":"F","States":{"F":{"Type":"Fail"}}}`), "one", "{}")
		synctest.Wait()
		check(waiting, "NOT_REDRIVABLE: Execution is RUNNING and cannot be redriven")
		check(failed, "REDRIVABLE")
		time.Sleep(14 * 24 * time.Hour)
		check(waiting, "NOT_REDRIVABLE: Execution is SUCCEEDED and cannot be redriven")
		check(failed, "REDRIVABLE")
		time.Sleep(time.Second)
		check(failed, "NOT_REDRIVABLE: Execution has exceeded the redrivable period and cannot be redriven")
	})
	inCloud(t, nil, func(c *cloud) {
		full := c.run(`{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"A"}}}`, `{}`)
		d := c.describe(full)
		if *d.RedriveStatusReason != "Execution history event count limit exceeded and cannot be redriven" ||
			*d.Error != "States.Runtime" || *d.Cause != "The execution reached the maximum number of history events (25000)." {
			c.t.Errorf("a full history: %s, failed with %s: %s", *d.RedriveStatusReason, *d.Error, *d.Cause)
		}
	})
}

// TestRedriveBeginsAnew: a redrive has the machine's whole time-out and all retries again.
func TestRedriveBeginsAnew(t *testing.T) {
	t.Parallel()
	inCloud(t, answers("raise Boom"), func(c *cloud) {
		arn := c.run(`{"TimeoutSeconds":60,"StartAt":"A","States":{"A":{"Type":"Task","Resource":"`+payment+`",
			"Retry":[{"ErrorEquals":["Boom"],"IntervalSeconds":40,"MaxAttempts":1}],"Next":"W"},"W":{"Type":"Wait","Seconds":50,"End":true}}}`, `{}`)
		first := strings.Count(lines(c.t, c.history(arn)), "LambdaFunctionScheduled")
		if err := c.redrive(arn, "t"); err != nil {
			c.t.Fatal(err)
		}
		history := c.history(arn)
		if both := strings.Count(lines(c.t, history), "LambdaFunctionScheduled"); first != 2 || both != 4 {
			c.t.Errorf("%d calls, with the redrive %d", first, both)
		}
		if last := history[len(history)-1]; last.Type != types.HistoryEventTypeExecutionFailed {
			c.t.Errorf("the redrive ended with %s", last.Type)
		}
	})
	inCloud(t, nil, func(c *cloud) {
		arn := c.run(`{"TimeoutSeconds":20,"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":30,"End":true}}}`, `{}`)
		if d := c.describe(arn); d.Status != types.ExecutionStatusTimedOut || d.StopDate.Sub(*d.StartDate) != 20*time.Second || d.Error != nil {
			c.t.Errorf("%s after %s", d.Status, d.StopDate.Sub(*d.StartDate))
		}
		if err := c.redrive(arn, "t"); err != nil {
			c.t.Fatal(err)
		}
		if d := c.describe(arn); d.Status != types.ExecutionStatusTimedOut || d.StopDate.Sub(*d.RedriveDate) != 20*time.Second {
			c.t.Errorf("redriven: %s after %s", d.Status, d.StopDate.Sub(*d.RedriveDate))
		}
	})
}

// TestJitter: with it a retry waits for a part of its interval, drawn anew each time.
func TestJitter(t *testing.T) {
	t.Parallel()
	var at []time.Time
	f := functions{payment: func(context.Context, string) (string, *lambda.Failure, error) {
		at = append(at, time.Now())
		return "", &lambda.Failure{Type: "Boom"}, nil
	}}
	inCloud(t, f, func(c *cloud) {
		c.run(`{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"`+payment+`","Retry":[{"ErrorEquals":["Boom"],"IntervalSeconds":60,"MaxAttempts":5,"BackoffRate":1,"JitterStrategy":"FULL"}],"End":true}}}`, `{}`)
		pauses := map[time.Duration]bool{}
		for i := 1; i < len(at); i++ {
			pause := at[i].Sub(at[i-1])
			pauses[pause] = true
			if pause < 0 || pause > time.Minute {
				c.t.Errorf("pause of %s", pause)
			}
		}
		if len(pauses) != 5 {
			c.t.Errorf("pauses %v", pauses)
		}
	})
}

// FuzzRequest: any operation with any body is answered in AWS's form.
func FuzzRequest(f *testing.F) {
	const machine = `arn:aws:states:us-east-1:000000000000:stateMachine:M`
	for operation, body := range map[string]string{
		"CreateStateMachine":  `{"name":"M","roleArn":"r","definition":"{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"}}}","loggingConfiguration":{"level":"ALL","destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":"x:*"}}]}}`,
		"StartExecution":      `{"stateMachineArn":"` + machine + `","name":"one","input":"[1"}`,
		"ListExecutions":      `{"stateMachineArn":"` + machine + `","nextToken":"LTEgIngi","maxResults":1}`,
		"GetExecutionHistory": `{"executionArn":"arn:aws:states:us-east-1:000000000000:execution:M:one","reverseOrder":true,"maxResults":2}`,
		"RedriveExecution":    `{"executionArn":"arn:aws:states:us-east-1:000000000000:execution:M:one","clientToken":"t"}`,
		"StopExecution":       `{"executionArn":"arn:::::"}`,
		"":                    "\xff",
	} {
		f.Add(operation, body)
	}
	f.Fuzz(func(t *testing.T, operation, body string) {
		synctest.Test(t, func(t *testing.T) {
			service := stepfunctions.New(identity.New("000000000000", "us-east-1", "", 1), func(string) asl.Invoker { return functions{} }, nil, nil)
			defer service.Close()
			c := &cloud{t: t, service: service}
			for _, seed := range []struct{ operation, body string }{
				{"CreateStateMachine", `{"name":"M","roleArn":"r","definition":"{\"StartAt\":\"F\",\"States\":{\"F\":{\"Type\":\"Fail\"}}}"}`},
				{"StartExecution", `{"stateMachineArn":"` + machine + `","name":"one"}`},
				{operation, body},
			} {
				status, out := c.post(seed.operation, seed.body)
				if _, failed := out["__type"].(string); failed != (status >= http.StatusBadRequest) || status >= http.StatusInternalServerError {
					t.Errorf("%s: %d %v", seed.operation, status, out)
				}
				synctest.Wait()
			}
		})
	})
}
