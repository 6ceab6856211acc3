package operation_test

import (
	"testing"
	"testing/synctest"
	"time"

	"orderops/workflow"
	"orderops/workflow/operation"
	"orderops/workflow/operation/journal"
)

// TestEditIsAnotherOrder redrives a poison message with another body: it is a
// new order, and the journal has both bodies.
func TestEditIsAnotherOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		id := workflow.MessageID(s.send(deadURL, poison, nil))
		desk, j := s.journaled(nil)
		inspection, judged := s.judged(desk)
		run, err := s.redrive(desk, operation.Selection{Letters: judged, Edits: map[workflow.MessageID][]byte{id: []byte(good)}}, inspection)
		if err != nil || s.deadTotal() != 0 {
			t.Fatalf("%d dead letters, %v", s.deadTotal(), err)
		}
		letters, err := j.Letters(run.ID(), nil)
		if err != nil || len(letters) != 1 || string(letters[0].Body) != poison || string(letters[0].NewBody) != good || letters[0].OrderID == workflow.OrderID(id) {
			t.Fatalf("journal %+v, %v", letters, err)
		}
		time.Sleep(time.Minute)
		if started := s.executions(); len(started) != 1 || started[string(letters[0].OrderID)] != 1 {
			t.Errorf("executions %v, want %s", started, letters[0].OrderID)
		}
	})
}

// TestFinishSendsNoOriginalForAnEdit takes up a run that broke off before its
// edited message was begun, or after it was refused: the original, although it
// is safe, is not what was agreed to.
func TestFinishSendsNoOriginalForAnEdit(t *testing.T) {
	t.Parallel()
	for _, refused := range []bool{false, true} {
		t.Run(map[bool]string{false: "not begun", true: "refused"}[refused], func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSystem(t)
				edited, plain := workflow.MessageID(s.send(deadURL, good, nil)), workflow.MessageID(s.send(deadURL, good, nil))
				desk, j := s.journaled(nil)
				broken, err := j.Begin(journal.Head{
					Verb: string(operation.Redrive), From: deadURL, Rate: 10, Chosen: []workflow.MessageID{edited, plain}, Edited: []workflow.MessageID{edited},
				})
				if err != nil {
					t.Fatal(err)
				}
				if refused {
					intent := journal.Letter{ID: edited, Body: []byte(good), NewBody: []byte(`{"data":{}}`), Send: true}
					answer := journal.Result{ID: edited, Why: "refused"}
					for _, e := range []journal.Entry{{Kind: journal.Intent, Letters: []journal.Letter{intent}}, {Kind: journal.Sent, Results: []journal.Result{answer}}} {
						if err := broken.Append(e); err != nil {
							t.Fatal(err)
						}
					}
				}
				id := broken.ID()
				if err := broken.Close(); err != nil { // as its death does
					t.Fatal(err)
				}
				run, _, err := desk.Finish(t.Context(), id, false)
				if err == nil {
					err = run.Wait(t.Context())
				}
				if err != nil || s.deadTotal() != 1 || run.LeftOut()[edited] == "" {
					t.Errorf("%d dead letters, left out %v, %v", s.deadTotal(), run.LeftOut(), err)
				}
				time.Sleep(time.Minute)
				if started := s.executions(); len(started) != 1 || started[string(plain)] != 1 {
					t.Errorf("executions %v, want %s", started, plain)
				}
			})
		})
	}
}
