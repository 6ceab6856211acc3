package operation_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"orderops/workflow"
	"orderops/workflow/operation"
	"orderops/workflow/operation/planfile"
)

// kept is a plan as another program reads it from its file.
func kept(t *testing.T, saved planfile.Plan) (planfile.Plan, string) {
	t.Helper()
	var b bytes.Buffer
	if err := planfile.Write(&b, saved); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	read, err := planfile.Read(&b)
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return read, text
}

// planned plans a run over what is judged, and gives the messages back.
func (s *system) planned(desk *operation.Desk, selection operation.Selection) operation.RunPlan {
	s.Helper()
	inspection, judged := s.judged(desk)
	if _, err := inspection.Release(s.Context()); err != nil {
		s.Fatal(err)
	}
	selection.Letters = judged
	plan, err := desk.PlanRun(s.Context(), selection)
	if err != nil {
		s.Fatal(err)
	}
	return plan
}

func why(dropped []operation.Dropped, id workflow.MessageID) string {
	for _, d := range dropped {
		if d.ID == string(id) {
			return d.Why
		}
	}
	return ""
}

// TestSavedRedriveDropsWhatChanged keeps a plan, lets the world go on, and
// applies the plan as somebody else: what is gone, held or done meanwhile is
// dropped, what came anew is left alone, and the rest is redriven.
func TestSavedRedriveDropsWhatChanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		s.kill(5)
		maker, _ := s.journaled(nil)
		plan := s.planned(maker, operation.Selection{Do: operation.Redrive, Rate: 50, Reason: "noon"})
		saved, text := kept(t, maker.SavedRun(t.Context(), plan))
		if strings.Contains(text, "Burger_") {
			t.Errorf("bodies stand in the plan: %s", text)
		}

		time.Sleep(time.Hour)
		gone, done, heldByOther := s.take(2*time.Minute), plan.Eligible, workflow.MessageID("")
		s.remove(gone)
		heldByOther = s.take(time.Hour).ID
		done = slices.DeleteFunc(slices.Clone(done), func(l letter) bool { return l.ID == gone.ID || l.ID == heldByOther })
		if _, err := s.session.Execution.Start(t.Context(), string(done[0].ID), "{}"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute) // it fails
		late := s.send(deadURL, good, nil)

		other, _ := s.journaled(func(o *operation.Options) { o.Operator = "bob" })
		told := 0
		revised, err := other.ReviseRun(t.Context(), saved, nil, false, operation.Look{Told: func(n int) { told = n }})
		if err != nil {
			t.Fatal(err)
		}
		for id, part := range map[workflow.MessageID]string{gone.ID: "not received", heldByOther: "not received", done[0].ID: "was safe, is execution failed"} {
			if !strings.Contains(why(revised.Dropped, id), part) {
				t.Errorf("%s: %q, want %q", id, why(revised.Dropped, id), part)
			}
		}
		facts := factsOf(revised.Plan)
		if len(revised.Dropped) != 3 || len(revised.Eligible) != 2 || told != 3 || !strings.Contains(facts["saved"], "1 hour ago by ada, as the file says") ||
			!strings.Contains(facts["dropped"], "1 was safe, is execution failed") || revised.Reason != "noon" || revised.Rate != 50 {
			t.Errorf("%d dropped, %d left, %d found, %+v", len(revised.Dropped), len(revised.Eligible), told, revised.Facts)
		}
		run, _, err := other.Start(t.Context(), revised.RunPlan, nil)
		if err == nil {
			err = run.Wait(t.Context())
		}
		if p := run.Progress(); err != nil || p.Done != 2 {
			t.Fatalf("%+v, %v", p, err)
		}
		time.Sleep(2 * time.Hour)
		_, left := s.inspect(other, 100)
		var ids []string
		for _, l := range left {
			ids = append(ids, string(l.ID))
		}
		slices.Sort(ids)
		want := []string{string(done[0].ID), string(heldByOther), late}
		slices.Sort(want)
		if !slices.Equal(ids, want) {
			t.Errorf("left are %v, want %v", ids, want)
		}

		// Applied a second time, nothing of it is done again.
		again, err := other.ReviseRun(t.Context(), saved, nil, false, operation.Look{})
		if workflow.KindOf(err) != workflow.Refused || !strings.Contains(err.Error(), "nothing of it is left") {
			t.Errorf("a second time: %v, %+v", err, again.Eligible)
		}
	})
}

