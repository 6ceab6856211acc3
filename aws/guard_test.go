package aws_test

import (
	"context"
	"errors"
	"io"
	"reflect"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"

	"orderops/aws"
	"orderops/aws/local"
	"orderops/aws/local/wire"
	"orderops/config"
	"orderops/workflow"
)

// operations are all calls that the adapters can make. write is false for what
// only reads.
func operations() []operation {
	ctx := context.Background()
	const execution = workflow.ExecutionARN("arn:aws:states:us-east-1:000000000000:execution:OrderStateMachine:x")
	return []operation{
		{"sqs:GetQueueAttributes", false, func(s *aws.Session) error { _, err := s.Queue.Describe(ctx, queueURL); return err }},
		{"sqs:GetQueueUrl", false, func(s *aws.Session) error {
			_, err := s.Queue.URL(ctx, "arn:aws:sqs:us-east-1:000000000000:OrderQueue")
			return err
		}},
		{"sqs:ListDeadLetterSourceQueues", false, func(s *aws.Session) error { _, err := s.Queue.DeadLetterSources(ctx, deadURL); return err }},
		{"sqs:ListMessageMoveTasks", false, func(s *aws.Session) error {
			_, err := s.Queue.Moves(ctx, "arn:aws:sqs:us-east-1:000000000000:OrderDeathLetterQueue")
			return err
		}},
		{"sqs:SendMessage", true, func(s *aws.Session) error { _, err := s.Queue.Send(ctx, queueURL, []byte("x"), nil); return err }},
		{"sqs:ReceiveMessage", true, func(s *aws.Session) error { _, err := s.Queue.Receive(ctx, deadURL, 10, time.Minute); return err }},
		{"sqs:ChangeMessageVisibilityBatch", true, func(s *aws.Session) error {
			_, err := s.Queue.SetVisibility(ctx, deadURL, []string{"handle"}, 0)
			return err
		}},
		{"sqs:SendMessageBatch", true, func(s *aws.Session) error {
			_, err := s.Queue.SendBatch(ctx, queueURL, []workflow.Outgoing{{Body: []byte("x")}})
			return err
		}},
		{"sqs:DeleteMessageBatch", true, func(s *aws.Session) error {
			_, err := s.Queue.Delete(ctx, deadURL, []string{"handle"})
			return err
		}},
		{"sqs:PurgeQueue", true, func(s *aws.Session) error { return s.Queue.Purge(ctx, deadURL) }},
		{"sqs:StartMessageMoveTask", true, func(s *aws.Session) error {
			_, err := s.Queue.StartMove(ctx, "arn:aws:sqs:us-east-1:000000000000:OrderDeathLetterQueue", "", 1)
			return err
		}},
		{"sqs:CancelMessageMoveTask", true, func(s *aws.Session) error { _, err := s.Queue.CancelMove(ctx, "handle"); return err }},
		{"states:ListExecutions", false, func(s *aws.Session) error { _, _, err := s.Execution.List(ctx, 1); return err }},
		{"states:ListExecutions", false, func(s *aws.Session) error { _, _, err := s.Execution.Page(ctx, "", 1); return err }},
		{"states:ListExecutions", false, func(s *aws.Session) error { _, _, err := s.Execution.Broken(ctx); return err }},
		{"states:DescribeExecution", false, func(s *aws.Session) error { _, err := s.Execution.Describe(ctx, execution); return err }},
		{"states:GetExecutionHistory", false, func(s *aws.Session) error { _, err := s.Execution.Newest(ctx, execution, 1); return err }},
		{"states:DescribeStateMachine", false, func(s *aws.Session) error { _, err := s.Execution.StateMachine(ctx); return err }},
		{"states:StopExecution", true, func(s *aws.Session) error { _, err := s.Execution.Stop(ctx, execution, "", ""); return err }},
		{"states:RedriveExecution", true, func(s *aws.Session) error { _, err := s.Execution.Redrive(ctx, execution); return err }},
		{"states:StartExecution", true, func(s *aws.Session) error { _, err := s.Execution.Start(ctx, "x", "{}"); return err }},
		{"dynamodb:BatchGetItem", false, func(s *aws.Session) error {
			_, err := s.Order.Rows(ctx, []workflow.RowKey{{UserID: "u", ID: "i"}})
			return err
		}},
		{"dynamodb:Query", false, func(s *aws.Session) error { _, _, err := s.Order.ByUser(ctx, "u", 1); return err }},
		{"dynamodb:Scan", false, func(s *aws.Session) error { _, _, _, err := s.Order.Page(ctx, "", 1); return err }},
		{"dynamodb:Query", false, func(s *aws.Session) error { _, _, _, err := s.Order.Newest(ctx, "", 1); return err }},
		{"dynamodb:DescribeTable", false, func(s *aws.Session) error { _, err := s.Order.Size(ctx); return err }},
		{"logs:FilterLogEvents", false, func(s *aws.Session) error {
			_, err := s.Logs.Events(ctx, "/states", time.Now(), time.Time{}, "")
			return err
		}},
		{"logs:FilterLogEvents", false, func(s *aws.Session) error {
			_, err := s.Logs.Function(ctx, workflow.LogAsk{Function: "pay", To: time.Now()})
			return err
		}},
		{"lambda:GetFunctionConfiguration", false, func(s *aws.Session) error {
			_, assumed := s.Logs.GroupOf(ctx, "pay")
			if assumed == "" {
				return errors.New("a function that is not there has a configuration")
			}
			return nil
		}},
		{"lambda:ListEventSourceMappings", false, func(s *aws.Session) error {
			_, err := s.Consumer.Describe(ctx, "arn:aws:sqs:us-east-1:000000000000:OrderQueue")
			return err
		}},
		{"lambda:UpdateEventSourceMapping", true, func(s *aws.Session) error {
			_, err := s.Consumer.Switch(ctx, "00000000-0000-0000-0000-000000000000", true)
			return err
		}},
		{"cloudwatch:GetMetricData", false, func(s *aws.Session) error {
			_, err := s.Metric.Read(ctx, "OrderQueue", "arn", "", time.Now(), 1)
			return err
		}},
		{"cloudwatch:DescribeAlarms", false, func(s *aws.Session) error { _, _, err := s.Metric.Alarms(ctx, "OrderDeathLetterQueue"); return err }},
		{"cloudwatch:GetMetricData", false, func(s *aws.Session) error { _, err := s.Metric.Transitions(ctx, time.Now()); return err }},
		{"lambda:GetAccountSettings", false, func(s *aws.Session) error { _, err := s.Consumer.Concurrency(ctx, "OrderConsumer"); return err }},
		{"iam:GetRole", false, func(s *aws.Session) error {
			_, err := s.Permission.Source(ctx, "arn:aws:sts::000000000000:assumed-role/Operator/ann")
			return err
		}},
		{"iam:SimulatePrincipalPolicy", false, func(s *aws.Session) error {
			_, err := s.Permission.Denied(ctx, "arn:aws:iam::000000000000:role/Operator", []string{"sqs:SendMessage"}, []string{"*"})
			return err
		}},
		{"sns:GetTopicAttributes", false, func(s *aws.Session) error { _, err := s.Topic.Describe(ctx, topicARN); return err }},
	}
}

