package monitor

import (
	"time"

	"orderops/workflow"
	"orderops/workflow/definition"
)

// Store is the live picture. It belongs to one goroutine.
type Store struct {
	executions  ExecutionIndex
	orders      OrderIndex
	deadLetters DeadLetterIndex
}

// NewStore makes an empty picture.
func NewStore() *Store { return &Store{} }

// Apply takes in what was learned. It costs in proportion to the changes, not
// to what is known.
func (s *Store) Apply(changes ...Change) {
	for _, c := range changes {
		c.apply(s)
	}
}

// Tick tells the time, for filters by age. Call it about once a second.
func (s *Store) Tick(now time.Time) { _ = now }

// Queue is the newest reading of a queue.
func (s *Store) Queue(role Role) (workflow.Queue, Freshness) {
	_ = role
	return workflow.Queue{}, Freshness{}
}

// Freshness tells how old a feed's data are.
func (s *Store) Freshness(feed Feed) Freshness { _ = feed; return Freshness{} }

// Executions is the view of all executions that are known.
func (s *Store) Executions() *ExecutionIndex { return &s.executions }

// MoreExecutions tells that the newest page left older executions out.
func (s *Store) MoreExecutions() bool { return false }

// Orders is the view of all orders that are known.
func (s *Store) Orders() *OrderIndex { return &s.orders }

// MoreRows tells whether the table holds rows that were not read, as the newest
// RowsPage said; false before any page.
func (s *Store) MoreRows() bool { return false }

// DeadLetters is the view of what the newest inspection received.
func (s *Store) DeadLetters() *DeadLetterIndex { return &s.deadLetters }

// Inspected is when the newest inspection read last (zero: never), and whether
// it still holds its messages.
func (s *Store) Inspected() (at time.Time, open bool) { return time.Time{}, false }

// History are the known events of an execution, ascending. Complete tells that
// there is no gap from the first event to the newest known.
func (s *Store) History(arn workflow.ExecutionARN) (events []workflow.Event, complete bool) {
	_ = arn
	return nil, false
}

// Counts are totals that are kept, not recomputed. The maps belong to the store.
type Counts struct {
	// Executions are all known executions by status.
	Executions map[workflow.ExecutionStatus]int
	// States are the running executions by the state that they are in; "" is not known.
	States map[string]int
	// Rows are all known rows by order_status.
	Rows map[workflow.OrderStatus]int
}

// Counts are the totals.
func (s *Store) Counts() Counts { return Counts{} }

// Moves are the newest move tasks, newest first.
func (s *Store) Moves() []workflow.MoveTask { return nil }

// Submissions are what was sent in this session, newest first, at most 1,000.
func (s *Store) Submissions() []workflow.Submission { return nil }

// Activity is what was done in this session, newest first, at most 1,000.
func (s *Store) Activity() []workflow.Record { return nil }

// Definition is the state machine's name and definition, nil when not read.
func (s *Store) Definition() (name string, machine *definition.Machine) { return "", nil }

// Topic is the notification topic.
func (s *Store) Topic() (workflow.Topic, Freshness) { return workflow.Topic{}, Freshness{} }

// Opened is when the first change came in; zero before.
func (s *Store) Opened() time.Time { return time.Time{} }

// Rates are executions per minute, oldest first, the present minute last, since
// the store was opened and for at most 30 minutes.
type Rates struct {
	Started  []float64
	Finished []float64
	Failed   []float64
}

// Rates are the rates at now.
func (s *Store) Rates(now time.Time) Rates { _ = now; return Rates{} }
