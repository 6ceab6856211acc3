package operation

import (
	"context"
	"fmt"
	"strconv"

	"orderops/workflow"
)

const inspectTitle = "Inspect the dead letters"

// PlanInspect says what looking at the dead letters costs. Risk is None once
// the operator has agreed to it at this desk.
func (d *Desk) PlanInspect(dead workflow.Queue) Plan {
	p := Plan{
		Title: inspectTitle,
		Facts: []Fact{
			{"queue", nameOf(d.deployment.DeadLetterURL)},
			{"messages", atMost(dead)},
			{"costs", "one receive each: their receive counts grow by one"},
			{"meanwhile", fmt.Sprintf("hidden for %s at a time, so the queue looks empty and an alarm on visible messages clears", inWords(Lease))},
			{"stops", fmt.Sprintf("after %d messages or %d MiB of them, at the latest", MostLetters, MostHeldBytes>>20)},
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
	dead, err := d.inspectable(ctx, "inspect")
	if err != nil {
		return nil, err
	}
	return newInspection(d.queue, d.deployment.DeadLetterURL, d.orderQueue(ctx), dead), nil
}

// orderQueue describes the order queue, which only tells how often messages
// were looked at; without it that is not known.
func (d *Desk) orderQueue(ctx context.Context) workflow.Queue {
	if d.deployment.QueueURL == "" {
		return workflow.Queue{}
	}
	order, err := d.queue.Describe(ctx, d.deployment.QueueURL)
	if err != nil {
		return workflow.Queue{}
	}
	return order
}

// inspectable checks that receiving from the dead-letter queue does no harm.
func (d *Desk) inspectable(ctx context.Context, operation string) (workflow.Queue, error) {
	url := d.deployment.DeadLetterURL
	if err := d.allow(operation, url, "dead-letter queue"); err != nil {
		return workflow.Queue{}, err
	}
	refused := func(reason, next string) (workflow.Queue, error) {
		return workflow.Queue{}, &workflow.Problem{Kind: workflow.Refused, Operation: operation, Target: url, Reason: reason, Next: next}
	}
	if url == d.deployment.QueueURL {
		return refused("this is the order queue: receiving from it would keep orders from the consumer", "Name the dead-letter queue with --dlq-url.")
	}
	dead, err := d.queue.Describe(ctx, url)
	if err != nil {
		return workflow.Queue{}, err
	}
	switch order := d.orderQueue(ctx); {
	case order.ARN != "" && order.ARN == dead.ARN:
		return refused("this is the order queue: receiving from it would keep orders from the consumer", "Name the dead-letter queue with --dlq-url.")
	case dead.DeadLetterARN != "":
		return refused("the dead-letter queue has a redrive policy of its own: looking counts against it and moves messages on to "+nameOf(dead.DeadLetterARN),
			"Take the redrive policy off the dead-letter queue first.")
	case dead.FIFO:
		return refused("the dead-letter queue is a FIFO queue: looking at a message blocks its whole group", "Look at it with the AWS console.")
	}
	return dead, nil
}
