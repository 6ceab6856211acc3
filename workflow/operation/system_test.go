package operation_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/aws"
	"orderops/aws/deploy"
	"orderops/aws/function"
	"orderops/aws/local"
	"orderops/aws/local/wire"
	"orderops/config"
	"orderops/workflow/operation"
)

const (
	queueURL = "http://127.0.0.1:4566/000000000000/OrderQueue"
	deadURL  = "http://127.0.0.1:4566/000000000000/OrderDeathLetterQueue"
	good     = `{"data":{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}}`
	poison   = `{"data":{"user_id":"Burger_9","quantity":"three","restaurant_id":"Restaurant 4"}}`
	operator = "OPERATOR"
)

// system is the order system with its real functions on a local cloud, and an
// operator's session on it. It lives inside a synctest bubble.
type system struct {
	*testing.T
	cloud   *local.Cloud
	main    *operation.Desk
	session *aws.Session
	// outage makes the consumer fail before it does anything, late after it has
	// done its work, broken the payment step.
	outage, late, broken atomic.Bool
	// ignores makes the consumer one that knows no lineage.
	ignores atomic.Bool
	// intercept is asked before each call of the operator; nil lets it through.
	intercept atomic.Pointer[func(call local.Call) *wire.Error]
	// transport sees each request of the operator; nil sends it on.
	transport atomic.Pointer[func(request *http.Request, send func() (*http.Response, error)) (*http.Response, error)]
}

func newSystem(t *testing.T) *system {
	t.Helper()
	time.Sleep(time.Until(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)))
	s := &system{T: t}
	s.cloud = local.New(local.Options{Seed: 5, Intercept: func(_ context.Context, call local.Call) *wire.Error {
		if f := s.intercept.Load(); f != nil && call.AccessKey == operator {
			return (*f)(call)
		}
		return nil
	}})
	t.Cleanup(s.cloud.Close)
	functions := awssdk.Config{Region: "us-east-1", HTTPClient: s.cloud.HTTPClient(), Credentials: credentials.NewStaticCredentialsProvider("FUNCTIONS", "secret", "")}
	parameters := map[string]string{"FunctionTimeoutSeconds": "1", "VisibilityTimeoutSeconds": "6"}
	err := deploy.Local(s.cloud, parameters, func(kind string, environment map[string]string) (function.Function, error) {
		environment["PAYMENT_FAILURE_RATE"], environment["RESTAURANT_FAILURE_RATE"] = "0", "0"
		f, err := function.Handler(kind, functions, environment)
		return func(ctx context.Context, payload []byte) ([]byte, error) {
			switch {
			case kind == function.Consumer && s.outage.Load():
				return nil, errors.New("the consumer is down")
			case kind == function.Payment && s.broken.Load():
				return nil, errors.New("the payment step is broken")
			}
			if kind == function.Consumer && s.ignores.Load() {
				payload = bytes.ReplaceAll(payload, []byte(`"order_id"`), []byte(`"ignored"`))
			}
			answer, err := f(ctx, payload)
			if kind == function.Consumer && s.late.Load() {
				return nil, errors.New("the consumer was cut off after its work")
			}
			return answer, err
		}, err
	})
	if err != nil {
		t.Fatal(err)
	}
	settings := config.Default()
	settings.EndpointURL, settings.Region = s.cloud.URL(), s.cloud.Region()
	s.session, err = aws.Connect(t.Context(), settings, aws.Options{
		HTTPClient: client{s}, Credentials: credentials.NewStaticCredentialsProvider(operator, "secret", ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// client is the operator's way to the cloud.
type client struct{ s *system }

func (c client) Do(request *http.Request) (*http.Response, error) {
	send := func() (*http.Response, error) { return c.s.cloud.HTTPClient().Do(request) }
	if f := c.s.transport.Load(); f != nil {
		return (*f)(request, send)
	}
	return send()
}

func (s *system) desk(change func(*operation.Options)) *operation.Desk {
	o := operation.Options{Operator: "ada", Rows: s.session.Order, Describer: s.session.Execution}
	if change != nil {
		change(&o)
	}
	return operation.NewDesk(s.session.Deployment, s.session.Queue, s.session.Execution, o)
}

func (s *system) sqs() *sqs.Client {
	return sqs.New(sqs.Options{Region: "us-east-1", HTTPClient: s.cloud.HTTPClient(), Credentials: credentials.NewStaticCredentialsProvider("OTHER", "secret", "")})
}

// send puts a message on a queue and gives its id.
func (s *system) send(url, body string, attributes map[string]string) string {
	s.Helper()
	in := &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &body, MessageAttributes: map[string]types.MessageAttributeValue{}}
	for name, value := range attributes {
		in.MessageAttributes[name] = types.MessageAttributeValue{DataType: awssdk.String("String"), StringValue: &value}
	}
	out, err := s.sqs().SendMessage(s.Context(), in)
	if err != nil {
		s.Fatal(err)
	}
	return *out.MessageId
}

// inspect receives what is in the dead-letter queue, at most most.
func (s *system) inspect(desk *operation.Desk, most int) (*operation.Inspection, []letter) {
	s.Helper()
	inspection, _, err := desk.Inspect(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	var letters []letter
	for len(letters) < most {
		page, err := inspection.Next(s.Context())
		if err != nil {
			s.Fatal(err)
		}
		letters = append(letters, page.Letters...)
		if page.Done {
			break
		}
	}
	return inspection, letters
}

// judged inspects all dead letters and gives them their verdicts.
func (s *system) judged(desk *operation.Desk) (*operation.Inspection, []letter) {
	s.Helper()
	inspection, letters := s.inspect(desk, 1000)
	judged, err := desk.Judge(s.Context(), letters)
	if err != nil {
		s.Fatal(err)
	}
	return inspection, judged
}
