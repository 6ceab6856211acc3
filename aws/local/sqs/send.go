package sqs

import (
	"context"
	"net/http"
	"time"

	"orderops/aws/local/wire"
)

// maxRequest is the most bytes of one message and of one batch, attributes
// included (AWS action SendMessage; 1 MiB since August 2025).
const maxRequest = 1 << 20

// outgoing is a message to send, as SendMessage and an entry of SendMessageBatch
// describe it.
type outgoing struct {
	MessageBody             string
	DelaySeconds            *int // nil takes the queue's
	MessageAttributes       map[string]MessageAttribute
	MessageSystemAttributes map[string]MessageAttribute
	MessageDeduplicationId  string
	MessageGroupId          string
}

func (o *outgoing) size() int {
	n := len(o.MessageBody)
	for name, attribute := range o.MessageAttributes {
		n += attribute.size(name)
	}
	return n
}

// check refuses what the queue does not take. tooLong begins the error for a
// message above the queue's own limit: AWS words it differently in a batch.
func (o *outgoing) check(q *queue, tooLong string) error {
	if o.MessageBody == "" {
		return missingParameter("MessageBody")
	}
	if !validText(o.MessageBody) {
		return &wire.Error{
			Type: modelled + "InvalidMessageContents", QueryCode: "InvalidMessageContents",
			Message: "Invalid characters found. Valid unicode characters are " + allowedCharacters,
		}
	}
	if o.DelaySeconds != nil && (*o.DelaySeconds < 0 || *o.DelaySeconds > 900) {
		return invalidValue(*o.DelaySeconds, delaySeconds, "DelaySeconds must be >= 0 and <= 900.")
	}
	if o.MessageDeduplicationId != "" {
		return invalidValue(o.MessageDeduplicationId, "MessageDeduplicationId", "The request include parameter that is not valid for this queue type.")
	}
	if err := checkAttributes(o.MessageAttributes); err != nil {
		return err
	}
	for name, attribute := range o.MessageSystemAttributes {
		if name != "AWSTraceHeader" || attribute.DataType != "String" {
			return invalidParameter("Message system attribute name '%s' is invalid: only AWSTraceHeader of type String can be sent.", name)
		}
		if err := attribute.check(name); err != nil {
			return err
		}
	}
	if limit := q.settings.numbers[maximumMessageSize]; o.size() > limit {
		return invalidParameter("%s Reason: Message must be shorter than %d bytes.", tooLong, limit)
	}
	return nil
}

// sent is the answer of a send.
type sent struct {
	MD5OfMessageBody             string
	MD5OfMessageAttributes       string `json:",omitempty"`
	MD5OfMessageSystemAttributes string `json:",omitempty"`
	MessageId                    string
}

// accept puts a checked message on a queue. The service's lock is held.
func (s *Service) accept(q *queue, o *outgoing, now time.Time) *sent {
	delay := q.settings.duration(delaySeconds)
	if o.DelaySeconds != nil {
		delay = time.Duration(*o.DelaySeconds) * time.Second
	}
	m := &message{
		id:          s.id.UUID(),
		body:        o.MessageBody,
		bodyMD5:     bodyDigest(o.MessageBody),
		attributes:  o.MessageAttributes,
		traceHeader: o.MessageSystemAttributes["AWSTraceHeader"].StringValue,
		groupID:     o.MessageGroupId,
		sent:        now,
		serial:      s.nextSerial(),
	}
	q.sentCount++
	q.add(m, now, delay)
	return &sent{
		MD5OfMessageBody:             m.bodyMD5,
		MD5OfMessageAttributes:       attributesDigest(o.MessageAttributes),
		MD5OfMessageSystemAttributes: attributesDigest(o.MessageSystemAttributes),
		MessageId:                    m.id,
	}
}

func (s *Service) nextSerial() uint64 {
	s.serial++
	return s.serial
}

type sendMessageInput struct {
	QueueUrl string
	outgoing
}

func (s *Service) sendMessage(_ context.Context, in *sendMessageInput) (*sent, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	q, err := s.byURL(in.QueueUrl, now)
	if err != nil {
		return nil, err
	}
	return s.sendOne(q, &in.outgoing, now)
}

func (s *Service) sendOne(q *queue, o *outgoing, now time.Time) (*sent, error) {
	if err := o.check(q, "One or more parameters are invalid."); err != nil {
		return nil, err
	}
	return s.accept(q, o, now), nil
}

type sendEntry struct {
	Id string
	outgoing
}

type sendMessageBatchInput struct {
	QueueUrl string
	Entries  []sendEntry
}

type sentEntry struct {
	Id string
	*sent
}

func (s *Service) sendMessageBatch(_ context.Context, in *sendMessageBatchInput) (*batchResult[sentEntry], error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	q, err := s.byURL(in.QueueUrl, now)
	if err != nil {
		return nil, err
	}
	if err := checkEntries("SendMessageBatchRequestEntry", in.Entries, func(e *sendEntry) string { return e.Id }); err != nil {
		return nil, err
	}
	total := 0
	for i := range in.Entries {
		total += in.Entries[i].size()
	}
	if total > maxRequest {
		return nil, refused(http.StatusBadRequest, "BatchRequestTooLong", "Batch requests cannot be longer than %d bytes. You have sent %d bytes.", maxRequest, total)
	}
	result := newBatchResult[sentEntry]()
	for i := range in.Entries {
		entry := &in.Entries[i]
		if err := entry.check(q, "One or more parameters cannot be validated."); err != nil {
			result.fail(entry.Id, err)
			continue
		}
		result.Successful = append(result.Successful, sentEntry{Id: entry.Id, sent: s.accept(q, &entry.outgoing, now)})
	}
	return result, nil
}
