package monitor

import (
	"slices"
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

func (c QueueRead) apply(s *Store) {
	if s.answered(c.Role.Feed(), c.At) {
		s.queues[c.Role] = c.Queue
		if c.Role == OrderQueue {
			s.watchConsumer(c.Queue, c.At)
		}
	}
}

// ExecutionsListed is one page of ListExecutions, newest first. More tells that
// there are older ones.
type ExecutionsListed struct {
	Executions []workflow.Execution
	More       bool
	At         time.Time
}

func (c ExecutionsListed) apply(s *Store) {
	if s.answered(ExecutionsFeed, c.At) {
		s.more, s.listedAt = c.More, c.At
		s.newest = s.newest[:0]
		for _, e := range c.Executions[:min(len(c.Executions), newestKept)] {
			s.newest = append(s.newest, e.ARN)
		}
	}
	for _, e := range c.Executions {
		s.read(e, c.At)
	}
}

// ExecutionsFound are executions that were looked for among all, not only among the newest.
type ExecutionsFound struct {
	Executions []workflow.Execution
	At         time.Time
}

func (c ExecutionsFound) apply(s *Store) {
	for _, e := range c.Executions {
		s.read(e, c.At)
	}
}

// ExecutionRead is an answer of DescribeExecution.
type ExecutionRead struct {
	Execution workflow.Execution
	At        time.Time
}

func (c ExecutionRead) apply(s *Store) {
	s.answered(DetailsFeed, c.At)
	s.describe(c.Execution, c.At)
	s.putFirst(c.Execution)
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

func (c HistoryRead) apply(s *Store) {
	s.answered(c.Feed, c.At)
	s.follow(c.ARN, c.Events, c.At)
}

// RowsRead is the answer for the rows that were asked for; what was asked and
// is not among Rows does not exist.
type RowsRead struct {
	Asked []workflow.RowKey
	Rows  []workflow.Row
	At    time.Time
}

func (c RowsRead) apply(s *Store) {
	s.answered(RowsFeed, c.At)
	s.takeRows(c.Asked, c.Rows, c.At)
}

func (s *Store) takeRows(asked []workflow.RowKey, rows []workflow.Row, at time.Time) {
	found := make(map[workflow.RowKey]bool, len(rows))
	for i := range rows {
		found[rows[i].RowKey] = true
		s.setRow(rows[i].ID, &rows[i], at)
	}
	for _, key := range asked {
		if !found[key] {
			s.setRow(key.ID, nil, at)
		}
	}
}

// RowsPage is one page of the table, read on demand.
type RowsPage struct {
	Rows []workflow.Row
	At   time.Time
}

func (c RowsPage) apply(s *Store) {
	s.pass(c.At)
	for i := range c.Rows {
		s.setRow(c.Rows[i].ID, &c.Rows[i], c.At)
	}
}

// MovesRead are the newest move tasks of the dead-letter queue.
type MovesRead struct {
	Tasks []workflow.MoveTask
	At    time.Time
}

func (c MovesRead) apply(s *Store) {
	if s.answered(MovesFeed, c.At) {
		s.moves = slices.SortedStableFunc(slices.Values(c.Tasks), func(a, b workflow.MoveTask) int {
			return b.Started.Compare(a.Started)
		})
	}
}

// DefinitionRead is the state machine's definition.
type DefinitionRead struct {
	Name    string
	Machine *definition.Machine
	// LogGroup and LogLevel tell what is logged of executions, and where.
	LogGroup, LogLevel string
	At                 time.Time
}

func (c DefinitionRead) apply(s *Store) {
	if s.answered(DefinitionFeed, c.At) {
		s.machineName, s.machine = c.Name, c.Machine
		s.tail.group, s.tail.level = c.LogGroup, c.LogLevel
		s.rewait()
	}
}

// TopicRead is who reads the notifications.
type TopicRead struct {
	Topic workflow.Topic
	At    time.Time
}

func (c TopicRead) apply(s *Store) {
	if s.answered(TopicFeed, c.At) {
		s.topic = c.Topic
	}
}

// FeedFailed is a poll that was not answered. What the feed told before stays.
type FeedFailed struct {
	Feed Feed
	// ARN is the execution that was asked for; "" for the other feeds.
	ARN workflow.ExecutionARN
	Err error
	At  time.Time
}

func (c FeedFailed) apply(s *Store) {
	s.pass(c.At)
	if c.ARN != "" && workflow.KindOf(c.Err) == workflow.NotFound {
		s.giveUp(c.ARN)
	} else {
		s.fresh[c.Feed].fail(c.Err, c.At)
	}
}

// Submitted is an order that the operator has sent.
type Submitted struct{ Submission workflow.Submission }

func (c Submitted) apply(s *Store) {
	s.pass(c.Submission.At)
	s.submissions = prepend(s.submissions, c.Submission)
	switch {
	case c.Submission.Outcome == workflow.Unknown:
		s.unsure = prepend(s.unsure, c.Submission)
	case c.Submission.OrderID != "":
		s.submit(c.Submission)
	}
}

// DeadLettersRead are dead letters that an inspection received.
type DeadLettersRead struct {
	Letters []workflow.DeadLetter
	At      time.Time
}

func (c DeadLettersRead) apply(s *Store) {
	s.pass(c.At)
	s.inspectedAt = c.At
	for i := range c.Letters {
		s.setDeadLetter(c.Letters[i], c.At)
	}
}

// DeadLettersJudged are dead letters that were received before and have a new
// verdict. One that is not listed any more stays away.
type DeadLettersJudged struct{ Letters []workflow.DeadLetter }

func (c DeadLettersJudged) apply(s *Store) {
	for _, letter := range c.Letters {
		if row, ok := s.deadLetters.Get(letter.ID); ok {
			s.setDeadLetter(letter, row.ReadAt)
		}
	}
}

// DeadLettersGone are dead letters that are no longer in the queue.
type DeadLettersGone struct{ IDs []workflow.MessageID }

func (c DeadLettersGone) apply(s *Store) {
	for _, id := range c.IDs {
		row, ok := s.deadLetters.Get(id)
		if !ok {
			continue
		}
		count(s.verdicts, row.Verdict, -1)
		s.reject(row, -1)
		s.groups.remove(row)
		s.deadLetters.remove(id)
		s.changeOrder(row.OrderID(), func(o *Order) { o.DeadLetter = nil })
	}
}

// InspectionForgotten tells that what was read lies elsewhere now: the queue
// was redriven. The list is as before the first look.
type InspectionForgotten struct{}

func (InspectionForgotten) apply(s *Store) {
	InspectionStarted{}.apply(s)
}

// InspectionStarted clears what an earlier inspection showed.
type InspectionStarted struct{ At time.Time }

func (c InspectionStarted) apply(s *Store) {
	s.pass(c.At)
	s.inspectedAt = c.At
	s.clearDeadLetters()
}

// Did is something that the operator did.
type Did struct{ Record workflow.Record }

func (c Did) apply(s *Store) {
	s.pass(c.Record.At)
	s.activity = prepend(s.activity, c.Record)
}

// LogRead is one page of the executions' log.
type LogRead struct {
	Asked LogRange
	Page  workflow.LogPage
	At    time.Time
}

func (c LogRead) apply(s *Store) {
	s.answered(LogFeed, c.At)
	s.takeLog(c.Page.Events, c.At)
	s.tail.read(c)
}

// LogHeard are log events without the end of their page.
type LogHeard struct {
	Events []workflow.LogEvent
	At     time.Time
}

func (c LogHeard) apply(s *Store) {
	s.pass(c.At)
	s.takeLog(c.Events, c.At)
}

// mostHeard is how many log events are taken in at a stretch: more would be felt
// at the keyboard.
const mostHeard = 400

// Split cuts a long page in two: what to take in now, and the rest. ok is false
// when there is no need to.
func (c LogRead) Split() (now LogHeard, rest LogRead, ok bool) {
	if len(c.Page.Events) <= mostHeard {
		return LogHeard{}, c, false
	}
	now = LogHeard{Events: c.Page.Events[:mostHeard], At: c.At}
	c.Page.Events = c.Page.Events[mostHeard:]
	return now, c, true
}

// ConsumerRead is who reads the order queue.
type ConsumerRead struct {
	Consumer workflow.Consumer
	At       time.Time
}

func (c ConsumerRead) apply(s *Store) {
	if s.answered(ConsumerFeed, c.At) {
		s.consumer = c.Consumer
	}
}

// MetricsRead is what CloudWatch counted.
type MetricsRead struct {
	Metrics workflow.Metrics
	At      time.Time
}

func (c MetricsRead) apply(s *Store) {
	if s.answered(MetricsFeed, c.At) {
		s.metrics = c.Metrics
	}
}

// RowsChecked is the answer for a sample of rows of ended executions.
type RowsChecked RowsRead

func (c RowsChecked) apply(s *Store) {
	s.answered(ChecksFeed, c.At)
	s.takeRows(c.Asked, c.Rows, c.At)
}
