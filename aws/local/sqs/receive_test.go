package sqs_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/aws/local/sqs"
)

func TestReceiveMessageRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		in   sdk.ReceiveMessageInput
		want string
	}{
		"eleven": {
			sdk.ReceiveMessageInput{MaxNumberOfMessages: 11},
			"400 InvalidParameterValue: Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
		},
		"a long wait": {
			sdk.ReceiveMessageInput{WaitTimeSeconds: 21},
			"400 InvalidParameterValue: Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.",
		},
		"a negative wait": {
			sdk.ReceiveMessageInput{WaitTimeSeconds: -1},
			"400 InvalidParameterValue: Value -1 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.",
		},
		"a long visibility": {
			sdk.ReceiveMessageInput{VisibilityTimeout: 43201},
			"400 InvalidParameterValue: Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if provided.",
		},
		"an unknown attribute": {
			sdk.ReceiveMessageInput{MessageSystemAttributeNames: []types.MessageSystemAttributeName{"Nothing"}},
			"400 InvalidAttributeName: Unknown Attribute Nothing.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			in := test.in
			in.QueueUrl = awssdk.String(c.queue("orders"))
			_, err := c.client.ReceiveMessage(t.Context(), &in)
			wantError(t, err, test.want)
		})
	}
}

func TestReceiveMessageChoosesAttributes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		old    []types.QueueAttributeName
		system []types.MessageSystemAttributeName
		names  []string
		want   string // system attributes, then the sender's
	}{
		"none":            {},
		"one":             {system: []types.MessageSystemAttributeName{"SenderId", "SequenceNumber"}, want: "SenderId"},
		"old and new":     {old: []types.QueueAttributeName{"All"}, system: []types.MessageSystemAttributeName{"SenderId"}, want: "ApproximateFirstReceiveTimestamp ApproximateReceiveCount SenderId SentTimestamp"},
		"all":             {names: []string{"All"}, want: "General Hello Help.Me"},
		"a wildcard":      {names: []string{".*"}, want: "General Hello Help.Me"},
		"a prefix":        {names: []string{"Hel.*"}, want: "Hello Help.Me"},
		"by name":         {names: []string{"Foo", "Hello"}, want: "Hello"},
		"illegal":         {names: []string{"..foo"}},
		"all of both":     {old: []types.QueueAttributeName{"SentTimestamp"}, names: []string{"Hello"}, want: "SentTimestamp Hello"},
		"only the number": {system: []types.MessageSystemAttributeName{"ApproximateReceiveCount"}, want: "ApproximateReceiveCount"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			url := c.queue("orders")
			_, err := c.client.SendMessage(t.Context(), &sdk.SendMessageInput{QueueUrl: &url, MessageBody: awssdk.String("msg"), MessageAttributes: map[string]types.MessageAttributeValue{
				"Help.Me": stringAttribute("Me"), "Hello": stringAttribute("There"), "General": stringAttribute("Kenobi"),
			}})
			if err != nil {
				t.Fatal(err)
			}
			messages := c.receive(url, func(in *sdk.ReceiveMessageInput) {
				//nolint:staticcheck // SA1019: old clients still send AttributeNames
				in.AttributeNames = test.old
				in.MessageSystemAttributeNames, in.MessageAttributeNames = test.system, test.names
			})
			got := slices.Concat(slices.Sorted(maps.Keys(messages[0].Attributes)), slices.Sorted(maps.Keys(messages[0].MessageAttributes)))
			if text := strings.Join(got, " "); text != test.want {
				t.Errorf("attributes = %q, want %q", text, test.want)
			}
			if hasSum, hasAny := messages[0].MD5OfMessageAttributes != nil, len(messages[0].MessageAttributes) > 0; hasSum != hasAny {
				t.Errorf("digest present %v, attributes present %v", hasSum, hasAny)
			}
		})
	}
}

func TestReceiveMessageOfAnEmptyQueueAnswersNothing(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	if _, _, answer := c.raw("ReceiveMessage", `{"QueueUrl":"`+c.queue("orders")+`"}`); answer != "{}" {
		t.Errorf("answer = %s, want {}", answer)
	}
}

func TestReceiveMessageHidesAndCounts(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		url := c.queue("orders")
		sent := time.Now()
		id := c.send(url, "a")
		time.Sleep(5 * time.Second)
		first := c.one(url)
		c.wantCounts(url, "0/1/0")
		if got := c.receive(url); len(got) != 0 {
			c.Fatalf("received %d hidden messages", len(got))
		}
		time.Sleep(30 * time.Second)
		second := c.one(url)
		if *second.MessageId != id || *second.ReceiptHandle == *first.ReceiptHandle {
			c.Errorf("second receive: id %s (sent %s), handle equal %v", *second.MessageId, id, *second.ReceiptHandle == *first.ReceiptHandle)
		}
		want := map[string]string{
			"SenderId": "111111111111", "ApproximateReceiveCount": "2",
			"SentTimestamp":                    milliseconds(sent),
			"ApproximateFirstReceiveTimestamp": milliseconds(sent.Add(5 * time.Second)),
		}
		if !maps.Equal(second.Attributes, want) {
			c.Errorf("attributes = %v, want %v", second.Attributes, want)
		}
	})
}

func TestReceiveMessageWithoutVisibilityGivesEachOnce(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	url := c.queue("orders", "VisibilityTimeout", "0")
	c.send(url, "a")
	c.send(url, "b")
	for range 2 {
		if got := c.receive(url); len(got) != 2 {
			t.Errorf("received %d messages, want 2", len(got))
		}
	}
	c.wantCounts(url, "2/0/0")
}

