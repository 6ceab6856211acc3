package operation

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"orderops/workflow"
)

func letter(id, text, source string) workflow.DeadLetter {
	return workflow.Judge(workflow.Message{ID: workflow.MessageID(id), Body: []byte(text), SourceARN: source}, workflow.Queue{}, workflow.Queue{})
}

func TestPlanRedriveAll(t *testing.T) {
	t.Parallel()
	q := newQueues(t)
	q.described[deadURL] = workflow.Queue{Name: "OrderDeathLetterQueue", ARN: deadARN, Visible: 20, InFlight: 5}
	q.sources = []string{orderURL, "https://sqs.eu-west-1.amazonaws.com/123456789012/Other"}
	known := []workflow.DeadLetter{letter("a", body, orderARN), letter("b", "x", orderARN), letter("c", body, "")}
	p, err := NewDesk(deployment(), q, stopper{}, Options{}).PlanRedriveAll(t.Context(), known, 10, "")
	if err != nil {
		t.Fatal(err)
	}
	for label, want := range map[string]string{
		"messages":       "at most 25 (5 of them in flight)",
		"to":             "the queues they came from: OrderQueue, Other",
		"takes":          "about 3 s at 10 per second",
		"ids":            "every message gets a new id: consumers that ignore lineage see new orders",
		"OrderQueue now": "12 waiting, 3 in flight",
		"verdicts":       "3 inspected: 1 malformed, 2 readable; of 22 nothing is known",
	} {
		if got := fact(t, p.Plan, label); got != want {
			t.Errorf("%s: %q, want %q", label, got, want)
		}
	}
	if p.Risk != TypeName || p.Type != "OrderDeathLetterQueue" || p.Undo == "" {
		t.Errorf("plan %+v", p)
	}
	for _, part := range []string{"1 message that our decoder rejects", "1 message with no source queue"} {
		if !strings.Contains(p.Warning, part) {
			t.Errorf("warning %q does not say %q", p.Warning, part)
		}
	}
	if len(q.calls) != 0 {
		t.Errorf("planning has changed something: %v", q.calls)
	}
}

// What would become a second order is said, not taken for readable.
func TestPlanRedriveAllWarnsOfSecondOrders(t *testing.T) {
	t.Parallel()
	q := newQueues(t)
	q.described[deadURL] = workflow.Queue{Name: "OrderDeathLetterQueue", ARN: deadARN, Visible: 3}
	known := []workflow.DeadLetter{letter("a", body, orderARN), letter("b", body, orderARN), letter("c", body, orderARN)}
	known[0].Verdict, known[1].Verdict, known[2].Verdict = workflow.Processed, workflow.Broken, workflow.Safe
	p, err := NewDesk(deployment(), q, stopper{}, Options{}).PlanRedriveAll(t.Context(), known, 10, "")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fact(t, p.Plan, "verdicts"), "3 inspected: 1 safe, 1 already processed, 1 execution failed"; got != want {
		t.Errorf("verdicts: %q, want %q", got, want)
	}
	for _, part := range []string{"1 message whose order was already processed may become a second order", "1 message whose execution failed may become a second order"} {
		if !strings.Contains(p.Warning, part) {
			t.Errorf("warning %q does not say %q", p.Warning, part)
		}
	}
}

func TestPlanRedriveAllWithoutSource(t *testing.T) {
	t.Parallel()
	q := newQueues(t)
	q.sources = nil
	q.described[deadURL] = workflow.Queue{Name: "OrderDeathLetterQueue", ARN: deadARN, Visible: 1}
	if _, err := NewDesk(deployment(), q, stopper{}, Options{}).PlanRedriveAll(t.Context(), nil, 10, ""); workflow.KindOf(err) != workflow.Invalid {
		t.Errorf("error %v, want one that the queue has no source", err)
	}
}

func TestRedriveAllIsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		readOnly bool
		rate     int
		moves    []workflow.MoveTask
		failure  error
		want     workflow.ProblemKind
	}{
		"read-only":            {true, 10, nil, nil, workflow.Refused},
		"no rate":              {false, 0, nil, nil, workflow.Invalid},
		"too fast":             {false, 501, nil, nil, workflow.Invalid},
		"a task runs":          {false, 10, []workflow.MoveTask{{Status: workflow.MoveRunning}}, nil, workflow.Refused},
		"a task is cancelling": {false, 10, []workflow.MoveTask{{Status: workflow.MoveCompleted}, {Status: workflow.MoveCancelling}}, nil, workflow.Refused},
		"tasks not readable":   {false, 10, nil, &workflow.Problem{Kind: workflow.Forbidden}, workflow.Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := newQueues(t)
			q.moves = func() ([]workflow.MoveTask, error) { return test.moves, test.failure }
			desk := NewDesk(deployment(), q, stopper{}, Options{Guard: workflow.NewGuard(test.readOnly, false, 0)})
			if _, err := desk.PlanRedriveAll(t.Context(), nil, test.rate, ""); workflow.KindOf(err) != test.want {
				t.Errorf("plan: %v", err)
			}
			_, r, err := desk.RedriveAll(t.Context(), MovePlan{Rate: test.rate}, nil)
			if workflow.KindOf(err) != test.want || r.Outcome == workflow.Done || len(q.calls) != 0 {
				t.Errorf("apply: %v, %+v, calls %v", err, r, q.calls)
			}
		})
	}
}

