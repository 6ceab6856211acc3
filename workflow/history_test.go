package workflow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"orderops/workflow"
)

func second(n int64) time.Time {
	return time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Second)
}

// history makes events of lines "type state error", ids from 1, one a second.
// Each follows the one before, but for the first entry, ends and "type@3",
// which follows event 3.
func history(lines ...string) []workflow.Event {
	var events []workflow.Event
	entered := false
	for i, line := range lines {
		words := append(strings.Fields(line), "", "")
		e := workflow.Event{ID: int64(i + 1), PreviousID: int64(i), Time: second(int64(i + 1))}
		kind, previous, found := strings.Cut(words[0], "@")
		e.Type = kind
		if found {
			_, _ = fmt.Sscan(previous, &e.PreviousID)
		}
		if strings.HasSuffix(kind, "StateEntered") && !entered || kind == "ExecutionAborted" {
			entered, e.PreviousID = true, 0
		}
		if words[1] != "-" {
			e.State = words[1]
		}
		e.Error = words[2]
		events = append(events, e)
	}
	return events
}

// visits tells steps as "State Kind STATUS entered-exited retries error".
func visits(steps []workflow.Step) []string {
	var list []string
	for _, s := range steps {
		exited := "…"
		if !s.Exited.IsZero() {
			exited = fmt.Sprint(s.Exited.Sub(second(0)).Seconds())
		}
		line := fmt.Sprintf("%s %s %s %v-%s", s.State, s.Kind, s.Status, s.Entered.Sub(second(0)).Seconds(), exited)
		if s.Retries > 0 {
			line += fmt.Sprintf(" retries %d", s.Retries)
		}
		if s.Error != "" {
			line += " " + s.Error
		}
		list = append(list, line)
	}
	return list
}

