package workflow_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orderops/workflow"
)

// told are the moments as lines: seconds, place, text, with ? for what is not recorded.
func told(moments []workflow.Moment) []string {
	var list []string
	for _, m := range moments {
		at := "–"
		if !m.At.IsZero() {
			at = fmt.Sprint(m.At.Sub(second(0)).Seconds())
		}
		line := at + " " + string(m.Place) + ": " + m.Text
		if m.Took > 0 {
			line += fmt.Sprintf(" (%v)", m.Took)
		}
		if m.Unrecorded {
			line += " ?"
		}
		list = append(list, line)
	}
	return list
}

func TestTraceOfAnOrderThatWasRedriven(t *testing.T) {
	t.Parallel()
	first := workflow.Run{
		Execution: workflow.Execution{
			Name: "o", Status: workflow.Succeeded, Started: second(1), Stopped: second(12), RedriveCount: 1,
			Input: `{"id":"o","created_at":"2026-11-23T08:00:00Z"}`,
		},
		Events: history(
			"ExecutionStarted", "TaskStateEntered Pay", "LambdaFunctionScheduled", "LambdaFunctionFailed - Boom", "LambdaFunctionScheduled",
			"LambdaFunctionFailed - Boom", "ExecutionFailed - Boom", "ExecutionRedriven", "LambdaFunctionScheduled", "LambdaFunctionSucceeded",
			"TaskStateExited Pay", "ExecutionSucceeded",
		),
	}
	row := workflow.Row{Status: workflow.Success}
	moments, now := workflow.Trace(workflow.Life{ID: "o", Runs: []workflow.Run{first}, Row: &row, Submission: &workflow.Submission{At: second(0), Outcome: workflow.Done}})
	want := []string{
		"0 submit: sent to the order queue by you: done",
		"0 queue: accepted by the queue (1s)",
		"1 consumer: how often it was received is not recorded ?",
		"1 execution: execution started",
		"2 state: Pay, tried 2 times: Boom (5s)",
		"8 execution: redriven, time 1",
		"9 state: Pay (2s)",
		"12 execution: execution SUCCEEDED (11s)",
		"– table: row says SUCCESS ?",
		"– mail: whether the mail arrived ?",
	}
	if diff := cmp.Diff(want, told(moments)); diff != "" {
		t.Error(diff)
	}
	if now != "done: SUCCESS" {
		t.Errorf("now %s", now)
	}
}

// TestTraceTellsOfTheMail wants told what the output says of it, and no more.
func TestTraceTellsOfTheMail(t *testing.T) {
	t.Parallel()
	for output, want := range map[string]string{
		`{"notification":"failed"}`: "12 mail: not sent: SNS did not take it; the save function's log says why",
		`{"notification":"sent"}`:   "12 mail: taken by SNS; arrival unrecorded ?",
		`{"written":false}`:         "– mail: whether the mail arrived ?",
		`{"notifica`:                "– mail: whether the mail arrived ?",
	} {
		run := workflow.Run{Execution: workflow.Execution{Name: "o", Status: workflow.Succeeded, Started: second(1), Stopped: second(12), Output: output}}
		moments, _ := workflow.Trace(workflow.Life{ID: "o", Runs: []workflow.Run{run}, Row: &workflow.Row{Status: workflow.Failure}})
		if list := told(moments); list[len(list)-1] != want {
			t.Errorf("%s: %q, want %q", output, list[len(list)-1], want)
		}
	}
}

func TestWhereAnOrderIs(t *testing.T) {
	t.Parallel()
	run := func(status workflow.ExecutionStatus, lines ...string) []workflow.Run {
		return []workflow.Run{{Execution: workflow.Execution{Name: "o", Status: status, Started: second(1)}, Events: history(lines...)}}
	}
	dead := workflow.DeadLetter{Message: workflow.Message{Sent: second(0), Attributes: map[string]workflow.Attribute{"redrives": {Text: "2"}, "redriven_by": {Text: "ada"}}}, Receives: 4, Verdict: workflow.Malformed, DeleteAt: second(90)}
	pending := workflow.Row{Status: workflow.Pending}
	for want, life := range map[string]workflow.Life{
		"running in Hold":                           {Runs: run(workflow.Running, "ExecutionStarted", "WaitStateEntered Hold")},
		"its execution ended as FAILED in Pay":      {Runs: run(workflow.Failed, "ExecutionStarted", "TaskStateEntered Pay", "ExecutionFailed - Boom")},
		"in the dead-letter queue, not started":     {DeadLetter: &dead},
		"the row still says PENDING":                {Runs: run(workflow.Succeeded), Row: &pending},
		"no execution of it is known":               {Row: &pending},
		"accepted, not started":                     {Submission: &workflow.Submission{Outcome: workflow.Done}},
		"nothing is known of it":                    {},
		"ABORTED, and its message is a dead letter": {Runs: run(workflow.Aborted), DeadLetter: &dead},
	} {
		if _, now := workflow.Trace(life); !strings.Contains(now, want) {
			t.Errorf("now %q, want %q", now, want)
		}
	}
	moments, _ := workflow.Trace(workflow.Life{DeadLetter: &dead})
	lines := strings.Join(told(moments), "\n")
	for _, want := range []string{"consumer: received 3 times without success", "dead letter: redriven 2 times before, by ada", "dead letter: in the dead-letter queue: malformed ?", "SQS deletes it at"} {
		if !strings.Contains(lines, want) {
			t.Errorf("%q is not told:\n%s", want, lines)
		}
	}
}

// A second run of an order is told behind the first.
func TestTraceOfARerun(t *testing.T) {
	t.Parallel()
	moments, now := workflow.Trace(workflow.Life{ID: "o", RowMissing: true, Runs: []workflow.Run{
		{Execution: workflow.Execution{Name: "o", Status: workflow.Failed, Started: second(1), Stopped: second(2), Error: "Boom"}},
		{Execution: workflow.Execution{Name: "o-r1", Status: workflow.Running, Started: second(60)}, Events: nil},
	}})
	lines := strings.Join(told(moments), "\n")
	for _, want := range []string{"2 execution: execution FAILED: Boom (1s)\n60 execution: run again as o-r1", "the table has no row"} {
		if !strings.Contains(lines, want) {
			t.Errorf("%q is not told:\n%s", want, lines)
		}
	}
	if now != "running" {
		t.Errorf("now %q", now)
	}
	var last time.Time
	for _, m := range moments {
		if !m.At.IsZero() && m.At.Before(last) {
			t.Errorf("%s comes too late", m.Text)
		}
		last = m.At
	}
}
