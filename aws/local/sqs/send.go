package sqs

import (
	"net/http"
	"time"
)

// maxRequest is the most bytes of one message and of one batch, attributes
// included (AWS action SendMessage; 1 MiB since August 2025).
const maxRequest = 1 << 20

// outgoing is a message to send: a SendMessage request, or an entry of a batch.
type outgoing struct {
	queueInput
	Id                      string // only in a batch
	MessageBody             string
	DelaySeconds            *int // nil takes the queue's
	MessageAttributes       map[string]MessageAttribute
	MessageSystemAttributes any
	MessageDeduplicationId  string
	MessageGroupId          string
}

func (o *outgoing) id() string { return o.Id }

func (o *outgoing) size() int {
	n := len(o.MessageBody)
	for name, a := range o.MessageAttributes {
		n += len(name) + len(a.DataType) + len(a.StringValue) + len(a.BinaryValue)
	}
	return n
}

// check refuses what the queue does not take.
func (o *outgoing) check(q *queue) error {
	if o.MessageBody == "" {
		return missingParameter("MessageBody")
	}
	if !validText(o.MessageBody) {
		return refused(http.StatusBadRequest, "InvalidMessageContents", "InvalidMessageContents", "Invalid characters found. Valid unicode characters are %s", allowedCharacters)
	}
	if err := checkRange(o.DelaySeconds, 0, 900, delaySeconds, "DelaySeconds must be >= 0 and <= 900."); err != nil {
		return err
	}
	if o.MessageDeduplicationId != "" {
		return invalidValue(o.MessageDeduplicationId, "MessageDeduplicationId", "The request include parameter that is not valid for this queue type.")
	}
	if o.MessageSystemAttributes != nil {
		return unsupported("The local AWS takes no MessageSystemAttributes.")
	}
	if err := checkAttributes(o.MessageAttributes); err != nil {
		return err
	}
	if limit := q.settings.number(maximumMessageSize); o.size() > limit {
		fault := "are invalid"
		if o.Id != "" {
			fault = "cannot be validated" // AWS's words in a batch
		}
		return invalidParameter("One or more parameters %s. Reason: Message must be shorter than %d bytes.", fault, limit)
	}
	return nil
}

// sent is the answer of a send.
type sent struct {
	Id                     string `json:",omitempty"` // only in a batch
	MD5OfMessageBody       string
	MD5OfMessageAttributes string `json:",omitempty"`
	MessageId              string
}

func (s *Service) sendMessage(q *queue, o *outgoing, now time.Time) (sent, error) {
	if err := o.check(q); err != nil {
		return sent{}, err
	}
	m := s.newMessage(content{
		body:       o.MessageBody,
		bodyMD5:    digest([]byte(o.MessageBody)),
		attributes: o.MessageAttributes,
		groupID:    o.MessageGroupId,
	}, now)
	q.sentCount++
	q.add(m, now, seconds(o.DelaySeconds, q.settings.duration(delaySeconds)))
	return sent{
		Id:                     o.Id,
		MD5OfMessageBody:       m.bodyMD5,
		MD5OfMessageAttributes: attributesDigest(o.MessageAttributes),
		MessageId:              m.id,
	}, nil
}

// seconds is n in seconds, or the standard when n is nil.
func seconds(n *int, standard time.Duration) time.Duration {
	if n == nil {
		return standard
	}
	return time.Duration(*n) * time.Second
}