type operation struct {
	action string
	write  bool
	call   func(*aws.Session) error
}

func TestReadOnlyRefusesEveryWriteBeforeTheWire(t *testing.T) {
	t.Parallel()
	for _, op := range operations() {
		t.Run(op.action, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(b *bench) {
				b.deploy("shop", whole())
				settings := inRegion()
				settings.ReadOnly = true
				s := b.session(settings)
				before := b.allOnWire()
				err := op.call(s)
				refused := workflow.KindOf(err) == workflow.Refused
				if refused != op.write {
					b.Errorf("got %v, want refused %v", err, op.write)
				}
				sent := b.allOnWire() - before
				if (sent == 0) != op.write {
					b.Errorf("%d calls on the wire, want some only for a read", sent)
				}
			})
		})
	}
}

// TestOperationsAreComplete fails when an adapter gets a method that the guard
// test above does not call.
func TestOperationsAreComplete(t *testing.T) {
	t.Parallel()
	methods := 0
	for _, client := range []any{aws.Session{}.Queue, aws.Session{}.Execution, aws.Session{}.Order, aws.Session{}.Topic, aws.Session{}.Logs, aws.Session{}.Consumer, aws.Session{}.Metric, aws.Session{}.Permission} {
		methods += reflect.TypeOf(client).NumMethod()
	}
	// Execution.History makes the same call as Newest.
	if got := len(operations()) + 1; got != methods {
		t.Errorf("the guard test knows %d methods, the adapters have %d", got, methods)
	}
}

func TestWritesPassWithoutReadOnly(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b *bench) {
		b.deploy("shop", whole())
		s := b.session(inRegion())
		if _, err := s.Queue.Send(b.Context(), queueURL, []byte("x"), nil); err != nil {
			b.Error(err)
		}
	})
}

