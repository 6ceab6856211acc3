package monitor

import (
	"slices"
	"time"

	"orderops/workflow"
)

// mostChecks is how many rows are compared at once: small ones cost half a read
// unit each.
const mostChecks = 25

// recheck is how soon a row that contradicts its execution is read again: somebody
// may have mended it.
const recheck = time.Minute

// checks keep which orders' rows are still to be compared with their executions.
type checks struct {
	todo roster[workflow.OrderID]
	// done counts those that were compared.
	done int
}

// checked tells that the row was read when it had to be final.
func (o *Order) checked() bool {
	return o.Execution != nil && o.Execution.Status.Ended() && !o.Execution.Stopped.IsZero() && o.rowAt.time().Sub(o.Execution.Stopped) >= settleTime
}

// note takes in how an order is now; checked tells how it was before.
func (c *checks) note(o *Order, checked bool) {
	now := o.checked()
	switch {
	case now && !checked:
		c.done++
	case checked && !now:
		c.done--
	}
	_, keyed := o.Key()
	if now || !keyed || o.Execution == nil || !o.Execution.Status.Ended() {
		c.todo.drop(o.ID)
	} else if _, ok := c.todo.at[o.ID]; !ok {
		c.todo.touch(o.ID)
	}
}

// unchecked are the rows to compare next, those of the newest ends first, and
// behind them those that contradicted their execution a while ago.
func (s *Store) unchecked(now time.Time) []workflow.RowKey {
	var keys []workflow.RowKey
	looked := 0
	for id := range s.checks.todo.last() {
		if looked++; len(keys) == mostChecks || looked > 4*mostChecks {
			break
		}
		o, ok := s.orders.Get(id)
		if !ok || o.Execution == nil || now.Sub(o.Execution.Stopped) < settleTime {
			continue
		}
		if key, ok := o.Key(); ok && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for _, odd := range []*roster[workflow.OrderID]{&s.disagreeing, &s.rowless} {
		for id := range odd.first(mostChecks - len(keys)) {
			if o, ok := s.orders.Get(id); ok && o.stillOdd(now) {
				key, _ := o.Key()
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// stillOdd tells that the row contradicts the execution, and was not read lately.
func (o *Order) stillOdd(now time.Time) bool {
	_, keyed := o.Key()
	return keyed && (o.disagrees() || o.rowless()) && now.Sub(o.rowAt.time()) >= recheck
}

// Checked tells of how many ended executions the row was compared.
func (s *Store) Checked() (rows, of int) {
	for status, n := range s.counts.Executions {
		if status.Ended() {
			of += n
		}
	}
	return s.checks.done, of
}