func TestSteps(t *testing.T) {
	t.Parallel()
	const (
		started, succeeded, redriven     = "ExecutionStarted", "ExecutionSucceeded", "ExecutionRedriven"
		enter, exit                      = "TaskStateEntered A", "TaskStateExited A"
		scheduled, running, failed, done = "LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionFailed - Boom", "LambdaFunctionSucceeded"
	)
	for name, c := range map[string]struct {
		events []workflow.Event
		final  workflow.ExecutionStatus
		want   []string
	}{
		"nothing": {nil, workflow.Succeeded, nil},
		"begun":   {history(started), workflow.Running, nil},
		"a wait and a choice": {
			history(started, "WaitStateEntered W", "WaitStateExited W", "ChoiceStateEntered C", "ChoiceStateExited C", "SucceedStateEntered S", "SucceedStateExited S", succeeded),
			workflow.Succeeded,
			[]string{"W Wait DONE 2-3", "C Choice DONE 4-5", "S Succeed DONE 6-7"},
		},
		"retried": {
			history(started, enter, scheduled, running, failed, scheduled, running, done, exit, succeeded), workflow.Succeeded,
			[]string{"A Task DONE 2-9 retries 1"},
		},
		"between two attempts": {
			history(started, enter, scheduled, running, failed), workflow.Running,
			[]string{"A Task RUNNING 2-… Boom"},
		},
		"in the next attempt": {
			history(started, enter, scheduled, running, failed, scheduled), workflow.Running,
			[]string{"A Task RUNNING 2-… retries 1"},
		},
		"caught": {
			history(started, enter, scheduled, running, failed, exit, "PassStateEntered P", "PassStateExited P", succeeded), workflow.Succeeded,
			[]string{"A Task CAUGHT 2-6 Boom", "P Pass DONE 7-8"},
		},
		"not caught": {
			history(started, enter, scheduled, running, failed, "ExecutionFailed - Boom"), workflow.Failed,
			[]string{"A Task FAILED 2-6 Boom"},
		},
		"timed out task fails the execution": {
			history(started, enter, scheduled, running, "LambdaFunctionTimedOut - States.Timeout", "ExecutionFailed - States.Timeout"), workflow.Failed,
			[]string{"A Task FAILED 2-6 States.Timeout"},
		},
		"timed out execution": {
			history(started, enter, scheduled, running, "ExecutionTimedOut"), workflow.TimedOut,
			[]string{"A Task TIMED_OUT 2-5"},
		},
		"fail state": {
			history(started, "FailStateEntered F", "ExecutionFailed - Custom"), workflow.Failed,
			[]string{"F Fail FAILED 2-3 Custom"},
		},
		"runtime error in a choice": {
			history(started, "ChoiceStateEntered C", "ExecutionFailed - States.Runtime"), workflow.Failed,
			[]string{"C Choice FAILED 2-3 States.Runtime"},
		},
		"stopped in a wait": {
			history(started, "WaitStateEntered W", "ExecutionAborted"), workflow.Aborted,
			[]string{"W Wait ABORTED 2-3"},
		},
		"ended, but the end was not read": {
			history(started, "WaitStateEntered W"), workflow.Aborted,
			[]string{"W Wait ABORTED 2-…"},
		},
		"redriven, entered again": {
			history(started, enter, scheduled, failed, "ExecutionFailed - Boom", redriven, enter, scheduled, done, exit, succeeded), workflow.Succeeded,
			[]string{"A Task FAILED 2-5 Boom", "A Task DONE 7-10"},
		},
		"redriven, scheduled again": {
			history(started, enter, scheduled, failed, "ExecutionFailed - Boom", redriven, scheduled, done, exit, succeeded), workflow.Succeeded,
			[]string{"A Task FAILED 2-5 Boom", "A Task DONE 7-9"},
		},
		"redriven, scheduled again behind the failure": {
			history(started, enter, scheduled, failed, "ExecutionFailed - Boom", redriven, scheduled+"@4", running), workflow.Running,
			[]string{"A Task FAILED 2-5 Boom", "A Task RUNNING 7-…"},
		},
		"redriven twice": {
			history(started, enter, scheduled, failed, "ExecutionFailed - Boom", redriven, scheduled, failed, "ExecutionFailed - Boom", redriven, scheduled, done, exit, succeeded), workflow.Succeeded,
			[]string{"A Task FAILED 2-5 Boom", "A Task FAILED 7-9 Boom", "A Task DONE 11-13"},
		},
		"redriven wait ends at once": {
			history(started, "WaitStateEntered W", "ExecutionAborted", redriven, "WaitStateExited W", succeeded), workflow.Succeeded,
			[]string{"W Wait ABORTED 2-3", "W Wait DONE 5-5"},
		},
		"redriven, nothing yet": {
			history(started, enter, scheduled, failed, "ExecutionFailed - Boom", redriven), workflow.Running,
			[]string{"A Task FAILED 2-5 Boom"},
		},
		"loop": {
			history(started, enter, exit, enter, exit, succeeded), workflow.Succeeded,
			[]string{"A Task DONE 2-3", "A Task DONE 4-5"},
		},
		"parallel": {
			history(started, "ParallelStateEntered P", "ParallelStateStarted", "TaskStateEntered@3 A", "TaskStateEntered@3 B", "LambdaFunctionScheduled@4", "LambdaFunctionScheduled@5",
				"LambdaFunctionSucceeded@6", "TaskStateExited@8 A", "LambdaFunctionSucceeded@7", "TaskStateExited@10 B", "ParallelStateSucceeded", "ParallelStateExited P", succeeded), workflow.Succeeded,
			[]string{"P Parallel DONE 2-13", "A Task DONE 4-9", "B Task DONE 5-11"},
		},
		"parallel breaks": {
			history(started, "ParallelStateEntered P", "ParallelStateStarted", "TaskStateEntered@3 A", "WaitStateEntered@3 B", "LambdaFunctionScheduled@4",
				"LambdaFunctionFailed@6 - Boom", "ParallelStateFailed - Boom", "ExecutionFailed - Boom"), workflow.Failed,
			[]string{"P Parallel FAILED 2-9 Boom", "A Task FAILED 4-8 Boom", "B Wait ABORTED 5-8"},
		},
		"parallel retried": {
			history(started, "ParallelStateEntered P", "ParallelStateStarted", "PassStateEntered A", "ParallelStateFailed@4 - Boom", "ParallelStateStarted", "PassStateEntered A"), workflow.Running,
			[]string{"P Parallel RUNNING 2-… retries 1", "A Pass FAILED 4-5", "A Pass RUNNING 7-…"},
		},
		"map": {
			history(started, "MapStateEntered M", "MapStateStarted", "MapIterationStarted@3", "PassStateEntered A", "PassStateExited A", "MapIterationSucceeded", "MapIterationStarted@3",
				"PassStateEntered A", "MapIterationFailed - Boom", "MapStateFailed - Boom", "MapStateExited M", "PassStateEntered Z"), workflow.Running,
			[]string{"M Map CAUGHT 2-12 Boom", "A Pass DONE 5-6", "A Pass FAILED 9-10", "Z Pass RUNNING 13-…"},
		},
		"unknown events": {
			history(started, "QuantumStateEntered Q", "QuantumEntangled", "QuantumStateExited Q", "Noise", succeeded), workflow.Succeeded,
			[]string{"Q Quantum DONE 2-4"},
		},
		"only the newest part": {
			history(started, enter, scheduled, running, done, exit, "WaitStateEntered W")[3:], workflow.Running,
			[]string{"W Wait RUNNING 7-…"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, visits(workflow.Steps(c.events, c.final))); diff != "" {
				t.Error(diff)
			}
			reversed := slices.Concat(c.events, c.events)
			slices.Reverse(reversed)
			if diff := cmp.Diff(c.want, visits(workflow.Steps(reversed, c.final))); diff != "" {
				t.Errorf("doubled and reversed: %s", diff)
			}
		})
	}
}

