package execution_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"orderops/aws/execution"
	"orderops/aws/local"
	"orderops/workflow"
)

const (
	machineARN = "arn:aws:states:us-east-1:000000000000:stateMachine:OrderStateMachine"
	definition = `{"StartAt":"Hold","States":{"Hold":{"Type":"Wait","Seconds":30,"Next":"Check"},` +
		`"Check":{"Type":"Choice","Choices":[{"Variable":"$.ok","BooleanEquals":true,"Next":"Done"}],"Default":"Bad"},` +
		`"Done":{"Type":"Succeed"},"Bad":{"Type":"Fail","Error":"Declined","Cause":"no money"}}}`
)

// bench is a client of a cloud with one state machine, with helpers that fail the test.
type bench struct {
	*testing.T
	*execution.Client
	sfn *sfn.Client
}

func inBubble(t *testing.T, test func(b bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)))
		cloud := local.New(local.Options{})
		defer cloud.Close()
		cfg := awssdk.Config{
			Region: "us-east-1", HTTPClient: cloud.HTTPClient(),
			Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
		}
		b := bench{t, execution.New(cfg, machineARN), sfn.NewFromConfig(cfg)}
		_, err := b.sfn.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{
			Name: awssdk.String("OrderStateMachine"), Definition: awssdk.String(definition),
			RoleArn: awssdk.String("arn:aws:iam::000000000000:role/order"),
		})
		if err != nil {
			t.Fatal(err)
		}
		test(b)
	})
}

func (b bench) start(name, input string) workflow.ExecutionARN {
	b.Helper()
	out, err := b.sfn.StartExecution(b.Context(), &sfn.StartExecutionInput{
		StateMachineArn: awssdk.String(machineARN), Name: &name, Input: &input,
	})
	if err != nil {
		b.Fatal(err)
	}
	return workflow.ExecutionARN(awssdk.ToString(out.ExecutionArn))
}

func (b bench) history(arn workflow.ExecutionARN, after int64) []workflow.Event {
	b.Helper()
	events, err := b.History(b.Context(), arn, after)
	if err != nil {
		b.Fatal(err)
	}
	return events
}

func ids(events []workflow.Event) string {
	var out []string
	for _, e := range events {
		out = append(out, fmt.Sprint(e.ID))
	}
	return strings.Join(out, " ")
}

func TestListIsNewestFirst(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b bench) {
		for i := range 3 {
			b.start(fmt.Sprint(i), "{}")
			time.Sleep(time.Second)
		}
		executions, more, err := b.List(b.Context(), 2)
		if err != nil {
			b.Fatal(err)
		}
		if len(executions) != 2 || executions[0].Name != "2" || executions[1].Name != "1" || !more {
			b.Errorf("got %+v, more %v", executions, more)
		}
		if executions, more, err = b.List(b.Context(), 0); err != nil || len(executions) != 3 || more {
			b.Errorf("got %d executions, more %v, %v", len(executions), more, err)
		}
		if first := executions[2]; first.Status != workflow.Running || !first.Stopped.IsZero() || first.Started.IsZero() {
			b.Errorf("got %+v", first)
		}
	})
}

// TestBrokenIsFoundBehindTheNewest wants what ended without success, however
// many started since, the newest first.
func TestBrokenIsFoundBehindTheNewest(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b bench) {
		b.start("failed", `{"ok":false}`)
		time.Sleep(time.Minute)
		stopped := b.start("stopped", "{}")
		if _, err := b.Stop(b.Context(), stopped, "", ""); err != nil {
			b.Fatal(err)
		}
		for i := range 3 {
			b.start(fmt.Sprint(i), `{"ok":true}`)
		}
		time.Sleep(time.Minute)
		executions, more, err := b.Broken(b.Context())
		if err != nil || more || len(executions) != 2 {
			b.Fatalf("got %+v, more %v, %v", executions, more, err)
		}
		if first, second := executions[0], executions[1]; first.Name != "stopped" || first.Status != workflow.Aborted || second.Name != "failed" || second.Status != workflow.Failed {
			b.Errorf("got %+v", executions)
		}
	})
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b bench) {
		good, bad := b.start("good", `{"ok":true}`), b.start("bad", `{"ok":false}`)
		time.Sleep(31 * time.Second)
		e, err := b.Describe(b.Context(), good)
		if err != nil || e.Status != workflow.Succeeded || e.Input != `{"ok":true}` || e.Output != `{"ok":true}` || e.Name != "good" || e.ARN != good {
			b.Errorf("got %+v, %v", e, err)
		}
		e, err = b.Describe(b.Context(), bad)
		if err != nil || e.Status != workflow.Failed || e.Error != "Declined" || e.Cause != "no money" || e.RedriveStatus != "REDRIVABLE" || e.Stopped.IsZero() {
			b.Errorf("got %+v, %v", e, err)
		}
		if _, err := b.Describe(b.Context(), bad+"x"); err == nil {
			b.Error("got no error for an execution that does not exist")
		}
	})
}

func TestHistoryFollows(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b bench) {
		arn := b.start("x", `{"ok":true}`)
		time.Sleep(time.Second)
		if got := ids(b.history(arn, 0)); got != "1 2" {
			b.Errorf("got events %s while waiting", got)
		}
		if got := b.history(arn, 2); len(got) != 0 {
			b.Errorf("got %v, want nothing new", got)
		}
		time.Sleep(30 * time.Second)
		events := b.history(arn, 2)
		if got := ids(events); got != "3 4 5 6 7 8" {
			b.Fatalf("got events %s after the wait", got)
		}
		first := events[0]
		if first.Type != "WaitStateExited" || first.State != "Hold" || first.PreviousID != 2 || first.Time.IsZero() || first.Output != `{"ok":true}` {
			b.Errorf("got %+v", first)
		}
		newest, err := b.Newest(b.Context(), arn, 2)
		if err != nil || ids(newest) != "7 8" || newest[1].Type != "ExecutionSucceeded" {
			b.Errorf("got %+v, %v", newest, err)
		}
	})
}

func TestStopCutsLongTexts(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b bench) {
		arn := b.start("x", "{}")
		stopped, err := b.Stop(b.Context(), arn, strings.Repeat("é", 300), strings.Repeat("é", 40_000))
		if err != nil || !stopped.Equal(time.Now()) {
			b.Fatalf("got %s, %v", stopped, err)
		}
		e, err := b.Describe(b.Context(), arn)
		if err != nil || e.Status != workflow.Aborted || e.Error != strings.Repeat("é", 256) || e.Cause != strings.Repeat("é", 32_768) {
			b.Errorf("got status %s, error of %d and cause of %d bytes, %v", e.Status, len(e.Error), len(e.Cause), err)
		}
	})
}

func TestStateMachine(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b bench) {
		got, err := b.StateMachine(b.Context())
		if err != nil || got.Name != "OrderStateMachine" || string(got.Definition) != definition || got.LogLevel != "OFF" || got.LogGroup != "" {
			b.Errorf("got %+v, %v", got, err)
		}
	})
}
