package cli

import (
	"time"

	"orderops/workflow"
	"orderops/workflow/operation"
	"orderops/workflow/orderfile"
)

// submission is what became of one order that was submitted.
type submission struct {
	// line of a file, 0 for an order that was given by flags.
	line   int
	status string
	id     workflow.MessageID
	user   string
	reason string
	body   []byte
	// at is when it was sent; zero for an order of a file.
	at time.Time
}

// statusAccepted is the status of an order that is on the queue. The other two
// are workflow's words unknown and refused.
const statusAccepted = "accepted"

func statusOf(outcome workflow.Outcome) string {
	if outcome == workflow.Done {
		return statusAccepted
	}
	return string(outcome)
}

func submissionOf(s workflow.Submission) submission {
	return submission{status: statusOf(s.Outcome), id: s.MessageID, user: userOf(s.Body), body: s.Body, at: s.At}
}

func userOf(body []byte) string {
	order, err := workflow.DecodeBody(body)
	if err != nil {
		return ""
	}
	return order.UserID
}

func submissionOfLine(order orderfile.Order, r operation.OrderResult) submission {
	return submission{line: order.Line, status: statusOf(r.Outcome), id: r.ID, user: order.UserID, reason: r.Why, body: order.Body}
}

// submissionSheet are the fields of a submitted order.
func submissionSheet() sheet[submission] {
	type s = submission
	return sheet[s]{name: "submission/1", fields: []field[s]{
		{name: "line", id: true, help: "of the file; null for an order that was given by flags", value: func(x s) any {
			if x.line == 0 {
				return nil
			}
			return x.line
		}},
		{name: "status", id: true, status: true, help: "accepted; unknown, when the answer was lost: it may or may not be on the queue; refused, when it is surely not", value: func(x s) any { return x.status }},
		{name: "order", id: true, gives: 1, help: "the order id; null unless it was accepted", value: func(x s) any { return known(string(x.id)) }},
		{name: "message", id: true, help: "the id that SQS gave the message, which a new order is named after", wide: true, value: func(x s) any { return known(string(x.id)) }},
		{name: "user", help: "who orders, to look for an unknown one: orderops trace USER", value: func(x s) any { return known(x.user) }},
		{name: "reason", help: "why it was not accepted, or is not known to be", value: func(x s) any { return known(x.reason) }},
		{name: "md5", help: "of the body, as SQS counts it", wide: true, value: func(x s) any { return workflow.BodyMD5(x.body) }},
		{name: "body", help: "the body that was sent; null for an order of a file", wide: true, value: func(x s) any {
			if x.line > 0 {
				return nil
			}
			return string(x.body)
		}},
		{name: "sent", help: "when it was sent; null for an order of a file", wide: true, value: func(x s) any { return x.at }},
	}}
}
