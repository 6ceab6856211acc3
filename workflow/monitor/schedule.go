package monitor

import (
	"time"

	"orderops/workflow"
)

// Poll is one call to make.
type Poll struct {
	Feed Feed
	// Generation names the target that the answer is for; see Schedule.Current.
	Generation uint64
	// Execution is the target of the history, positions and details feeds.
	Execution workflow.ExecutionARN
	// After is the last event that is known, for the history feed; 0 means all.
	After int64
	// Rows are the targets of the rows feed, at most 100.
	Rows []workflow.RowKey
}

// Schedule says which feed to poll when: one request in flight per feed, a
// slower pace after failures, nothing for what is not shown.
type Schedule struct{}

// NewSchedule makes a schedule in which every feed is due.
func NewSchedule(now time.Time) *Schedule { _ = now; return &Schedule{} }

// Due are the polls to make at now. They are not begun by asking.
func (s *Schedule) Due(now time.Time, interest Interest) []Poll {
	_, _ = now, interest
	return nil
}

// Begin tells that the poll was sent.
func (s *Schedule) Begin(poll Poll, now time.Time) { _, _ = poll, now }

// Done tells that the poll was answered, or failed with err. A poll that is no
// longer current is ignored.
func (s *Schedule) Done(poll Poll, err error, now time.Time) { _, _, _ = poll, err, now }

// Current tells whether the poll's answer is still wanted.
func (s *Schedule) Current(poll Poll) bool { _ = poll; return true }

// Next is how long after now something becomes due, for one timer. It is at
// least a millisecond and at most a minute.
func (s *Schedule) Next(now time.Time, interest Interest) time.Duration {
	_, _ = now, interest
	return time.Minute
}

// Touch makes feeds due at once, since what they show was changed. A request
// in flight is followed by another one.
func (s *Schedule) Touch(feeds ...Feed) { _ = feeds }
