package operation

import (
	"context"
	"errors"
	"slices"

	"orderops/workflow"
)

// Rows reads rows of the orders table.
type Rows interface {
	// Rows reads the rows with these keys; a key without a row gives none. After
	// an error the rows that came are good.
	Rows(ctx context.Context, keys []workflow.RowKey) ([]workflow.Row, error)
}

// Describer reads one execution.
type Describer interface {
	// Describe gives a Problem of kind NotFound when there is no such execution.
	Describe(ctx context.Context, arn workflow.ExecutionARN) (workflow.Execution, error)
}

// keysPerCall is the most that one BatchGetItem reads.
const keysPerCall = 100

// Suspect is a dead letter on its way to a verdict.
type Suspect struct {
	Letter workflow.DeadLetter
	// ids are the names that the order may have.
	ids      []workflow.OrderID
	evidence workflow.Evidence
	// Sure tells that the rows have decided, so that no execution is looked for.
	Sure bool
}

// JudgeByRows looks for the rows of letters, one hundred ids per call, and
// decides where a row does: an order whose row is SUCCESS was processed. What
// the others need is JudgeByExecution. A table that can't be read decides
// nothing: the executions do.
func (d *Desk) JudgeByRows(ctx context.Context, letters []workflow.DeadLetter) []Suspect {
	suspects := make([]Suspect, len(letters))
	rows := d.rowsOf(ctx, letters, suspects)
	for i := range suspects {
		s := &suspects[i]
		if s.Sure {
			continue
		}
		s.evidence.At = wall()
		for _, id := range s.ids {
			row, ok := rows[workflow.RowKey{UserID: s.Letter.Order.UserID, ID: id}]
			if ok && (s.evidence.Row == nil || row.Status == workflow.Success) {
				s.evidence.Row = &row
			}
		}
		if s.evidence.Row != nil && s.evidence.Row.Status == workflow.Success {
			s.Letter, s.Sure = s.Letter.Weigh(s.evidence), true
		}
	}
	return suspects
}

// rowsOf fills in the letters and their ids and reads all their rows.
func (d *Desk) rowsOf(ctx context.Context, letters []workflow.DeadLetter, suspects []Suspect) map[workflow.RowKey]workflow.Row {
	var keys []workflow.RowKey
	for i, letter := range letters {
		others, redrives := d.lives.of(d.options.Journal, letter.ID)
		suspects[i] = Suspect{Letter: letter, Sure: letter.Problem != nil, evidence: workflow.Evidence{Redrives: redrives}}
		if suspects[i].Sure {
			continue
		}
		suspects[i].ids = letter.Ids(others...)
		for _, id := range suspects[i].ids {
			keys = append(keys, workflow.RowKey{UserID: letter.Order.UserID, ID: id})
		}
	}
	rows := make(map[workflow.RowKey]workflow.Row, len(keys))
	if d.options.Rows == nil || d.deployment.Table == "" {
		return rows
	}
	for some := range slices.Chunk(keys, keysPerCall) {
		for {
			got, err := d.options.Rows.Rows(ctx, some)
			for _, row := range got {
				rows[row.RowKey] = row
			}
			if err == nil {
				break
			}
			if !again(ctx, err) {
				return rows
			}
		}
	}
	return rows
}

// JudgeByExecution looks for executions under each id of the suspect, one call
// per id, until one decides. A refusal for now is waited out while ctx allows;
// the error is why the verdict is not known.
func (d *Desk) JudgeByExecution(ctx context.Context, s Suspect) (workflow.DeadLetter, error) {
	if s.Sure {
		return s.Letter, nil
	}
	e := s.evidence
	e.At = wall()
	if d.options.Describer == nil || d.deployment.StateMachineARN == "" {
		e.Missing = "the deployment has no state machine that is known, so no execution could be looked for"
		return s.Letter.Weigh(e), nil
	}
	for _, id := range s.ids {
		execution, err := d.describe(ctx, id)
		switch {
		case err == nil:
			e.Executions = append(e.Executions, execution)
			if !execution.Status.Broken() {
				return s.Letter.Weigh(e), nil
			}
		case workflow.KindOf(err) != workflow.NotFound:
			e.Missing = "execution " + string(id) + " could not be looked up: " + reasonOf(err)
			return s.Letter.Weigh(e), err
		}
	}
	if d.lives.doubts(s.Letter.ID) {
		e.Missing = "it may have been sent on already, by a redrive that broke off or had no answer: finish or verify that one first"
	}
	return s.Letter.Weigh(e), nil
}

// describe asks for the execution with that name, and again after a refusal for now.
func (d *Desk) describe(ctx context.Context, id workflow.OrderID) (workflow.Execution, error) {
	for {
		execution, err := d.options.Describer.Describe(ctx, workflow.ExecutionOf(d.deployment.StateMachineARN, string(id)))
		if err == nil || !again(ctx, err) {
			return execution, err
		}
	}
}

// Unchecked is the suspect's letter with the verdict that it could not be looked up.
func (s Suspect) Unchecked(why string) workflow.DeadLetter {
	e := s.evidence
	e.At, e.Missing = wall(), why
	return s.Letter.Weigh(e)
}

// Judge gives every letter its verdict, anew. The error is the first that
// kept one from being known.
func (d *Desk) Judge(ctx context.Context, letters []workflow.DeadLetter) ([]workflow.DeadLetter, error) {
	judged := make([]workflow.DeadLetter, 0, len(letters))
	var first error
	for _, s := range d.JudgeByRows(ctx, letters) {
		letter, err := d.JudgeByExecution(ctx, s)
		judged = append(judged, letter)
		if first == nil {
			first = err
		}
	}
	return judged, first
}

// reasonOf is an error's cause in words, without what it was about.
func reasonOf(err error) string {
	if p, ok := errors.AsType[*workflow.Problem](err); ok && p.Reason != "" {
		return p.Reason
	}
	return err.Error()
}
