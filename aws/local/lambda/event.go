package lambda

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"orderops/aws/local/sqs"
	"orderops/aws/local/wire"
)

// Queue is what an event source reads: SQS of the same cloud.
type Queue interface {
	// Receive takes up to maximum messages, waiting up to wait for the first.
	Receive(ctx context.Context, queueARN string, maximum int, wait time.Duration) ([]sqs.Delivery, error)
	Delete(queueARN string, receiptHandles ...string) error
}

// event is the payload that a consumer gets: a record of each message (SQS event,
// docs "Using Lambda with Amazon SQS").
func event(messages []sqs.Delivery, queueARN, region string) ([]byte, error) {
	records := make([]map[string]any, len(messages))
	for i, m := range messages {
		attributes := map[string]any{}
		for name, a := range m.MessageAttributes {
			attribute := map[string]any{"dataType": a.DataType, "stringListValues": []string{}, "binaryListValues": []string{}}
			if len(a.BinaryValue) > 0 {
				attribute["binaryValue"] = a.BinaryValue
			} else {
				attribute["stringValue"] = a.StringValue
			}
			attributes[name] = attribute
		}
		records[i] = map[string]any{
			"messageId": m.MessageID, "receiptHandle": m.ReceiptHandle, "body": m.Body, "md5OfBody": m.MD5,
			"attributes": m.Attributes, "messageAttributes": attributes,
			"eventSource": "aws:sqs", "eventSourceARN": queueARN, "awsRegion": region,
		}
		if m.AttributesMD5 != "" {
			records[i]["md5OfMessageAttributes"] = m.AttributesMD5
		}
	}
	return wire.Encode(map[string]any{"Records": records})
}

// failedItems reads a partial batch response: the ids that must come back. ok is
// false when the response makes the whole batch fail: an unreadable response, an
// entry without itemIdentifier, or an id that is not of the batch.
func failedItems(response []byte, batch []sqs.Delivery) (failed map[string]bool, ok bool) {
	if text := strings.TrimSpace(string(response)); text == "" || text == "null" {
		return nil, true
	}
	// Maps, because member names are matched exactly.
	var members map[string]json.RawMessage
	if json.Unmarshal(response, &members) != nil {
		return nil, false
	}
	list, ok := members["batchItemFailures"]
	if !ok {
		return nil, true
	}
	var entries []map[string]json.RawMessage
	if json.Unmarshal(list, &entries) != nil {
		return nil, false
	}
	ids := make(map[string]bool, len(batch))
	for _, m := range batch {
		ids[m.MessageID] = true
	}
	failed = make(map[string]bool, len(entries))
	for _, entry := range entries {
		var id string
		if json.Unmarshal(entry["itemIdentifier"], &id) != nil || !ids[id] {
			return nil, false
		}
		failed[id] = true
	}
	return failed, true
}
