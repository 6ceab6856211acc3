package operation

import (
	"context"

	"orderops/workflow"
)

// Switch turns what feeds the order queue to its function on and off.
type Switch interface {
	// Switch lets a mapping read or not; state is Lambda's word for what it is then.
	Switch(ctx context.Context, uuid string, on bool) (state string, err error)
}

// ReadConsumer tells who reads the order queue.
func (d *Desk) ReadConsumer(ctx context.Context) (workflow.Consumer, error) {
	if d.options.Consumer == nil || d.deployment.QueueURL == "" {
		return workflow.Consumer{}, &workflow.Problem{
			Kind: workflow.Invalid, Operation: "read the consumer", Reason: "the deployment has no order queue that is known", Next: "Name it with --queue-url.",
		}
	}
	queue, err := d.queue.Describe(ctx, d.deployment.QueueURL)
	if err != nil {
		return workflow.Consumer{}, err
	}
	return d.options.Consumer.Describe(ctx, queue.ARN)
}

// PlanConsumer says what pausing the consumer, or letting it go on, would do.
func (d *Desk) PlanConsumer(c workflow.Consumer, on bool) (Plan, error) {
	refused := func(reason, next string) (Plan, error) {
		return Plan{}, &workflow.Problem{Kind: workflow.Refused, Operation: consumerVerb(on), Target: c.Function, Reason: reason, Next: next}
	}
	switch {
	case c.UUID == "":
		return refused("no event source mapping reads the order queue", "Look at the deployment: orderops doctor.")
	case c.State != "Enabled" && c.State != "Disabled":
		return refused("it is "+c.State+": Lambda takes no other change meanwhile", "Wait for it; it takes about a minute.")
	case on == c.Reads():
		return refused("it is "+c.State+" already", "There is nothing to do.")
	}
	p := Plan{
		Title: consumerTitle(on),
		Facts: []Fact{
			{"function", c.Function},
			{"now", c.State},
			{"then", "Lambda stops reading the order queue within about a minute; what it has received already is worked on"},
			{"meanwhile", "orders are accepted and wait in the queue, until its retention deletes them"},
		},
		Warning: "No order is started while it is paused.",
		Risk:    TypeName, Type: nameOf(d.deployment.QueueURL), AskFor: "type the order queue's name",
		Verb: "pause", Undo: "resume it",
	}
	if on {
		p.Verb, p.Undo, p.Warning, p.Risk, p.Type, p.AskFor = "resume", "pause it again; orders that were started stay started", "", Ask, "", ""
		p.Facts = p.Facts[:2]
		p.Facts = append(p.Facts, Fact{"then", "Lambda reads the order queue again within about a minute, and starts what waits there"})
	}
	return p, nil
}

func consumerVerb(on bool) string {
	if on {
		return "resume the consumer"
	}
	return "pause the consumer"
}

func consumerTitle(on bool) string {
	if on {
		return "Resume the consumer"
	}
	return "Pause the consumer"
}

// SwitchConsumer pauses the consumer or lets it go on.
func (d *Desk) SwitchConsumer(ctx context.Context, c workflow.Consumer, on bool) (done Record, err error) {
	ctx, end := d.under.begin(workflow.WithPlan(ctx, consumerTitle(on)))
	defer func() { end(done) }()
	at := wall()
	state, err := d.switchConsumer(ctx, c, on)
	detail := ""
	if err == nil {
		detail = "it is " + state
	}
	return record(at, consumerVerb(on), c.Function, detail, err), err
}

func (d *Desk) switchConsumer(ctx context.Context, c workflow.Consumer, on bool) (string, error) {
	if err := d.allow(consumerVerb(on), c.UUID, "consumer"); err != nil {
		return "", err
	}
	if d.options.Switch == nil {
		return "", &workflow.Problem{Kind: workflow.Invalid, Operation: consumerVerb(on), Target: c.Function, Reason: "there is no way to it", Next: "Use the AWS console."}
	}
	state, err := d.options.Switch.Switch(ctx, c.UUID, on)
	if workflow.KindOf(err) == workflow.OutcomeUnknown {
		return "", unsure(err, "lambda:UpdateEventSourceMapping", c.Function, "Look at its state; doing it twice does no harm.")
	}
	return state, err
}
