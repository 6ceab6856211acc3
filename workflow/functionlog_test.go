package workflow_test

import (
	"testing"
	"time"

	"orderops/workflow"
)

func TestFunctionName(t *testing.T) {
	t.Parallel()
	for called, want := range map[string]string{
		"":                 "",
		"pay":              "pay",
		"pay:live":         "pay",
		"1:function:pay:7": "pay",
		"arn:aws:lambda:eu-west-1:1:function:pay":         "pay",
		"arn:aws:lambda:eu-west-1:1:function:pay:$LATEST": "pay",
	} {
		if got := workflow.FunctionName(called); got != want {
			t.Errorf("%q is %q, want %q", called, got, want)
		}
	}
}

// Whatever form a Task calls its function in, its step knows it.
func TestStepsKnowTheirFunction(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		event workflow.Event
		want  string
	}{
		"by its ARN":      {workflow.Event{Type: "LambdaFunctionScheduled", Resource: "arn:aws:lambda:eu-west-1:1:function:pay:7"}, "pay"},
		"integrated":      {workflow.Event{Type: "TaskScheduled", Resource: "lambda:invoke", Input: `{"FunctionName":"pay:live","Payload":{}}`}, "pay"},
		"with a token":    {workflow.Event{Type: "TaskScheduled", Resource: "lambda:invoke.waitForTaskToken", Input: `{"FunctionName":"pay"}`}, "pay"},
		"through the SDK": {workflow.Event{Type: "TaskScheduled", Resource: "aws-sdk:lambda:invoke", Input: `{"FunctionName":"pay"}`}, "pay"},
		"another service": {workflow.Event{Type: "TaskScheduled", Resource: "sqs:sendMessage", Input: `{"FunctionName":"pay"}`}, ""},
		"an activity":     {workflow.Event{Type: "ActivityScheduled", Resource: "arn:aws:states:eu-west-1:1:activity:cook"}, ""},
		"no parameters":   {workflow.Event{Type: "TaskScheduled", Resource: "lambda:invoke", Input: "nonsense"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
			call := c.event
			call.ID, call.PreviousID, call.Time = 3, 2, at
			steps := workflow.Steps([]workflow.Event{
				{ID: 1, Type: "ExecutionStarted", Time: at},
				{ID: 2, Type: "TaskStateEntered", State: "Pay", Time: at},
				call,
				{ID: 4, PreviousID: 3, Type: "TaskSucceeded", Resource: c.event.Resource, Output: `{}`, Time: at},
				{ID: 5, PreviousID: 4, Type: "TaskStateExited", State: "Pay", Time: at.Add(time.Minute)},
			}, "")
			ask, ok := workflow.LogAskOf(steps[0], "order-1", at.Add(time.Hour))
			if ok != (c.want != "") || ask.Function != c.want {
				t.Errorf("asks for %+v, %v", ask, ok)
			}
			if ok && (!ask.From.Equal(at.Add(-2*time.Second)) || !ask.To.Equal(at.Add(65*time.Second)) || ask.Order != "order-1") {
				t.Errorf("asks for %+v", ask)
			}
		})
	}
}

// A step that goes on is looked at up to now, and never for longer than an hour.
func TestLogAskIsBounded(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	step := workflow.Step{Function: "pay", Entered: at}
	if ask, _ := workflow.LogAskOf(step, "", at.Add(time.Minute)); !ask.To.Equal(at.Add(65 * time.Second)) {
		t.Errorf("asks up to %v", ask.To)
	}
	ask, _ := workflow.LogAskOf(step, "", at.Add(48*time.Hour))
	if !ask.To.Equal(at.Add(48*time.Hour+5*time.Second)) || ask.To.Sub(ask.From) != time.Hour {
		t.Errorf("asks from %v to %v", ask.From, ask.To)
	}
}

func TestGist(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		`{"time":"t","level":"ERROR","msg":"step failed","reason":"no answer","order_id":"o"}`: "ERROR · no answer · step failed",
		`{"level":"INFO","message":"done"}`:                                                    "INFO · done",
		`{"errorMessage":"boom","errorType":"T"}`:                                              "boom",
		`{"type":"platform.report"}`:                                                           "",
		`{"level":{"a":1}}`:                                                                    "",
		"REPORT RequestId: 1":                                                                  "",
		`"a text"`:                                                                             "",
	} {
		if got := (workflow.LogLine{Text: line}).Gist(); got != want {
			t.Errorf("%s: got %q, want %q", line, got, want)
		}
	}
}
