package sqs

import (
	"encoding/base64"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// message is one message. What the sender gave is never changed; the rest
// changes under the service's lock.
type message struct {
	content
	id string
	// sent is kept on the way to a dead-letter queue, so retention runs from it.
	sent time.Time
	// serial orders messages that were sent in the same instant.
	serial uint64
	// firstReceived and received count over all queues.
	firstReceived time.Time
	received      int
	// receivedHere counts since the message came into its present queue; the
	// queue's redrive policy goes by it. AWS does not say which of the two counts
	// it uses in a chain of dead-letter queues.
	receivedHere int
	// source is the ARN of the queue that the message was dead-lettered from.
	source string
	// receipt is the nonce of the latest receipt handle; "" without any.
	receipt string
	// leased is when that handle was given out; visibility ends 12 h later at most.
	leased time.Time
	// deleted is set once a deletion has succeeded, also when a copy survived it.
	deleted bool
	// draws counts what chance decided about the message.
	draws uint64

	// pile is where the message lies, nil once it is gone. due orders it there: when
	// it was sent if it is visible, otherwise when it appears.
	pile *pile
	due  time.Time
}

// content is what a sender gives.
type content struct {
	body, bodyMD5 string
	attributes    map[string]MessageAttribute
	groupID       string
}

// newMessage makes a message that was sent now.
func (s *Service) newMessage(c content, now time.Time) *message {
	s.serial++
	return &message{content: c, id: s.id.UUID(), sent: now, serial: s.serial}
}

// Delivery is one received message.
type Delivery struct {
	MessageID     string `json:"MessageId"`
	ReceiptHandle string
	// MD5 of the body, in hex.
	MD5  string `json:"MD5OfBody"`
	Body string
	// Attributes are the system attributes (SentTimestamp, ApproximateReceiveCount, …);
	// timestamps are milliseconds since 1970.
	Attributes map[string]string `json:",omitempty"`
	// MessageAttributes are the sender's; read only, nil without any.
	MessageAttributes map[string]MessageAttribute `json:",omitempty"`
	// AttributesMD5 is AWS's digest of MessageAttributes, in hex.
	AttributesMD5 string `json:"MD5OfMessageAttributes,omitempty"`
}

// deliver describes the message as received now from q.
func (m *message) deliver(sender string, q *queue) Delivery {
	attributes := map[string]string{
		"SenderId":                         sender,
		"SentTimestamp":                    milliseconds(m.sent),
		"ApproximateReceiveCount":          strconv.Itoa(m.received),
		"ApproximateFirstReceiveTimestamp": milliseconds(m.firstReceived),
		"MessageGroupId":                   m.groupID,
		"DeadLetterQueueSourceArn":         m.source,
	}
	maps.DeleteFunc(attributes, func(_, value string) bool { return value == "" })
	// Opaque to clients: who received what from where.
	handle := base64.StdEncoding.EncodeToString([]byte(m.receipt + " " + q.arn + " " + m.id))
	return Delivery{
		MessageID: m.id, ReceiptHandle: handle, MD5: m.bodyMD5, Body: m.body,
		Attributes: attributes, MessageAttributes: m.attributes, AttributesMD5: attributesDigest(m.attributes),
	}
}

func milliseconds(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

// holder finds the message whose latest receipt handle this is; nil when it is
// gone or was received again since, which is no error for DeleteMessage.
func (q *queue) holder(handle string) (*message, error) {
	if handle == "" {
		return nil, missingParameter("ReceiptHandle")
	}
	text, err := base64.StdEncoding.DecodeString(handle)
	parts := strings.Split(string(text), " ")
	if err != nil || len(parts) != 3 || parts[0] == "" || parts[1] != q.arn || parts[2] == "" {
		return nil, refused(http.StatusNotFound, "ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", "The input receipt handle %q is not a valid receipt handle.", handle)
	}
	m := q.messages[parts[2]]
	if m == nil || m.receipt != parts[0] {
		return nil, nil
	}
	return m, nil
}
