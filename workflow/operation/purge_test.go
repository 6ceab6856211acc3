package operation_test

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"orderops/workflow"
	"orderops/workflow/operation"
)

// TestPurgeArchivesEverything deletes all dead letters, received or not, and
// nothing that is not in the journal; all can be put back.
func TestPurgeArchivesEverything(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		bodies := s.kill(34)
		desk, j := s.journaled(nil)
		inspection, received := s.inspect(desk, 10)
		plan, err := desk.PlanRun(t.Context(), operation.Selection{Do: operation.Delete, Letters: received, Rest: func(letter) bool { return true }, Rate: 100})
		if err != nil {
			t.Fatal(err)
		}
		facts := factsOf(plan.Plan)
		if plan.Title != "Delete all dead letters" || plan.Type != "OrderDeathLetterQueue" || !strings.Contains(facts["which"], "not received yet") || !strings.Contains(facts["in flight"], "stays") {
			t.Errorf("%+v", plan.Plan)
		}
		run, _, err := desk.Start(t.Context(), plan, inspection)
		if err == nil {
			err = run.Wait(t.Context())
		}
		if p := run.Progress(); err != nil || p.Done != 34 || p.Status != operation.Finished || s.deadTotal() != 0 {
			t.Fatalf("%+v, %d there, %v", p, s.deadTotal(), err)
		}
		letters, err := j.Letters(run.ID(), nil)
		if err != nil || len(letters) != 34 {
			t.Fatalf("%d in the journal, %v", len(letters), err)
		}
		for _, l := range letters {
			if bodies[string(l.ID)] != string(l.Body) {
				t.Errorf("%s is archived as %q", l.ID, l.Body)
			}
		}
		restore, err := desk.PlanRestore(t.Context(), run.ID())
		if err != nil || restore.Total() != 34 {
			t.Errorf("%d can be put back, %v", restore.Total(), err)
		}
	})
}

// TestCopyLeavesTheDeadLetters copies dead letters to another queue, byte for
// byte, and never onto the order queue.
func TestCopyLeavesTheDeadLetters(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		s.sendHard()
		made, err := s.sqs().CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: awssdk.String("Quarantine")})
		if err != nil {
			t.Fatal(err)
		}
		desk, _ := s.journaled(nil)
		to, err := desk.FindQueue(t.Context(), "Quarantine")
		if err != nil || to != *made.QueueUrl {
			t.Fatalf("found %q, %v", to, err)
		}
		inspection, received := s.inspect(desk, 1000)
		for _, bad := range []string{queueURL, deadURL, ""} {
			if _, err := desk.PlanRun(t.Context(), operation.Selection{Do: operation.CopyTo, Letters: received, To: bad}); workflow.KindOf(err) != workflow.Refused {
				t.Errorf("a copy to %q: %v", bad, err)
			}
		}
		plan, err := desk.PlanRun(t.Context(), operation.Selection{Do: operation.CopyTo, Letters: received, To: to})
		if err != nil || factsOf(plan.Plan)["to"] != "Quarantine" || plan.Title != "Copy 3 messages" {
			t.Fatalf("%+v, %v", plan.Plan, err)
		}
		run, _, err := desk.Start(t.Context(), plan, inspection)
		if err == nil {
			err = run.Wait(t.Context())
		}
		if p := run.Progress(); err != nil || p.Done != 3 || p.Doubtful != 0 || p.Status != operation.Finished {
			t.Errorf("%+v, %v", p, err)
		}
		if q, err := s.session.Queue.Describe(t.Context(), deadURL); err != nil || q.Visible != 3 {
			t.Errorf("%+v, %v", q, err)
		}
		var copies []workflow.Message
		for len(copies) < 3 {
			got, err := s.session.Queue.Receive(t.Context(), to, 10, operation.Lease)
			if err != nil || len(got) == 0 {
				t.Fatalf("%d copies, %v", len(copies), err)
			}
			copies = append(copies, got...)
		}
		for _, want := range hard() {
			if !slices.ContainsFunc(copies, func(m workflow.Message) bool {
				same := maps.EqualFunc(m.Attributes, want.Attributes, func(a, b workflow.Attribute) bool { return reflect.DeepEqual(a, b) })
				return string(m.Body) == string(want.Body) && same && m.TraceHeader == want.TraceHeader
			}) {
				t.Errorf("%.40q was changed on the way", want.Body)
			}
		}
		if open, err := desk.Unfinished(); err != nil || len(open) != 0 {
			t.Errorf("offered to finish: %+v, %v", open, err)
		}
	})
}

// TestDeleteByVerdictJudgesTheRest: a filter that asks for the verdict takes
// nothing that was not judged, also of what was not received when the plan was
// made: a good order is not deleted for a failed one.
func TestDeleteByVerdictJudgesTheRest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		s.kill(4)
		failed := s.send(deadURL, good, nil)
		if _, err := s.session.Execution.Start(t.Context(), failed, "{}"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute) // it fails
		desk, _ := s.journaled(nil)
		plan, err := desk.PlanRun(t.Context(), operation.Selection{
			Do: operation.Delete, Rest: func(l letter) bool { return l.Verdict == workflow.Broken }, RestJudged: true, Filter: "verdict:failed", Rate: 100,
		})
		if err != nil {
			t.Fatal(err)
		}
		run, _, err := desk.Start(t.Context(), plan, nil)
		if err == nil {
			err = run.Wait(t.Context())
		}
		items := run.Items()
		if err != nil || len(items) != 1 || string(items[0].ID) != failed || s.deadTotal() != 4 {
			t.Errorf("%+v, %d left, %v", items, s.deadTotal(), err)
		}
	})
}

// TestDeletionHasSeveralBatchesInFlight wants a deletion of many as quick as four
// calls side by side make it.
func TestDeletionHasSeveralBatchesInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		s.kill(90)
		desk, _ := s.journaled(nil)
		inspection, judged := s.judged(desk)
		slow := func(_ *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
			time.Sleep(time.Second)
			return send()
		}
		s.transport.Store(&slow)
		run := s.start(desk, operation.Selection{Do: operation.Delete, Letters: judged, Rate: operation.MostRunRate}, inspection)
		began := time.Now()
		if err := run.Wait(t.Context()); err != nil || run.Progress().Done != 90 {
			t.Fatalf("%v, %v", run.Progress(), err)
		}
		// Nine batches of two calls, the first one alone, and then four at a time.
		if took := time.Since(began); took > 8*time.Second {
			t.Errorf("took %s", took)
		}
	})
}
