package monitor

import (
	"context"
	"errors"
	"slices"
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
	// Rows are the targets of the rows and checks feeds, at most 100 (BatchGetItem).
	Rows []workflow.RowKey
	// Broken asks the executions feed for those only that ended without success.
	Broken bool
	// Log is what the log feed reads.
	Log LogRange
}

const (
	// mostPause is the longest time between two tries of what is shown.
	mostPause = time.Minute
	// blockedPause is the time after an answer that will not change by itself.
	blockedPause = 30 * time.Second
	// quietPace is the pace of the queues while nobody looks, quietAfter how
	// long after the last input that begins.
	quietPace  = time.Minute
	quietAfter = 2 * time.Minute
	// lostAfter is when a request counts as lost: every call has a shorter deadline.
	lostAfter = 2 * time.Minute
	mostRows  = 100
)

// Schedule says which feed to poll when: one request in flight per feed, a
// slower pace after failures, nothing for what is not shown. It is plain state
// of one goroutine; the times are told to it.
type Schedule struct {
	lanes   [feedCount]lane
	created time.Time
	// open is the target of the history feed.
	open workflow.ExecutionARN
	// least is the least time between two polls of a feed; 0 leaves each its pace.
	least time.Duration
}

// lane is the state of one feed.
type lane struct {
	generation uint64
	inFlight   bool
	began      time.Time
	// done is the end of the last request, zero before the first.
	done time.Time
	// notBefore holds the feed back after a failure.
	notBefore time.Time
	failures  int
	// slow stretches the pace after throttles: 1 is the full pace.
	slow float64
	// touched asks for one poll at once, shown or not.
	touched bool
	// known tells that a feed that is read once was read.
	known bool
	// last is the target of the last poll, for turns.
	last workflow.ExecutionARN
}

// NewSchedule makes a schedule in which every feed is due.
func NewSchedule(now time.Time) *Schedule {
	s := &Schedule{created: now}
	for i := range s.lanes {
		s.lanes[i].slow = 1
	}
	return s
}

// Slow leaves at least this time between two polls of a feed. It never makes one
// faster than its own pace.
func (s *Schedule) Slow(least time.Duration) { s.least = least }

// pace is the time from the end of one poll to the next, kept within 10 % of
// what each API refills (ListExecutions: 2 per second in most regions).
func pace(feed Feed, in Interest) time.Duration {
	switch feed {
	case OrderQueueFeed, DeadLetterQueueFeed, ExecutionsFeed:
		return 5 * time.Second
	case HistoryFeed, PositionsFeed, DetailsFeed:
		return time.Second
	case RowsFeed, LogFeed:
		return 2 * time.Second
	case ChecksFeed:
		return 10 * time.Second
	case ConsumerFeed:
		return 30 * time.Second
	case MovesFeed:
		if in.MoveRunning {
			return 2 * time.Second
		}
		return 10 * time.Second
	case TopicFeed, MetricsFeed:
		return time.Minute
	case DefinitionFeed, feedCount:
	}
	return 5 * time.Second
}

// wanted tells whether a feed is worth polling.
func (s *Schedule) wanted(feed Feed, in Interest, quiet bool) bool {
	l := &s.lanes[feed]
	switch feed {
	case OrderQueueFeed, DeadLetterQueueFeed:
		return true
	case HistoryFeed:
		return in.Open != "" && (l.touched || !in.Settled && !quiet)
	case PositionsFeed:
		return len(in.Positions) > 0 && !quiet
	case DetailsFeed:
		return len(in.Details) > 0 && !quiet
	case RowsFeed:
		return len(in.Rows) > 0 && !quiet
	case ExecutionsFeed:
		return l.touched || in.Executions && !quiet
	case MovesFeed:
		return l.touched || (in.Moves || in.MoveRunning) && !quiet
	case DefinitionFeed:
		return l.touched || in.Definition && !l.known && !quiet
	case TopicFeed:
		return l.touched || in.Topic && !quiet
	case LogFeed:
		return in.Log.Group != "" && !quiet
	case ConsumerFeed:
		return in.Consumer && (l.touched || !quiet)
	case MetricsFeed:
		return in.Metrics && !quiet
	case ChecksFeed:
		return len(in.Checks) > 0 && !quiet
	case feedCount:
	}
	return false
}

// due is when a feed may be polled next; now or earlier means at once.
func (s *Schedule) due(feed Feed, in Interest, quiet bool, now time.Time) time.Time {
	l := &s.lanes[feed]
	switch {
	case l.touched, l.done.IsZero() && l.notBefore.IsZero():
		return now
	case l.done.After(now):
		return now // the clock was set back
	}
	at := l.done.Add(time.Duration(float64(pace(feed, in)) * l.slow))
	if slowest := l.done.Add(s.least); slowest.After(at) {
		at = slowest
	}
	if quiet {
		at = l.done.Add(max(quietPace, s.least))
	}
	if l.notBefore.After(at) {
		at = l.notBefore
	}
	return at
}

func (s *Schedule) quiet(now time.Time, in Interest) bool {
	last := in.LastInput
	if last.IsZero() {
		last = s.created
	}
	return !in.Focused && now.Sub(last) >= quietAfter
}

