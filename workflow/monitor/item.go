package monitor

import (
	"time"

	"orderops/workflow"
	"orderops/workflow/query"
)

// Execution is one execution with all that is known of it. It is never changed
// after it was handed out.
type Execution struct {
	workflow.Execution

	// UserID, Restaurant and Quantity are from the input; "" when not known.
	UserID     string
	Restaurant string
	Quantity   string

	// State is the state that the execution is in, or ended in; "" when not
	// known. StateKind is its type ("Task", "Wait"), Entered when it was entered.
	State     string
	StateKind string
	Entered   time.Time
	// WaitUntil is when a fixed Wait ends; zero when it is no Wait or not known.
	WaitUntil time.Time

	search string
}

// SearchText is what plain words of a filter look in.
func (e *Execution) SearchText() string { return e.search }

// Column is a value to filter by.
func (e *Execution) Column(name string) (query.Value, bool) { _ = name; return query.Value{}, false }

// Order is one order: what was submitted, the execution that carries it out,
// its row and its dead letter, as far as they are known.
type Order struct {
	ID         workflow.OrderID
	UserID     string
	Restaurant string
	Quantity   string

	// Submitted is the earliest time known of it: sent by us, else created, else started.
	Submitted time.Time
	// Submission is nil unless this session sent the order.
	Submission *workflow.Submission
	// Execution is nil when none is known.
	Execution *Execution
	// Row is nil when none is known; Missing tells that it was looked for and is not there.
	Row     *workflow.Row
	Missing bool
	// DeadLetter is nil unless an inspection saw the message.
	DeadLetter *workflow.DeadLetter

	// Where says in words where the order is: "queued", "in Wait30Seconds", "succeeded".
	Where string

	search string
}

// Status is the execution's status, "" when there is no execution.
func (o *Order) Status() workflow.ExecutionStatus {
	if o.Execution == nil {
		return ""
	}
	return o.Execution.Status
}

// RowStatus is the status in the table, "" when no row is known.
func (o *Order) RowStatus() workflow.OrderStatus {
	if o.Row == nil {
		return ""
	}
	return o.Row.Status
}

// ErrorMessage is why the order failed: the row's message, else the execution's error and cause.
func (o *Order) ErrorMessage() string { return "" }

// Key is the row's key; false when the user is not known.
func (o *Order) Key() (workflow.RowKey, bool) {
	return workflow.RowKey{UserID: o.UserID, ID: o.ID}, o.UserID != ""
}

// SearchText is what plain words of a filter look in.
func (o *Order) SearchText() string { return o.search }

// Column is a value to filter by.
func (o *Order) Column(name string) (query.Value, bool) { _ = name; return query.Value{}, false }

// DeadLetter is one dead letter as a row of a list.
type DeadLetter struct {
	workflow.DeadLetter
	// ReadAt is when it was received.
	ReadAt time.Time

	search string
}

// SearchText is what plain words of a filter look in.
func (d *DeadLetter) SearchText() string { return d.search }

// Column is a value to filter by.
func (d *DeadLetter) Column(name string) (query.Value, bool) { _ = name; return query.Value{}, false }

// The indexes by what they hold.
type (
	// ExecutionIndex sorts and filters by: status, started, duration, state,
	// user, restaurant, quantity, order, error.
	ExecutionIndex = Index[workflow.ExecutionARN, *Execution]
	// OrderIndex sorts and filters by: submitted, order, user, restaurant,
	// quantity, status, row, where, error.
	OrderIndex = Index[workflow.OrderID, *Order]
	// DeadLetterIndex sorts and filters by: sent, verdict, order, user,
	// restaurant, quantity, receives, deleted, cause.
	DeadLetterIndex = Index[workflow.MessageID, *DeadLetter]
)
