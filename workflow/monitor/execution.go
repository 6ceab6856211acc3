package monitor

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unique"

	"orderops/workflow"
	"orderops/workflow/query"
)

// ExecutionIndex sorts and filters by: order, status, started, duration, state,
// user, restaurant, quantity, error, group, entered.
type ExecutionIndex = Index[workflow.ExecutionARN, *Execution]

// Execution is one execution with all that is known of it. It is never changed
// after it was handed out. There may be 100,000: what few of them have stands
// apart, and what can be derived is not kept.
type Execution struct {
	ARN          workflow.ExecutionARN
	Name         string
	Status       workflow.ExecutionStatus
	Started      time.Time
	Stopped      time.Time
	RedriveCount int
	// told is shared by those of which nothing more is known; never nil.
	*told

	// UserID, Restaurant and Quantity are from the input; "" when not known.
	UserID     string
	Restaurant string
	Quantity   string

	// State is the state that the execution is in, or ended in; "" when not
	// known. StateKind is its type ("Task", "Wait"), Entered when it was entered.
	State     string
	StateKind string
	Entered   time.Time
	// waitFor is how long a fixed Wait lasts; 0 when it is no Wait or not known.
	waitFor time.Duration

	// readAt is when the newest answer about the status was asked for.
	readAt instant
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
	// logged is what the log told; nil when it told nothing. It is never changed.
	logged *logged
}

// told is what lists do not tell of an execution, and what is derived from it.
// It is never changed: a draft gets another one. Input and Output are kept only
// of those that were looked at last.
type told struct {
	Input, Output                string
	Error, Cause                 string
	RedriveStatus, RedriveReason string
	// group is what the cause has in common with others.
	group string
}

// untold is what is told of most executions.
var untold told //nolint:gochecknoglobals // never changed

// NewExecution is one of which no more is known than its ARN:
// arn:aws:states:REGION:ACCOUNT:execution:MACHINE:NAME.
func NewExecution(arn workflow.ExecutionARN) *Execution {
	return &Execution{ARN: arn, Name: string(arn)[strings.LastIndexByte(string(arn), ':')+1:], told: &untold}
}

// Execution is what Step Functions told.
func (e *Execution) Execution() workflow.Execution {
	return workflow.Execution{
		ARN: e.ARN, Name: e.Name, Status: e.Status, Started: e.Started, Stopped: e.Stopped, RedriveCount: e.RedriveCount,
		Input: e.Input, Output: e.Output, Error: e.Error, Cause: e.Cause, RedriveStatus: e.RedriveStatus, RedriveReason: e.RedriveReason,
	}
}

// OrderID is the order that the execution works on.
func (e *Execution) OrderID() workflow.OrderID { return workflow.Execution{Name: e.Name}.OrderID() }

// Duration is how long the execution ran, or has been running at now.
func (e *Execution) Duration(now time.Time) time.Duration {
	return workflow.Execution{Started: e.Started, Stopped: e.Stopped}.Duration(now)
}

// WaitUntil is when a fixed Wait ends; zero when it is no Wait or not known.
func (e *Execution) WaitUntil() time.Time {
	if e.waitFor == 0 {
		return time.Time{}
	}
	return e.Entered.Add(e.waitFor)
}

// retell changes what is told in a draft.
func (e *Execution) retell(change func(*told)) {
	next := *e.told
	change(&next)
	if next != *e.told {
		e.told = &next
	}
}

// prepare makes what is derived from the rest, and keeps the texts that many
// executions have in common once.
func (e *Execution) prepare() {
	group := ""
	if e.Status.Broken() && e.Cause != "" {
		group = workflow.CauseGroup(e.Cause)
	}
	if group != e.group {
		e.retell(func(t *told) { t.group = group })
	}
	e.Status, e.State, e.StateKind = common(e.Status), common(e.State), common(e.StateKind)
	e.Restaurant, e.Quantity = common(e.Restaurant), common(e.Quantity)
}

// common is s, of which all that are equal share one copy.
func common[S ~string](s S) S { return unique.Make(s).Value() }

// instant is a time in the least memory: nanoseconds since 1970; 0 is the zero time.
type instant int64

func instantOf(t time.Time) instant {
	if t.IsZero() {
		return 0
	}
	return instant(t.UnixNano())
}

func (i instant) time() time.Time {
	if i == 0 {
		return time.Time{}
	}
	return time.Unix(0, int64(i)).UTC()
}

// most is how many bytes of an error are searched.
const most = 256

// clip keeps the searched text small whatever came from outside.
func clip(s string) string { return s[:min(len(s), most)] }

// SearchText appends what plain words of a filter look in.
func (e *Execution) SearchText(b []byte) []byte {
	return query.AppendFolded(b, e.Name, string(e.Status), e.State, e.UserID, e.Restaurant, e.Quantity, clip(e.Error), clip(e.Cause))
}

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
		return query.Value{Kind: query.Duration, Duration: e.Duration(e.readAt.time())}, true
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
	type e = *Execution
	started := func(e e) int64 { return nanoseconds(e.Started) }
	return newIndex(func(e e) workflow.ExecutionARN { return e.ARN }, started, 0, true,
		byNumber("started", started),
		byText("order", func(e e) string { return e.Name }),
		byText("status", func(e e) string { return string(e.Status) }),
		byText("state", func(e e) string { return e.State }),
		byNumber("duration", lasted),
		byText("user", func(e e) string { return e.UserID }),
		byText("restaurant", func(e e) string { return e.Restaurant }),
		byNumber("quantity", func(e e) int64 { return whole(e.Quantity) }),
		byText("error", func(e e) string { return e.Error }),
		byText("group", func(e e) string { return e.Cause }),
		byNumber("entered", func(e e) int64 { return nanoseconds(e.Entered) }),
	)
}

// lasted puts running executions behind the ended ones, the longest running
// last: their order among each other does not change while time goes by.
func lasted(e *Execution) int64 {
	if e.Stopped.IsZero() {
		return math.MaxInt64 - max(0, nanoseconds(e.Started))
	}
	return int64(e.Stopped.Sub(e.Started))
}

// nanoseconds since 1970, for comparing; a time that is not known is before all.
func nanoseconds(t time.Time) int64 {
	if t.IsZero() {
		return math.MinInt64
	}
	return t.UnixNano()
}

// whole is a whole number; what is none comes before all.
func whole(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return math.MinInt64
	}
	return n
}
