package workflow

import "time"

// DeadLetter is one message of the dead-letter queue with what can be told of
// it from itself and the two queues.
type DeadLetter struct {
	Message
	Verdict Verdict
	// Problem says where and why the message was rejected; nil when Readable.
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

	// Why says how the verdict was reached, and CheckedAt when the order was
	// looked for; empty and zero when only the body was read.
	Why       string
	CheckedAt time.Time
	// Execution and Row are what the verdict rests on; nil when there is none.
	Execution *Execution
	Row       *Row
}

// Judge tells what is known of a received dead letter. The order queue gives the
// receive limit, the dead-letter queue the retention.
func Judge(message Message, order, dead Queue) DeadLetter {
	d := DeadLetter{Message: message, Verdict: Readable, Receives: message.ReceiveCount, Looks: -1}
	if decoded, problem := decodeBody(message.Body); problem != nil {
		d.Verdict, d.Problem = Malformed, problem
	} else if id := message.Lineage().OrderID; id != "" && CheckOrderID(id) != nil {
		// A consumer that honours lineage, as ours does, can't start it.
		d.Verdict, d.Problem = Malformed, &BodyError{Field: "attribute " + AttributeOrderID, Problem: CheckOrderID(id).Error()}
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
