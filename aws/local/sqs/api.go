package sqs

import (
	"context"
	"errors"
	"time"
)

// Delivery is one received message.
type Delivery struct {
	MessageID     string
	ReceiptHandle string
	Body          string
	// MD5 of the body, in hex.
	MD5 string
	// Attributes are the system attributes (SentTimestamp, ApproximateReceiveCount, …);
	// timestamps are milliseconds since 1970.
	Attributes map[string]string
	// MessageAttributes are the sender's; read only, nil without any.
	MessageAttributes map[string]MessageAttribute
}

// MessageAttribute is a sender's attribute of a message. Binary types use
// BinaryValue, all others StringValue.
type MessageAttribute struct {
	// DataType is String, Number or Binary, with an optional label ("Number.int").
	DataType    string
	StringValue string `json:",omitempty"`
	BinaryValue []byte `json:",omitempty"`
}

// QueueURL is the address of the queue called name, existing or not.
func (s *Service) QueueURL(name string) string { return s.id.URL + "/" + s.id.Account + "/" + name }

// QueueARN is the ARN of the queue called name, existing or not.
func (s *Service) QueueARN(name string) string { return s.id.ARN("sqs", name) }

// CreateQueue makes a queue and returns its URL. Making it again with the same
// attributes is no error. A RedrivePolicy must name an existing queue.
func (s *Service) CreateQueue(name string, attributes map[string]string) (url string, err error) {
	return "", errors.ErrUnsupported
}

// Send puts a message on a queue and returns its id and the MD5 of its body.
func (s *Service) Send(queueARN, body string) (messageID, md5 string, err error) {
	return "", "", errors.ErrUnsupported
}

// Receive takes up to limit (1 to 10) messages, with all their attributes, and
// hides them for the queue's visibility timeout. It waits up to wait for the
// first one; an empty answer is no error. It returns early with an error when
// ctx ends, the service closes or the queue is gone.
func (s *Service) Receive(ctx context.Context, queueARN string, limit int, wait time.Duration) ([]Delivery, error) {
	return nil, errors.ErrUnsupported
}

// Delete removes received messages. As on AWS, a handle that is not the latest
// of its message is no error and deletes nothing.
func (s *Service) Delete(queueARN string, receiptHandles ...string) error {
	return errors.ErrUnsupported
}
