package operation

import (
	"cmp"
	"context"

	"orderops/workflow"
)

// stoppedByOperator is the error name of an execution that was stopped here.
const stoppedByOperator = "StoppedByOperator"

// PlanStop says what stopping an execution would do.
func (d *Desk) PlanStop(execution workflow.Execution) Plan {
	return Plan{
		Title: "Stop an execution",
		Facts: []Fact{
			{"execution", execution.Name},
			{"status", string(execution.Status)},
			{"then", "it ends as ABORTED with the error " + stoppedByOperator + " in your name"},
			{"order", "its row stays as it is, no further step is taken and no mail is sent"},
		},
		Warning: "A step that has begun may still take effect, and payment may already be taken.",
		Risk:    Ask, Verb: "stop",
		Undo: "none; an aborted execution can be redriven within 14 days",
	}
}

// Stop aborts an execution in the operator's name.
func (d *Desk) Stop(ctx context.Context, execution workflow.Execution) (done Record, err error) {
	ctx, end := d.under.begin(workflow.WithPlan(ctx, d.PlanStop(execution).Title))
	defer func() { end(done) }()
	at := wall()
	err = d.stop(ctx, execution)
	detail := ""
	if err == nil {
		detail = "aborted"
	}
	return record(at, "stop", execution.Name, detail, err), err
}

func (d *Desk) stop(ctx context.Context, execution workflow.Execution) error {
	if err := d.allow("stop", string(execution.ARN), "execution"); err != nil {
		return err
	}
	if execution.Status.Ended() {
		return &workflow.Problem{
			Kind: workflow.Invalid, Operation: "stop", Target: string(execution.ARN),
			Reason: "it has already ended: " + string(execution.Status),
			Next:   "Look at its states: nothing more happens in it.",
		}
	}
	cause := "stopped by " + cmp.Or(d.options.Operator, "an operator") + " with orderops"
	_, err := d.executions.Stop(ctx, execution.ARN, stoppedByOperator, cause)
	if workflow.KindOf(err) == workflow.OutcomeUnknown {
		return unsure(err, "states:StopExecution", string(execution.ARN), "Look at the execution's status; stopping twice does no harm.")
	}
	return err
}
