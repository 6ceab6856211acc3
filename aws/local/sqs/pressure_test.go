package sqs_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"

	"orderops/aws/local/sqs"
)

// sendMany sends 100 messages.
func (c *cloud) sendMany(url string) {
	c.Helper()
	for i := range 100 {
		c.send(url, fmt.Sprint(i))
	}
}

// handled receives and deletes until nothing comes any more, and tells how
// often each body came.
func (c *cloud) handled(url string) map[string]int {
	c.Helper()
	times := map[string]int{}
	for {
		got := c.receive(url, func(in *sdk.ReceiveMessageInput) { in.WaitTimeSeconds = 20; in.VisibilityTimeout = 15 })
		if len(got) == 0 {
			return times
		}
		for _, m := range got {
			times[*m.Body]++
			if err := c.delete(url, *m.ReceiptHandle); err != nil {
				c.Fatal(err)
			}
		}
	}
}

func TestDuplicatesComeAfterTheirDeletion(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		c.service.SetPressure(sqs.Pressure{DuplicateRate: 1})
		url := c.queue("orders")
		id := c.send(url, "a")
		first := c.one(url)
		for range 2 { // the second time is no deletion of the copy
			if err := c.delete(url, *first.ReceiptHandle); err != nil {
				c.Fatal(err)
			}
		}
		if got := c.receive(url); len(got) != 0 {
			c.Errorf("received %d copies before the visibility timeout ended", len(got))
		}
		wantError(c.T, c.visibility(url, *first.ReceiptHandle, 0),
			"400 InvalidParameterValue: Value "+*first.ReceiptHandle+" for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.")
		time.Sleep(30 * time.Second)
		second := c.one(url)
		if *second.MessageId != id || second.Attributes["ApproximateReceiveCount"] != "2" {
			c.Errorf("the copy has the id %s (sent %s) and attributes %v", *second.MessageId, id, second.Attributes)
		}
		if err := c.delete(url, *second.ReceiptHandle); err != nil {
			c.Fatal(err)
		}
		c.wantCounts(url, "0/0/0")
	})
}

// A message that was worked on and deleted can so become a dead letter.
func TestACopyCanBeDeadLettered(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		c.service.SetPressure(sqs.Pressure{DuplicateRate: 1})
		orders, dead := c.deadLetters("1")
		id := c.send(orders, "a")
		if err := c.delete(orders, *c.one(orders).ReceiptHandle); err != nil {
			c.Fatal(err)
		}
		time.Sleep(30 * time.Second)
		c.receive(orders)
		if got := c.one(dead); *got.MessageId != id {
			c.Errorf("the dead letter is %s, want %s", *got.MessageId, id)
		}
	})
}

func TestDuplicateRateIsAShareThatRepeats(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		duplicates := func(c *cloud) string {
			c.service.SetPressure(sqs.Pressure{DuplicateRate: 0.2})
			url := c.queue("orders")
			c.sendMany(url)
			var twice []string
			for body, n := range c.handled(url) {
				if n == 2 {
					twice = append(twice, body)
				}
			}
			if n := len(twice); n < 10 || n > 30 {
				c.Errorf("%d of 100 messages came twice at a rate of 0.2", n)
			}
			return strings.Join(slices.Sorted(slices.Values(twice)), " ")
		}
		if first, again := duplicates(c), duplicates(newCloud(c.T)); first != again {
			c.Errorf("duplicates of two runs with the same seed:\n%s\n%s", first, again)
		}
	})
}

func TestShortPollSeesAShare(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		c.service.SetPressure(sqs.Pressure{ShortPollShare: 0.1})
		url := c.queue("orders")
		for range 5 {
			c.send(url, "x")
		}
		found, polls, short := 0, 0, 0
		for ; found < 5 && polls < 1000; polls++ {
			got := len(c.receive(url))
			if found += got; found < 5 && got < 5 {
				short++
			}
		}
		if found != 5 || short == 0 {
			c.Errorf("%d polls found %d of 5 messages, %d of them missed some", polls, found, short)
		}
		time.Sleep(30 * time.Second)
		if got := c.receive(url, func(in *sdk.ReceiveMessageInput) { in.WaitTimeSeconds = 1 }); len(got) != 5 {
			c.Errorf("a long poll sees %d of 5 messages", len(got))
		}
	})
}

func TestCountsLag(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		url := c.queue("orders")
		c.service.SetPressure(sqs.Pressure{CountLag: time.Minute})
		c.send(url, "a")
		c.wantCounts(url, "0/0/0")
		time.Sleep(59 * time.Second)
		c.one(url)
		c.wantCounts(url, "0/0/0")
		time.Sleep(time.Second)
		c.wantCounts(url, "0/1/0")
		c.send(url, "b")
		c.wantCounts(url, "0/1/0")
		c.service.SetPressure(sqs.Pressure{})
		c.wantCounts(url, "1/1/0")
	})
}

func TestMoreRoomInFlightEndsTheWait(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		c.service.SetPressure(sqs.Pressure{InFlightLimit: 1})
		url := c.queue("orders")
		c.send(url, "a")
		c.send(url, "b")
		c.one(url)
		time.AfterFunc(5*time.Second, func() { c.service.SetPressure(sqs.Pressure{}) })
		start := time.Now()
		got := c.receive(url, func(in *sdk.ReceiveMessageInput) { in.WaitTimeSeconds = 20 })
		if took := time.Since(start); len(got) != 1 || took != 5*time.Second {
			c.Errorf("%d messages after %v, want 1 when the limit was lifted after 5s", len(got), took)
		}
	})
}
