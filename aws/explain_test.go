package aws

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"orderops/workflow"
)

// canned answers every request with the same.
type canned struct {
	status int
	header map[string]string
	body   string
	err    error
}

func (c canned) Do(r *http.Request) (*http.Response, error) {
	if c.err != nil {
		return nil, c.err
	}
	header := http.Header{"X-Amzn-Requestid": {"request-1"}}
	for name, value := range c.header {
		header.Set(name, value)
	}
	return &http.Response{StatusCode: c.status, Header: header, Body: io.NopCloser(strings.NewReader(c.body)), Request: r}, nil
}

// gated is an SQS client behind the gate, whose requests get a canned answer.
func gated(c canned, provider awssdk.CredentialsProvider) *sqs.Client {
	cfg := awssdk.Config{Region: "eu-west-1", Credentials: markedCredentials{provider}, HTTPClient: c}
	g := &gate{budget: NewBudget(cfg.Region), calls: NewCallLog(), explainer: explainer{profile: "shop"}}
	g.install(&cfg)
	return sqs.NewFromConfig(cfg)
}

// send and receive are a write and a read in doubt; both make one attempt.
func send(c canned) *workflow.Problem {
	client := gated(c, credentials.NewStaticCredentialsProvider("key", "secret", ""))
	_, err := client.SendMessage(workflow.WithPolling(context.Background()), &sqs.SendMessageInput{
		QueueUrl: awssdk.String("https://sqs/q"), MessageBody: awssdk.String("x"),
	})
	return asProblem(err)
}

func read(c canned) *workflow.Problem {
	client := gated(c, credentials.NewStaticCredentialsProvider("key", "secret", ""))
	_, err := client.GetQueueAttributes(workflow.WithPolling(context.Background()), &sqs.GetQueueAttributesInput{
		QueueUrl: awssdk.String("https://sqs/q"),
	})
	return asProblem(err)
}

func asProblem(err error) *workflow.Problem {
	p, _ := errors.AsType[*workflow.Problem](err)
	return p
}

