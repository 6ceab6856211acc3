package stepfunctions_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/smithy-go"

	"orderops/aws/local/identity"
	"orderops/aws/local/lambda"
	"orderops/aws/local/stepfunctions"
	"orderops/aws/local/stepfunctions/asl"
)

const roleARN = "arn:aws:iam::000000000000:role/machine"

// inProcess carries requests to a handler without a socket.
type inProcess struct{ handler http.Handler }

type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }

func (c inProcess) Do(r *http.Request) (*http.Response, error) {
	a := &answer{header: http.Header{}, status: http.StatusOK}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.handler.ServeHTTP(a, r)
	}()
	select {
	case <-r.Context().Done():
		return nil, r.Context().Err()
	case <-done:
		return &http.Response{StatusCode: a.status, Header: a.header, Body: io.NopCloser(&a.body), Request: r}, nil
	}
}

// functions are the Lambda functions of a test, by ARN.
type functions map[string]func(ctx context.Context, payload string) (string, *lambda.Failure, error)

func (f functions) Invoke(ctx context.Context, arn string, payload []byte) ([]byte, *lambda.Failure, error) {
	function, ok := f[arn]
	if !ok {
		return nil, nil, lambda.ErrNoFunction
	}
	output, failure, err := function(ctx, string(payload))
	return []byte(output), failure, err
}

// cloud is a service with a real client.
type cloud struct {
	*sfn.Client
	t       *testing.T
	service *stepfunctions.Service
	records *records
}

// inCloud runs a test in virtual time on a day of 2026.
func inCloud(t *testing.T, f functions, run func(c *cloud)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)))
		records := &records{}
		service := stepfunctions.New(identity.New("000000000000", "us-east-1", "", 1), func(string) asl.Invoker { return f }, records, records)
		defer service.Close()
		client := sfn.NewFromConfig(awssdk.Config{
			Region:       "us-east-1",
			BaseEndpoint: new("http://states.local"),
			HTTPClient:   inProcess{service},
			Credentials:  credentials.NewStaticCredentialsProvider("AKIDLOCAL", "secret", ""),
			Retryer:      func() awssdk.Retryer { return awssdk.NopRetryer{} },
		})
		run(&cloud{Client: client, t: t, service: service, records: records})
	})
}

// machine makes a state machine of a definition.
func (c *cloud) machine(name, definition string) string {
	c.t.Helper()
	out, err := c.CreateStateMachine(c.t.Context(), &sfn.CreateStateMachineInput{Name: &name, Definition: &definition, RoleArn: new(roleARN)})
	if err != nil {
		c.t.Fatal(err)
	}
	return *out.StateMachineArn
}

// start starts an execution.
func (c *cloud) start(machine, name, input string) string {
	c.t.Helper()
	out, err := c.StartExecution(c.t.Context(), &sfn.StartExecutionInput{StateMachineArn: &machine, Name: &name, Input: &input})
	if err != nil {
		c.t.Fatal(err)
	}
	return *out.ExecutionArn
}

// run starts an execution of a new machine and waits an hour for it.
func (c *cloud) run(definition, input string) string {
	c.t.Helper()
	arn := c.start(c.machine("Machine", definition), "one", input)
	time.Sleep(time.Hour)
	synctest.Wait()
	return arn
}

func (c *cloud) describe(arn string) *sfn.DescribeExecutionOutput {
	c.t.Helper()
	out, err := c.DescribeExecution(c.t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: &arn})
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

func (c *cloud) history(arn string) []types.HistoryEvent {
	c.t.Helper()
	out, err := c.GetExecutionHistory(c.t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: &arn, MaxResults: 1000})
	if err != nil {
		c.t.Fatal(err)
	}
	return out.Events
}

// code is the AWS error code and message of an error.
func code(err error) (code, message string) {
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return e.ErrorCode(), e.ErrorMessage()
	}
	if err != nil {
		return "not from AWS", err.Error()
	}
	return "", ""
}

// post sends a raw request, for what the client's own checks would not let through.
func (c *cloud) post(operation, body string) (status int, out map[string]any) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, "http://states.local/", bytes.NewBufferString(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("X-Amz-Target", "AWSStepFunctions."+operation)
	answer, err := inProcess{c.service}.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(&out); err != nil {
		c.t.Fatal(err)
	}
	return answer.StatusCode, out
}
