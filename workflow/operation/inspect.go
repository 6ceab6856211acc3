package operation

import (
	"context"
	"fmt"
	"strconv"

	"orderops/workflow"
)

// PlanInspect says what looking at the dead letters costs. Risk is None once
// the operator has agreed to it at this desk.
func (d *Desk) PlanInspect(dead workflow.Queue) Plan {
	p := Plan{
		Title: "Inspect the dead letters",
		Facts: []Fact{
			{"queue", nameOf(d.deployment.DeadLetterURL)},
			{"messages", atMost(dead)},
			{"costs", "one receive each: their receive counts grow by one"},
			{"meanwhile", fmt.Sprintf("hidden for %s at a time, so the queue looks empty and an alarm on visible messages clears", inWords(Lease))},
		},
		Risk: Ask,
		Verb: "inspect",
		Undo: "the messages are given back on leaving, or come back by themselves within " + inWords(Lease),
	}
	if d.agreed.Load() {
		p.Risk = None
	}
	return p
}

// atMost is how many messages a queue may hold. The counts are approximate and
// take up to a minute to settle.
func atMost(q workflow.Queue) string {
	text := "at most " + strconv.Itoa(q.Total())
	if q.InFlight > 0 {
		text += fmt.Sprintf(" (%d of them in flight)", q.InFlight)
	}
	return text
}

// Inspect opens an inspection after checking that looking does no harm.
func (d *Desk) Inspect(ctx context.Context) (*Inspection, Record, error) {
	at := wall()
	inspection, err := d.inspect(ctx)
	detail := ""
	if err == nil {
		d.agreed.Store(true)
		detail = "opened, with leases of " + inWords(Lease)
	}
	return inspection, record(at, "inspect", nameOf(d.deployment.DeadLetterURL), detail, err), err
}

func (d *Desk) inspect(ctx context.Context) (*Inspection, error) {
	url := d.deployment.DeadLetterURL
	if err := d.allow("inspect", url, "dead-letter queue"); err != nil {
		return nil, err
	}
	refused := func(reason, next string) error {
		return &workflow.Problem{Kind: workflow.Refused, Operation: "inspect", Target: url, Reason: reason, Next: next}
	}
	if url == d.deployment.QueueURL {
		return nil, refused("this is the order queue: receiving from it would keep orders from the consumer", "Name the dead-letter queue with --dlq-url.")
	}
	dead, err := d.queue.Describe(ctx, url)
	if err != nil {
		return nil, err
	}
	order := workflow.Queue{}
	if d.deployment.QueueURL != "" {
		// The order queue only tells how often messages were looked at; without it that is not known.
		if described, unknown := d.queue.Describe(ctx, d.deployment.QueueURL); unknown == nil {
			order = described
		}
	}
	switch {
	case order.ARN != "" && order.ARN == dead.ARN:
		return nil, refused("this is the order queue: receiving from it would keep orders from the consumer", "Name the dead-letter queue with --dlq-url.")
	case dead.DeadLetterARN != "":
		return nil, refused("the dead-letter queue has a redrive policy of its own: looking counts against it and moves messages on to "+nameOf(dead.DeadLetterARN),
			"Take the redrive policy off the dead-letter queue first.")
	case dead.FIFO:
		return nil, refused("the dead-letter queue is a FIFO queue: looking at a message blocks its whole group", "Look at it with the AWS console.")
	}
	return newInspection(d.queue, url, order, dead), nil
}
