package workflow

import "time"

// Verdict is what we predict a dead letter would do if it were redriven.
type Verdict string

// The verdicts. Malformed means that our decoder rejects the body; the consumer
// of another deployment may differ.
const (
	Readable  Verdict = "readable"
	Malformed Verdict = "malformed"
)

// DeadLetter is one message of the dead-letter queue with what can be told of
// it from itself and the two queues.
type DeadLetter struct {
	Message
	Verdict Verdict
	// Problem says where and why the body was rejected; nil when Readable.
	Problem *BodyError
	// Order is the decoded body; zero when Malformed.
	Order Order
	// Receives is the receive count over both queues, this look included.
	Receives int
	// Looks is how often the message was received from the dead-letter queue
	// before this look: 0 is the first. It is approximate, and -1 when the
	// order queue's limit is not known.
	Looks int
	// DeleteAt is when the dead-letter queue deletes the message: the first send
	// plus the retention (standard queue). Zero when unknown.
	DeleteAt time.Time
}

// Judge tells what is known of a received dead letter. The order queue gives the
// receive limit, the dead-letter queue the retention.
func Judge(message Message, order, dead Queue) DeadLetter {
	d := DeadLetter{Message: message, Verdict: Readable, Receives: message.ReceiveCount, Looks: -1}
	if decoded, problem := decodeBody(message.Body); problem != nil {
		d.Verdict, d.Problem = Malformed, problem
	} else {
		d.Order = decoded
	}
	// A message moves when its count would exceed the limit, and the receive from
	// the dead-letter queue counts on: with a limit of 3 the first look shows 4.
	if order.MaxReceives > 0 {
		d.Looks = max(0, message.ReceiveCount-order.MaxReceives-1)
	}
	if dead.Retention > 0 && !message.Sent.IsZero() {
		d.DeleteAt = message.Sent.Add(dead.Retention)
	}
	return d
}
