package operation_test

import (
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"orderops/aws/local"
	"orderops/aws/local/wire"
	"orderops/workflow"
	"orderops/workflow/operation"
)

// broken sends an order whose payment step fails, and one that succeeds, and
// waits for both.
func (s *system) brokenAndDone() (broken, done workflow.Execution) {
	s.Helper()
	s.broken.Store(true)
	first := s.send(queueURL, good, nil)
	time.Sleep(5 * time.Second)
	s.broken.Store(false)
	second := s.send(queueURL, good, nil)
	time.Sleep(time.Minute)
	broken, done = s.describe(first), s.describe(second)
	if broken.Status != workflow.Failed || done.Status != workflow.Succeeded {
		s.Fatalf("the executions are %s and %s", broken.Status, done.Status)
	}
	return broken, done
}

func (s *system) describe(name string) workflow.Execution {
	s.Helper()
	e, err := s.session.Execution.Describe(s.Context(), workflow.ExecutionOf(s.session.Deployment.StateMachineARN, name))
	if err != nil {
		s.Fatal(err)
	}
	return e
}

func fact(t *testing.T, p operation.Plan, label string) string {
	t.Helper()
	for _, f := range p.Facts {
		if f.Label == label {
			return f.Text
		}
	}
	t.Errorf("the plan has no %q: %+v", label, p.Facts)
	return ""
}

func TestRedriveExecutions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		broken, done := s.brokenAndDone()
		desk := s.desk(nil)

		// As the list tells them: without what only DescribeExecution knows.
		listed := broken
		listed.RedriveStatus = ""
		old := listed
		old.ARN, old.Name, old.Stopped = "old", "old", time.Now().Add(-15*24*time.Hour)
		prospects := desk.Look(t.Context(), []operation.Prospect{
			desk.Prospect(listed, "ProcessPayment", "Task"), desk.Prospect(done, "OrderSuccess", "Task"), desk.Prospect(old, "ProcessPayment", "Task"),
		})
		if !prospects[0].Checked || prospects[0].Against != "" {
			t.Errorf("the broken one: %+v", prospects[0])
		}
		plan, err := desk.PlanRedriveExecutions(prospects)
		if err != nil {
			t.Fatal(err)
		}
		if got := fact(t, plan, "redrive"); got != "1 of 3" {
			t.Errorf("redrive %s", got)
		}
		if got := fact(t, plan, "left out"); got != "1 succeeded · 1 ended more than 14 days ago" {
			t.Errorf("left out %s", got)
		}
		if got := fact(t, plan, broken.Name[:6]+"…"+broken.Name[30:]); !strings.HasPrefix(got, "✓ failed in ProcessPayment") || !strings.HasSuffix(got, "13 days left") {
			t.Errorf("listed as %q", got)
		}
		if !strings.Contains(plan.Warning, "Payment may already be taken") {
			t.Errorf("the warning is %q", plan.Warning)
		}

		if _, err := desk.RedriveExecution(t.Context(), prospects[1]); workflow.KindOf(err) != workflow.Invalid {
			t.Errorf("a succeeded one was redriven: %v", err)
		}
		record, err := desk.RedriveExecution(t.Context(), prospects[0])
		if err != nil || record.Outcome != workflow.Done || record.Detail != "goes on in ProcessPayment" {
			t.Fatalf("%+v, %v", record, err)
		}
		time.Sleep(time.Minute)
		if again := s.describe(broken.Name); again.Status != workflow.Succeeded || again.RedriveCount != 1 {
			t.Errorf("it is %s after %d redrives", again.Status, again.RedriveCount)
		}
		// What was looked at before is checked again by Step Functions itself.
		if _, err := desk.RedriveExecution(t.Context(), prospects[0]); err == nil || !strings.Contains(err.Error(), "SUCCEEDED") {
			t.Errorf("redriven twice: %v", err)
		}
		if _, err := desk.PlanRedriveExecutions(prospects[1:]); workflow.KindOf(err) != workflow.Invalid {
			t.Errorf("nothing to redrive gave a plan: %v", err)
		}
	})
}

// Many at once ask for the machine's name.
func TestRedriveOfManyIsTyped(t *testing.T) {
	t.Parallel()
	desk := operation.NewDesk(workflow.Deployment{StateMachineARN: "arn:aws:states:eu-west-1:1:stateMachine:Machine"}, nil, nil, operation.Options{})
	var prospects []operation.Prospect
	for range 12 {
		prospects = append(prospects, desk.Prospect(workflow.Execution{Name: "o", Status: workflow.TimedOut}, "Send", "Task"))
	}
	plan, err := desk.PlanRedriveExecutions(prospects)
	if err != nil || plan.Risk != operation.TypeName || plan.Type != "Machine" || plan.AskFor == "" || plan.Warning != "" {
		t.Errorf("%+v, %v", plan, err)
	}
	if got := fact(t, plan, "not checked"); !strings.HasPrefix(got, "12 executions") {
		t.Errorf("not checked: %s", got)
	}
	if got := fact(t, plan, "looked at"); got != "0 of 12" {
		t.Errorf("looked at: %s", got)
	}
}

