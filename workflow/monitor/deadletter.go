package monitor

import (
	"cmp"
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

	search string
}

// NewDeadLetter makes the row of a letter that was received at a time, for
// matching one that is in no list.
func NewDeadLetter(letter workflow.DeadLetter, readAt time.Time) *DeadLetter {
	d := &DeadLetter{DeadLetter: letter, ReadAt: readAt}
	d.prepare()
	return d
}

func (d *DeadLetter) prepare() {
	body := d.Body[:min(len(d.Body), 4*most)]
	d.search = searchText(string(d.ID), string(d.OrderID()), string(d.Verdict), clip(d.Cause()), string(body))
}

// SearchText is what plain words of a filter look in: the ids, the verdict and
// the start of the body.
func (d *DeadLetter) SearchText() string { return d.search }

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
		return text(d.Order.UserID), true
	case "restaurant":
		return text(d.Order.RestaurantID), true
	case "quantity":
		return number(d.Order.Quantity), true
	case "receives":
		return query.Value{Kind: query.Number, Number: float64(d.Receives)}, true
	case "size":
		return query.Value{Kind: query.Number, Number: float64(len(d.Body))}, true
	case "cause":
		return text(d.Cause()), true
	case "group":
		return text(workflow.NormalCause(d.Cause())), true
	}
	return query.Value{}, false
}

func newDeadLetters() DeadLetterIndex {
	return newIndex(func(d *DeadLetter) workflow.MessageID { return d.ID }, 0, false,
		column[*DeadLetter]{"deleted", func(a, b *DeadLetter) int { return a.DeleteAt.Compare(b.DeleteAt) }},
		column[*DeadLetter]{"sent", func(a, b *DeadLetter) int { return a.Sent.Compare(b.Sent) }},
		column[*DeadLetter]{"verdict", func(a, b *DeadLetter) int { return cmp.Compare(a.Verdict, b.Verdict) }},
		column[*DeadLetter]{"order", func(a, b *DeadLetter) int { return cmp.Compare(a.OrderID(), b.OrderID()) }},
		column[*DeadLetter]{"user", func(a, b *DeadLetter) int { return cmp.Compare(a.Order.UserID, b.Order.UserID) }},
		column[*DeadLetter]{"restaurant", func(a, b *DeadLetter) int { return cmp.Compare(a.Order.RestaurantID, b.Order.RestaurantID) }},
		column[*DeadLetter]{"quantity", func(a, b *DeadLetter) int { return compareNumber(a.Order.Quantity, b.Order.Quantity) }},
		column[*DeadLetter]{"receives", func(a, b *DeadLetter) int { return cmp.Compare(a.Receives, b.Receives) }},
		column[*DeadLetter]{"size", func(a, b *DeadLetter) int { return cmp.Compare(len(a.Body), len(b.Body)) }},
		column[*DeadLetter]{"group", func(a, b *DeadLetter) int {
			return cmp.Compare(workflow.NormalCause(a.Cause()), workflow.NormalCause(b.Cause()))
		}},
		column[*DeadLetter]{"cause", func(a, b *DeadLetter) int { return cmp.Compare(a.Cause(), b.Cause()) }},
	)
}
