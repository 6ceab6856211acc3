package sqs_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

func TestMessageMovesWhenReceivesExceedThePolicy(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		orders, dead := c.deadLetters("3")
		sent := time.Now()
		out, err := c.client.SendMessage(c.Context(), &sdk.SendMessageInput{
			QueueUrl: &orders, MessageBody: awssdk.String("a"),
			MessageAttributes:       map[string]types.MessageAttributeValue{"k": stringAttribute("v")},
			MessageSystemAttributes: map[string]types.MessageSystemAttributeValue{"AWSTraceHeader": {DataType: awssdk.String("String"), StringValue: awssdk.String("Root=1")}},
		})
		if err != nil {
			c.Fatal(err)
		}
		for i := range 3 {
			if got := c.one(orders).Attributes["ApproximateReceiveCount"]; got != strconv.Itoa(i+1) {
				c.Errorf("receive count = %s, want %d", got, i+1)
			}
			time.Sleep(30 * time.Second)
		}
		c.wantCounts(orders, "1/0/0") // it moves when somebody asks for it once more
		if got := c.receive(orders); len(got) != 0 {
			c.Errorf("received %d messages after the third time", len(got))
		}
		c.wantCounts(orders, "0/0/0")
		got := c.one(dead)
		if *got.MessageId != *out.MessageId {
			c.Errorf("id in the dead-letter queue = %s, want %s", *got.MessageId, *out.MessageId)
		}
		for name, want := range map[string]string{
			"ApproximateReceiveCount": "4", "SentTimestamp": milliseconds(sent), "AWSTraceHeader": "Root=1",
			"ApproximateFirstReceiveTimestamp": milliseconds(sent), "DeadLetterQueueSourceArn": c.service.QueueARN("orders"),
		} {
			if got.Attributes[name] != want {
				c.Errorf("%s = %s, want %s", name, got.Attributes[name], want)
			}
		}
		if *got.MD5OfMessageAttributes != *out.MD5OfMessageAttributes {
			c.Error("the sender's attributes changed on the way")
		}
	})
}

func TestLongPollOnDeadLettersSeesAMove(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		orders, dead := c.deadLetters("1")
		c.send(orders, "a")
		c.one(orders)
		time.AfterFunc(35*time.Second, func() { _, _ = c.service.Receive(c.Context(), c.service.QueueARN("orders"), 1, 0) })
		time.Sleep(30 * time.Second)
		start := time.Now()
		got := c.receive(dead, func(in *sdk.ReceiveMessageInput) { in.WaitTimeSeconds = 20 })
		if took := time.Since(start); len(got) != 1 || took != 5*time.Second {
			c.Errorf("got %d messages after %v, want 1 after 5s", len(got), took)
		}
	})
}

func TestDeadLettersKeepTheirRetention(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		orders, dead := c.deadLetters("1")
		c.send(orders, "a")
		c.one(orders)
		time.Sleep(3 * 24 * time.Hour)
		c.receive(orders)
		c.wantCounts(dead, "1/0/0")
		time.Sleep(24 * time.Hour)
		c.wantCounts(dead, "0/0/0")
	})
}