func TestExplain(t *testing.T) {
	t.Parallel()
	refused := &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 4566}, Err: syscall.ECONNREFUSED}
	tests := []struct {
		name   string
		canned canned
		// sent and asked are the kinds for SendMessage and for GetQueueAttributes.
		sent, asked workflow.ProblemKind
		reason      string
		next        string
	}{
		{
			name:   "throttled, query spelling",
			canned: canned{status: 403, header: map[string]string{"x-amzn-query-error": "RequestThrottled;Sender"}, body: `{"__type":"com.amazonaws.sqs#RequestThrottled","message":"slow"}`},
			sent:   workflow.Throttled, asked: workflow.Throttled, reason: "too many", next: "slowed down",
		},
		{
			name:   "throttled, type name",
			canned: canned{status: 400, body: `{"__type":"ThrottlingException","message":"Rate exceeded"}`},
			sent:   workflow.Throttled, asked: workflow.Throttled, reason: "ThrottlingException",
		},
		{
			name:   "no queue, query spelling",
			canned: canned{status: 400, header: map[string]string{"x-amzn-query-error": "AWS.SimpleQueueService.NonExistentQueue;Sender"}, body: `{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}`},
			sent:   workflow.NotFound, asked: workflow.NotFound, reason: "does not exist", next: "region",
		},
		{
			name:   "no queue, type name",
			canned: canned{status: 400, body: `{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}`},
			sent:   workflow.NotFound, asked: workflow.NotFound,
		},
		{
			name: "forbidden, as AWS says it",
			canned: canned{status: 403, body: `{"__type":"com.amazon.coral.service#AccessDeniedException","message":"User: arn:aws:sts::1:assumed-role/x/y is not authorized to perform: kms:Decrypt on resource: ` +
				`arn:aws:kms:eu-west-1:1:key/k because no identity-based policy allows the kms:Decrypt action"}`},
			sent: workflow.Forbidden, asked: workflow.Forbidden,
			reason: "lacks the permission kms:Decrypt on arn:aws:kms:eu-west-1:1:key/k (because no identity-based policy", next: "kms:Decrypt",
		},
		{
			name:   "forbidden, without words",
			canned: canned{status: 403, body: `{"__type":"AccessDenied"}`},
			sent:   workflow.Forbidden, asked: workflow.Forbidden, reason: "on https://sqs/q",
		},
		{
			name:   "expired token",
			canned: canned{status: 403, body: `{"__type":"ExpiredTokenException","message":"The security token included in the request is expired"}`},
			sent:   workflow.Unauthenticated, asked: workflow.Unauthenticated, next: "aws sso login --profile shop",
		},
		{
			name:   "a parameter",
			canned: canned{status: 400, header: map[string]string{"x-amzn-query-error": "InvalidParameterValue;Sender"}, body: `{"__type":"com.amazon.coral.service#InvalidParameterValueException","message":"Message must be shorter"}`},
			sent:   workflow.Invalid, asked: workflow.Invalid, reason: "Message must be shorter (InvalidParameterValue)",
		},
		{
			name: "another refusal", canned: canned{status: 400, body: `{"__type":"com.amazonaws.sqs#UnsupportedOperation","message":"no"}`},
			sent: workflow.BrokenCall, asked: workflow.BrokenCall,
		},
		{
			name: "the service broke down", canned: canned{status: 500, body: `{"__type":"InternalFailure","message":"oops"}`},
			sent: workflow.OutcomeUnknown, asked: workflow.BrokenCall, reason: "HTTP 500",
		},
		{
			name: "an answer that is no answer", canned: canned{status: 200, body: `<html>`},
			sent: workflow.OutcomeUnknown, asked: workflow.BrokenCall, reason: "could not be read",
		},
		{
			name: "nobody listens", canned: canned{err: refused},
			sent: workflow.Unreachable, asked: workflow.Unreachable, reason: "nothing accepts connections at 127.0.0.1:4566",
		},
		{
			name: "no such host", canned: canned{err: &net.OpError{Op: "dial", Err: &net.DNSError{Name: "sqs.nowhere", IsNotFound: true}}},
			sent: workflow.Unreachable, asked: workflow.Unreachable, reason: "sqs.nowhere could not be resolved",
		},
		{
			name: "a certificate that is not trusted", canned: canned{err: x509.UnknownAuthorityError{}},
			sent: workflow.Unreachable, asked: workflow.Unreachable, reason: "certificate",
		},
		{
			name: "the connection broke", canned: canned{err: io.ErrUnexpectedEOF},
			sent: workflow.OutcomeUnknown, asked: workflow.Unreachable, reason: "the connection broke",
		},
		{
			name: "out of time", canned: canned{err: context.DeadlineExceeded},
			sent: workflow.OutcomeUnknown, asked: workflow.Unreachable, reason: "no answer came in time",
		},
		{
			name: "cancelled", canned: canned{err: context.Canceled},
			sent: workflow.OutcomeUnknown, asked: workflow.BrokenCall, reason: "cancelled",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, call := range []struct {
				name string
				got  *workflow.Problem
				want workflow.ProblemKind
			}{{"sqs:SendMessage", send(tt.canned), tt.sent}, {"sqs:GetQueueAttributes", read(tt.canned), tt.asked}} {
				switch {
				case call.got == nil:
					t.Fatalf("%s: no problem", call.name)
				case call.got.Kind != call.want:
					t.Errorf("%s: got kind %v, want %v (%v)", call.name, call.got.Kind, call.want, call.got)
				case !strings.Contains(call.got.Reason, tt.reason):
					t.Errorf("%s: got reason %q, want it to say %q", call.name, call.got.Reason, tt.reason)
				case call.want != workflow.OutcomeUnknown && !strings.Contains(call.got.Next, tt.next):
					t.Errorf("%s: got next %q, want it to say %q", call.name, call.got.Next, tt.next)
				case call.got.Operation != call.name || call.got.Target != "https://sqs/q":
					t.Errorf("got %q on %q", call.got.Operation, call.got.Target)
				case strings.Contains(call.got.Reason, "operation error") || strings.Contains(call.got.Reason, "https response error"):
					t.Errorf("%s: the reason is an error chain: %q", call.name, call.got.Reason)
				case tt.canned.err == nil && tt.canned.status != 200 && call.got.RequestID != "request-1":
					t.Errorf("%s: got request id %q", call.name, call.got.RequestID)
				}
			}
		})
	}
}

func TestExplainCredentials(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		err    error
		reason string
		next   string
	}{
		{"none found", errors.New("no EC2 IMDS role found"), "the profile shop gave no credentials", "aws configure --profile shop"},
		{"expired sign-in", &ssocreds.InvalidTokenError{}, "the sign-in has expired", "aws sso login --profile shop"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client := gated(canned{}, awssdk.CredentialsProviderFunc(func(context.Context) (awssdk.Credentials, error) {
				return awssdk.Credentials{}, tt.err
			}))
			_, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: awssdk.String("q"), MessageBody: awssdk.String("x")})
			p := asProblem(err)
			if p == nil || p.Kind != workflow.Unauthenticated || p.Reason != tt.reason || !strings.Contains(p.Next, tt.next) {
				t.Errorf("got %+v, want %q and %q", p, tt.reason, tt.next)
			}
		})
	}
}

func TestExplainAlone(t *testing.T) {
	t.Parallel()
	explain := func(err error) error {
		return explainer{}.explain(err, attempt{action: "sqs:SendMessage", target: "q"})
	}
	if err := explain(nil); err != nil {
		t.Errorf("got %v for no error", err)
	}
	known := &workflow.Problem{Kind: workflow.Refused}
	if err := explain(known); err != error(known) { //nolint:errorlint // the very same one
		t.Errorf("got %v, want the problem that it was", err)
	}
	p := asProblem(explain(errors.New("odd")))
	if p == nil || p.Kind != workflow.BrokenCall || p.Reason != "odd" {
		t.Errorf("got %+v", p)
	}
}
