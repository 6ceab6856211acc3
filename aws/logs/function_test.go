package logs_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"orderops/aws"
	"orderops/aws/deploy"
	"orderops/aws/function"
	"orderops/aws/local"
	"orderops/aws/local/wire"
	"orderops/config"
	"orderops/workflow"
)

const operator = "OPERATOR"

// broken is the order system on a local cloud, with a payment step that fails, and
// an operator's session on it.
func broken(t *testing.T, intercept func(call local.Call) *wire.Error) (*local.Cloud, *aws.Session) {
	t.Helper()
	time.Sleep(time.Until(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)))
	cloud := local.New(local.Options{Seed: 5, Intercept: func(_ context.Context, call local.Call) *wire.Error {
		if intercept == nil || call.AccessKey != operator {
			return nil
		}
		return intercept(call)
	}})
	t.Cleanup(cloud.Close)
	functions := awssdk.Config{Region: "us-east-1", HTTPClient: cloud.HTTPClient(), Credentials: credentials.NewStaticCredentialsProvider("FUNCTIONS", "secret", "")}
	err := deploy.Local(cloud, nil, func(kind string, environment map[string]string) (function.Function, error) {
		log := slog.New(slog.NewJSONHandler(deploy.Log(cloud, environment), nil))
		f, err := function.Handler(kind, functions, environment, function.WithLogger(log))
		if kind == function.Payment {
			f = func(context.Context, []byte) ([]byte, error) { return nil, fmt.Errorf("the provider is down") }
		}
		return function.Logged(kind, f, log), err
	})
	if err != nil {
		t.Fatal(err)
	}
	settings := config.Default()
	settings.EndpointURL, settings.Region = cloud.URL(), cloud.Region()
	session, err := aws.Connect(t.Context(), settings, aws.Options{
		HTTPClient: cloud.HTTPClient(), Credentials: credentials.NewStaticCredentialsProvider(operator, "secret", ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	return cloud, session
}

// order sends an order, waits until it failed, and gives the question for the log
// of the step that failed.
func order(t *testing.T, s *aws.Session, cloud *local.Cloud) workflow.LogAsk {
	t.Helper()
	client := sqs.New(sqs.Options{Region: cloud.Region(), HTTPClient: cloud.HTTPClient(), BaseEndpoint: awssdk.String(cloud.URL()), Credentials: credentials.NewStaticCredentialsProvider("SHOP", "secret", "")})
	sent, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: &s.Deployment.QueueURL, MessageBody: awssdk.String(`{"data":{"user_id":"u","quantity":"1","restaurant_id":"r"}}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(10 * time.Second)
	id := awssdk.ToString(sent.MessageId)
	events, err := s.Execution.History(t.Context(), workflow.ExecutionOf(s.Deployment.StateMachineARN, id), 0)
	if err != nil {
		t.Fatal(err)
	}
	steps := workflow.Steps(events, workflow.Failed)
	ask, ok := workflow.LogAskOf(steps[len(steps)-1], workflow.OrderID(id), time.Now())
	if !ok || ask.Function != "OrderPayment" {
		t.Fatalf("the last step asks for %+v", ask)
	}
	return ask
}

func TestTheLogOfAFailedStep(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud, s := broken(t, nil)
		ask := order(t, s, cloud)
		before := cloud.Calls(operator)
		told, err := s.Logs.Function(t.Context(), ask)
		if err != nil || told.Group != "/aws/lambda/OrderPayment" || told.Mixed || told.More || told.Assumed != "" {
			t.Fatalf("got %+v, %v", told, err)
		}
		if len(told.Lines) != 1 || told.Lines[0].Gist() != "ERROR · the provider is down · function failed" || !strings.Contains(told.Lines[0].Text, string(ask.Order)) {
			t.Errorf("lines %+v", told.Lines)
		}
		if n := cloud.Calls(operator)["logs:FilterLogEvents"] - before["logs:FilterLogEvents"]; n != 1 {
			t.Errorf("%d calls of FilterLogEvents, want one", n)
		}
		// Another order of the same time is not among them.
		order(t, s, cloud)
		ask.To = time.Now()
		if told, err = s.Logs.Function(t.Context(), ask); err != nil || len(told.Lines) != 1 {
			t.Errorf("got %d lines, %v", len(told.Lines), err)
		}
		// Where no line names the order, all of the time are told, and that they are.
		ask.Order = "somebody-else"
		if told, err = s.Logs.Function(t.Context(), ask); err != nil || !told.Mixed || len(told.Lines) != 2 {
			t.Errorf("got %+v, %v", told, err)
		}
		ask.From, ask.To = ask.From.Add(-time.Hour), ask.From
		if told, err = s.Logs.Function(t.Context(), ask); err != nil || len(told.Lines) != 0 {
			t.Errorf("an hour before: %+v, %v", told, err)
		}
	})
}

// A log of more lines than are read at once is cut, and it is said.
func TestALongLog(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud, s := broken(t, nil)
		ask := order(t, s, cloud)
		for i := range 600 {
			cloud.Log("/aws/lambda/OrderPayment", "s", fmt.Sprintf("%d of %s", i, ask.Order))
		}
		ask.To = time.Now()
		told, err := s.Logs.Function(t.Context(), ask)
		if err != nil || !told.More || len(told.Lines) != 500 || told.Lines[499].Text != fmt.Sprintf("498 of %s", ask.Order) {
			t.Errorf("got %d lines, more %v, %v", len(told.Lines), told.More, err)
		}
	})
}

func TestTheLogThatMayNotBeRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		denied := map[string]bool{}
		cloud, s := broken(t, func(call local.Call) *wire.Error {
			if denied[call.Operation] {
				return &wire.Error{Status: 400, Type: "AccessDeniedException", Message: "User: arn:aws:iam::1:user/op is not authorized to perform: " + call.Service + ":" + call.Operation + " on resource: arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/OrderPayment:*"}
			}
			return nil
		})
		ask := order(t, s, cloud)
		// Without the configuration the group that Lambda takes by itself is read.
		denied["GetFunctionConfiguration"] = true
		told, err := s.Logs.Function(t.Context(), ask)
		if err != nil || len(told.Lines) != 1 || !strings.Contains(told.Assumed, "lambda:GetFunctionConfiguration") {
			t.Errorf("got %+v, %v", told, err)
		}
		denied["FilterLogEvents"] = true
		_, err = s.Logs.Function(t.Context(), ask)
		if workflow.KindOf(err) != workflow.Forbidden || !strings.Contains(err.Error(), "logs:FilterLogEvents") || !strings.Contains(err.Error(), "/aws/lambda/OrderPayment") {
			t.Errorf("got %v", err)
		}
		clear(denied)
		ask.Function = "Gone"
		if _, err = s.Logs.Function(t.Context(), ask); workflow.KindOf(err) != workflow.NotFound || !strings.Contains(err.Error(), "/aws/lambda/Gone") {
			t.Errorf("no such group: %v", err)
		}
	})
}
