package main

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"orderops/workflow"
	"orderops/workflow/operation/planfile"
)

// TestApplyASavedPlan takes a plan of a file to the same question as a new one,
// from another screen: what is not there is dropped, the rest is redriven.
func TestApplyASavedPlan(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{w: 120, h: 40, wait: time.Second})
		s.pass(2 * time.Second)
		body := order("Burger_20", 3, "Restaurant 4")
		s.sendTo("OrderDeathLetterQueue", nil, body)
		s.pass(6 * time.Second)
		plan := planfile.Plan{
			Operation: planfile.Redrive, Made: time.Now(), By: "ada", Account: s.cloud.Account(), Region: s.cloud.Region(), Queue: *s.queueURL("OrderDeathLetterQueue"), Rate: 7,
			Messages: []planfile.Message{
				{ID: s.onlyLetter(), Digest: planfile.Digest([]byte(body)), Verdict: workflow.Safe},
				{ID: "gone", Digest: planfile.Digest([]byte("x")), Verdict: workflow.Safe},
			},
		}
		file := filepath.Join(t.TempDir(), "p.json")
		if err := planfile.Save(file, plan); err != nil {
			t.Fatal(err)
		}
		s.press(":")
		s.enter("apply a saved")
		s.press("enter")
		s.pass(time.Second)
		s.shows("Apply a saved plan")
		s.enter(file)
		s.press("enter")
		s.pass(10 * time.Second)
		s.shows("Redrive 1 message", "by ada, as the file says", "dropped", "gone: not received")
		s.press("y")
		s.pass(20 * time.Second)
		s.shows("redrive done", "1 of 1 done")
		if got := s.deadLetters(); got != "0 visible, 0 hidden" {
			t.Errorf("afterwards: %s", got)
		}
		s.press("O")
		s.pass(time.Second)
		s.enter(file)
		s.press("enter")
		s.pass(10 * time.Second)
		s.shows("nothing of it is left")
	})
}

// onlyLetter is the id of the only dead letter, which stays visible.
func (s *stage) onlyLetter() workflow.MessageID {
	s.t.Helper()
	out, err := sqs.NewFromConfig(s.producer()).ReceiveMessage(s.t.Context(), &sqs.ReceiveMessageInput{QueueUrl: s.queueURL("OrderDeathLetterQueue")})
	if err != nil || len(out.Messages) != 1 {
		s.t.Fatalf("%+v, %v", out, err)
	}
	if _, err := sqs.NewFromConfig(s.producer()).ChangeMessageVisibility(s.t.Context(), &sqs.ChangeMessageVisibilityInput{
		QueueUrl: s.queueURL("OrderDeathLetterQueue"), ReceiptHandle: out.Messages[0].ReceiptHandle, VisibilityTimeout: 0,
	}); err != nil {
		s.t.Fatal(err)
	}
	return workflow.MessageID(*out.Messages[0].MessageId)
}

// TestPurgeBareOnTheScreen asks for the queue's name, and tells how long to wait
// for a second one.
func TestPurgeBareOnTheScreen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{w: 120, h: 40, wait: time.Second})
		s.pass(2 * time.Second)
		s.sendTo("OrderDeathLetterQueue", nil, "poison", order("Burger_20", 3, "Restaurant 4"))
		s.pass(6 * time.Second)
		s.press("4", "i", "y")
		s.pass(5 * time.Second)
		s.press("Z")
		s.pass(time.Second)
		s.shows("not archived", "type the queue's name", "2 inspected: 1 safe, 1 malformed", "would go through if redriven")
		s.press("enter")
		s.pass(time.Second)
		if got := s.deadLetters(); got != "0 visible, 2 hidden" {
			t.Fatalf("without the name: %s", got)
		}
		s.enter("OrderDeathLetterQueue")
		s.press("enter")
		s.pass(5 * time.Second)
		if got := s.deadLetters(); got != "0 visible, 0 hidden" {
			t.Errorf("afterwards: %s", got)
		}
		s.press("Z")
		s.pass(time.Second)
		s.press("!")
		s.shows("Wait 5", "one purge of a queue in 60 seconds")
	})
}
