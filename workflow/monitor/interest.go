package monitor

import (
	"time"

	"orderops/workflow"
)

// Shown is what is on the screen. It is filled in by the screen that is open.
type Shown struct {
	// Executions: anything that comes from the list of executions is shown.
	Executions bool
	// Definition: the state machine is drawn, or states are told in its order.
	Definition bool
	Moves      bool
	Topic      bool
	// Open is the execution whose detail is open, "" when none is.
	Open workflow.ExecutionARN
	// VisibleExecutions and VisibleOrders are the rows in view, not all rows.
	VisibleExecutions []workflow.ExecutionARN
	VisibleOrders     []workflow.OrderID
}

// Interest is what is worth asking for now.
type Interest struct {
	// Focused tells whether the terminal has the focus, LastInput when the
	// operator last did something. Unfocused and idle leaves only the queues.
	Focused   bool
	LastInput time.Time

	Executions bool
	Definition bool
	Moves      bool
	Topic      bool
	// MoveRunning tells that a move task is at work.
	MoveRunning bool

	// Open is the execution whose history is followed, After the last event of
	// it without a gap, Settled that nothing more is to come.
	Open    workflow.ExecutionARN
	After   int64
	Settled bool
	// Positions are the executions whose state is to be found out.
	Positions []workflow.ExecutionARN
	// Details are the executions to describe.
	Details []workflow.ExecutionARN
	// Rows are the rows to read.
	Rows []workflow.RowKey
}

// Interest works out what is worth asking for, given what is shown. It costs in
// proportion to what is shown. Focused and LastInput are left to the caller.
func (s *Store) Interest(shown Shown, now time.Time) Interest {
	_, _ = shown, now
	return Interest{}
}