// take receives one dead letter as somebody else, and hides it for a time.
func (s *system) take(hidden time.Duration) workflow.Message {
	s.Helper()
	got, err := s.session.Queue.Receive(s.Context(), deadURL, 1, hidden)
	if err != nil || len(got) != 1 {
		s.Fatalf("%d received, %v", len(got), err)
	}
	return got[0]
}

func (s *system) remove(m workflow.Message) {
	s.Helper()
	if _, err := s.sqs().DeleteMessage(s.Context(), &sqs.DeleteMessageInput{QueueUrl: awssdk.String(deadURL), ReceiptHandle: &m.ReceiptHandle}); err != nil {
		s.Fatal(err)
	}
}

// TestSavedPlanOfHeldMessages: what the screen holds is not received again, and
// counts as there only while it is held.
func TestSavedPlanOfHeldMessages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		s.kill(3)
		desk, _ := s.journaled(nil)
		inspection, judged := s.judged(desk)
		plan, err := desk.PlanRun(t.Context(), operation.Selection{Do: operation.Redrive, Letters: judged})
		if err != nil {
			t.Fatal(err)
		}
		saved, _ := kept(t, desk.SavedRun(t.Context(), plan))
		look := operation.Look{Known: judged, Inspection: inspection}
		if revised, err := desk.ReviseRun(t.Context(), saved, nil, false, look); err != nil || len(revised.Dropped) != 0 || len(revised.Eligible) != 3 {
			t.Errorf("held: %+v, %v", revised.Dropped, err)
		}
		// Without the inspection they are hidden from who looks.
		if _, err := desk.ReviseRun(t.Context(), saved, nil, false, operation.Look{Known: judged}); workflow.KindOf(err) != workflow.Refused {
			t.Errorf("not held: %v", err)
		}
	})
}

// TestSavedEditHasTheNewBodyOnly keeps the plan of an edit, and applies it.
func TestSavedEditHasTheNewBodyOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		id := workflow.MessageID(s.send(deadURL, poison, nil))
		desk, _ := s.journaled(nil)
		plan := s.planned(desk, operation.Selection{Do: operation.Redrive, Edits: map[workflow.MessageID][]byte{id: []byte(good)}})
		saved, text := kept(t, desk.SavedRun(t.Context(), plan))
		if strings.Contains(text, "three") || !strings.Contains(text, "Burger_20") {
			t.Errorf("the plan is %s", text)
		}
		revised, err := desk.ReviseRun(t.Context(), saved, nil, false, operation.Look{})
		if err != nil {
			t.Fatal(err)
		}
		run, _, err := desk.Start(t.Context(), revised.RunPlan, nil)
		if err == nil {
			err = run.Wait(t.Context())
		}
		time.Sleep(time.Minute)
		if started := s.executions(); err != nil || len(started) != 1 || started[string(id)] != 0 || s.deadTotal() != 0 {
			t.Errorf("executions %v, %v", started, err)
		}
	})
}

// TestSavedPlanTakesTheRest: a plan for all that match deals with what came
// later, too, and never with what does not match.
func TestSavedPlanTakesTheRest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		s.send(deadURL, poison, nil)
		desk, _ := s.journaled(nil)
		rest := func(l letter) bool { return strings.Contains(string(l.Body), "three") }
		plan := s.planned(desk, operation.Selection{Do: operation.Delete, Rest: rest, Filter: "three", Rate: 100})
		saved, _ := kept(t, desk.SavedRun(t.Context(), plan))
		s.send(deadURL, poison, nil)
		s.send(deadURL, good, nil)
		revised, err := desk.ReviseRun(t.Context(), saved, rest, false, operation.Look{})
		if err != nil {
			t.Fatal(err)
		}
		if changes := fact(t, revised.Plan, "since then"); !strings.Contains(changes, "messages, about were 1, are 3") || revised.Type != "OrderDeathLetterQueue" {
			t.Errorf("since then: %q, typed %q", changes, revised.Type)
		}
		run, _, err := desk.Start(t.Context(), revised.RunPlan, nil)
		if err == nil {
			err = run.Wait(t.Context())
		}
		if err != nil || s.deadTotal() != 1 || run.Progress().Done != 2 {
			t.Errorf("%d left, %+v, %v", s.deadTotal(), run.Progress(), err)
		}
	})
}