func TestAttempts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		action  string
		polling bool
		want    int
	}{
		{"a read is tried again", "sqs:GetQueueAttributes", false, 3},
		{"a poll is tried once", "sqs:GetQueueAttributes", true, 1},
		{"a send is tried once", "sqs:SendMessage", false, 1},
		{"a start of a move is tried once", "sqs:StartMessageMoveTask", false, 1},
		{"giving back is tried again", "sqs:ChangeMessageVisibilityBatch", false, 3},
		{"a stop is tried again", "states:StopExecution", false, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(b *bench) {
				b.deploy("shop", whole())
				s := b.session(inRegion())
				b.fault = func(context.Context, local.Call) *wire.Error {
					return &wire.Error{Status: 503, Type: "ServiceUnavailable", Message: "down"}
				}
				ctx := b.Context()
				if tt.polling {
					ctx = workflow.WithPolling(ctx)
				}
				var err error
				switch tt.action {
				case "sqs:GetQueueAttributes":
					_, err = s.Queue.Describe(ctx, queueURL)
				case "sqs:SendMessage":
					_, err = s.Queue.Send(ctx, queueURL, []byte("x"), nil)
				case "sqs:StartMessageMoveTask":
					_, err = s.Queue.StartMove(ctx, "arn:aws:sqs:us-east-1:000000000000:OrderDeathLetterQueue", "", 1)
				case "sqs:ChangeMessageVisibilityBatch":
					_, err = s.Queue.SetVisibility(ctx, deadURL, []string{"handle"}, 0)
				case "states:StopExecution":
					_, err = s.Execution.Stop(ctx, "arn:aws:states:us-east-1:000000000000:execution:OrderStateMachine:x", "", "")
				}
				if err == nil {
					b.Error("got no error")
				}
				if n := b.onWire(tt.action); n != tt.want {
					b.Errorf("%d attempts, want %d", n, tt.want)
				}
			})
		})
	}
}

func TestCallLog(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b *bench) {
		b.deploy("shop", whole())
		settings := inRegion()
		settings.ReadOnly = true
		s := b.session(settings)
		if _, err := s.Queue.Describe(workflow.WithPolling(b.Context()), queueURL); err != nil {
			b.Fatal(err)
		}
		if _, err := s.Queue.Send(b.Context(), queueURL, []byte("secret body"), nil); workflow.KindOf(err) != workflow.Refused {
			b.Fatalf("got %v, want a refusal", err)
		}
		calls := s.Calls.Recent(2)
		if len(calls) != 2 {
			b.Fatalf("got %d calls, want 2", len(calls))
		}
		send, describe := calls[0], calls[1]
		if send.Operation != "sqs:SendMessage" || send.Outcome != "refused" || send.Target != queueURL || send.Polling {
			b.Errorf("got %+v, want the refused send first", send)
		}
		if describe.Operation != "sqs:GetQueueAttributes" || describe.Outcome != "ok" || !describe.Polling || describe.RequestID == "" {
			b.Errorf("got %+v, want the poll with its request id", describe)
		}
		if total := len(s.Calls.Recent(100)); total != 4 { // with GetCallerIdentity and DescribeStacks
			b.Errorf("got %d calls in all, want 4", total)
		}
	})
}

func TestLostAnswerOfASendIsUnknown(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b *bench) {
		b.deploy("shop", whole())
		s := b.session(inRegion())
		b.fault = func(ctx context.Context, _ local.Call) *wire.Error {
			<-ctx.Done()
			return nil
		}
		ctx, cancel := context.WithTimeout(b.Context(), 5*time.Second)
		defer cancel()
		_, err := s.Queue.Send(ctx, queueURL, []byte("x"), nil)
		if p := problem(b.T, err); p.Kind != workflow.OutcomeUnknown {
			b.Errorf("got kind %v, want unknown", p.Kind)
		}
		_, err = s.Queue.Describe(ctx, queueURL)
		if p := problem(b.T, err); p.Kind == workflow.OutcomeUnknown {
			b.Errorf("got %v for a read, which changes nothing", p)
		}
	})
}

func TestConnectSaysWhyItCannotSignIn(t *testing.T) {
	t.Parallel()
	_, err := aws.Connect(t.Context(), inRegion(), aws.Options{Credentials: awssdk.CredentialsProviderFunc(
		func(context.Context) (awssdk.Credentials, error) { return awssdk.Credentials{}, io.ErrUnexpectedEOF },
	)})
	if p := problem(t, err); p.Kind != workflow.Unauthenticated || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, want unauthenticated with its cause", p)
	}
}

func TestConnectByUnknownProfile(t *testing.T) {
	t.Parallel()
	settings := config.Default()
	settings.Profile = "no-such-profile-anywhere"
	_, err := aws.Connect(t.Context(), settings, aws.Options{})
	if p := problem(t, err); p.Kind != workflow.Invalid || p.Target != settings.Profile {
		t.Errorf("got %+v, want the profile named", p)
	}
}
