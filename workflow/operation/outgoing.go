package operation

import (
	"crypto/rand"
	"encoding/hex"
	"maps"

	"orderops/workflow"
)

// mostAttributes is how many attributes a message may have (SQS SendMessage).
const mostAttributes = 10

// outgoing is the message that is sent in a dead letter's place: body,
// attributes and trace header as they are, and the lineage. edited replaces the
// body; orderID, when not empty, the order id. lineage tells that the lineage
// found room: it gives way, the reason and the operator first, before a message
// has more than ten attributes or 1 MiB.
func (d *Desk) outgoing(letter workflow.DeadLetter, edited []byte, reason string, orderID workflow.OrderID) (out workflow.Outgoing, lineage bool) {
	out = workflow.Outgoing{Body: letter.Body, Attributes: letter.Attributes, TraceHeader: letter.TraceHeader}
	if edited != nil {
		out.Body = edited
	}
	next := letter.Next(d.options.Operator, reason)
	if orderID != "" {
		next.OrderID = orderID
	}
	shorter := next
	shorter.By, shorter.Reason = "", ""
	for _, l := range []workflow.Lineage{next, shorter} {
		try := out
		try.Attributes = maps.Clone(letter.Attributes)
		if try.Attributes == nil {
			try.Attributes = map[string]workflow.Attribute{}
		}
		maps.Copy(try.Attributes, l.Attributes())
		if len(try.Attributes) <= mostAttributes && try.Size() <= mostBytes {
			return try, true
		}
	}
	return out, false
}

// newOrderID is the order id of a message that becomes another order. It is
// journaled before it is sent, so that sending it twice is still one order.
func newOrderID() workflow.OrderID {
	var random [16]byte
	_, _ = rand.Read(random[:]) // it never fails (crypto/rand)
	return workflow.OrderID(hex.EncodeToString(random[:]))
}
