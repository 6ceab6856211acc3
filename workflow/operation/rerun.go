package operation

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"
	"time"

	"orderops/workflow"
)

// longestName is the most characters of a name that StartExecution takes.
const longestName = 80

// mostReruns is how many runs of one order are looked for.
const mostReruns = 50

// Rerun is an order that is to be run again.
type Rerun struct {
	// Of is the run that is repeated, as Step Functions told it just now.
	Of workflow.Execution
	// Name is that of the new execution, Input its input.
	Name, Input string
	// Order is the order that the new run works on; NewOrder tells that it is
	// another one than that of the first run.
	Order    workflow.OrderID
	NewOrder bool
	// Changes are what was edited in the input.
	Changes []workflow.Change
}

// PrepareRerun finds out what running an execution's order again would be. An
// empty input means the one of the first run. An order that succeeded is not
// run again: it becomes a new order with a new id.
func (d *Desk) PrepareRerun(ctx context.Context, arn workflow.ExecutionARN, input string) (Rerun, error) {
	if err := d.allow("run again", string(arn), "execution"); err != nil {
		return Rerun{}, err
	}
	refuse := func(reason, next string) (Rerun, error) {
		return Rerun{}, &workflow.Problem{Kind: workflow.Refused, Operation: "run again", Target: string(arn), Reason: reason, Next: next}
	}
	e, err := d.read(ctx, arn)
	if err != nil {
		return Rerun{}, err
	}
	if !e.Status.Ended() {
		return refuse("it is still running: a second run would do everything twice", "Wait for its end, or stop it first.")
	}
	r := Rerun{Of: e, Input: e.Input}
	if input != "" {
		if err := workflow.CheckInput(input); err != nil {
			return refuse("the input can't be used: "+err.Error(), "Edit the input.")
		}
		if r.Changes = workflow.Changes(e.Input, input); len(r.Changes) > 0 {
			r.Input = workflow.CompactInput(input)
		}
	} else if err := workflow.CheckInput(e.Input); err != nil {
		return refuse("the input of the first run can't be used: "+err.Error(), "Edit the input.")
	}
	r.Order = workflow.DecodeInput(r.Input).ID
	if r.Order == "" {
		r.Order = e.OrderID()
	}
	if e.Status == workflow.Succeeded {
		return renew(r), nil
	}
	return d.numbered(ctx, r)
}

// RunInput is the input that an execution was started with, to be edited.
func (d *Desk) RunInput(ctx context.Context, arn workflow.ExecutionARN) (string, error) {
	e, err := d.read(ctx, arn)
	return e.Input, err
}

// read asks Step Functions about an execution.
func (d *Desk) read(ctx context.Context, arn workflow.ExecutionARN) (workflow.Execution, error) {
	if d.options.Describer == nil {
		return workflow.Execution{}, &workflow.Problem{
			Kind: workflow.Refused, Operation: "run again", Target: string(arn), Reason: "the execution can't be read",
			Next: "Connect to a deployment with a state machine.",
		}
	}
	return d.options.Describer.Describe(ctx, arn)
}

// renew makes a new order of a rerun.
func renew(r Rerun) Rerun {
	r.NewOrder, r.Order = true, workflow.OrderID(newID())
	r.Name = string(r.Order)
	if with, ok := workflow.WithMember(r.Input, "id", string(r.Order)); ok {
		r.Input = with
	}
	if with, ok := workflow.WithMember(r.Input, "created_at", wall().UTC().Format(time.RFC3339)); ok {
		r.Input = with
	}
	return r
}

