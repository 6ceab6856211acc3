package sqs

import (
	"strconv"
	"time"
)

// place says where in its queue a message is.
type place int

const (
	visible  place = iota
	delayed        // sent with a delay that is not over
	inFlight       // received; its visibility timeout runs
)

// message is one message. What the sender gave is never changed; the rest
// changes under the service's lock.
type message struct {
	id          string
	body        string
	bodyMD5     string
	attributes  map[string]MessageAttribute
	traceHeader string
	groupID     string

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
	// receipt is the nonce of the latest receipt handle; "" before the first receive.
	receipt string
	// leased is when that handle was given out; visibility ends 12 h later at most.
	leased time.Time

	// deleted is set once a deletion has succeeded, also when a copy survived it.
	deleted bool
	// draws counts what chance decided about the message.
	draws uint64

	place place
	// appears is when a hidden message becomes visible.
	appears time.Time
	// slots are the message's positions in the piles of its queue.
	slots [pileCount]int
}

// deliver describes the message as received now.
func (m *message) deliver(sender, handle string) Delivery {
	attributes := map[string]string{
		"SenderId":                         sender,
		"SentTimestamp":                    milliseconds(m.sent),
		"ApproximateReceiveCount":          strconv.Itoa(m.received),
		"ApproximateFirstReceiveTimestamp": milliseconds(m.firstReceived),
	}
	for name, value := range map[string]string{
		"AWSTraceHeader":           m.traceHeader,
		"MessageGroupId":           m.groupID,
		"DeadLetterQueueSourceArn": m.source,
	} {
		if value != "" {
			attributes[name] = value
		}
	}
	return Delivery{
		MessageID:         m.id,
		ReceiptHandle:     handle,
		Body:              m.body,
		MD5:               m.bodyMD5,
		Attributes:        attributes,
		MessageAttributes: m.attributes,
	}
}

func milliseconds(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }
