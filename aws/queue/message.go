package queue

import (
	"context"
	"strconv"
	"strings"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/workflow"
)

// Send puts one message on a queue, in one attempt: SendMessage has no
// idempotency token, so a second attempt after a lost answer would be a second
// order. A lost answer is a Problem of kind OutcomeUnknown.
func (c *Client) Send(ctx context.Context, url string, body []byte, attributes map[string]workflow.Attribute) (workflow.Sent, error) {
	text := string(body)
	out, err := c.sqs.SendMessage(ctx, &sqs.SendMessageInput{
		QueueUrl: &url, MessageBody: &text, MessageAttributes: encodeAttributes(attributes),
	}, func(o *sqs.Options) { o.RetryMaxAttempts = 1 })
	if err != nil {
		return workflow.Sent{}, workflow.ProblemOf(err, "sqs:SendMessage", url)
	}
	return workflow.Sent{
		MessageID: workflow.MessageID(awssdk.ToString(out.MessageId)),
		BodyMD5:   awssdk.ToString(out.MD5OfMessageBody),
	}, nil
}

// Receive takes up to max messages (at most ten) and hides them from everyone
// else for the time of the lease, in whole seconds. It is a write: every
// receive counts.
func (c *Client) Receive(ctx context.Context, url string, maxMessages int, lease time.Duration) ([]workflow.Message, error) {
	out, err := c.sqs.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl:                    &url,
		MaxNumberOfMessages:         int32(min(max(maxMessages, 1), maxBatch)),
		VisibilityTimeout:           seconds(lease),
		WaitTimeSeconds:             receiveWait,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
		MessageAttributeNames:       []string{"All"},
	})
	if err != nil {
		return nil, workflow.ProblemOf(err, "sqs:ReceiveMessage", url)
	}
	messages := make([]workflow.Message, 0, len(out.Messages))
	for _, m := range out.Messages {
		messages = append(messages, decode(m))
	}
	return messages, nil
}

func decode(m types.Message) workflow.Message {
	system := func(name types.MessageSystemAttributeName) string { return m.Attributes[string(name)] }
	receives, err := strconv.Atoi(system(types.MessageSystemAttributeNameApproximateReceiveCount))
	if err != nil {
		receives = 0 // not told
	}
	return workflow.Message{
		ID:            workflow.MessageID(awssdk.ToString(m.MessageId)),
		Body:          []byte(awssdk.ToString(m.Body)),
		Attributes:    decodeAttributes(m.MessageAttributes),
		ReceiptHandle: awssdk.ToString(m.ReceiptHandle),
		Sent:          milliseconds(system(types.MessageSystemAttributeNameSentTimestamp)),
		FirstReceived: milliseconds(system(types.MessageSystemAttributeNameApproximateFirstReceiveTimestamp)),
		ReceiveCount:  receives,
		SourceARN:     system(types.MessageSystemAttributeNameDeadLetterQueueSourceArn),
		TraceHeader:   system(types.MessageSystemAttributeNameAWSTraceHeader),
		SenderID:      system(types.MessageSystemAttributeNameSenderId),
	}
}

func decodeAttributes(values map[string]types.MessageAttributeValue) map[string]workflow.Attribute {
	if len(values) == 0 {
		return nil
	}
	attributes := make(map[string]workflow.Attribute, len(values))
	for name, v := range values {
		attributes[name] = workflow.Attribute{
			DataType: awssdk.ToString(v.DataType), Text: awssdk.ToString(v.StringValue), Binary: v.BinaryValue,
		}
	}
	return attributes
}

func encodeAttributes(attributes map[string]workflow.Attribute) map[string]types.MessageAttributeValue {
	if len(attributes) == 0 {
		return nil
	}
	values := make(map[string]types.MessageAttributeValue, len(attributes))
	for name, a := range attributes {
		value := types.MessageAttributeValue{DataType: &a.DataType}
		if strings.HasPrefix(a.DataType, "Binary") {
			value.BinaryValue = a.Binary
		} else {
			value.StringValue = &a.Text
		}
		values[name] = value
	}
	return values
}

// milliseconds reads SQS's timestamps: epoch milliseconds as text.
func milliseconds(text string) time.Time {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}

// seconds is a visibility timeout: 0 to 43,200 (12 h).
func seconds(d time.Duration) int32 {
	const limit = 43_200
	return int32(min(max(d/time.Second, 0), limit))
}