// Due are the polls to make at now. They are not begun by asking.
func (s *Schedule) Due(now time.Time, interest Interest) []Poll {
	s.retarget(interest)
	quiet := s.quiet(now, interest)
	var polls []Poll
	for feed := range feedCount {
		if s.busy(feed, now) || !s.wanted(feed, interest, quiet) || s.due(feed, interest, quiet, now).After(now) {
			continue
		}
		polls = append(polls, s.poll(feed, interest))
	}
	return polls
}

// busy tells whether a request is in flight. One that was lost is given up.
func (s *Schedule) busy(feed Feed, now time.Time) bool {
	l := &s.lanes[feed]
	if l.inFlight && now.Sub(l.began) >= lostAfter {
		l.abandon()
	}
	return l.inFlight
}

// abandon gives up what is in flight: its answer is not wanted any more.
func (l *lane) abandon() {
	l.generation++
	l.inFlight = false
}

// retarget turns the history feed to the open execution.
func (s *Schedule) retarget(in Interest) {
	if in.Open == s.open {
		return
	}
	s.open = in.Open
	l := &s.lanes[HistoryFeed]
	l.abandon()
	l.failures, l.done, l.notBefore, l.touched = 0, time.Time{}, time.Time{}, false
}

func (s *Schedule) poll(feed Feed, in Interest) Poll {
	l := &s.lanes[feed]
	p := Poll{Feed: feed, Generation: l.generation}
	switch feed {
	case HistoryFeed:
		p.Execution, p.After = in.Open, in.After
	case PositionsFeed:
		p.Execution = turn(in.Positions, l.last)
	case DetailsFeed:
		p.Execution = turn(in.Details, l.last)
	case RowsFeed:
		p.Rows = slices.Clone(in.Rows[:min(len(in.Rows), mostRows)])
	case ChecksFeed:
		p.Rows = in.Checks
	case LogFeed:
		p.Log = in.Log
	default:
	}
	return p
}

// turn is the target behind the last one, so that each has its turn.
func turn(targets []workflow.ExecutionARN, last workflow.ExecutionARN) workflow.ExecutionARN {
	return targets[(slices.Index(targets, last)+1)%len(targets)]
}

// Begin tells that the poll was sent.
func (s *Schedule) Begin(poll Poll, now time.Time) {
	l := &s.lanes[poll.Feed]
	l.inFlight, l.touched = true, false
	l.began, l.last = now, poll.Execution
}

// Done tells that the poll was answered, or failed with err. A poll that is no
// longer current is ignored.
func (s *Schedule) Done(poll Poll, err error, now time.Time) {
	l := &s.lanes[poll.Feed]
	if !s.Current(poll) || !l.inFlight {
		return
	}
	l.inFlight, l.done = false, now
	if poll.Execution != "" && poll.Feed != HistoryFeed && workflow.KindOf(err) == workflow.NotFound {
		err = nil // that one target is gone; the feed itself works
	}
	if err == nil {
		l.failures, l.notBefore, l.known = 0, time.Time{}, true
		l.slow = max(1, l.slow*0.9)
		return
	}
	l.hold(pace(poll.Feed, Interest{}), err, now)
}

// hold slows a feed down after a failure. It never stops it.
func (l *lane) hold(pace time.Duration, err error, now time.Time) {
	pause := time.Duration(0)
	switch workflow.KindOf(err) {
	case workflow.Throttled, workflow.OverBudget:
		l.slow = max(1, min(l.slow*2, float64(mostPause)/float64(pace)))
		if problem, ok := errors.AsType[*workflow.Problem](err); ok {
			pause = problem.RetryAfter
		}
	case workflow.Forbidden, workflow.NotFound, workflow.Unauthenticated:
		pause = blockedPause
	default:
		if errors.Is(err, context.Canceled) {
			break // we gave it up ourselves
		}
		l.failures++
		pause = pace << min(l.failures, 6)
	}
	l.notBefore = now.Add(min(pause, mostPause))
}

// Current tells whether the poll's answer is still wanted.
func (s *Schedule) Current(poll Poll) bool {
	return poll.Generation == s.lanes[poll.Feed].generation
}

// Next is how long after now something becomes due, for one timer. It is at
// least a millisecond and at most a minute.
func (s *Schedule) Next(now time.Time, interest Interest) time.Duration {
	s.retarget(interest)
	quiet := s.quiet(now, interest)
	next := now.Add(time.Minute)
	for feed := range feedCount {
		if s.busy(feed, now) || !s.wanted(feed, interest, quiet) {
			continue
		}
		if at := s.due(feed, interest, quiet, now); at.Before(next) {
			next = at
		}
	}
	if wake := interest.Wake; !wake.IsZero() && wake.Before(next) && !quiet {
		next = wake
	}
	return max(time.Millisecond, next.Sub(now))
}

// Touch makes feeds due at once, since what they show was changed. A request
// in flight is followed by another one.
func (s *Schedule) Touch(feeds ...Feed) {
	for _, feed := range feeds {
		s.lanes[feed].touched = true
	}
}
