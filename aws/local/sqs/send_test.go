package sqs_test

import (
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

func stringAttribute(value string) types.MessageAttributeValue {
	return types.MessageAttributeValue{DataType: awssdk.String("String"), StringValue: &value}
}

func TestSendMessageAnswersTheOrdersDigest(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	url := c.queue("orders")
	out, err := c.client.SendMessage(t.Context(), &sdk.SendMessageInput{
		QueueUrl:    &url,
		MessageBody: awssdk.String(`{"data":{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := *out.MD5OfMessageBody, "e172a0b1b0c410a6d12b96ef434aa4c0"; got != want {
		t.Errorf("MD5 = %s, want %s", got, want)
	}
	if got := c.one(url); *got.MessageId != *out.MessageId {
		t.Errorf("received id %s, sent as %s", *got.MessageId, *out.MessageId)
	}
}

func TestSendMessageKeepsWhatTheSenderGave(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	url := c.queue("orders")
	out, err := c.client.SendMessage(t.Context(), &sdk.SendMessageInput{
		QueueUrl: &url, MessageBody: awssdk.String("test"), MessageGroupId: awssdk.String("tenant"),
		MessageAttributes: map[string]types.MessageAttributeValue{
			"Binary.raw": {DataType: awssdk.String("Binary"), BinaryValue: []byte{0, 27, 255}},
			"count":      {DataType: awssdk.String("Number.int"), StringValue: awssdk.String("3")},
			"attr.1øßä":  stringAttribute("any script"),
		},
		MessageSystemAttributes: map[string]types.MessageSystemAttributeValue{
			"AWSTraceHeader": {DataType: awssdk.String("String"), StringValue: awssdk.String("Root=1-2-3")},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if out.MD5OfMessageSystemAttributes == nil {
		t.Error("no digest of the system attributes")
	}
	got := c.one(url)
	if *got.MD5OfMessageAttributes != *out.MD5OfMessageAttributes {
		t.Errorf("digest of attributes: received %s, sent %s", *got.MD5OfMessageAttributes, *out.MD5OfMessageAttributes)
	}
	if raw := got.MessageAttributes["Binary.raw"].BinaryValue; string(raw) != "\x00\x1b\xff" {
		t.Errorf("binary attribute = %q", raw)
	}
	if label := *got.MessageAttributes["count"].DataType; label != "Number.int" {
		t.Errorf("type of the number = %s", label)
	}
	if got.Attributes["AWSTraceHeader"] != "Root=1-2-3" || got.Attributes["MessageGroupId"] != "tenant" {
		t.Errorf("system attributes = %v", got.Attributes)
	}
}

func TestSendMessageRefuses(t *testing.T) {
	t.Parallel()
	eleven := make(map[string]types.MessageAttributeValue)
	for _, r := range "abcdefghijk" {
		eleven[string(r)] = stringAttribute("x")
	}
	const contents = "400 InvalidMessageContents: Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"
	const attribute = "400 InvalidParameterValue: The message attribute 'a' must contain a non-empty value of its type, whose prefix is Binary, Number or String, and of the characters " +
		"#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF."
	for name, test := range map[string]struct {
		in   sdk.SendMessageInput
		want string
	}{
		"an empty body": {
			sdk.SendMessageInput{MessageBody: awssdk.String("")},
			"400 MissingParameter: The request must contain the parameter MessageBody.",
		},
		"a byte too much": {
			sdk.SendMessageInput{MessageBody: awssdk.String(strings.Repeat("a", 1<<20+1))},
			"400 InvalidParameterValue: One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.",
		},
		"attributes that make it too long": {
			sdk.SendMessageInput{
				MessageBody:       awssdk.String(strings.Repeat("a", 1<<20-7)),
				MessageAttributes: map[string]types.MessageAttributeValue{"k": stringAttribute("v")},
			},
			"400 InvalidParameterValue: One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.",
		},
		"escape":     {sdk.SendMessageInput{MessageBody: awssdk.String("a\x1b[2J")}, contents},
		"nul":        {sdk.SendMessageInput{MessageBody: awssdk.String("\x00")}, contents},
		"a nonrune":  {sdk.SendMessageInput{MessageBody: awssdk.String("\uffff")}, contents},
		"long delay": {sdk.SendMessageInput{DelaySeconds: 901}, "400 InvalidParameterValue: Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900."},
		"a FIFO parameter": {
			sdk.SendMessageInput{MessageDeduplicationId: awssdk.String("d")},
			"400 InvalidParameterValue: Value d for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type.",
		},
		"eleven attributes": {
			sdk.SendMessageInput{MessageAttributes: eleven},
			"400 InvalidParameterValue: Number of message attributes [11] exceeds the allowed maximum [10].",
		},
		"an empty attribute": {
			sdk.SendMessageInput{MessageAttributes: map[string]types.MessageAttributeValue{"a": stringAttribute("")}}, attribute,
		},
		"an attribute of another type": {
			sdk.SendMessageInput{MessageAttributes: map[string]types.MessageAttributeValue{"a": {DataType: awssdk.String("Bool"), StringValue: awssdk.String("x")}}}, attribute,
		},
		"a number that is none": {
			sdk.SendMessageInput{MessageAttributes: map[string]types.MessageAttributeValue{"a": {DataType: awssdk.String("Number"), StringValue: awssdk.String("x")}}}, attribute,
		},
		"a control character in an attribute": {
			sdk.SendMessageInput{MessageAttributes: map[string]types.MessageAttributeValue{"a": stringAttribute("\x1b")}}, attribute,
		},
		"another system attribute": {
			sdk.SendMessageInput{MessageSystemAttributes: map[string]types.MessageSystemAttributeValue{
				"SenderId": {DataType: awssdk.String("String"), StringValue: awssdk.String("me")},
			}}, "400 InvalidParameterValue: Message system attribute name 'SenderId' is invalid: only AWSTraceHeader of type String can be sent.",
		},
		"a reserved name": {
			sdk.SendMessageInput{MessageAttributes: map[string]types.MessageAttributeValue{"AWS.x": stringAttribute("x")}},
			"400 InvalidParameterValue: The message attribute name 'AWS.x' is invalid. It has 1 to 256 letters, digits, hyphen, underscore and single periods inside, and does not start with AWS. or Amazon.",
		},
		"another queue": {
			sdk.SendMessageInput{QueueUrl: awssdk.String("http://localhost:4566/111111111111/nowhere")},
			"400 AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			in := test.in
			if in.QueueUrl == nil {
				in.QueueUrl = awssdk.String(c.queue("orders"))
			}
			if in.MessageBody == nil {
				in.MessageBody = awssdk.String("body")
			}
			_, err := c.client.SendMessage(t.Context(), &in)
			wantError(t, err, test.want)
		})
	}
}

func TestSendMessageTakesTheLimits(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"1 MiB":              strings.Repeat("a", 1<<20),
		"white space":        "\t\r\n",
		"C1 and bidi":        "\u009b\u202e",
		"the last character": "\U0010ffff",
		"a replacement":      "\ufffd",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			url := c.queue("orders")
			c.send(url, body)
			if got := c.one(url); *got.Body != body {
				t.Errorf("received %d other bytes", len(*got.Body))
			}
		})
	}
}

func TestSendMessageRefusesBrokenUTF8(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	url := c.queue("orders")
	status, _, answer := c.raw("SendMessage", `{"QueueUrl":"`+url+`","MessageBody":"`+"\xff"+`"}`)
	if status != 400 || !strings.Contains(answer, "SerializationException") {
		t.Errorf("answer = %d %s", status, answer)
	}
	c.wantCounts(url, "0/0/0")
}
