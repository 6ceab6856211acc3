package operation

import (
	"context"
	"strings"

	"orderops/workflow"
)

// UserRows reads rows of one user.
type UserRows interface {
	ByUser(ctx context.Context, userID string, limit int) (rows []workflow.Row, more bool, err error)
}

// mostOfUser is how many orders of a user are read at once.
const mostOfUser = 100

// Found is what a search brought: an execution, or the rows of a user.
type Found struct {
	Execution *workflow.Execution
	Rows      []workflow.Row
	// More tells that the user has more orders than were read.
	More bool
}

// Find looks an order up by the name of its execution, which is its order id and
// its first message's id, or by its user: with one call, or two. It never pages
// through lists.
func (d *Desk) Find(ctx context.Context, what string) (Found, error) {
	what = strings.TrimSpace(what)
	if what == "" {
		return Found{}, &workflow.Problem{Kind: workflow.Invalid, Operation: "find an order", Reason: "nothing was asked for", Next: "Give an order id, an execution's name, a message id or a user."}
	}
	if d.options.Describer != nil && d.deployment.StateMachineARN != "" && len([]rune(what)) <= longestName && !strings.ContainsAny(what, " :/") {
		e, err := d.options.Describer.Describe(ctx, workflow.ExecutionOf(d.deployment.StateMachineARN, what))
		if err == nil {
			return Found{Execution: &e}, nil
		}
		if kind := workflow.KindOf(err); kind != workflow.NotFound && kind != workflow.Invalid {
			return Found{}, err
		}
	}
	reader, ok := d.options.Rows.(UserRows)
	if ok {
		rows, more, err := reader.ByUser(ctx, what, mostOfUser)
		if err != nil {
			return Found{}, err
		}
		if len(rows) > 0 {
			return Found{Rows: rows, More: more}, nil
		}
	}
	return Found{}, &workflow.Problem{
		Kind: workflow.NotFound, Operation: "find an order", Target: what,
		Reason: "no execution of the last 90 days is named so, and the table has no row of a user called so",
		Next:   "It may still be in the queue, or among the dead letters: inspecting them tells. The id of a redriven message is known only there.",
	}
}
