package lambda

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"orderops/aws/local/wire"
)

// Queue is what an event source reads: SQS of the same cloud.
type Queue interface {
	// Receive takes up to maximum messages, waiting up to wait for the first.
	Receive(ctx context.Context, queueARN string, maximum int, wait time.Duration) ([]Message, error)
	Delete(queueARN string, receiptHandles ...string) error
}

// Message is one received message, as a record of the event that Lambda makes
// of it (SQS event, docs "Using Lambda with Amazon SQS").
type Message struct {
	ID                string               `json:"messageId"`
	ReceiptHandle     string               `json:"receiptHandle"`
	Body              string               `json:"body"`
	Attributes        map[string]string    `json:"attributes"`
	MessageAttributes map[string]Attribute `json:"messageAttributes"`
	MD5               string               `json:"md5OfBody"`
	AttributesMD5     string               `json:"md5OfMessageAttributes,omitempty"`
	Source            string               `json:"eventSource"`
	SourceARN         string               `json:"eventSourceARN"`
	Region            string               `json:"awsRegion"`
}

// Attribute is one message attribute. Text or binary, by the data type.
type Attribute struct {
	Text       *string  `json:"stringValue,omitempty"`
	Binary     []byte   `json:"binaryValue,omitempty"`
	TextList   []string `json:"stringListValues"`
	BinaryList [][]byte `json:"binaryListValues"`
	DataType   string   `json:"dataType"`
}

// event is the payload that a consumer gets.
func event(messages []Message, queueARN, region string) ([]byte, error) {
	records := make([]Message, len(messages))
	for i, m := range messages {
		m.Source, m.SourceARN, m.Region = "aws:sqs", queueARN, region
		if m.Attributes == nil {
			m.Attributes = map[string]string{}
		}
		attributes := make(map[string]Attribute, len(m.MessageAttributes))
		for name, a := range m.MessageAttributes {
			a.TextList, a.BinaryList = []string{}, [][]byte{}
			attributes[name] = a
		}
		m.MessageAttributes = attributes
		records[i] = m
	}
	return wire.Encode(map[string]any{"Records": records})
}

// failedItems reads a partial batch response: the ids that must come back. ok is
// false when the response makes the whole batch fail: an unreadable response, an
// entry without itemIdentifier, or an id that is not of the batch.
func failedItems(response []byte, batch []Message) (failed map[string]bool, ok bool) {
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
		ids[m.ID] = true
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
