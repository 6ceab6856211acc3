package monitor

import (
	"slices"
	"time"

	"orderops/workflow"
	"orderops/workflow/definition"
)

// mostRemembered bounds the lists of what was done in this session.
const mostRemembered = 1000

// Store is the live picture. It belongs to one goroutine.
type Store struct {
	opened time.Time
	// now is the newest time that was told.
	now time.Time

	fresh       [feedCount]Freshness
	queues      [2]workflow.Queue
	moves       []workflow.MoveTask
	topic       workflow.Topic
	consumer    workflow.Consumer
	metrics     workflow.Metrics
	tail        tail
	machineName string
	machine     *definition.Machine

	executions  ExecutionIndex
	listedAt    time.Time
	more        bool
	newest      []workflow.ExecutionARN
	histories   histories
	orders      OrderIndex
	deadLetters DeadLetterIndex
	inspectedAt time.Time

	submissions []workflow.Submission
	activity    []workflow.Record

	counts                    Counts
	started, finished, failed meter
	failures                  map[failureKey]*failure
	rejected                  map[string]int // inspected dead letters by cause
	// unmailed are orders that ended and whose mail the topic did not take.
	unmailed unmailed
	// took is how long executions took, dwells how long they stayed in a state.
	took   dwell
	dwells map[string]*dwell
	// inState are the running executions by the state that they are in, in the
	// order in which that was learned. late are those that stay too long.
	inState map[string]*roster[workflow.ExecutionARN]
	late    []late
	// idleSince is since when nobody has read the order queue though there are
	// messages; zero when somebody does.
	idleSince time.Time
	checks    checks
	// running executions by when they were last seen in an answer; unexplained
	// ended without success, and nobody read why yet.
	running     roster[workflow.ExecutionARN]
	unexplained roster[workflow.ExecutionARN]
	// waiting are submissions without an execution, unsure those whose outcome
	// is not known, disagreeing the orders whose row contradicts the execution,
	// rowless those whose execution has succeeded and that have no row.
	waiting     roster[workflow.OrderID]
	unsure      []workflow.Submission
	disagreeing roster[workflow.OrderID]
	rowless     roster[workflow.OrderID]
	verdicts    map[workflow.Verdict]int
	groups      groups
}

// Counts are totals that are kept, not recomputed. The maps belong to the
// store and hold no zeros.
type Counts struct {
	// Executions are all known executions by status.
	Executions map[workflow.ExecutionStatus]int
	// States are the running executions by the state that they are in; "" is not known.
	States map[string]int
	// Rows are all known rows by order_status.
	Rows map[workflow.OrderStatus]int
}

// NewStore makes an empty picture.
func NewStore() *Store {
	return &Store{
		executions:  newExecutions(),
		histories:   newHistories(),
		orders:      newOrders(),
		deadLetters: newDeadLetters(),
		counts: Counts{
			Executions: map[workflow.ExecutionStatus]int{},
			States:     map[string]int{},
			Rows:       map[workflow.OrderStatus]int{},
		},
		failures:    map[failureKey]*failure{},
		rejected:    map[string]int{},
		dwells:      map[string]*dwell{},
		inState:     map[string]*roster[workflow.ExecutionARN]{},
		checks:      checks{todo: newRoster[workflow.OrderID]()},
		running:     newRoster[workflow.ExecutionARN](),
		unexplained: newRoster[workflow.ExecutionARN](),
		waiting:     newRoster[workflow.OrderID](),
		disagreeing: newRoster[workflow.OrderID](),
		rowless:     newRoster[workflow.OrderID](),
		verdicts:    map[workflow.Verdict]int{},
		groups:      newGroups(),
	}
}

// Apply takes in what was learned. It costs in proportion to the changes, not
// to what is known.
func (s *Store) Apply(changes ...Change) {
	for _, c := range changes {
		c.apply(s)
	}
	s.executions.flush(s.now)
	s.orders.flush(s.now)
	s.deadLetters.flush(s.now)
}

// Tick tells the time, for filters by age. Call it about once a second.
func (s *Store) Tick(now time.Time) {
	s.pass(now)
	s.findLate()
	s.executions.tick(now)
	s.orders.tick(now)
	s.deadLetters.tick(now)
}

// pass takes the time of an answer.
func (s *Store) pass(at time.Time) {
	if s.opened.IsZero() {
		s.opened = at
	}
	if at.After(s.now) {
		s.now = at
	}
}

// answered notes that a feed was read; it returns false for an answer that was
// asked for before the one that is known.
func (s *Store) answered(feed Feed, at time.Time) bool {
	s.pass(at)
	f := &s.fresh[feed]
	if at.Before(f.ReadAt) {
		return false
	}
	*f = Freshness{ReadAt: at}
	return true
}

// fail notes a failed poll unless a later one was answered.
func (f *Freshness) fail(err error, at time.Time) {
	if at.Before(f.ReadAt) {
		return
	}
	f.Err = err
	if f.FailedSince.IsZero() {
		f.FailedSince = at
	}
}

// Queue is the newest reading of a queue.
func (s *Store) Queue(role Role) (workflow.Queue, Freshness) {
	return s.queues[role], s.fresh[role.Feed()]
}

// Freshness tells how old a feed's data are.
func (s *Store) Freshness(feed Feed) Freshness { return s.fresh[feed] }

// Executions is the view of all executions that are known.
func (s *Store) Executions() *ExecutionIndex { return &s.executions }

// MoreExecutions tells that the newest page left older executions out.
func (s *Store) MoreExecutions() bool { return s.more }

// Orders is the view of all orders that are known.
func (s *Store) Orders() *OrderIndex { return &s.orders }

// DeadLetters is the view of what the newest inspection received.
func (s *Store) DeadLetters() *DeadLetterIndex { return &s.deadLetters }

// Inspected is when the newest inspection read last; zero means never.
func (s *Store) Inspected() time.Time { return s.inspectedAt }

// Counts are the totals.
func (s *Store) Counts() Counts { return s.counts }

// Moves are the newest move tasks, newest first.
func (s *Store) Moves() []workflow.MoveTask { return s.moves }

// Submissions are what was sent in this session, newest first, at most 1,000.
func (s *Store) Submissions() []workflow.Submission { return s.submissions }

// Activity is what was done in this session, newest first, at most 1,000.
func (s *Store) Activity() []workflow.Record { return s.activity }

// Definition is the state machine's name and definition, nil when not read.
func (s *Store) Definition() (name string, machine *definition.Machine) {
	return s.machineName, s.machine
}

// Consumer is who reads the order queue.
func (s *Store) Consumer() (workflow.Consumer, Freshness) {
	return s.consumer, s.fresh[ConsumerFeed]
}

// Metrics are what CloudWatch counted.
func (s *Store) Metrics() (workflow.Metrics, Freshness) { return s.metrics, s.fresh[MetricsFeed] }

// Topic is the notification topic.
func (s *Store) Topic() (workflow.Topic, Freshness) { return s.topic, s.fresh[TopicFeed] }

// Opened is when the first change came in; zero before.
func (s *Store) Opened() time.Time { return s.opened }

// prepend makes a new list with the newest in front, so that one that was
// handed out stays as it was.
func prepend[T any](list []T, newest T) []T {
	kept := list[:min(len(list), mostRemembered-1)]
	return slices.Concat([]T{newest}, kept)
}

// count adds to a total and takes zeros out.
func count[K comparable](totals map[K]int, key K, by int) {
	if totals[key] += by; totals[key] == 0 {
		delete(totals, key)
	}
}