func TestMessagesStayWithoutTheirDeadLetterQueue(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	orders, dead := c.deadLetters("1")
	if _, err := c.client.DeleteQueue(t.Context(), &sdk.DeleteQueueInput{QueueUrl: &dead}); err != nil {
		t.Fatal(err)
	}
	c.send(orders, "a")
	for range 3 {
		if err := c.visibility(orders, *c.one(orders).ReceiptHandle, 0); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAQueueCanBeItsOwnDeadLetterQueue(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	url := c.queue("loop", "VisibilityTimeout", "0", "RedrivePolicy", `{"deadLetterTargetArn":"`+c.service.QueueARN("loop")+`","maxReceiveCount":1}`)
	c.send(url, "a")
	for range 3 {
		c.one(url)
	}
	c.wantCounts(url, "1/0/0")
}

func TestListDeadLetterSourceQueues(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	orders, dead := c.deadLetters("3")
	if _, _, answer := c.raw("ListDeadLetterSourceQueues", `{"QueueUrl":"`+dead+`"}`); answer != `{"queueUrls":["`+orders+`"]}` {
		t.Errorf("sources of the dead-letter queue = %s", answer)
	}
	if _, _, answer := c.raw("ListDeadLetterSourceQueues", `{"QueueUrl":"`+orders+`"}`); answer != `{"queueUrls":[]}` {
		t.Errorf("sources of another queue = %s", answer)
	}
}

func TestRedrivePolicyRefuses(t *testing.T) {
	t.Parallel()
	const dead = "arn:aws:sqs:us-east-1:111111111111:dead"
	for name, test := range map[string]struct{ policy, reason string }{
		"no JSON":       {`{`, "Redrive policy is not a valid JSON map."},
		"a list":        {`[]`, "Redrive policy is not a valid JSON map."},
		"two":           {`{"deadLetterTargetArn":"` + dead + `","maxReceiveCount":3}{}`, "Redrive policy is not a valid JSON map."},
		"neither":       {`{}`, "Redrive policy does not contain mandatory attribute: deadLetterTargetArn."},
		"more":          {`{"deadLetterTargetArn":"` + dead + `","maxReceiveCount":3,"colour":"red"}`, "Redrive policy is not a valid JSON map."},
		"no target":     {`{"maxReceiveCount":3}`, "Redrive policy does not contain mandatory attribute: deadLetterTargetArn."},
		"no count":      {`{"deadLetterTargetArn":"` + dead + `"}`, "Redrive policy does not contain mandatory attribute: maxReceiveCount."},
		"count 0":       {`{"deadLetterTargetArn":"` + dead + `","maxReceiveCount":0}`, "Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000 both inclusive."},
		"count 1.5":     {`{"deadLetterTargetArn":"` + dead + `","maxReceiveCount":1.5}`, "Invalid value for maxReceiveCount: 1.5, valid values are from 1 to 1000 both inclusive."},
		"unknown queue": {`{"deadLetterTargetArn":"` + dead + `er","maxReceiveCount":3}`, "Dead letter target does not exist."},
		"other account": {`{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:222222222222:dead","maxReceiveCount":3}`, "Dead letter target does not exist."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			c.queue("dead")
			_, err := c.client.CreateQueue(t.Context(), &sdk.CreateQueueInput{QueueName: awssdk.String("orders"), Attributes: map[string]string{"RedrivePolicy": test.policy}})
			wantError(t, err, "400 InvalidParameterValue: Value "+test.policy+" for parameter RedrivePolicy is invalid. Reason: "+test.reason)
			if _, err := c.client.GetQueueUrl(t.Context(), &sdk.GetQueueUrlInput{QueueName: awssdk.String("orders")}); err == nil {
				t.Error("the queue was made all the same")
			}
		})
	}
}

func TestRedrivePolicyIsReturnedWithANumber(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	orders, dead := c.deadLetters(`"3"`)
	want := `{"deadLetterTargetArn":"` + c.service.QueueARN("dead") + `","maxReceiveCount":3}`
	if got := c.attributes(orders, "RedrivePolicy")["RedrivePolicy"]; got != want {
		t.Errorf("RedrivePolicy = %s, want %s", got, want)
	}
	if got := c.attributes(dead, "RedrivePolicy"); len(got) != 0 {
		t.Errorf("attributes of a queue without a policy = %v", got)
	}
	_, err := c.client.SetQueueAttributes(t.Context(), &sdk.SetQueueAttributesInput{QueueUrl: &orders, Attributes: map[string]string{"RedrivePolicy": ""}})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.attributes(orders, "All"); strings.Contains(strings.Join(keys(got), " "), "Redrive") {
		t.Errorf("attributes after the policy was taken off = %v", got)
	}
}
