package operation

import (
	"errors"
	"strings"
	"testing"

	"orderops/workflow"
)

func TestPlanSubmit(t *testing.T) {
	t.Parallel()
	desk := NewDesk(deployment(), newQueues(t), stopper{}, Options{})
	p := desk.PlanSubmit([]byte(body))
	if p.Risk != None || p.Warning != "" || fact(t, p, "body") != body || fact(t, p, "MD5") != bodyMD5 ||
		fact(t, p, "to") != "OrderQueue" || fact(t, p, "size") != "78 bytes" {
		t.Errorf("plan %+v", p)
	}
	p = desk.PlanSubmit([]byte(`{"data":{"user_id":"Burger_9","quantity":"three","restaurant_id":"R"}}`))
	if p.Risk != Ask || !strings.Contains(p.Warning, "data.quantity") {
		t.Errorf("plan of a malformed body: risk %d, %q", p.Risk, p.Warning)
	}
}

func TestSubmit(t *testing.T) {
	t.Parallel()
	lost := &workflow.Problem{Kind: workflow.OutcomeUnknown, RequestID: "r-1", Reason: "connection reset"}
	for name, test := range map[string]struct {
		sent workflow.Sent
		err  error
		// What is wanted.
		submission workflow.Outcome
		record     workflow.Outcome
		order      workflow.OrderID
		kind       workflow.ProblemKind
		says       []string
	}{
		"accepted": {
			workflow.Sent{MessageID: "m-1", BodyMD5: bodyMD5},
			nil,
			workflow.Done, workflow.Done, "m-1", 0, nil,
		},
		"changed on the way": {
			workflow.Sent{MessageID: "m-1", BodyMD5: "0123"},
			nil,
			workflow.Done, workflow.Undone, "m-1", workflow.BrokenCall,
			[]string{"m-1", "0123", bodyMD5},
		},
		"answer lost": {
			workflow.Sent{},
			lost,
			workflow.Unknown, workflow.Unknown, "", workflow.OutcomeUnknown,
			[]string{bodyMD5, "Burger_20", "started since"},
		},
		"throttled": {
			workflow.Sent{},
			&workflow.Problem{Kind: workflow.Throttled, RequestID: "r-1"},
			workflow.Undone, workflow.Undone, "", workflow.Throttled, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := newQueues(t)
			q.send = func(got []byte) (workflow.Sent, error) {
				if string(got) != body {
					t.Errorf("sent %q", got)
				}
				return test.sent, test.err
			}
			s, r, err := NewDesk(deployment(), q, stopper{}, Options{}).Submit(t.Context(), []byte(body))
			if s.Outcome != test.submission || s.OrderID != test.order || s.BodyMD5 != bodyMD5 || string(s.Body) != body || s.At.IsZero() {
				t.Errorf("submission %+v", s)
			}
			if r.Outcome != test.record || r.Verb != "submit" || r.Target != "OrderQueue" || r.Detail == "" && name != "throttled" {
				t.Errorf("record %+v", r)
			}
			if len(q.calls) != 1 {
				t.Errorf("calls %v; an order is sent once", q.calls)
			}
			if test.record == workflow.Done {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			problem, ok := errors.AsType[*workflow.Problem](err)
			if !ok || problem.Kind != test.kind {
				t.Fatalf("error %v", err)
			}
			if test.err != nil && r.RequestID != "r-1" {
				t.Errorf("request id %q", r.RequestID)
			}
			for _, part := range test.says {
				if !strings.Contains(problem.Error(), part) {
					t.Errorf("%q does not say %q", problem.Error(), part)
				}
			}
		})
	}
}

func TestSubmitRefusesBeforeSending(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		deployment workflow.Deployment
		readOnly   bool
		body       string
		want       workflow.ProblemKind
	}{
		"read-only": {deployment(), true, body, workflow.Refused},
		"no queue":  {workflow.Deployment{}, false, body, workflow.Invalid},
		"empty":     {deployment(), false, "", workflow.Invalid},
		"too big":   {deployment(), false, strings.Repeat("x", mostBytes+1), workflow.Invalid},
	} {
		q := newQueues(t)
		s, r, err := NewDesk(test.deployment, q, stopper{}, Options{Guard: workflow.NewGuard(test.readOnly, false, 0)}).Submit(t.Context(), []byte(test.body))
		if workflow.KindOf(err) != test.want || len(q.calls) != 0 || s.Outcome != r.Outcome || s.Outcome == workflow.Done {
			t.Errorf("%s: %v, calls %v, outcome %s", name, err, q.calls, s.Outcome)
		}
	}
}
