package sqs_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"orderops/aws/local/identity"
	"orderops/aws/local/sqs"
)

// direct hands the SDK's requests to a handler without a socket.
type direct struct{ handler http.Handler }

func (d direct) Do(r *http.Request) (*http.Response, error) {
	answered := make(chan *http.Response, 1)
	go func() {
		w := httptest.NewRecorder()
		d.handler.ServeHTTP(w, r)
		answered <- w.Result()
	}()
	select {
	case response := <-answered:
		return response, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// cloud is a service with a real client and short helpers that fail the test.
type cloud struct {
	*testing.T
	service *sqs.Service
	client  *sdk.Client
}

func newCloud(t *testing.T) *cloud {
	t.Helper()
	service := sqs.New(identity.New("111111111111", "us-east-1", "http://localhost:4566", 1))
	t.Cleanup(service.Close)
	return &cloud{T: t, service: service, client: newClient(service)}
}

func newClient(handler http.Handler) *sdk.Client {
	return sdk.New(sdk.Options{
		Region:       "us-east-1",
		BaseEndpoint: awssdk.String("http://localhost:4566"),
		Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient:   direct{handler},
		Retryer:      awssdk.NopRetryer{},
	})
}

// inBubble runs a test in virtual time, at a date of 2026.
func inBubble(t *testing.T, test func(c *cloud)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)))
		test(newCloud(t))
	})
}

func (c *cloud) queue(name string, attributes ...string) string {
	c.Helper()
	url, err := c.service.CreateQueue(name, pairs(attributes))
	if err != nil {
		c.Fatalf("CreateQueue %s: %v", name, err)
	}
	return url
}

// deadLetters makes a queue "orders" that buries in "dead" after so many receives.
func (c *cloud) deadLetters(maxReceives string) (orders, dead string) {
	c.Helper()
	dead = c.queue("dead")
	orders = c.queue("orders", "RedrivePolicy", `{"deadLetterTargetArn":"`+c.service.QueueARN("dead")+`","maxReceiveCount":`+maxReceives+`}`)
	return orders, dead
}

func pairs(list []string) map[string]string {
	m := make(map[string]string)
	for i := 0; i+1 < len(list); i += 2 {
		m[list[i]] = list[i+1]
	}
	return m
}

func (c *cloud) send(url, body string) string {
	c.Helper()
	out, err := c.client.SendMessage(c.Context(), &sdk.SendMessageInput{QueueUrl: &url, MessageBody: &body})
	if err != nil {
		c.Fatalf("SendMessage: %v", err)
	}
	return *out.MessageId
}

// receive takes up to ten messages with everything about them.
func (c *cloud) receive(url string, change ...func(*sdk.ReceiveMessageInput)) []types.Message {
	c.Helper()
	in := &sdk.ReceiveMessageInput{
		QueueUrl: &url, MaxNumberOfMessages: 10,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"}, MessageAttributeNames: []string{"All"},
	}
	for _, f := range change {
		f(in)
	}
	out, err := c.client.ReceiveMessage(c.Context(), in)
	if err != nil {
		c.Fatalf("ReceiveMessage: %v", err)
	}
	return out.Messages
}

// one receives exactly one message.
func (c *cloud) one(url string) types.Message {
	c.Helper()
	got := c.receive(url)
	if len(got) != 1 {
		c.Fatalf("received %d messages of %s, want 1", len(got), url)
	}
	return got[0]
}

func (c *cloud) visibility(url, handle string, seconds int32) error {
	_, err := c.client.ChangeMessageVisibility(c.Context(), &sdk.ChangeMessageVisibilityInput{QueueUrl: &url, ReceiptHandle: &handle, VisibilityTimeout: seconds})
	return err
}

func (c *cloud) delete(url, handle string) error {
	_, err := c.client.DeleteMessage(c.Context(), &sdk.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: &handle})
	return err
}

func (c *cloud) attributes(url string, names ...types.QueueAttributeName) map[string]string {
	c.Helper()
	out, err := c.client.GetQueueAttributes(c.Context(), &sdk.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: names})
	if err != nil {
		c.Fatalf("GetQueueAttributes: %v", err)
	}
	return out.Attributes
}

// counts is "visible/in flight/delayed".
func (c *cloud) counts(url string) string {
	c.Helper()
	a := c.attributes(url, "All")
	return a["ApproximateNumberOfMessages"] + "/" + a["ApproximateNumberOfMessagesNotVisible"] + "/" + a["ApproximateNumberOfMessagesDelayed"]
}

func (c *cloud) wantCounts(url, want string) {
	c.Helper()
	if got := c.counts(url); got != want {
		c.Errorf("visible/in flight/delayed = %s, want %s", got, want)
	}
}

// raw posts a body as is and returns status, query error header and answer.
func (c *cloud) raw(target, body string) (status int, query, answer string) {
	c.Helper()
	r := httptest.NewRequestWithContext(c.Context(), http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", "AmazonSQS."+target)
	w := httptest.NewRecorder()
	c.service.ServeHTTP(w, r)
	return w.Code, w.Header().Get("X-Amzn-Query-Error"), w.Body.String()
}

// wantError checks the error as the SDK's user sees it: "status code: message".
func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if got := describe(err); got != want {
		t.Errorf("error:\n got %s\nwant %s", got, want)
	}
}

func describe(err error) string {
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return "no API error: " + errorText(err)
	}
	status := "?"
	if response, ok := errors.AsType[*smithyhttp.ResponseError](err); ok {
		status = response.Response.Status[:3]
	}
	return status + " " + api.ErrorCode() + ": " + api.ErrorMessage()
}

func errorText(err error) string {
	if err == nil {
		return "<nil>"
	}
	return err.Error()
}

func mustCancel(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v, want the end of the context", err)
	}
}
func milliseconds(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }
