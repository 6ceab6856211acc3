package sqs_test

import (
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
)

func TestDeleteMessage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		wait  time.Duration // between the receive and the delete
		again bool          // receive again before deleting with the first handle
		want  string        // counts afterwards
	}{
		"in time":                  {wait: time.Second, want: "0/0/0"},
		"late":                     {wait: 31 * time.Second, want: "0/0/0"},
		"late and received again":  {wait: 31 * time.Second, again: true, want: "0/1/0"},
		"at the end of visibility": {wait: 30 * time.Second, want: "0/0/0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(c *cloud) {
				url := c.queue("orders")
				c.send(url, "a")
				handle := *c.one(url).ReceiptHandle
				time.Sleep(test.wait)
				if test.again {
					c.one(url)
				}
				if err := c.delete(url, handle); err != nil {
					c.Fatal(err)
				}
				c.wantCounts(url, test.want)
			})
		})
	}
}

func TestDeleteMessageTwiceSucceeds(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	url := c.queue("orders")
	c.send(url, "a")
	handle := *c.one(url).ReceiptHandle
	for range 2 {
		if err := c.delete(url, handle); err != nil {
			t.Error(err)
		}
	}
}

func TestReceiptHandlesOfOtherQueuesAreInvalid(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	orders, other := c.queue("orders"), c.queue("other")
	c.send(other, "a")
	handle := *c.one(other).ReceiptHandle
	const garbage = "garbage"
	wantError(t, c.delete(orders, garbage), `404 ReceiptHandleIsInvalid: The input receipt handle "garbage" is not a valid receipt handle.`)
	wantError(t, c.visibility(orders, handle, 0), `404 ReceiptHandleIsInvalid: The input receipt handle "`+handle+`" is not a valid receipt handle.`)
	c.wantCounts(other, "0/1/0")
}

func TestChangeMessageVisibility(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		wait    time.Duration // between the receive and the change
		seconds int32
		hidden  time.Duration // how long the message stays hidden after the change
	}{
		"give back":                {wait: time.Second, seconds: 0, hidden: 0},
		"extend":                   {wait: 20 * time.Second, seconds: 60, hidden: time.Minute},
		"shorten":                  {wait: time.Second, seconds: 3, hidden: 3 * time.Second},
		"after the end":            {wait: 31 * time.Second, seconds: 5, hidden: 5 * time.Second},
		"give back after the end":  {wait: 31 * time.Second, seconds: 0, hidden: 0},
		"up to the ceiling":        {wait: 10 * time.Second, seconds: 43_190, hidden: 43_190 * time.Second},
		"the whole ceiling at one": {wait: 0, seconds: 43_200, hidden: 12 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(c *cloud) {
				url := c.queue("orders")
				c.send(url, "a")
				handle := *c.one(url).ReceiptHandle
				time.Sleep(test.wait)
				if err := c.visibility(url, handle, test.seconds); err != nil {
					c.Fatal(err)
				}
				if test.hidden > 0 {
					time.Sleep(test.hidden - time.Millisecond)
					c.wantCounts(url, "0/1/0")
					time.Sleep(time.Millisecond)
				}
				c.wantCounts(url, "1/0/0")
			})
		})
	}
}

func TestChangeMessageVisibilityRefuses(t *testing.T) {
	t.Parallel()
	const gone = "Reason: Message does not exist or is not available for visibility timeout change."
	inBubble(t, func(c *cloud) {
		url := c.queue("orders")
		c.send(url, "a")
		handle := *c.one(url).ReceiptHandle
		wantError(c.T, c.visibility(url, handle, 43_201), "400 InvalidParameterValue: Value 43201 for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and 43200.")
		time.Sleep(10 * time.Second)
		wantError(c.T, c.visibility(url, handle, 43_191), "400 InvalidParameterValue: Value 43191 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds].")
		time.Sleep(20 * time.Second)
		latest := *c.one(url).ReceiptHandle
		wantError(c.T, c.visibility(url, handle, 5), "400 InvalidParameterValue: Value "+handle+" for parameter ReceiptHandle is invalid. "+gone)
		if err := c.delete(url, latest); err != nil {
			c.Fatal(err)
		}
		wantError(c.T, c.visibility(url, latest, 0), "400 InvalidParameterValue: Value "+latest+" for parameter ReceiptHandle is invalid. "+gone)
	})
}

func TestDelay(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		url := c.queue("orders", "DelaySeconds", "10")
		c.send(url, "the queue's")
		_, err := c.client.SendMessage(c.Context(), &sdk.SendMessageInput{QueueUrl: &url, MessageBody: awssdk.String("its own"), DelaySeconds: 20})
		if err != nil {
			c.Fatal(err)
		}
		c.wantCounts(url, "0/0/2")
		time.Sleep(10 * time.Second)
		c.wantCounts(url, "1/0/1")
		time.Sleep(10 * time.Second)
		c.wantCounts(url, "2/0/0")
	})
}

func TestRetention(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		url := c.queue("orders", "MessageRetentionPeriod", "120")
		c.send(url, "received")
		c.one(url)
		time.Sleep(20 * time.Second)
		c.send(url, "visible")
		time.Sleep(100 * time.Second)
		c.wantCounts(url, "1/0/0")
		if _, err := c.client.SetQueueAttributes(c.Context(), &sdk.SetQueueAttributesInput{QueueUrl: &url, Attributes: map[string]string{"MessageRetentionPeriod": "60"}}); err != nil {
			c.Fatal(err)
		}
		c.wantCounts(url, "0/0/0")
	})
}

func TestRetentionEndsALease(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		url := c.queue("orders", "MessageRetentionPeriod", "60", "VisibilityTimeout", "600")
		c.send(url, "a")
		handle := *c.one(url).ReceiptHandle
		time.Sleep(59 * time.Second)
		c.wantCounts(url, "0/1/0")
		time.Sleep(time.Second)
		c.wantCounts(url, "0/0/0")
		if err := c.delete(url, handle); err != nil {
			c.Errorf("deleting what has expired: %v", err)
		}
	})
}
