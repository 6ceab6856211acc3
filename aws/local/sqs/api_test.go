package sqs_test

import (
	"errors"
	"testing"
	"time"

	"orderops/aws/local/wire"
)

func TestGoAPI(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		c.queue("orders", "VisibilityTimeout", "7")
		arn := c.service.QueueARN("orders")
		id, sum, err := c.service.Send(arn, "test")
		if err != nil || sum != "098f6bcd4621d373cade4e832627b4f6" {
			c.Fatalf("Send = %s, %v", sum, err)
		}
		got, err := c.service.Receive(c.Context(), arn, 100, 0)
		if err != nil || len(got) != 1 {
			c.Fatalf("Receive = %v, %v; want one message", got, err)
		}
		if d := got[0]; d.MessageID != id || d.Body != "test" || d.MD5 != sum || d.Attributes["ApproximateReceiveCount"] != "1" {
			c.Errorf("delivery = %+v", d)
		}
		time.Sleep(7 * time.Second)
		again, err := c.service.Receive(c.Context(), arn, 1, 0)
		if err != nil || len(again) != 1 {
			c.Fatalf("second Receive = %v, %v; want the message again after the queue's visibility timeout", again, err)
		}
		if err := c.service.Delete(arn, got[0].ReceiptHandle, again[0].ReceiptHandle); err != nil {
			c.Fatal(err)
		}
		c.wantCounts("orders", "0/0/0")
	})
}

func TestGoAPIErrorsAreAWSs(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	c.queue("orders")
	code := func(err error) string {
		if e, ok := errors.AsType[*wire.Error](err); ok {
			return e.Code()
		}
		return errorText(err)
	}
	nowhere := c.service.QueueARN("nowhere")
	_, _, sendErr := c.service.Send(nowhere, "x")
	_, receiveErr := c.service.Receive(t.Context(), nowhere, 1, 0)
	_, createErr := c.service.CreateQueue("a b", nil)
	_, _, emptyErr := c.service.Send(c.service.QueueARN("orders"), "")
	for name, test := range map[string]struct {
		err  error
		want string
	}{
		"send":            {sendErr, "QueueDoesNotExist"},
		"receive":         {receiveErr, "QueueDoesNotExist"},
		"delete":          {c.service.Delete(nowhere, "x"), "QueueDoesNotExist"},
		"create":          {createErr, "InvalidParameterValueException"},
		"an empty body":   {emptyErr, "MissingRequiredParameterException"},
		"a foreign queue": {c.service.Delete("arn:aws:sqs:eu-west-1:111111111111:orders", "x"), "QueueDoesNotExist"},
		"a handle":        {c.service.Delete(c.service.QueueARN("orders"), "x"), "ReceiptHandleIsInvalid"},
	} {
		if got := code(test.err); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