// numbered gives a rerun the first name of its order that no execution has.
func (d *Desk) numbered(ctx context.Context, r Rerun) (Rerun, error) {
	for n := 1; n <= mostReruns; n++ {
		r.Name = workflow.RerunName(r.Order, n)
		if len([]rune(r.Name)) > longestName {
			return Rerun{}, &workflow.Problem{
				Kind: workflow.Invalid, Operation: "run again", Target: string(r.Of.ARN),
				Reason: fmt.Sprintf("the name %s is longer than the %d characters that Step Functions takes", r.Name, longestName),
				Next:   "Submit the order anew.",
			}
		}
		_, err := d.describe(ctx, workflow.OrderID(r.Name))
		switch {
		case workflow.KindOf(err) == workflow.NotFound:
			return r, nil
		case err != nil:
			return Rerun{}, err
		}
	}
	return Rerun{}, &workflow.Problem{
		Kind: workflow.Refused, Operation: "run again", Target: string(r.Of.ARN),
		Reason: fmt.Sprintf("the order was run again %d times", mostReruns), Next: "Find out why it fails first.",
	}
}

// PlanRerun says what running an order again would do.
func (d *Desk) PlanRerun(r Rerun) Plan {
	p := Plan{
		Title: "Run an order again",
		Facts: []Fact{
			{"first run", r.Of.Name + " · " + string(r.Of.Status)},
			{"order", string(r.Order)},
			{"execution", r.Name},
			{"input", "the same"},
			{"then", "every step from the first on is done, with the definition as it is now"},
		},
		Risk: Ask, Verb: "run again",
		Undo: "none: a step that has begun may take effect; the execution can be stopped",
	}
	switch {
	case len(r.Changes) > 0:
		p.Facts[3].Text = "edited, in " + counted(len(r.Changes), "place")
		p.Facts = slices.Insert(p.Facts, 4, edits(r.Changes)...)
	case r.NewOrder:
		p.Facts[3].Text = "the same, with the new id"
	}
	if r.NewOrder {
		p.Title = "Make a new order of one that succeeded"
		p.Warning = "The order succeeded. This makes a NEW order with a new id: it is paid and delivered once more."
		return p
	}
	if r.Order != r.Of.OrderID() {
		p.Facts = append(p.Facts, Fact{"beware", "the input names another order than " + string(r.Of.OrderID())})
	}
	p.Warning = "Payment may already be taken, and every step is done again. Our payment step takes the order id as its key; another one may charge twice."
	return p
}

// edits is a line for each of the first changes.
func edits(changes []workflow.Change) []Fact {
	var facts []Fact
	for i, c := range changes {
		if i == mostListed && len(changes) > mostListed+1 {
			return append(facts, Fact{"", "and " + strconv.Itoa(len(changes)-mostListed) + " more"})
		}
		facts = append(facts, Fact{"changed", c.Path + ": " + side(c.Before) + " → " + side(c.After)})
	}
	return facts
}

// side is one side of a change, short enough for a plan.
func side(value string) string {
	const most = 120
	runes := []rune(value)
	switch {
	case value == "":
		return "nothing"
	case len(runes) > most:
		return string(runes[:most]) + "… (" + counted(len(value), "byte") + ")"
	}
	return value
}

// Rerun starts the new run.
func (d *Desk) Rerun(ctx context.Context, r Rerun) (arn workflow.ExecutionARN, done Record, err error) {
	ctx, end := d.under.begin(workflow.WithPlan(ctx, d.PlanRerun(r).Title))
	defer func() { end(done) }()
	at := wall()
	arn, err = d.rerun(ctx, r)
	detail := ""
	if err == nil {
		detail = "started as " + r.Name
	}
	return arn, record(at, "run again", r.Of.Name, detail, err), err
}

func (d *Desk) rerun(ctx context.Context, r Rerun) (workflow.ExecutionARN, error) {
	if err := d.allow("run again", d.deployment.StateMachineARN, "state machine"); err != nil {
		return "", err
	}
	arn, err := d.executions.Start(ctx, r.Name, r.Input)
	if workflow.KindOf(err) == workflow.OutcomeUnknown {
		return "", unsure(err, "states:StartExecution", d.deployment.StateMachineARN, "Look for the execution "+r.Name+" before running the order again.")
	}
	return arn, err
}

// newID is a random UUID (RFC 9562, version 4).
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
