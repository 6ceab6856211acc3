package operation

import (
	"context"
	"slices"
	"time"

	"orderops/workflow"
	"orderops/workflow/operation/planfile"
)

// SavedRun is the plan of a run as it is kept in a file.
func (d *Desk) SavedRun(ctx context.Context, p RunPlan) planfile.Plan {
	saved := d.saved(ctx, p.Plan)
	saved.Operation, saved.To, saved.Filter, saved.Rest = string(p.Do), p.To, p.Filter, p.Rest != nil
	saved.Include, saved.Note, saved.Rate = p.Include, p.Reason, p.Rate
	if saved.Canary = p.Canary; p.Canary > 0 {
		saved.Threshold = p.Threshold
	}
	if len(p.Edits) > 0 {
		saved.EditedBy = p.EditedBy
	}
	for _, letter := range p.Eligible {
		m := planfile.Message{ID: letter.ID, Digest: planfile.Digest(letter.Body), Verdict: letter.Verdict, Source: letter.SourceARN}
		m.SetEdit(p.Edits[letter.ID])
		saved.Messages = append(saved.Messages, m)
	}
	return saved
}

// SavedMove is the plan of a move task as it is kept in a file.
func (d *Desk) SavedMove(ctx context.Context, p MovePlan) planfile.Plan {
	saved := d.saved(ctx, p.Plan)
	saved.Operation, saved.Rate, saved.To = planfile.RedriveAll, p.Rate, p.To
	return saved
}

// SavedRestore is the plan of a restore or an import as it is kept in a file.
// Source names the file of an import and its digest.
func (d *Desk) SavedRestore(ctx context.Context, p RestorePlan, source planfile.Source) planfile.Plan {
	saved := d.saved(ctx, p.Plan)
	if p.Do == Restore {
		source = planfile.Source{Run: p.From}
	}
	saved.Operation, saved.Rate, saved.Source = string(p.Do), p.Rate, &source
	for _, l := range p.letters {
		saved.Messages = append(saved.Messages, planfile.Message{ID: l.ID, Digest: planfile.Digest(l.Body)})
	}
	return saved
}

// SavedExecutions is the plan of a redrive of executions as it is kept in a file.
func (d *Desk) SavedExecutions(ctx context.Context, p Plan, prospects []Prospect) planfile.Plan {
	saved := d.saved(ctx, p)
	saved.Operation, saved.Machine = planfile.Executions, d.deployment.StateMachineARN
	for _, e := range Eligible(prospects) {
		saved.Executions = append(saved.Executions, planfile.Execution{
			ARN: e.ARN, Status: e.Status, Stopped: e.Stopped, Redrives: e.RedriveCount, RedriveStatus: e.RedriveStatus, State: e.State, StateKind: e.Kind,
		})
	}
	return saved
}

// saved fills in what every plan has. Bodies are left out of what it said.
func (d *Desk) saved(ctx context.Context, p Plan) planfile.Plan {
	saved := planfile.Plan{
		Schema: planfile.Schema, Made: wall(), By: d.options.Operator,
		Account: d.deployment.Account, Region: d.deployment.Region, Stack: d.deployment.Stack, Queue: d.deployment.DeadLetterURL,
		Queues: d.queuesNow(ctx),
	}
	for _, f := range told(p) {
		saved.Facts = append(saved.Facts, planfile.Fact{Label: f.Label, Text: f.Text})
	}
	return saved
}

// The facts that hold bodies.
const (
	factWas     = "was"
	factBecomes = "becomes"
)

// told is what a plan says that may be kept.
func told(p Plan) []Fact {
	facts := slices.DeleteFunc(slices.Clone(p.Facts), func(f Fact) bool { return f.Label == factWas || f.Label == factBecomes || f.Label == "" })
	if p.Warning != "" {
		facts = append(facts, Fact{"warning", p.Warning})
	}
	return facts
}

// queuesNow are the queues of the deployment as they are; what can't be read is
// left out.
func (d *Desk) queuesNow(ctx context.Context) []planfile.Queue {
	var queues []planfile.Queue
	for _, url := range []string{d.deployment.DeadLetterURL, d.deployment.QueueURL} {
		if url == "" {
			continue
		}
		if q, err := d.queue.Describe(ctx, url); err == nil {
			queues = append(queues, planned(q))
		}
	}
	return queues
}

func planned(q workflow.Queue) planfile.Queue {
	return planfile.Queue{
		Name: q.Name, Messages: q.Total(), Visibility: int(q.VisibilityTimeout / time.Second), Retention: int(q.Retention / time.Second),
		MaxReceives: q.MaxReceives, DeadLetters: q.DeadLetterARN,
	}
}
