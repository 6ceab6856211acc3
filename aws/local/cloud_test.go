package local_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"orderops/aws/local"
	"orderops/aws/local/wire"
)

func open(t *testing.T, options local.Options) (*local.Cloud, awssdk.Config) {
	t.Helper()
	cloud := local.New(options)
	t.Cleanup(cloud.Close)
	return cloud, awssdk.Config{
		Region: cloud.Region(), BaseEndpoint: awssdk.String(cloud.URL()), HTTPClient: cloud.HTTPClient(),
		Credentials: credentials.NewStaticCredentialsProvider("operator", "secret", ""),
		Retryer:     func() awssdk.Retryer { return retry.AddWithMaxAttempts(retry.NewStandard(), 1) },
	}
}

// calls are one call of each service, by its IAM action.
func calls() map[string]func(context.Context, awssdk.Config) error {
	return map[string]func(context.Context, awssdk.Config) error{
		"sqs:ListQueues": func(ctx context.Context, c awssdk.Config) error {
			_, err := sqs.NewFromConfig(c).ListQueues(ctx, nil)
			return err
		},
		"states:ListStateMachines": func(ctx context.Context, c awssdk.Config) error {
			_, err := sfn.NewFromConfig(c).ListStateMachines(ctx, nil)
			return err
		},
		"dynamodb:ListTables": func(ctx context.Context, c awssdk.Config) error {
			_, err := dynamodb.NewFromConfig(c).ListTables(ctx, nil)
			return err
		},
		"sns:ListTopics": func(ctx context.Context, c awssdk.Config) error {
			_, err := sns.NewFromConfig(c).ListTopics(ctx, nil)
			return err
		},
		"sts:GetCallerIdentity": func(ctx context.Context, c awssdk.Config) error {
			_, err := sts.NewFromConfig(c).GetCallerIdentity(ctx, nil)
			return err
		},
		"cloudformation:DescribeStacks": func(ctx context.Context, c awssdk.Config) error {
			_, err := cloudformation.NewFromConfig(c).DescribeStacks(ctx, nil)
			return err
		},
	}
}

func TestEveryServiceIsReached(t *testing.T) {
	t.Parallel()
	for action, call := range calls() {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			cloud, config := open(t, local.Options{})
			if err := call(t.Context(), config); err != nil {
				t.Fatal(err)
			}
			counted := cloud.Calls("operator")
			if counted[action] != 1 || len(counted) != 1 {
				t.Errorf("counted %v", counted)
			}
			if other := cloud.Calls("another"); len(other) != 0 {
				t.Errorf("counted %v for another key", other)
			}
		})
	}
}

// TestPressure checks that a cloud's pressure reaches its queues and can be taken off.
func TestPressure(t *testing.T) {
	t.Parallel()
	cloud, config := open(t, local.Options{Pressure: local.Pressure{CountLag: time.Hour}})
	client := sqs.NewFromConfig(config)
	queue, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: awssdk.String("q")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: queue.QueueUrl, MessageBody: awssdk.String("a")}); err != nil {
		t.Fatal(err)
	}
	const count = "ApproximateNumberOfMessages"
	for _, want := range []string{"0", "1"} {
		got, err := client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: queue.QueueUrl, AttributeNames: []types.QueueAttributeName{count}})
		if err != nil || got.Attributes[count] != want {
			t.Errorf("%s messages, %v; want %s", got.Attributes[count], err, want)
		}
		cloud.SetPressure(local.Pressure{})
	}
}