// TestSavedPlanOfElsewhere refuses what was made for another deployment, and a
// plan is no permission: a locked context refuses it like any other.
func TestSavedPlanOfElsewhere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		s.send(deadURL, good, nil)
		desk, _ := s.journaled(nil)
		plan := s.planned(desk, operation.Selection{Do: operation.Redrive})
		saved := desk.SavedRun(t.Context(), plan)
		for name, change := range map[string]func(*planfile.Plan){
			"account": func(p *planfile.Plan) { p.Account = "999999999999" }, "region": func(p *planfile.Plan) { p.Region = "eu-west-9" },
			"stack": func(p *planfile.Plan) { p.Stack = "other" }, "dead-letter queue": func(p *planfile.Plan) { p.Queue += "x" },
		} {
			other := saved
			change(&other)
			if _, err := desk.ReviseRun(t.Context(), other, nil, false, operation.Look{}); workflow.KindOf(err) != workflow.Refused || !strings.Contains(err.Error(), "made for the "+name) {
				t.Errorf("another %s: %v", name, err)
			}
		}
		locked := s.desk(func(o *operation.Options) { o.Guard = workflow.NewGuard(false, true, time.Minute) })
		if _, err := locked.ReviseRun(t.Context(), saved, nil, false, operation.Look{}); workflow.KindOf(err) != workflow.Refused || !strings.Contains(err.Error(), "locked") {
			t.Errorf("locked: %v", err)
		}
		changed := saved
		changed.Messages[0].Digest = planfile.Digest([]byte("another"))
		if r, err := desk.ReviseRun(t.Context(), changed, nil, false, operation.Look{}); workflow.KindOf(err) != workflow.Refused || !strings.Contains(r.Dropped[0].Why, "another body") {
			t.Errorf("another body: %v, %+v", err, r.Dropped)
		}
	})
}

// TestSavedRestoreAndMove keeps the plans that need no verdicts.
func TestSavedRestoreAndMove(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		s.send(deadURL, good, nil)
		s.send(deadURL, poison, nil)
		desk, _ := s.journaled(nil)
		plan := s.planned(desk, operation.Selection{Do: operation.Delete, Rate: 100})
		run, _, err := desk.Start(t.Context(), plan, nil)
		if err == nil {
			err = run.Wait(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		restore, err := desk.PlanRestore(t.Context(), run.ID())
		if err != nil {
			t.Fatal(err)
		}
		saved, _ := kept(t, desk.SavedRestore(t.Context(), restore.At(7), planfile.Source{}))
		revised, err := desk.ReviseRestore(t.Context(), saved, nil)
		if err != nil || revised.Total() != 2 || revised.Rate != 7 {
			t.Fatalf("%d to put back at %d, %v", revised.Total(), revised.Rate, err)
		}
		if _, err := desk.Restore(t.Context(), revised.RestorePlan, nil); err != nil || s.deadTotal() != 2 {
			t.Fatalf("%d dead letters, %v", s.deadTotal(), err)
		}
		if _, err := desk.ReviseRestore(t.Context(), saved, nil); err == nil || !strings.Contains(err.Error(), "put back already") {
			t.Errorf("a second time: %v", err)
		}

		move, err := desk.PlanRedriveAll(t.Context(), nil, 33, "")
		if err != nil {
			t.Fatal(err)
		}
		moved, _ := kept(t, desk.SavedMove(t.Context(), move))
		s.send(deadURL, good, nil)
		now, err := desk.ReviseMove(t.Context(), moved)
		if err != nil || now.Rate != 33 || !strings.Contains(fact(t, now.Plan, "since then"), "were 2, are 3") || now.Risk != operation.TypeName {
			t.Errorf("%+v, %v", now, err)
		}
	})
}

// TestSavedExecutions drops an execution that was redriven since, and failed again.
func TestSavedExecutions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		first, _ := s.brokenAndDone()
		second, _ := s.brokenAndDone()
		desk := s.desk(nil)
		prospects := []operation.Prospect{desk.Prospect(first, "ProcessPayment", "Task"), desk.Prospect(second, "ProcessPayment", "Task")}
		plan, err := desk.PlanRedriveExecutions(prospects)
		if err != nil {
			t.Fatal(err)
		}
		saved, _ := kept(t, desk.SavedExecutions(t.Context(), plan, prospects))
		s.broken.Store(true)
		if _, err := desk.RedriveExecution(t.Context(), prospects[0]); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		asked := 0
		revised, err := desk.ReviseExecutions(t.Context(), saved, func(n int) { asked = n })
		if err != nil || asked != 2 || len(revised.Prospects) != 1 || revised.Prospects[0].ARN != second.ARN || !strings.Contains(revised.Dropped[0].Why, "redriven since") {
			t.Errorf("%d asked, %+v, %+v, %v", asked, revised.Dropped, revised.Plan, err)
		}
		if !strings.Contains(revised.Warning, "Payment may already be taken") {
			t.Errorf("warning %q", revised.Warning)
		}
	})
}