func TestLongPollEnds(t *testing.T) {
	t.Parallel()
	long := func(in *sdk.ReceiveMessageInput) { in.WaitTimeSeconds = 20 }
	for name, test := range map[string]struct {
		prepare func(c *cloud, url string)
		after   time.Duration
		count   int
	}{
		"when the time is over": {func(*cloud, string) {}, 20 * time.Second, 0},
		"when a message comes": {func(c *cloud, _ string) {
			time.AfterFunc(7*time.Second, func() { _, _, _ = c.service.Send(c.service.QueueARN("orders"), "a") })
		}, 7 * time.Second, 1},
		"when a delay is over": {func(c *cloud, url string) {
			in := &sdk.SendMessageInput{QueueUrl: &url, MessageBody: awssdk.String("a"), DelaySeconds: 12}
			if _, err := c.client.SendMessage(c.Context(), in); err != nil {
				c.Fatal(err)
			}
		}, 12 * time.Second, 1},
		"when the delay of a message that comes is over": {func(c *cloud, url string) {
			time.AfterFunc(3*time.Second, func() {
				_, _ = c.client.SendMessage(c.Context(), &sdk.SendMessageInput{QueueUrl: &url, MessageBody: awssdk.String("a"), DelaySeconds: 5})
			})
		}, 8 * time.Second, 1},
		"when a lease is over": {func(c *cloud, url string) {
			c.send(url, "a")
			c.receive(url, func(in *sdk.ReceiveMessageInput) { in.VisibilityTimeout = 9 })
		}, 9 * time.Second, 1},
		"when a lease is given back": {func(c *cloud, url string) {
			c.send(url, "a")
			handle := *c.one(url).ReceiptHandle
			time.AfterFunc(3*time.Second, func() { _ = c.visibility(url, handle, 0) })
		}, 3 * time.Second, 1},
		"when a lease is cut short": {func(c *cloud, url string) {
			c.send(url, "a")
			handle := *c.one(url).ReceiptHandle
			time.AfterFunc(3*time.Second, func() { _ = c.visibility(url, handle, 2) })
		}, 5 * time.Second, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(c *cloud) {
				url := c.queue("orders")
				test.prepare(c, url)
				start := time.Now()
				got := c.receive(url, long)
				if took := time.Since(start); took != test.after || len(got) != test.count {
					c.Errorf("got %d messages after %v, want %d after %v", len(got), took, test.count, test.after)
				}
			})
		})
	}
}

func TestLongPollTakesTheQueuesWait(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		url := c.queue("orders", "ReceiveMessageWaitTimeSeconds", "4")
		start := time.Now()
		c.receive(url)
		if took := time.Since(start); took != 4*time.Second {
			c.Errorf("waited %v, want 4s", took)
		}
	})
}

func TestLongPollOfADeletedQueueFails(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		url := c.queue("orders")
		time.AfterFunc(time.Second, func() {
			_, _ = c.client.DeleteQueue(c.Context(), &sdk.DeleteQueueInput{QueueUrl: &url})
		})
		start := time.Now()
		_, err := c.client.ReceiveMessage(c.Context(), &sdk.ReceiveMessageInput{QueueUrl: &url, WaitTimeSeconds: 20})
		wantError(c.T, err, "400 AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist.")
		if took := time.Since(start); took != time.Second {
			c.Errorf("the poll ended after %v, want 1s", took)
		}
	})
}

func TestLongPollEndsWithItsContext(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		c.queue("orders")
		ctx, cancel := context.WithTimeout(c.Context(), 2*time.Second)
		defer cancel()
		_, err := c.service.Receive(ctx, c.service.QueueARN("orders"), 10, 20*time.Second)
		mustCancel(c.T, err)
	})
}

func TestCloseEndsLongPolls(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		url := c.queue("orders")
		failed := make(chan error, 1)
		go func() {
			_, err := c.client.ReceiveMessage(c.Context(), &sdk.ReceiveMessageInput{QueueUrl: &url, WaitTimeSeconds: 20})
			failed <- err
		}()
		synctest.Wait()
		start := time.Now()
		c.service.Close()
		wantError(c.T, <-failed, "503 ServiceUnavailable: The local AWS is shutting down.")
		if took := time.Since(start); took != 0 {
			c.Errorf("the poll went on for %v", took)
		}
	})
}

func TestInFlightLimit(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		c.service.SetPressure(sqs.Pressure{InFlightLimit: 2})
		url, arn := c.queue("orders"), c.service.QueueARN("orders")
		for range 4 {
			c.send(url, "x")
		}
		held := c.receive(url)
		c.wantCounts(url, "2/2/0")
		_, err := c.client.ReceiveMessage(c.Context(), &sdk.ReceiveMessageInput{QueueUrl: &url})
		wantError(c.T, err, "403 OverLimit: The maximum number of in flight messages is reached.")
		got, err := c.service.Receive(c.Context(), arn, 1, 5*time.Second)
		if len(got) != 0 || err != nil {
			c.Errorf("long poll at the limit = %d messages, %v; want none", len(got), err)
		}
		time.AfterFunc(3*time.Second, func() { _ = c.delete(url, *held[0].ReceiptHandle) })
		start := time.Now()
		got, err = c.service.Receive(c.Context(), arn, 10, 20*time.Second)
		if took := time.Since(start); len(got) != 1 || err != nil || took != 3*time.Second {
			c.Errorf("long poll = %d messages, %v after %v; want 1 after a delete made room at 3s", len(got), err, took)
		}
	})
}