func TestProspects(t *testing.T) {
	t.Parallel()
	desk := operation.NewDesk(workflow.Deployment{}, nil, nil, operation.Options{})
	for want, e := range map[string]workflow.Execution{
		"has not ended":       {Status: workflow.Running},
		"not redrivable: why": {Status: workflow.Failed, RedriveStatus: "NOT_REDRIVABLE", RedriveReason: "why"},
		"part of a Map Run, which is redriven as a whole": {Status: workflow.Failed, RedriveStatus: "REDRIVABLE_BY_MAP_RUN"},
		"": {Status: workflow.Aborted, RedriveStatus: "REDRIVABLE"},
	} {
		if got := desk.Prospect(e, "A", "Task").Against; got != want {
			t.Errorf("%+v: %q, want %q", e, got, want)
		}
	}
	if got := desk.Prospect(workflow.Execution{Status: workflow.Failed}, "Broken", "Fail").Against; !strings.Contains(got, "Fail state Broken") {
		t.Errorf("a Fail state: %q", got)
	}
}

func TestRerun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		broken, done := s.brokenAndDone()
		desk := s.desk(nil)

		for _, name := range []string{broken.Name + "-r1", broken.Name + "-r2"} {
			r, err := desk.PrepareRerun(t.Context(), broken.ARN, "")
			if err != nil {
				t.Fatal(err)
			}
			if r.Name != name || r.Input != broken.Input || r.NewOrder || string(r.Order) != broken.Name {
				t.Fatalf("prepared %+v, want the name %s", r, name)
			}
			if plan := desk.PlanRerun(r); !strings.Contains(plan.Warning, "Payment may already be taken") {
				t.Errorf("the warning is %q", plan.Warning)
			}
			arn, record, err := desk.Rerun(t.Context(), r)
			if err != nil || record.Detail != "started as "+name || !strings.HasSuffix(string(arn), name) {
				t.Fatalf("%s, %+v, %v", arn, record, err)
			}
		}
		// A run under way is not repeated.
		running := s.describe(broken.Name + "-r1")
		if _, err := desk.PrepareRerun(t.Context(), running.ARN, ""); workflow.KindOf(err) != workflow.Refused {
			t.Errorf("a running one: %v", err)
		}
		time.Sleep(time.Minute)
		again := s.describe(broken.Name + "-r1")
		if again.Status != workflow.Succeeded || string(again.OrderID()) != broken.Name {
			t.Errorf("the second run is %s of order %s", again.Status, again.OrderID())
		}

		// What succeeded becomes a new order, and the plan says so.
		r, err := desk.PrepareRerun(t.Context(), done.ARN, "")
		if err != nil {
			t.Fatal(err)
		}
		if !r.NewOrder || string(r.Order) == done.Name || workflow.DecodeInput(r.Input).ID != r.Order || r.Name != string(r.Order) {
			t.Errorf("prepared %+v", r)
		}
		if plan := desk.PlanRerun(r); !strings.Contains(plan.Warning, "NEW order") {
			t.Errorf("the warning is %q", plan.Warning)
		}
	})
}

func TestRerunWithAnotherInput(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		broken, _ := s.brokenAndDone()
		desk := s.desk(nil)
		edited, ok := workflow.WithMember(broken.Input, "quantity", "4")
		if !ok {
			t.Fatal(broken.Input)
		}
		r, err := desk.PrepareRerun(t.Context(), broken.ARN, edited)
		if err != nil {
			t.Fatal(err)
		}
		plan := desk.PlanRerun(r)
		if got := fact(t, plan, "input"); got != "edited, in 1 place" {
			t.Errorf("the input is %q", got)
		}
		if got := fact(t, plan, "changed"); !regexp.MustCompile(`^quantity: "\d" → "4"$`).MatchString(got) {
			t.Errorf("changed is %q", got)
		}
		// What is laid out otherwise is the same input, byte by byte.
		if same, err := desk.PrepareRerun(t.Context(), broken.ARN, " "+strings.ReplaceAll(broken.Input, ",", ",\n ")); err != nil || same.Input != broken.Input || same.Changes != nil {
			t.Errorf("laid out otherwise: %+v, %v", same, err)
		}
		if read, err := desk.RunInput(t.Context(), broken.ARN); err != nil || read != broken.Input {
			t.Errorf("the input to edit: %q, %v", read, err)
		}
		if _, err := desk.PrepareRerun(t.Context(), broken.ARN, "[1]"); workflow.KindOf(err) != workflow.Refused {
			t.Errorf("an input that is no object: %v", err)
		}
		// A lost answer is not taken for a failure.
		lose := func(call local.Call) *wire.Error {
			if call.Operation == "StartExecution" {
				return &wire.Error{Status: 500, Type: "InternalServerError"}
			}
			return nil
		}
		s.intercept.Store(&lose)
		if _, record, err := desk.Rerun(t.Context(), r); workflow.KindOf(err) != workflow.OutcomeUnknown || record.Outcome != workflow.Unknown {
			t.Errorf("a lost answer: %+v, %v", record, err)
		}
	})
}

// While nothing may be changed, nothing is asked for.
func TestRedriveAndRerunAreGuarded(t *testing.T) {
	t.Parallel()
	desk := operation.NewDesk(workflow.Deployment{StateMachineARN: "m"}, nil, nil, operation.Options{Guard: workflow.NewGuard(true, false, 0)})
	if _, err := desk.RedriveExecution(t.Context(), operation.Prospect{Execution: workflow.Execution{ARN: "a"}}); workflow.KindOf(err) != workflow.Refused {
		t.Errorf("redrive: %v", err)
	}
	if _, err := desk.PrepareRerun(t.Context(), "a", ""); workflow.KindOf(err) != workflow.Refused {
		t.Errorf("prepare: %v", err)
	}
	if _, _, err := desk.Rerun(t.Context(), operation.Rerun{}); workflow.KindOf(err) != workflow.Refused {
		t.Errorf("rerun: %v", err)
	}
}
