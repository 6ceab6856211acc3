package operation

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"orderops/workflow"
)

// mostBytes is the largest message that SQS takes (1 MiB).
const mostBytes = 1 << 20

// PlanSubmit says what sending this body would do. A body that our decoder
// rejects can be sent, but must be agreed to.
func (d *Desk) PlanSubmit(body []byte) Plan {
	p := Plan{
		Title: "Submit an order",
		Facts: []Fact{
			{"to", nameOf(d.deployment.QueueURL)},
			{"body", string(body)},
			{"size", strconv.Itoa(len(body)) + " bytes"},
			{"MD5", workflow.BodyMD5(body)},
		},
		Verb: "submit",
		Undo: "none: once it is sent the consumer may start it at any time",
	}
	if _, err := workflow.DecodeBody(body); err != nil {
		p.Risk = Ask
		p.Warning = "Our decoder rejects this body: " + err.Error() +
			". The stock consumer would fail on it until it lands among the dead letters."
	}
	return p
}

// Submit sends one order, in one attempt. A lost answer is told as an outcome
// that is not known; it is never sent again, because SendMessage has no token
// that would keep SQS from taking it twice.
func (d *Desk) Submit(ctx context.Context, body []byte) (s Submission, done Record, err error) {
	ctx, end := d.under.begin(workflow.WithPlan(ctx, d.PlanSubmit(body).Title))
	defer func() { end(done) }()
	s = Submission{At: wall(), BodyMD5: workflow.BodyMD5(body), Body: body}
	sent, err := d.send(ctx, body)
	switch {
	case err == nil:
		s.MessageID, s.OrderID = sent.MessageID, workflow.OrderID(sent.MessageID)
		if sent.BodyMD5 != s.BodyMD5 {
			err = &workflow.Problem{
				Operation: "sqs:SendMessage", Target: d.deployment.QueueURL,
				Reason: fmt.Sprintf("the queue took message %s, but with the MD5 %s instead of %s: the body was changed on the way",
					sent.MessageID, sent.BodyMD5, s.BodyMD5),
				Next: "Look at the order before sending it again.",
			}
		}
	case workflow.KindOf(err) == workflow.OutcomeUnknown:
		err = d.lost(s, err)
	}
	s.Outcome = workflow.OutcomeOf(err)
	if s.MessageID != "" {
		s.Outcome = workflow.Done
	}
	detail := ""
	if err == nil {
		detail = "order " + string(s.OrderID) + ", MD5 " + s.BodyMD5
	}
	return s, record(s.At, "submit", nameOf(d.deployment.QueueURL), detail, err), err
}

func (d *Desk) send(ctx context.Context, body []byte) (workflow.Sent, error) {
	if err := d.allow("submit", d.deployment.QueueURL, "order queue"); err != nil {
		return workflow.Sent{}, err
	}
	if len(body) == 0 || len(body) > mostBytes {
		return workflow.Sent{}, &workflow.Problem{
			Kind: workflow.Invalid, Operation: "submit", Target: d.deployment.QueueURL,
			Reason: fmt.Sprintf("the body has %d bytes; SQS takes 1 to %d", len(body), mostBytes),
			Next:   "Send another body.",
		}
	}
	return d.queue.Send(ctx, d.deployment.QueueURL, body, nil)
}

// lost says how to find out whether an order was taken.
func (d *Desk) lost(s Submission, err error) error {
	problem := &workflow.Problem{Kind: workflow.OutcomeUnknown, Operation: "sqs:SendMessage", Target: d.deployment.QueueURL, Err: err}
	if cause, ok := errors.AsType[*workflow.Problem](err); ok {
		problem.RequestID = cause.RequestID
	}
	problem.Reason = "the answer was lost: the order may or may not be on the queue (body MD5 " + s.BodyMD5 + ")"
	of := ""
	if order, bad := workflow.DecodeBody(s.Body); bad == nil {
		of = " of " + order.UserID
	}
	problem.Next = "Before sending it again, look for an order" + of + " started since " + s.At.Format(time.TimeOnly) + "."
	return problem
}
