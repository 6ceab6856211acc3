package workflow

import "slices"

// Concurrency is how many invocations of the consumer may run at a time.
type Concurrency struct {
	// Account is the account's limit in the region, Unreserved what is left of it
	// for functions without a share of their own.
	Account, Unreserved int
	// Reserved is the consumer's own share, which is also its limit; Limited tells
	// that it has one. 0 lets it never run.
	Reserved int
	Limited  bool
}

// Transitions are what the account's executions took of Step Functions' quota of
// state transitions, over the last hour.
type Transitions struct {
	// Peak is the most per second, Refill what the quota allows; 0 when not told.
	Peak, Refill float64
	// Throttled are transitions that had to wait, Refused are starts that were.
	Throttled, Refused float64
}

// The metrics of a queue that count its messages.
const (
	VisibleMetric = "ApproximateNumberOfMessagesVisible"
	HiddenMetric  = "ApproximateNumberOfMessagesNotVisible"
)

// Alarm is a CloudWatch alarm that watches a queue.
type Alarm struct {
	Name  string
	State string // CloudWatch's word: OK, ALARM, INSUFFICIENT_DATA
	// Metrics are the metrics of the queue that it looks at.
	Metrics []string
}

// Clears tells whether the alarm ends while somebody inspects the messages: it
// counts visible ones, and not those that are hidden by that.
func (a Alarm) Clears() bool {
	return slices.Contains(a.Metrics, VisibleMetric) && !slices.Contains(a.Metrics, HiddenMetric)
}

// Permissions are what the policies of the operator's identity allow.
type Permissions struct {
	// Tier is what was asked about, Source whose policies, Actions how many.
	Tier, Source string
	Actions      int
	// Unasked says why nothing could be asked; "" when it was.
	Unasked string
	Denied  []Denial
}

// Denial is an action that is not allowed on some resources.
type Denial struct {
	Action    string
	Resources []string
}
