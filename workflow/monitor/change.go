package monitor

import (
	"time"

	"orderops/workflow"
	"orderops/workflow/definition"
)

// Change is one thing that was learned. At is when the call that learned it was
// sent, so that a late answer does not overrule a newer one.
type Change interface{ apply(s *Store) }

// QueueRead is an answer of GetQueueAttributes.
type QueueRead struct {
	Role  Role
	Queue workflow.Queue
	At    time.Time
}

// ExecutionsListed is one page of ListExecutions, newest first. More tells that
// there are older ones.
type ExecutionsListed struct {
	Executions []workflow.Execution
	More       bool
	At         time.Time
}

// ExecutionRead is an answer of DescribeExecution. Feed is DetailsFeed unless
// the operator asked for it by hand.
type ExecutionRead struct {
	Execution workflow.Execution
	At        time.Time
}

// HistoryRead are events of one execution, ascending. They may be a part: what
// is new since an event, or only the newest. Feed says which poll read them:
// HistoryFeed or PositionsFeed.
type HistoryRead struct {
	Feed   Feed
	ARN    workflow.ExecutionARN
	Events []workflow.Event
	At     time.Time
}

// RowsRead is the answer for the rows that were asked for; what was asked and
// is not among Rows does not exist.
type RowsRead struct {
	Asked []workflow.RowKey
	Rows  []workflow.Row
	At    time.Time
}

// RowsPage is one page of the table, read on demand. More tells that there is another.
type RowsPage struct {
	Rows []workflow.Row
	More bool
	At   time.Time
}

// MovesRead are the newest move tasks of the dead-letter queue.
type MovesRead struct {
	Tasks []workflow.MoveTask
	At    time.Time
}

// DefinitionRead is the state machine's definition.
type DefinitionRead struct {
	Name    string
	Machine *definition.Machine
	At      time.Time
}

// TopicRead is who reads the notifications.
type TopicRead struct {
	Topic workflow.Topic
	At    time.Time
}

// FeedFailed is a poll that was not answered. What the feed told before stays.
type FeedFailed struct {
	Feed Feed
	Err  error
	At   time.Time
}

// Submitted is an order that the operator has sent.
type Submitted struct{ Submission workflow.Submission }

// DeadLettersRead are dead letters that an inspection received.
type DeadLettersRead struct {
	Letters []workflow.DeadLetter
	At      time.Time
}

// InspectionStarted clears what an earlier inspection showed.
type InspectionStarted struct{ At time.Time }

// InspectionEnded tells that the leases were given back or have expired: what
// was read stays readable, but is a picture of then.
type InspectionEnded struct{ At time.Time }

// Did is something that the operator did.
type Did struct{ Record workflow.Record }