// TestIntercept checks that refusals reach the SDK in each service's own form.
func TestIntercept(t *testing.T) {
	t.Parallel()
	retries := retry.IsErrorThrottles(retry.DefaultThrottles)
	for action, call := range calls() {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			var seen []local.Call
			refuse := local.Call.Throttled
			_, config := open(t, local.Options{Intercept: func(_ context.Context, call local.Call) *wire.Error {
				seen = append(seen, call)
				return refuse(call)
			}})
			if err := call(t.Context(), config); retries.IsErrorThrottle(err) != awssdk.TrueTernary {
				t.Errorf("throttled: %v", err)
			}
			refuse = func(call local.Call) *wire.Error { return call.Lacks(call.Needs[0]) }
			err := call(t.Context(), config)
			api, ok := errors.AsType[smithy.APIError](err)
			if !ok || !strings.Contains(api.ErrorCode(), "AccessDenied") && api.ErrorCode() != "AuthorizationError" ||
				!strings.Contains(api.ErrorMessage(), action) {
				t.Errorf("denied: %v", err)
			}
			refuse = func(local.Call) *wire.Error {
				return &wire.Error{Status: 503, Type: "ServiceUnavailable", Message: "down"}
			}
			err = call(t.Context(), config)
			if response, ok := errors.AsType[*smithyhttp.ResponseError](err); !ok || response.HTTPStatusCode() != 503 {
				t.Errorf("unavailable: %v", err)
			}
			refuse = func(local.Call) *wire.Error { return nil }
			if err := call(t.Context(), config); err != nil {
				t.Errorf("let through: %v", err)
			}
			if len(seen) != 4 || seen[0].Action() != action || seen[0].AccessKey != "operator" || seen[0].Time.IsZero() {
				t.Errorf("seen %+v", seen)
			}
		})
	}
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	const signed = "AWS4-HMAC-SHA256 Credential=k/20261123/us-east-1/%s/aws4_request, SignedHeaders=host, Signature=0"
	for _, test := range []struct {
		name    string
		headers map[string]string
		body    string
		status  int
		says    string
	}{
		{"target", map[string]string{"X-Amz-Target": "AWSEvents.PutEvents"}, "{}", 400, "UnknownOperationException"},
		{"operation", map[string]string{"X-Amz-Target": "AmazonSQS.Dance"}, "{}", 400, "UnknownOperationException"},
		{"query version", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, "Action=X&Version=1", 400, "<Code>InvalidAction</Code>"},
		{
			"query operation",
			map[string]string{"Content-Type": "application/x-www-form-urlencoded"},
			"Action=Dance&Version=2010-03-31", 400, "<Code>InvalidAction</Code>",
		},
		{"service", map[string]string{"Authorization": strings.Replace(signed, "%s", "iam", 1)}, "", 400, `\"iam POST\" is not implemented`},
		{"nobody", nil, "", 403, "Missing Authentication Token"},
		{"broken signature", map[string]string{"Authorization": "Credential=///"}, "", 403, "Missing Authentication Token"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cloud, _ := open(t, local.Options{})
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(test.body))
			for name, value := range test.headers {
				r.Header.Set(name, value)
			}
			w := httptest.NewRecorder()
			cloud.Handler().ServeHTTP(w, r)
			if w.Code != test.status || !strings.Contains(w.Body.String(), test.says) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
}

// TestDeadline wants a call to end with its context while the cloud is slow,
// and nothing to be left behind: the bubble would not end otherwise.
func TestDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, config := open(t, local.Options{Intercept: func(ctx context.Context, _ local.Call) *wire.Error {
			<-ctx.Done()
			return nil
		}})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		_, err := sqs.NewFromConfig(config).ListQueues(ctx, nil)
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
	})
}

func TestCloseEndsLongPolls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud, config := open(t, local.Options{})
		client := sqs.NewFromConfig(config)
		queue, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: awssdk.String("q")})
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_, _ = client.ReceiveMessage(context.Background(), &sqs.ReceiveMessageInput{QueueUrl: queue.QueueUrl, WaitTimeSeconds: 20})
		}()
		synctest.Wait()
		began := time.Now()
		cloud.Close()
		<-ended
		if time.Since(began) != 0 {
			t.Errorf("closed after %s", time.Since(began))
		}
		if _, err := client.ListQueues(t.Context(), nil); !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("after Close: %v", err)
		}
		w := httptest.NewRecorder()
		cloud.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", http.NoBody))
		if w.Code != http.StatusServiceUnavailable {
			t.Errorf("handler after Close: %d", w.Code)
		}
	})
}

func TestPanicIsAnError(t *testing.T) {
	t.Parallel()
	_, config := open(t, local.Options{Intercept: func(context.Context, local.Call) *wire.Error { panic("oh") }})
	if _, err := sqs.NewFromConfig(config).ListQueues(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "oh") {
		t.Errorf("error %v", err)
	}
}

// TestBodyIsNotTouchedAfterDo lets the caller use the body again, as a retry does.
func TestBodyIsNotTouchedAfterDo(t *testing.T) {
	t.Parallel()
	cloud, _ := open(t, local.Options{})
	body := &closed{Reader: strings.NewReader("{}")}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, cloud.URL(), body)
	if err != nil {
		t.Fatal(err)
	}
	response, err := cloud.HTTPClient().Do(r)
	if err != nil || !body.done || response.Request != r {
		t.Fatalf("%+v, %v, closed %t", response, err, body.done)
	}
	if err := response.Body.Close(); err != nil {
		t.Error(err)
	}
}

type closed struct {
	io.Reader
	done bool
}

func (c *closed) Close() error {
	c.done = true
	return nil
}
