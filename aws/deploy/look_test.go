package deploy_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"orderops/aws"
	"orderops/aws/local"
	"orderops/aws/policy"
	"orderops/workflow"
	"orderops/workflow/doctor"
)

// TestReadOnlyLooksAtEverything signs every call by which the tool looks with the
// read-only policy, on a system that has an order and a dead letter.
func TestReadOnlyLooksAtEverything(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := start(t, local.Options{}, map[string]string{"WaitSeconds": "1"})
		id := s.send(t, order)
		s.send(t, "poison")
		time.Sleep(10 * time.Minute)
		s.grant(t, "looker", policy.ReadOnly)
		session := s.connect(t, "looker")
		for name, look := range looks(session, workflow.OrderID(id)) {
			if err := look(t.Context()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		facts := session.Facts(t.Context(), string(policy.ReadOnly))
		facts.Topic.Value.Pending = 0 // nobody confirms here
		for _, finding := range doctor.Examine(facts) {
			if finding.State == doctor.Bad {
				t.Errorf("the doctor: %+v", finding)
			}
		}
		// It looked with nothing that changes.
		for action := range s.cloud.Calls("looker") {
			switch action {
			case "sqs:ReceiveMessage", "dynamodb:Scan":
				t.Errorf("read-only did %s", action)
			}
		}
	})
}

// looks are the calls by which the tool looks, all but the Scan of the whole
// table, which is the operator's.
func looks(s *aws.Session, id workflow.OrderID) map[string]func(context.Context) error {
	d := s.Deployment
	execution := workflow.ExecutionOf(d.StateMachineARN, string(id))
	const deadARN = "arn:aws:sqs:us-east-1:000000000000:OrderDeathLetterQueue"
	return map[string]func(context.Context) error{
		"the order queue":   func(ctx context.Context) error { _, err := s.Queue.Describe(ctx, d.QueueURL); return err },
		"the dead letters":  func(ctx context.Context) error { _, err := s.Queue.Describe(ctx, d.DeadLetterURL); return err },
		"move tasks":        func(ctx context.Context) error { _, err := s.Queue.Moves(ctx, deadARN); return err },
		"sources":           func(ctx context.Context) error { _, err := s.Queue.DeadLetterSources(ctx, d.DeadLetterURL); return err },
		"a queue's address": func(ctx context.Context) error { _, err := s.Queue.URL(ctx, deadARN); return err },
		"executions":        func(ctx context.Context) error { _, _, err := s.Execution.List(ctx, 10); return err },
		"broken executions": func(ctx context.Context) error { _, _, err := s.Execution.Broken(ctx); return err },
		"an execution":      func(ctx context.Context) error { _, err := s.Execution.Describe(ctx, execution); return err },
		"a history":         func(ctx context.Context) error { _, err := s.Execution.History(ctx, execution, 0); return err },
		"the newest events": func(ctx context.Context) error { _, err := s.Execution.Newest(ctx, execution, 5); return err },
		"the definition":    func(ctx context.Context) error { _, err := s.Execution.StateMachine(ctx); return err },
		"rows": func(ctx context.Context) error {
			_, err := s.Order.Rows(ctx, []workflow.RowKey{{UserID: "Burger_20", ID: id}})
			return err
		},
		"the orders of one": func(ctx context.Context) error { _, _, err := s.Order.ByUser(ctx, "Burger_20", 10); return err },
		"the newest orders": func(ctx context.Context) error { _, _, _, err := s.Order.Newest(ctx, "", 1); return err },
		"the topic":         func(ctx context.Context) error { _, err := s.Topic.Describe(ctx, d.TopicARN); return err },
		"the consumer": func(ctx context.Context) error {
			_, err := s.Consumer.Describe(ctx, "arn:aws:sqs:us-east-1:000000000000:OrderQueue")
			return err
		},
		"what was counted": func(ctx context.Context) error {
			_, err := s.Metric.Read(ctx, "OrderQueue", d.StateMachineARN, "OrderConsumer", time.Now(), 30)
			return err
		},
		"the log of the way": func(ctx context.Context) error {
			_, err := s.Logs.Events(ctx, "/aws/vendedlogs/states/OrderStateMachine", time.Now().Add(-time.Hour), time.Time{}, "")
			return err
		},
	}
}
