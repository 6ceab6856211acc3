package monitor

import (
	"cmp"
	"time"

	"orderops/workflow"
	"orderops/workflow/query"
)

// OrderIndex sorts and filters by: submitted, order, user, restaurant, quantity,
// status, row, where, error.
type OrderIndex = Index[workflow.OrderID, *Order]

// Order is one order: what was submitted, the execution that carries it out,
// its row and its dead letter, as far as they are known. It is never changed
// after it was handed out.
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

	// Where says in words where the order is: "not started", "in Wait30Seconds", "succeeded".
	Where string

	// rowAt is when the row was last asked for, changedAt when something
	// happened that may have changed it.
	rowAt     instant
	changedAt instant
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

// ErrorMessage is why the order failed: the row's message, else the execution's
// error and cause, else why the dead letter can't be read.
func (o *Order) ErrorMessage() string {
	switch {
	case o.Row != nil && o.Row.ErrorMessage != "":
		return o.Row.ErrorMessage
	case o.Execution != nil && o.Execution.Error != "" && o.Execution.Cause != "":
		return o.Execution.Error + ": " + o.Execution.Cause
	case o.Execution != nil && o.Execution.Error != "":
		return o.Execution.Error
	case o.DeadLetter != nil && o.DeadLetter.Problem != nil:
		return o.DeadLetter.Problem.Error()
	}
	return ""
}

// Key is the row's key; false when the user is not known.
func (o *Order) Key() (workflow.RowKey, bool) {
	return workflow.RowKey{UserID: o.UserID, ID: o.ID}, o.UserID != ""
}

// known tells whether there is anything to show of the order.
func (o *Order) known() bool {
	return o.Submission != nil || o.Execution != nil || o.Row != nil || o.DeadLetter != nil
}

// disagrees tells that the row says PENDING though the execution had ended well
// before the row was read.
func (o *Order) disagrees() bool {
	return o.RowStatus() == workflow.Pending && o.checked()
}

// rowless tells that the execution had succeeded well before the row was looked
// for, and there is none. One without success needs attention as it is, and may
// have broken before it saved anything.
func (o *Order) rowless() bool {
	return o.Missing && o.checked() && o.Status() == workflow.Succeeded
}

// NoRow is what stands for the status of a row that was looked for and is not
// there, to filter and to sort by.
const NoRow = "no row"

// rowWord is the row's status, NoRow, or "" when it was not looked for.
func (o *Order) rowWord() string {
	if o.Missing {
		return NoRow
	}
	return string(o.RowStatus())
}

// settleTime is how long after an execution's end its row must be final.
const settleTime = 10 * time.Second

// prepare makes what is derived from the parts.
func (o *Order) prepare() {
	o.UserID, o.Restaurant, o.Quantity, o.Submitted = "", "", "", time.Time{}
	if o.Submission != nil {
		o.Submitted = o.Submission.At
		if sent, err := workflow.DecodeBody(o.Submission.Body); err == nil {
			o.UserID, o.Restaurant, o.Quantity = sent.UserID, sent.RestaurantID, sent.Quantity
		}
	}
	if d := o.DeadLetter; d != nil {
		o.fill(d.Order.UserID, d.Order.RestaurantID, d.Order.Quantity, d.Sent)
	}
	if e := o.Execution; e != nil {
		o.fill(e.UserID, e.Restaurant, e.Quantity, time.Time{})
	}
	if r := o.Row; r != nil {
		o.fill(r.UserID, r.RestaurantID, r.Quantity, r.Created)
	}
	if e := o.Execution; e != nil {
		o.fill("", "", "", e.Started)
	}
	o.Where = common(o.where())
}

// fill sets what is not known yet.
func (o *Order) fill(user, restaurant, quantity string, submitted time.Time) {
	o.UserID = cmp.Or(o.UserID, user)
	o.Restaurant = cmp.Or(o.Restaurant, restaurant)
	o.Quantity = cmp.Or(o.Quantity, quantity)
	if o.Submitted.IsZero() {
		o.Submitted = submitted
	}
}

func (o *Order) where() string {
	if e := o.Execution; e != nil {
		where := progress(e)
		if o.DeadLetter != nil {
			where += ", dead letter"
		}
		return where
	}
	switch {
	case o.DeadLetter != nil:
		return "dead letter"
	case o.Row != nil:
		return "in the table"
	default:
		return notStarted
	}
}

// notStarted is all that is known of an order that was accepted and has no
// execution: it may be queued, in flight, or among the dead letters.
const notStarted = "not started"

// progress says how far an execution has come.
func progress(e *Execution) string {
	switch e.Status {
	case workflow.Running:
		if e.State == "" {
			return "running"
		}
		return "in " + e.State
	case workflow.Succeeded:
		return "succeeded"
	case workflow.PendingRedrive:
		return "waits for its redrive"
	case workflow.TimedOut:
		return "timed out" + inState(e)
	case workflow.Aborted:
		return "aborted" + inState(e)
	case workflow.Failed:
		return "failed" + inState(e)
	}
	return string(e.Status)
}

func inState(e *Execution) string {
	if e.State == "" {
		return ""
	}
	return " in " + e.State
}

// SearchText appends what plain words of a filter look in.
func (o *Order) SearchText(b []byte) []byte {
	return query.AppendFolded(b, string(o.ID), o.UserID, o.Restaurant, o.Quantity, o.Where, string(o.Status()), string(o.RowStatus()), clip(o.ErrorMessage()))
}

// Column is a value to filter by.
func (o *Order) Column(name string) (query.Value, bool) {
	switch name {
	case "submitted":
		return query.Value{Kind: query.Time, Time: o.Submitted}, true
	case "order":
		return text(string(o.ID)), true
	case "user":
		return text(o.UserID), true
	case "restaurant":
		return text(o.Restaurant), true
	case "quantity":
		return number(o.Quantity), true
	case "status":
		return text(string(o.Status())), true
	case "row":
		return text(o.rowWord()), true
	case "where":
		return text(o.Where), true
	case "error":
		return text(o.ErrorMessage()), true
	}
	return query.Value{}, false
}

func newOrders() OrderIndex {
	type o = *Order
	submitted := func(o o) int64 { return nanoseconds(o.Submitted) }
	return newIndex(func(o o) workflow.OrderID { return o.ID }, submitted, 0, true,
		byNumber("submitted", submitted),
		byText("order", func(o o) string { return string(o.ID) }),
		byText("user", func(o o) string { return o.UserID }),
		byText("restaurant", func(o o) string { return o.Restaurant }),
		byNumber("quantity", func(o o) int64 { return whole(o.Quantity) }),
		byText("status", func(o o) string { return string(o.Status()) }),
		byText("row", func(o o) string { return o.rowWord() }),
		byText("where", func(o o) string { return o.Where }),
		byText("error", func(o o) string { return o.ErrorMessage() }),
	)
}