func TestRedriveAllGivesTheLeasesBackFirst(t *testing.T) {
	t.Parallel()
	for name, failed := range map[string]map[string]string{"given back": nil, "not given back": {"h": "gone"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := newQueues(t)
			q.receive = func(int, time.Duration) ([]workflow.Message, error) {
				return []workflow.Message{{ID: "a", ReceiptHandle: "h"}}, nil
			}
			q.set = func([]string, time.Duration) (map[string]string, error) { return failed, nil }
			q.start = func(source, destination string, rate int) (string, error) {
				if source != deadARN || destination != "" || rate != 25 {
					t.Errorf("StartMove(%q, %q, %d)", source, destination, rate)
				}
				return "task", nil
			}
			desk := NewDesk(deployment(), q, stopper{}, Options{})
			inspection, _, err := desk.Inspect(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := inspection.Next(t.Context()); err != nil {
				t.Fatal(err)
			}
			handle, r, err := desk.RedriveAll(t.Context(), MovePlan{Rate: 25}, inspection)
			if failed == nil {
				if err != nil || handle != "task" || r.Outcome != workflow.Done || !slices.Equal(q.calls, []string{"receive", "set visibility", "start move"}) {
					t.Errorf("%q, %v, %+v, calls %v", handle, err, r, q.calls)
				}
			} else if workflow.KindOf(err) != workflow.Refused || slices.Contains(q.calls, "start move") {
				t.Errorf("%v, calls %v; a move leaves out what is hidden", err, q.calls)
			}
		})
	}
}

func TestRedriveAllLostAnswer(t *testing.T) {
	t.Parallel()
	q := newQueues(t)
	q.start = func(string, string, int) (string, error) {
		return "", &workflow.Problem{Kind: workflow.OutcomeUnknown, RequestID: "r-1"}
	}
	_, r, err := NewDesk(deployment(), q, stopper{}, Options{}).RedriveAll(t.Context(), MovePlan{Rate: 10}, nil)
	if workflow.KindOf(err) != workflow.OutcomeUnknown || r.Outcome != workflow.Unknown || r.RequestID != "r-1" || !strings.Contains(err.Error(), "Look at the move tasks") {
		t.Errorf("%v, %+v", err, r)
	}
}

func TestCancelMove(t *testing.T) {
	t.Parallel()
	task := workflow.MoveTask{Handle: "task", Status: workflow.MoveRunning, SourceARN: deadARN, Moved: 2, ToMove: 10}
	q := newQueues(t)
	q.cancel = func(handle string) (int64, error) {
		if handle != "task" {
			t.Errorf("cancelled %q", handle)
		}
		return 3, nil
	}
	desk := NewDesk(deployment(), q, stopper{}, Options{})
	if p := desk.PlanCancelMove(task); p.Risk != Ask || fact(t, p, "so far") != "2 moved of 10" {
		t.Errorf("plan %+v", p)
	}
	moved, r, err := desk.CancelMove(t.Context(), task)
	if err != nil || moved != 3 || r.Detail != "3 moved by then" || r.Target != "OrderDeathLetterQueue" {
		t.Errorf("%d, %+v, %v", moved, r, err)
	}
	task.Handle = ""
	if _, _, err := desk.CancelMove(t.Context(), task); workflow.KindOf(err) != workflow.Invalid {
		t.Errorf("a task that does not run: %v", err)
	}
	readOnly := NewDesk(deployment(), newQueues(t), stopper{}, Options{Guard: workflow.NewGuard(true, false, 0)})
	if _, r, err := readOnly.CancelMove(t.Context(), task); workflow.KindOf(err) != workflow.Refused || r.Outcome != workflow.Denied {
		t.Errorf("read-only: %v", err)
	}
}

func TestStop(t *testing.T) {
	t.Parallel()
	running := workflow.Execution{ARN: "arn", Name: "7c1e", Status: workflow.Running}
	for name, test := range map[string]struct {
		execution workflow.Execution
		readOnly  bool
		err       error
		called    bool
		want      workflow.Outcome
	}{
		"stopped":   {running, false, nil, true, workflow.Done},
		"lost":      {running, false, &workflow.Problem{Kind: workflow.OutcomeUnknown}, true, workflow.Unknown},
		"failed":    {running, false, context.DeadlineExceeded, true, workflow.Undone},
		"ended":     {workflow.Execution{ARN: "arn", Status: workflow.Succeeded}, false, nil, false, workflow.Undone},
		"read-only": {running, true, nil, false, workflow.Denied},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			called := false
			executions := stopper{func(arn workflow.ExecutionARN, name, cause string) error {
				called = true
				if arn != "arn" || name != "StoppedByOperator" || cause != "stopped by ada with orderops" {
					t.Errorf("Stop(%q, %q, %q)", arn, name, cause)
				}
				return test.err
			}}
			desk := NewDesk(deployment(), newQueues(t), executions, Options{Operator: "ada", Guard: workflow.NewGuard(test.readOnly, false, 0)})
			r, err := desk.Stop(t.Context(), test.execution)
			if r.Outcome != test.want || called != test.called || (err == nil) != (test.want == workflow.Done) || r.Detail == "" && test.want != workflow.Unknown {
				t.Errorf("%+v, %v, called %v", r, err, called)
			}
			if p := desk.PlanStop(test.execution); p.Risk != Ask || p.Warning == "" {
				t.Errorf("plan %+v", p)
			}
		})
	}
}
