package operation

import (
	"context"
	"fmt"

	"orderops/workflow"
	"orderops/workflow/operation/journal"
	"orderops/workflow/operation/planfile"
)

// ReviseMove is a saved plan of a move task as it stands now.
func (d *Desk) ReviseMove(ctx context.Context, saved planfile.Plan) (MovePlan, error) {
	if err := d.ours(saved); err != nil {
		return MovePlan{}, err
	}
	p, err := d.PlanRedriveAll(ctx, nil, saved.Rate, saved.To)
	if err != nil {
		return p, err
	}
	d.revised(ctx, saved, &p.Plan, nil)
	return p, nil
}

// RevisedRestore is a saved plan of a restore or an import as it stands now.
type RevisedRestore struct {
	RestorePlan

	Dropped []Dropped
}

// ReviseRestore plans a restore, or the import of a file with these messages,
// once more, and keeps of it what the saved plan has.
func (d *Desk) ReviseRestore(ctx context.Context, saved planfile.Plan, messages []workflow.Message) (RevisedRestore, error) {
	var r RevisedRestore
	err := d.ours(saved)
	if err != nil {
		return r, err
	}
	if Verb(saved.Operation) == Restore {
		r.RestorePlan, err = d.PlanRestore(ctx, saved.Source.Run)
	} else {
		r.RestorePlan, err = d.PlanImport(ctx, saved.Source.File, messages, nil)
	}
	if err != nil {
		return r, err
	}
	if saved.Rate > 0 {
		r.Rate = saved.Rate
	}
	now := map[workflow.MessageID]journal.Letter{}
	for _, l := range r.letters {
		now[l.ID] = l
	}
	r.letters = nil
	for _, m := range saved.Messages {
		l, there := now[m.ID]
		switch {
		case !there:
			r.Dropped = append(r.Dropped, Dropped{string(m.ID), r.leftWhy(m.ID)})
		case planfile.Digest(l.Body) != m.Digest:
			r.Dropped = append(r.Dropped, Dropped{string(m.ID), "has another body: it is another message"})
		default:
			r.letters = append(r.letters, l)
		}
	}
	if len(r.letters) == 0 {
		return r, nothingLeft(saved, r.Dropped)
	}
	r.describe()
	d.revised(ctx, saved, &r.Plan, r.Dropped)
	return r, nil
}

// leftWhy says why a message is not put back.
func (p *RestorePlan) leftWhy(id workflow.MessageID) string {
	if why := p.left[id]; why != "" {
		return why
	}
	return "is not in the " + map[Verb]string{Restore: "journal", Import: "file"}[p.Do] + " any more"
}

// RevisedExecutions is a saved plan of a redrive of executions as it stands now.
type RevisedExecutions struct {
	Plan

	Prospects []Prospect
	Dropped   []Dropped
}

// ReviseExecutions asks Step Functions about each execution of a saved plan, and
// drops what can't be redriven any more, or has ended anew since. Told, unless
// it is nil, hears how many were asked about.
func (d *Desk) ReviseExecutions(ctx context.Context, saved planfile.Plan, told func(asked int)) (RevisedExecutions, error) {
	var r RevisedExecutions
	if err := d.ours(saved); err != nil {
		return r, err
	}
	for i, was := range saved.Executions {
		is, err := d.describeAgain(ctx, was.ARN)
		if ctx.Err() != nil {
			return r, &workflow.Problem{Operation: "look at the executions of the plan again", Reason: "it was interrupted; nothing was changed", Err: ctx.Err()}
		}
		p := d.Prospect(is, was.State, was.StateKind)
		if why := p.since(was, err); why != "" {
			r.Dropped = append(r.Dropped, Dropped{string(was.ARN), why})
		} else {
			r.Prospects = append(r.Prospects, p)
		}
		if told != nil {
			told(i + 1)
		}
	}
	if len(r.Prospects) == 0 {
		return r, nothingLeft(saved, r.Dropped)
	}
	var err error
	if r.Plan, err = d.PlanRedriveExecutions(r.Prospects); err != nil {
		return r, err
	}
	d.revised(ctx, saved, &r.Plan, r.Dropped)
	return r, nil
}

// since says why an execution is not what it was when the plan was made; "" when it is.
func (p Prospect) since(was planfile.Execution, err error) string {
	switch {
	case err != nil:
		return "could not be looked up: " + reasonOf(err)
	case p.Status != was.Status:
		return fmt.Sprintf("was %s, is %s", was.Status, p.Status)
	case p.RedriveCount != was.Redrives || !was.Stopped.IsZero() && !p.Stopped.Equal(was.Stopped):
		return "was redriven since, and ended anew"
	}
	return p.Against
}

// describeAgain asks for an execution, and again after a refusal for now.
func (d *Desk) describeAgain(ctx context.Context, arn workflow.ExecutionARN) (workflow.Execution, error) {
	if d.options.Describer == nil {
		return workflow.Execution{}, &workflow.Problem{Operation: "states:DescribeExecution", Target: string(arn), Reason: "executions can't be read here"}
	}
	for {
		e, err := d.options.Describer.Describe(ctx, arn)
		if err == nil || !again(ctx, err) {
			return e, err
		}
	}
}
