package rehearsal_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"orderops/workflow"
)

// The tests of this file hold what docs/rehearsals.md promises of each scenario.

func TestBadRelease(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := rehearse(t, load(t, "bad-release"))
		s.at(time.Minute)
		if visible, _ := s.counts("OrderDeathLetterQueue"); visible != 0 {
			t.Fatalf("%d dead letters before the release", visible)
		}
		s.at(5 * time.Minute)
		tally := s.rehearsal.Tally()
		visible, _ := s.counts("OrderDeathLetterQueue")
		if tally.Poison < 50 || visible != tally.Poison {
			t.Errorf("%d dead letters of %d unreadable orders", visible, tally.Poison)
		}
		// A redrive kills them again: three receives, six seconds each.
		s.moveBack()
		s.at(7 * time.Minute)
		dead := s.dead()
		if len(dead) != tally.Poison {
			t.Errorf("%d dead letters after a redrive, want all %d", len(dead), tally.Poison)
		}
		for _, m := range dead {
			if _, err := workflow.DecodeBody([]byte(*m.Body)); err == nil {
				t.Errorf("the dead letter %s is readable", *m.Body)
			}
		}
		// What could be read was served.
		tally = s.rehearsal.Tally()
		if started := len(s.executions()); started < tally.Orders-tally.Poison-3 {
			t.Errorf("%d executions of %d readable orders", started, tally.Orders-tally.Poison)
		}
	})
}

func TestConsumerStopped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := rehearse(t, load(t, "consumer-stopped"))
		s.at(time.Minute + 25*time.Second) // a poll under way takes orders for up to 20 s more
		before := len(s.executions())
		s.at(4*time.Minute - time.Second)
		if started := len(s.executions()) - before; started != 0 {
			t.Errorf("%d executions started during the outage", started)
		}
		if visible, hidden := s.counts("OrderQueue"); visible < 200 || hidden != 0 {
			t.Errorf("backlog of %d, %d in flight", visible, hidden)
		}
		s.at(5 * time.Minute)
		tally := s.rehearsal.Tally()
		if visible, _ := s.counts("OrderQueue"); visible > 5 {
			t.Errorf("backlog of %d a minute after the outage", visible)
		}
		if started := len(s.executions()); started < tally.Orders-5 {
			t.Errorf("%d executions of %d orders", started, tally.Orders)
		}
		if visible, _ := s.counts("OrderDeathLetterQueue"); visible != 0 {
			t.Errorf("%d dead letters: an outage of the event source kills nothing", visible)
		}
	})
}

func TestPaymentsDown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := rehearse(t, load(t, "payments-down"))
		s.at(time.Minute)
		if failed := s.byStatus()[sfntypes.ExecutionStatusFailed]; failed != 0 {
			t.Fatalf("%d executions failed before the outage", failed)
		}
		s.at(3*time.Minute + 30*time.Second)
		failed := 0
		for _, e := range s.executions() {
			if e.Status != sfntypes.ExecutionStatusFailed {
				continue
			}
			failed++
			if _, err := s.sfn().RedriveExecution(context.Background(), &sfn.RedriveExecutionInput{ExecutionArn: e.ExecutionArn}); err != nil {
				t.Fatal(err)
			}
		}
		if failed < 80 {
			t.Errorf("%d executions failed in two minutes", failed)
		}
		if visible, _ := s.counts("OrderDeathLetterQueue"); visible != 0 {
			t.Errorf("%d dead letters: the messages were done when their executions began", visible)
		}
		s.at(5 * time.Minute)
		redriven := 0
		for _, e := range s.executions() {
			if e.Status == sfntypes.ExecutionStatusFailed {
				t.Errorf("%s failed again", *e.Name)
			}
			if awssdk.ToInt32(e.RedriveCount) == 1 && e.Status == sfntypes.ExecutionStatusSucceeded {
				redriven++
			}
		}
		if redriven != failed {
			t.Errorf("%d of %d redriven executions succeeded", redriven, failed)
		}
	})
}

func TestThrottledPeak(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := rehearse(t, load(t, "throttled-peak"))
		s.at(90 * time.Second)
		// The operator's own answers get lost, though the orders are in the queue.
		lost, throttled := 0, 0
		for range 20 {
			_, err := s.sqs().SendMessage(context.Background(), &sqs.SendMessageInput{
				QueueUrl: s.queue("OrderQueue"), MessageBody: awssdk.String(`{"data":{"user_id":"Operator","quantity":"1","restaurant_id":"r"}}`),
			})
			if err != nil {
				lost++
			}
			if _, err := s.sfn().DescribeStateMachine(context.Background(), &sfn.DescribeStateMachineInput{StateMachineArn: awssdk.String(s.machine())}); err != nil {
				throttled++
			}
		}
		if lost < 3 || lost > 17 || throttled < 1 || throttled > 15 {
			t.Errorf("of 20 calls %d answers were lost and %d were throttled", lost, throttled)
		}
		s.at(4 * time.Minute)
		executions := s.executions()
		dead := s.dead()
		unstarted := 0
		for _, m := range dead {
			if !readable(*m.Body) {
				t.Errorf("the dead letter %s is unreadable", *m.Body)
			}
			if _, started := executions[*m.MessageId]; !started {
				unstarted++
			}
		}
		if unstarted < 100 {
			t.Errorf("%d dead letters, %d of them never started", len(dead), unstarted)
		}
		// Given back and moved after the peak, they become orders.
		for _, m := range dead {
			if _, err := s.sqs().ChangeMessageVisibility(context.Background(), &sqs.ChangeMessageVisibilityInput{
				QueueUrl: s.queue("OrderDeathLetterQueue"), ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: 0,
			}); err != nil {
				t.Fatal(err)
			}
		}
		s.moveBack()
		time.Sleep(3 * time.Minute)
		if again := s.dead(); len(again) != 0 {
			t.Errorf("%d of %d came back after the peak", len(again), len(dead))
		}
		if now := len(s.executions()); now < len(executions)+unstarted {
			t.Errorf("%d executions, before the redrive %d with %d orders waiting", now, len(executions), unstarted)
		}
	})
}

func TestFinishedOrders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := rehearse(t, load(t, "finished-orders"))
		s.at(5 * time.Minute)
		executions := s.executions()
		dead := s.dead()
		if len(dead) < 80 {
			t.Errorf("%d dead letters of two minutes", len(dead))
		}
		for _, m := range dead {
			if status := executions[*m.MessageId].Status; status != sfntypes.ExecutionStatusSucceeded {
				t.Errorf("the execution of the dead letter %s is %q", *m.MessageId, status)
			}
		}
		if tally := s.rehearsal.Tally(); len(executions) > tally.Orders {
			t.Errorf("%d executions of %d orders: one was started twice", len(executions), tally.Orders)
		}
	})
}
