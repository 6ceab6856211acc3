package monitor

import (
	"time"

	"orderops/workflow"
)

// Feed is one polled source.
type Feed int

// The feeds.
const (
	// OrderQueueFeed and DeadLetterQueueFeed are GetQueueAttributes of a queue.
	OrderQueueFeed Feed = iota
	DeadLetterQueueFeed
	// ExecutionsFeed is one page of ListExecutions, newest first.
	ExecutionsFeed
	// HistoryFeed is GetExecutionHistory of the open execution.
	HistoryFeed
	// PositionsFeed is the newest history of one visible running execution.
	PositionsFeed
	// DetailsFeed is DescribeExecution of one execution of which too little is known.
	DetailsFeed
	// RowsFeed is BatchGetItem of the rows that are shown and changed.
	RowsFeed
	// MovesFeed is ListMessageMoveTasks of the dead-letter queue.
	MovesFeed
	// DefinitionFeed is DescribeStateMachine.
	DefinitionFeed
	// TopicFeed is GetTopicAttributes.
	TopicFeed
	// LogFeed is one page of what the state machine logs of its executions.
	LogFeed
	// ConsumerFeed is the event source mapping of the order queue.
	ConsumerFeed
	// MetricsFeed is GetMetricData, which is billed.
	MetricsFeed
	// ChecksFeed is BatchGetItem of rows of ended executions, a sample.
	ChecksFeed
	feedCount
)

// String is the feed's name for people.
func (f Feed) String() string {
	switch f {
	case OrderQueueFeed:
		return "order queue"
	case DeadLetterQueueFeed:
		return "dead-letter queue"
	case ExecutionsFeed:
		return "executions"
	case HistoryFeed:
		return "history"
	case PositionsFeed:
		return "positions"
	case DetailsFeed:
		return "execution details"
	case RowsFeed:
		return "orders table"
	case MovesFeed:
		return "move tasks"
	case DefinitionFeed:
		return "definition"
	case TopicFeed:
		return "topic"
	case LogFeed:
		return "execution log"
	case ConsumerFeed:
		return "consumer"
	case MetricsFeed:
		return "metrics"
	case ChecksFeed:
		return "row checks"
	case feedCount:
	}
	return ""
}

// Role says which of the two queues is meant.
type Role int

// The roles.
const (
	OrderQueue Role = iota
	DeadLetterQueue
)

// Feed is the feed that reads the queue of this role.
func (r Role) Feed() Feed {
	if r == DeadLetterQueue {
		return DeadLetterQueueFeed
	}
	return OrderQueueFeed
}

// Condition is in what shape a feed's data is; each is another text on the screen.
type Condition int

// The conditions. What is Current may well be empty.
const (
	// Loading: never answered yet, and nothing went wrong.
	Loading Condition = iota
	// Current: the last poll was answered.
	Current
	// Stale: there are data, and the polls since have failed.
	Stale
	// Failing: never answered, and the polls fail.
	Failing
	// NoPermission: the last poll was forbidden; there may be older data.
	NoPermission
)

// Freshness tells how old a feed's data are and what keeps them from being newer.
type Freshness struct {
	// ReadAt is the last answer; zero means never.
	ReadAt time.Time
	// FailedSince is the first failure after ReadAt; zero means none.
	FailedSince time.Time
	// Err is the newest failure; nil when the last poll was answered.
	Err error
}

// Condition derives the condition.
func (f Freshness) Condition() Condition {
	switch {
	case f.Err == nil && f.ReadAt.IsZero():
		return Loading
	case f.Err == nil:
		return Current
	case workflow.KindOf(f.Err) == workflow.Forbidden:
		return NoPermission
	case f.ReadAt.IsZero():
		return Failing
	default:
		return Stale
	}
}
