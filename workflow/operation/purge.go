package operation

import (
	"context"
	"fmt"
	"sync"
	"time"

	"orderops/workflow"
)

// purgeLasts is how long SQS may take to purge a queue, and for how long it takes
// no second purge of it (SQS PurgeQueue).
const purgeLasts = 60 * time.Second

const purgeTitle = "Purge the dead-letter queue, not archived"

// purges remembers when this program purged last. The zero value is never.
type purges struct {
	mu sync.Mutex
	at time.Time
}

// PlanPurge says what SQS's own PurgeQueue would destroy. Known are the dead
// letters that were inspected. Nothing of it is archived: deleting everything by
// a run is the way to do it that can be taken back.
func (d *Desk) PlanPurge(ctx context.Context, known []workflow.DeadLetter) (Plan, error) {
	dead, err := d.purgeable(ctx)
	if err != nil {
		return Plan{}, err
	}
	p := Plan{
		Title: purgeTitle,
		Facts: []Fact{
			{"messages", atMost(dead) + ": whatever their verdict, and also those that nobody has looked at"},
			{"in flight", fmt.Sprintf("%d now: destroyed too, while somebody works on them", dead.InFlight)},
			{"delayed", fmt.Sprintf("%d now: destroyed too", dead.Delayed)},
			{"meanwhile", "SQS takes up to " + inWords(purgeLasts) + "; what arrives in that time may be destroyed too"},
			{"verdicts", verdicts(known, dead.Total())},
			{"archive", "none: neither this program nor AWS can bring anything back"},
			{"needs", "sqs:PurgeQueue on the dead-letter queue, which only the admin policy has"},
			{"calls", "1; SQS takes no second one within " + inWords(purgeLasts)},
		},
		Warning: "Every order in it that was not dealt with is lost. Purging with the archive deletes the same messages and can be taken back.",
		Risk:    TypeName, Type: dead.Name, Verb: "destroy all",
		Undo: "none",
	}
	if n := byVerdict(known)[workflow.Safe]; n > 0 {
		p.Warning = fmt.Sprintf("%s of those inspected would go through if redriven. ", counted(n, "message")) + p.Warning
	}
	return p, nil
}

// purgeable checks everything that must hold before the queue is purged.
func (d *Desk) purgeable(ctx context.Context) (workflow.Queue, error) {
	const operation = "purge"
	url := d.deployment.DeadLetterURL
	if err := d.allow(operation, url, "dead-letter queue"); err != nil {
		return workflow.Queue{}, err
	}
	refused := func(reason, next string) (workflow.Queue, error) {
		return workflow.Queue{}, &workflow.Problem{Kind: workflow.Refused, Operation: operation, Target: url, Reason: reason, Next: next}
	}
	d.purges.mu.Lock()
	left := purgeLasts - wall().Sub(d.purges.at)
	d.purges.mu.Unlock()
	if left > 0 {
		return refused("it was purged less than a minute ago, and SQS takes one purge of a queue in 60 seconds",
			"Wait "+inWords(left.Round(time.Second))+", and look whether anything is left.")
	}
	if err := d.unoccupied(operation); err != nil {
		return workflow.Queue{}, err
	}
	open, err := d.Unfinished()
	switch {
	case err != nil:
		return workflow.Queue{}, err
	case len(open) > 0:
		return refused("the run "+open[0].Head.ID+" broke off, and what became of its messages is known only from those that are left",
			"Finish or verify it first: orderops dlq finish --verify "+open[0].Head.ID)
	}
	dead, err := d.queue.Describe(ctx, url)
	if err != nil {
		return dead, err
	}
	if order := d.orderQueue(ctx); url == d.deployment.QueueURL || order.ARN != "" && order.ARN == dead.ARN {
		return refused("this is the order queue: all waiting orders would be lost", "Name the dead-letter queue with --dlq-url.")
	}
	switch moving, err := d.moving(ctx, dead); {
	case err != nil:
		return dead, err
	case moving:
		return refused("a move task of this queue is running", "Wait for it, or cancel it.")
	}
	return dead, nil
}

// Purge lets SQS destroy everything in the dead-letter queue.
func (d *Desk) Purge(ctx context.Context) (done Record, err error) {
	ctx, end := d.under.begin(workflow.WithPlan(ctx, purgeTitle))
	defer func() { end(done) }()
	at := wall()
	dead, err := d.purgeable(ctx)
	if err == nil {
		err = d.queue.Purge(ctx, d.deployment.DeadLetterURL)
	}
	detail := ""
	switch {
	case err == nil:
		d.purges.mu.Lock()
		d.purges.at = at
		d.purges.mu.Unlock()
		detail = fmt.Sprintf("%s destroyed, not archived; SQS may take %s", atMost(dead), inWords(purgeLasts))
	case workflow.KindOf(err) == workflow.OutcomeUnknown:
		err = unsure(err, "sqs:PurgeQueue", d.deployment.DeadLetterURL, "Look at the queue in a minute: it is empty if it was purged.")
	}
	return record(at, "purge", nameOf(d.deployment.DeadLetterURL), detail, err), err
}