func TestStepsCarryWhatTheEventsTell(t *testing.T) {
	t.Parallel()
	events := history("ExecutionStarted", "TaskStateEntered A", "LambdaFunctionScheduled", "LambdaFunctionFailed - Boom", "TaskStateExited A")
	events[1].Input, events[2].Resource, events[3].Cause, events[4].Output = `{"in":1}`, "arn:f", "why", `{"out":1}`
	want := []workflow.Step{{
		State: "A", Kind: "Task", Entered: second(2), Exited: second(5), Status: workflow.StepCaught,
		Input: `{"in":1}`, Output: `{"out":1}`, Error: "Boom", Cause: "why", FirstEvent: 2, LastEvent: 5, Resource: "arn:f",
		Attempts: []time.Time{second(3)},
	}}
	if diff := cmp.Diff(want, workflow.Steps(events, workflow.Running)); diff != "" {
		t.Error(diff)
	}
}

func TestCurrentState(t *testing.T) {
	t.Parallel()
	whole := history("ExecutionStarted", "TaskStateEntered A", "LambdaFunctionScheduled", "LambdaFunctionSucceeded", "TaskStateExited A", "WaitStateEntered W", "WaitStateExited W", "ChoiceStateEntered C", "ExecutionFailed")
	for name, c := range map[string]struct {
		events []workflow.Event
		want   string // "" when it is not told
	}{
		"nothing":                  {nil, ""},
		"begun":                    {whole[:1], ""},
		"entered":                  {whole[:2], "A Task 2"},
		"working":                  {whole[:4], "A Task 2"},
		"between two states":       {whole[:5], ""},
		"waiting":                  {whole[:6], "W Wait 6"},
		"waiting, newest part":     {whole[4:6], "W Wait 6"},
		"entry is not in the part": {whole[2:4], ""},
		"choosing":                 {whole[5:8], "C Choice 8"},
		"ended":                    {whole, ""},
		"inside a parallel":        {history("ParallelStateEntered P", "ParallelStateStarted", "WaitStateEntered W"), "W Wait 3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if state, kind, entered, ok := workflow.CurrentState(c.events); ok {
				got = fmt.Sprintf("%s %s %v", state, kind, entered.Sub(second(0)).Seconds())
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestStepsTakeAnyEvents(t *testing.T) {
	t.Parallel()
	kinds := []string{
		"ExecutionStarted", "ExecutionFailed", "ExecutionRedriven", "ExecutionSucceeded", "TaskStateEntered", "TaskStateExited", "TaskStateAborted",
		"LambdaFunctionScheduled", "LambdaFunctionFailed", "MapStateEntered", "MapStateStarted", "MapStateFailed", "MapIterationStarted", "MapIterationFailed", "MapIterationAborted",
		"MapStateExited", "MapRunFailed", "ParallelStateEntered", "ParallelStateFailed", "ParallelStateExited", "", "StateEntered", "EvaluationFailed",
	}
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOf(rapid.Custom(func(t *rapid.T) workflow.Event {
			return workflow.Event{
				ID: rapid.Int64Range(-1, 30).Draw(t, "id"), PreviousID: rapid.Int64Range(-1, 30).Draw(t, "previous"),
				Type: rapid.SampledFrom(kinds).Draw(t, "type"), State: rapid.SampledFrom([]string{"", "A", "B"}).Draw(t, "state"),
			}
		})).Draw(t, "events")
		final := rapid.SampledFrom([]workflow.ExecutionStatus{"", workflow.Running, workflow.Failed, workflow.Succeeded}).Draw(t, "final")
		steps := workflow.Steps(events, final)
		for i, s := range steps {
			if i > 0 && s.FirstEvent <= steps[i-1].FirstEvent {
				t.Fatalf("step %d begins before the one before it", i)
			}
			if s.LastEvent < s.FirstEvent {
				t.Fatalf("step %d ends before it begins", i)
			}
			if final.Ended() && s.Status == workflow.StepRunning {
				t.Fatalf("step %d runs in an execution that is %s", i, final)
			}
		}
	})
}

func TestEventSummary(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]workflow.Event{
		"execution started":                  {Type: "ExecutionStarted"},
		"entered SaveOrder (Task)":           {Type: "TaskStateEntered", State: "SaveOrder"},
		"left SaveOrder":                     {Type: "TaskStateExited", State: "SaveOrder"},
		"function called: Save":              {Type: "LambdaFunctionScheduled", Resource: "arn:aws:lambda:us-east-1:1:function:Save"},
		"task scheduled: invoke":             {Type: "TaskScheduled", Resource: "invoke"},
		"function succeeded":                 {Type: "LambdaFunctionSucceeded"},
		"function timed out: States.Timeout": {Type: "LambdaFunctionTimedOut", Error: "States.Timeout"},
		"execution failed: Boom: first":      {Type: "ExecutionFailed", Error: "Boom", Cause: "first\nsecond"},
		"execution failed: why":              {Type: "ExecutionFailed", Cause: "why"},
		"execution redriven, time 2":         {Type: "ExecutionRedriven", RedriveCount: 2},
		"quantum leap":                       {Type: "QuantumLeap"},
		"":                                   {},
	} {
		if got := workflow.EventSummary(e); got != want {
			t.Errorf("%s: got %q, want %q", e.Type, got, want)
		}
	}
}

func TestAttemptsAndPauses(t *testing.T) {
	t.Parallel()
	events := history(
		"ExecutionStarted", "TaskStateEntered A", "LambdaFunctionScheduled", "LambdaFunctionFailed - Boom", "LambdaFunctionScheduled",
		"LambdaFunctionFailed - Boom", "ExecutionFailed - Boom", "ExecutionRedriven", "LambdaFunctionScheduled",
	)
	steps := workflow.Steps(events, workflow.Running)
	if len(steps) != 2 {
		t.Fatalf("steps %v", visits(steps))
	}
	if diff := cmp.Diff([]time.Time{second(3), second(5)}, steps[0].Attempts); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]workflow.Pause{{From: second(7), To: second(8), Redrive: 1}}, workflow.Pauses(events)); diff != "" {
		t.Error(diff)
	}
	if pauses := workflow.Pauses(events[7:]); len(pauses) != 0 {
		t.Errorf("pauses before what is known: %v", pauses)
	}
}
