package operation_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"orderops/workflow"
	"orderops/workflow/operation"
	"orderops/workflow/operation/journal"
)

// deleteQueue is what somebody else does.
func (s *system) deleteQueue(url string) {
	s.Helper()
	if _, err := s.sqs().DeleteQueue(s.Context(), &sqs.DeleteQueueInput{QueueUrl: &url}); err != nil {
		s.Fatal(err)
	}
}

// TestQueueDeletedInMidRun wants the letters to stay where they are.
func TestQueueDeletedInMidRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		s.kill(25)
		desk, _ := s.journaled(nil)
		inspection, judged := s.judged(desk)
		run := s.start(desk, operation.Selection{Letters: judged, Rate: 5}, inspection)
		time.Sleep(1500 * time.Millisecond)
		s.deleteQueue(queueURL)
		if err := run.Wait(t.Context()); workflow.KindOf(err) != workflow.NotFound {
			t.Errorf("%v", err)
		}
		p := run.Progress()
		if p.Status != operation.Stopped || s.deadTotal() != 25-p.Done {
			t.Errorf("%+v, %d dead letters", p, s.deadTotal())
		}
	})
}

// TestDeadLettersDeletedInMidRun wants the run to stop and to say what it has
// sent. What it did not begin with went with the queue; of the rest the journal
// has every message whole.
func TestDeadLettersDeletedInMidRun(t *testing.T) {
	t.Parallel()
	for _, do := range []operation.Verb{operation.Redrive, operation.Delete} {
		t.Run(string(do), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSystem(t)
				bodies := s.kill(25)
				desk, j := s.journaled(nil)
				inspection, judged := s.judged(desk)
				run := s.start(desk, operation.Selection{Do: do, Letters: judged, Rate: 5}, inspection)
				time.Sleep(1500 * time.Millisecond)
				s.deleteQueue(deadURL)
				if err := run.Wait(t.Context()); workflow.KindOf(err) != workflow.NotFound {
					t.Errorf("%v", err)
				}
				p := run.Progress()
				if p.Status != operation.Stopped || p.Done == 0 || p.Done == 25 {
					t.Errorf("%s because %s: %v", p.Status, p.Why, p)
				}
				letters, err := j.Letters(run.ID(), nil)
				if err != nil || len(letters) < p.Done+p.Sent {
					t.Errorf("%d letters in the journal, %v", len(letters), err)
				}
				for _, l := range letters {
					if string(l.Body) != bodies[string(l.ID)] {
						t.Errorf("%s is archived as %q", l.ID, l.Body)
					}
				}
				time.Sleep(time.Minute)
				started := s.executions()
				for _, item := range run.Items() {
					sent := item.Stage == journal.Moved || item.Stage == journal.Taken && item.NewID != ""
					if want := do == operation.Redrive && sent; (started[string(item.OrderID)] == 1) != want {
						t.Errorf("%+v, %d executions", item, started[string(item.OrderID)])
					}
				}
			})
		})
	}
}

// TestTwoOperators redrive the same letters at the same time, each from a machine
// of their own: each order is made once, whoever sends it.
func TestTwoOperators(t *testing.T) {
	t.Parallel()
	for name, pause := range map[string]time.Duration{"side by side": 0, "one of them suspended between sending and deleting": 3 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSystem(t)
				bodies := s.kill(45)
				first, j := s.journaled(nil)
				second, other := s.journaled(func(o *operation.Options) { o.Operator = "grace" })
				if pause > 0 {
					suspended := once("SendMessageBatch", late)
					s.transport.Store(&suspended)
				}
				all := operation.Selection{Rate: 5, Rest: func(letter) bool { return true }, Include: []workflow.Verdict{workflow.Bounced}}
				one := s.start(first, all, nil)
				time.Sleep(pause)
				two := s.start(second, all, nil)
				_, _ = one.Wait(t.Context()), two.Wait(t.Context()) // what each leaves open is finished below
				if pause == 0 && (one.Progress().Done == 0 || two.Progress().Done == 0) {
					t.Errorf("one of them had nothing to do: %v, %v", one.Progress(), two.Progress())
				}
				s.transport.Store(nil)
				time.Sleep(2 * time.Minute)
				named := map[workflow.OrderID]bool{}
				for _, mine := range []*journal.Journal{j, other, j} {
					s.life(&assassin{dir: mine.Dir()}, named, false)
					time.Sleep(2 * time.Minute)
				}
				s.balance(bodies, named, true, false)
			})
		})
	}
}
