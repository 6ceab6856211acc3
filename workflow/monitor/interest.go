package monitor

import (
	"slices"
	"time"

	"orderops/workflow"
)

// Shown is what is on the screen. It is filled in by the screen that is open.
type Shown struct {
	// Executions: anything that comes from the list of executions is shown.
	Executions bool
	// Definition: the state machine is drawn, or states are told in its order.
	Definition bool
	Moves      bool
	Topic      bool
	// Consumer: who reads the order queue is shown; Metrics: CloudWatch's counts
	// are shown and paid for; Checks: rows are compared with executions.
	Consumer bool
	Metrics  bool
	Checks   bool
	// Open is the execution whose detail is open, "" when none is.
	Open workflow.ExecutionARN
	// Running: the states of all running executions are counted.
	Running bool
	// VisibleExecutions and VisibleOrders are the rows in view, not all rows.
	VisibleExecutions []workflow.ExecutionARN
	VisibleOrders     []workflow.OrderID
}

// Interest is what is worth asking for now.
type Interest struct {
	// Focused tells whether the terminal has the focus, LastInput when the
	// operator last did something. Unfocused and idle leaves only the queues.
	Focused   bool
	LastInput time.Time

	Executions bool
	Definition bool
	Moves      bool
	Topic      bool
	Consumer   bool
	Metrics    bool
	// MoveRunning tells that a move task is at work.
	MoveRunning bool

	// Open is the execution whose history is followed, After the last event of
	// it without a gap, Settled that nothing more is to come.
	Open    workflow.ExecutionARN
	After   int64
	Settled bool
	// Positions are the executions whose state is to be found out.
	Positions []workflow.ExecutionARN
	// Details are the executions to describe.
	Details []workflow.ExecutionARN
	// Rows are the rows to read, Checks those of ended executions to compare.
	Rows   []workflow.RowKey
	Checks []workflow.RowKey
	// Log is what to read of the executions' log; no Group means nothing.
	Log LogRange
	// Wake is when time alone will add to this; zero means never.
	Wake time.Time
}

const (
	// rereadRow is how soon a row is looked for again that was not there.
	rereadRow = 5 * time.Second
	// outOfSight is for how long a running execution may be missing from the
	// list before it is described.
	outOfSight = 15 * time.Second
)

// locateAtMost bounds how many running executions are looked up in turn for the
// sake of their count alone.
const locateAtMost = 50

// Interest works out what is worth asking for, given what is shown. It costs in
// proportion to what is shown. Focused and LastInput are left to the caller.
func (s *Store) Interest(shown Shown, now time.Time) Interest {
	in := Interest{
		Executions: shown.Executions, Definition: shown.Definition, Moves: shown.Moves, Topic: shown.Topic,
		MoveRunning: slices.ContainsFunc(s.moves, func(m workflow.MoveTask) bool { return !m.Status.Ended() }),
		Open:        shown.Open,
		Consumer:    shown.Consumer && s.queues[OrderQueue].ARN != "",
		// The consumer's function is one of the things that are measured.
		Metrics: shown.Metrics && s.queues[OrderQueue].Name != "" && s.fresh[ConsumerFeed] != (Freshness{}),
	}
	if shown.Executions {
		in.Definition = true // it also tells where executions are logged
		in.Log = s.tail.next(s, now)
	}
	if shown.Checks {
		in.Checks = s.unchecked(now)
	}
	tailing := s.tailing(now)
	if shown.Open != "" {
		s.interestOpen(&in)
	}
	if shown.Running {
		for arn := range s.running.first(locateAtMost) {
			if e, ok := s.executions.Get(arn); ok {
				in.execution(e, tailing, now)
			}
		}
	}
	for _, arn := range shown.VisibleExecutions {
		if e, ok := s.executions.Get(arn); ok {
			in.execution(e, tailing, now)
		}
	}
	for _, id := range shown.VisibleOrders {
		if o, ok := s.orders.Get(id); ok {
			in.order(o, tailing, now)
		}
	}
	if shown.Executions {
		// One each of those that no list and no screen will tell about.
		if arn, ok := s.unexplained.oldest(); ok {
			in.detail(arn)
		}
		if arn, ok := s.running.oldest(); ok {
			if e, known := s.executions.Get(arn); known && s.listedAt.Sub(e.readAt.time()) > outOfSight {
				in.detail(arn)
			}
		}
	}
	return in
}

func (s *Store) interestOpen(in *Interest) {
	if h := s.histories.get(in.Open); h != nil {
		in.After, in.Settled = int64(h.gapless), h.settled()
	}
	e, ok := s.executions.Get(in.Open)
	if !ok {
		in.detail(in.Open)
		return
	}
	in.Settled = in.Settled && e.Status.Ended()
	if !e.inputKnown || e.Status.Ended() && !e.described {
		in.detail(in.Open)
	}
	if o, ok := s.orders.Get(e.OrderID()); ok {
		in.row(o, s.now)
	}
}

// execution adds what is to be found out about a visible execution. While the
// log is tailed it tells where a located execution goes next.
func (in *Interest) execution(e *Execution, tailing bool, now time.Time) {
	if !e.inputKnown || e.Status.Broken() && !e.endKnown {
		in.detail(e.ARN)
	}
	switch {
	case e.ARN == in.Open:
		// Its whole history is read.
	case e.Status.Broken() && !e.placed:
		in.Positions = append(in.Positions, e.ARN)
	case e.Status == workflow.Running && e.WaitUntil().After(now):
		in.wake(e.WaitUntil())
	case e.Status == workflow.Running && tailing && e.State != "":
	case e.Status == workflow.Running:
		in.Positions = append(in.Positions, e.ARN)
	}
}

// order adds what is to be found out about a visible order.
func (in *Interest) order(o *Order, tailing bool, now time.Time) {
	if o.Execution != nil {
		in.execution(o.Execution, tailing, now)
	}
	in.row(o, now)
}

// row adds the order's row if it may have changed since it was read.
func (in *Interest) row(o *Order, now time.Time) {
	key, ok := o.Key()
	if !ok || o.Execution == nil && o.Row == nil {
		return
	}
	switch {
	case o.rowAt == 0 || o.rowAt <= o.changedAt:
	case o.Row == nil && !o.Execution.settledBefore(o.rowAt.time()):
		if again := o.rowAt.time().Add(rereadRow); now.Before(again) {
			in.wake(again)
			return
		}
	case o.RowStatus() == workflow.Pending && o.Execution != nil && o.Execution.Status.Ended() && !o.Execution.settledBefore(o.rowAt.time()):
		if again := o.Execution.Stopped.Add(settleTime); now.Before(again) {
			in.wake(again)
			return
		}
	case o.stillOdd(now):
	case o.disagrees(), o.rowless():
		in.wake(o.rowAt.time().Add(recheck))
		return
	default:
		return
	}
	if !slices.Contains(in.Rows, key) {
		in.Rows = append(in.Rows, key)
	}
}

// settledBefore tells that the execution ended so long before at that its row
// must have been final.
func (e *Execution) settledBefore(at time.Time) bool {
	return e == nil || e.Status.Ended() && at.Sub(e.Stopped) >= settleTime
}

func (in *Interest) detail(arn workflow.ExecutionARN) {
	if !slices.Contains(in.Details, arn) {
		in.Details = append(in.Details, arn)
	}
}

func (in *Interest) wake(at time.Time) {
	if in.Wake.IsZero() || at.Before(in.Wake) {
		in.Wake = at
	}
}
