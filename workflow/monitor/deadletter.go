package monitor

import (
	"time"

	"orderops/workflow"
	"orderops/workflow/query"
)

// DeadLetterIndex sorts and filters by: deleted, sent, verdict, order, user,
// restaurant, quantity, receives, size, cause, group.
type DeadLetterIndex = Index[workflow.MessageID, *DeadLetter]

// DeadLetter is one dead letter as a row of a list.
type DeadLetter struct {
	workflow.DeadLetter
	// ReadAt is when it was received.
	ReadAt time.Time
	// Draft is what can be read of the order, of a malformed body too.
	Draft workflow.Order

	// cause is made once, for sorting; group is the cause without what differs
	// from message to message.
	cause  string
	group  string
	search []byte
}

// NewDeadLetter makes the row of a letter that was received at a time, for
// matching one that is in no list.
func NewDeadLetter(letter workflow.DeadLetter, readAt time.Time) *DeadLetter {
	d := &DeadLetter{DeadLetter: letter, ReadAt: readAt}
	d.prepare()
	return d
}

func (d *DeadLetter) prepare() {
	if d.Draft = d.Order; d.Problem != nil {
		draft := workflow.Draft(d.Body)
		d.Draft = workflow.Order{UserID: clip(draft.UserID), Quantity: clip(draft.Quantity), RestaurantID: clip(draft.RestaurantID)}
	}
	d.cause = d.Cause()
	d.group = workflow.NormalCause(d.cause)
	body := d.Body[:min(len(d.Body), 4*most)]
	d.search = query.AppendFolded(nil, string(d.ID), string(d.OrderID()), string(d.Verdict), clip(d.cause), string(body))
}

// SearchText appends what plain words of a filter look in: the ids, the verdict and
// the start of the body.
func (d *DeadLetter) SearchText(b []byte) []byte { return append(b, d.search...) }

// Column is a value to filter by.
func (d *DeadLetter) Column(name string) (query.Value, bool) {
	switch name {
	case "deleted":
		return query.Value{Kind: query.Time, Time: d.DeleteAt}, true
	case "sent":
		return query.Value{Kind: query.Time, Time: d.Sent}, true
	case "verdict":
		return text(string(d.Verdict)), true
	case "order":
		return text(string(d.OrderID())), true
	case "user":
		return text(d.Draft.UserID), true
	case "restaurant":
		return text(d.Draft.RestaurantID), true
	case "quantity":
		return number(d.Draft.Quantity), true
	case "receives":
		return query.Value{Kind: query.Number, Number: float64(d.Receives)}, true
	case "size":
		return query.Value{Kind: query.Number, Number: float64(len(d.Body))}, true
	case "cause":
		return text(d.cause), true
	case "group":
		return text(d.group), true
	}
	return query.Value{}, false
}

func newDeadLetters() DeadLetterIndex {
	type d = *DeadLetter
	return newIndex(func(d d) workflow.MessageID { return d.ID }, nil, 0, false,
		byNumber("deleted", func(d d) int64 { return nanoseconds(d.DeleteAt) }),
		byNumber("sent", func(d d) int64 { return nanoseconds(d.Sent) }),
		byText("verdict", func(d d) string { return string(d.Verdict) }),
		byText("order", func(d d) string { return string(d.OrderID()) }),
		byText("user", func(d d) string { return d.Draft.UserID }),
		byText("restaurant", func(d d) string { return d.Draft.RestaurantID }),
		byNumber("quantity", func(d d) int64 { return whole(d.Draft.Quantity) }),
		byNumber("receives", func(d d) int64 { return int64(d.Receives) }),
		byNumber("size", func(d d) int64 { return int64(len(d.Body)) }),
		byText("group", func(d d) string { return d.group }),
		byText("cause", func(d d) string { return d.cause }),
	)
}
