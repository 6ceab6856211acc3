package monitor

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"orderops/workflow"
	"orderops/workflow/query"
)

// ExecutionIndex sorts and filters by: order, status, started, duration, state,
// user, restaurant, quantity, error, group, entered.
type ExecutionIndex = Index[workflow.ExecutionARN, *Execution]

// Execution is one execution with all that is known of it. It is never changed
// after it was handed out. Input and Output are kept only of those that were
// looked at last.
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
	// group is what the cause has in common with others.
	group string
	// readAt is when the newest answer about the status was asked for.
	readAt time.Time
	// lastEvent is the newest event that State was taken from.
	lastEvent int64
	// inputKnown and endKnown tell that the input, or error and output, were
	// read, even if there was nothing in them.
	inputKnown bool
	endKnown   bool
	// described tells that the end was told by DescribeExecution, which alone
	// tells whether it can be redriven.
	described bool
	// placed tells that the state it ended in was looked for.
	placed bool
	logged logged
}

// most is how many bytes of an error are searched.
const most = 256

// prepare makes what is derived from the rest.
func (e *Execution) prepare() {
	e.group = ""
	if e.Status.Broken() && e.Cause != "" {
		e.group = workflow.CauseGroup(e.Cause)
	}
	e.search = searchText(e.Name, string(e.Status), e.State, e.UserID, e.Restaurant, e.Quantity, clip(e.Error), clip(e.Cause))
}

// clip keeps the searched text small whatever came from outside.
func clip(s string) string { return s[:min(len(s), most)] }

// searchText joins what there is, in lower case.
func searchText(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		if p != "" {
			b.WriteString(p)
			b.WriteByte(' ')
		}
	}
	return strings.ToLower(b.String())
}

// SearchText is what plain words of a filter look in.
func (e *Execution) SearchText() string { return e.search }

// Column is a value to filter by. The duration of a running execution is that
// at the newest answer.
func (e *Execution) Column(name string) (query.Value, bool) {
	switch name {
	case "order":
		return text(e.Name), true
	case "status":
		return text(string(e.Status)), true
	case "state":
		return text(e.State), true
	case "user":
		return text(e.UserID), true
	case "restaurant":
		return text(e.Restaurant), true
	case "quantity":
		return number(e.Quantity), true
	case "error":
		return text(e.Error), true
	case "group":
		return text(e.group), true
	case "entered":
		return query.Value{Kind: query.Time, Time: e.Entered}, true
	case "started":
		return query.Value{Kind: query.Time, Time: e.Started}, true
	case "duration":
		return query.Value{Kind: query.Duration, Duration: e.Duration(e.readAt)}, true
	}
	return query.Value{}, false
}

func text(s string) query.Value { return query.Value{Kind: query.Text, Text: s} }

// number is s as a number, or as text when it is none.
func number(s string) query.Value {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return text(s)
	}
	return query.Value{Kind: query.Number, Number: n, Text: s}
}

func newExecutions() ExecutionIndex {
	return newIndex(func(e *Execution) workflow.ExecutionARN { return e.ARN }, 0, true,
		column[*Execution]{"started", func(a, b *Execution) int { return a.Started.Compare(b.Started) }},
		column[*Execution]{"order", func(a, b *Execution) int { return cmp.Compare(a.Name, b.Name) }},
		column[*Execution]{"status", func(a, b *Execution) int {
			return cmp.Or(cmp.Compare(a.Status, b.Status), a.Started.Compare(b.Started))
		}},
		column[*Execution]{"state", func(a, b *Execution) int {
			return cmp.Or(cmp.Compare(a.State, b.State), a.Started.Compare(b.Started))
		}},
		column[*Execution]{"duration", compareDuration},
		column[*Execution]{"user", func(a, b *Execution) int { return cmp.Compare(a.UserID, b.UserID) }},
		column[*Execution]{"restaurant", func(a, b *Execution) int { return cmp.Compare(a.Restaurant, b.Restaurant) }},
		column[*Execution]{"quantity", func(a, b *Execution) int { return compareNumber(a.Quantity, b.Quantity) }},
		column[*Execution]{"error", func(a, b *Execution) int { return cmp.Compare(a.Error, b.Error) }},
		column[*Execution]{"group", func(a, b *Execution) int { return cmp.Compare(a.Cause, b.Cause) }},
		column[*Execution]{"entered", func(a, b *Execution) int { return a.Entered.Compare(b.Entered) }},
	)
}

// compareDuration puts running executions behind the ended ones, the longest
// running last: their order among each other does not change while time goes by.
func compareDuration(a, b *Execution) int {
	switch {
	case a.Stopped.IsZero() && b.Stopped.IsZero():
		return b.Started.Compare(a.Started)
	case a.Stopped.IsZero():
		return 1
	case b.Stopped.IsZero():
		return -1
	}
	return cmp.Compare(a.Stopped.Sub(a.Started), b.Stopped.Sub(b.Started))
}

// compareNumber compares whole numbers by value without parsing them: the
// longer one is greater.
func compareNumber(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}
