package monitor

import (
	"strings"
	"time"

	"orderops/workflow"
)

// draft is a copy of what is known of an execution, to be changed and set.
func (s *Store) draft(arn workflow.ExecutionARN) *Execution {
	if old, ok := s.executions.Get(arn); ok {
		next := *old
		return &next
	}
	next := &Execution{}
	next.ARN = arn
	// arn:aws:states:REGION:ACCOUNT:execution:MACHINE:NAME
	next.Name = string(arn)[strings.LastIndexByte(string(arn), ':')+1:]
	return next
}

// read takes what a list tells of an execution.
func (s *Store) read(e workflow.Execution, at time.Time) {
	next := s.draft(e.ARN)
	next.learn(e)
	next.locate()
	s.wait(next)
	if at.After(next.readAt) {
		next.readAt = at
	}
	s.setExecution(next, at)
}

// describe takes what DescribeExecution tells.
func (s *Store) describe(e workflow.Execution, at time.Time) {
	s.histories.of(e.ARN)
	s.shed()
	next := s.draft(e.ARN)
	next.learn(e)
	next.learnInput(e.Input)
	next.inputKnown = true
	if e.Status.Ended() && e.Status == next.Status {
		next.endKnown, next.described = true, true
	}
	next.locate()
	s.wait(next)
	if at.After(next.readAt) {
		next.readAt = at
	}
	s.setExecution(next, at)
}

// giveUp notes that an execution does not exist any more: nothing more can be
// learned of it. Step Functions keeps ended executions for 90 days.
func (s *Store) giveUp(arn workflow.ExecutionARN) {
	old, ok := s.executions.Get(arn)
	if !ok {
		return
	}
	next := *old
	next.inputKnown, next.endKnown, next.described, next.placed = true, true, true, true
	next.readAt = s.now
	s.setExecution(&next, s.now)
}

// learn merges what was told into what is known. Answers may be late, doubled
// or contradict each other: an execution that has ended runs again only when
// its redrive count has grown.
func (e *Execution) learn(told workflow.Execution) {
	if told.Name != "" {
		e.Name = told.Name
	}
	if e.Started.IsZero() {
		e.Started = told.Started
	}
	switch {
	case told.RedriveCount < e.RedriveCount, told.Status == "":
		return
	case told.RedriveCount > e.RedriveCount:
		e.RedriveCount = told.RedriveCount
		e.Stopped, e.Output, e.Error, e.Cause = time.Time{}, "", "", ""
		e.RedriveStatus, e.RedriveReason = "", ""
		e.forgetEnd()
	case e.Status.Ended() && !told.Status.Ended():
		return
	}
	if told.Status != e.Status {
		if told.Status.Ended() {
			e.forgetEnd()
		}
		e.Status = told.Status
	}
	if !told.Stopped.IsZero() {
		e.Stopped = told.Stopped
	}
	keep(&e.Output, told.Output)
	keep(&e.Error, told.Error)
	keep(&e.Cause, told.Cause)
	keep(&e.RedriveStatus, told.RedriveStatus)
	keep(&e.RedriveReason, told.RedriveReason)
}

// forgetEnd forgets where the execution was: it is there no longer.
func (e *Execution) forgetEnd() {
	e.State, e.StateKind, e.Entered, e.WaitUntil = "", "", time.Time{}, time.Time{}
	e.endKnown, e.described, e.placed = false, false, false
}

func (e *Execution) learnInput(input string) {
	if e.inputKnown && e.Input == input {
		return
	}
	e.Input, e.inputKnown = input, true
	order := workflow.DecodeInput(input)
	keep(&e.UserID, order.UserID)
	keep(&e.Restaurant, order.RestaurantID)
	keep(&e.Quantity, order.Quantity)
}

func keep(known *string, told string) {
	if told != "" {
		*known = told
	}
}

// wait works out when a fixed Wait ends.
func (s *Store) wait(e *Execution) {
	e.WaitUntil = time.Time{}
	if s.machine == nil || e.Status.Ended() || e.StateKind != "Wait" || e.Entered.IsZero() {
		return
	}
	if state, ok := s.machine.State(e.State); ok && state.WaitSeconds > 0 {
		e.WaitUntil = e.Entered.Add(time.Duration(state.WaitSeconds * float64(time.Second)))
	}
}

// rewait works out the waits anew after the definition was read, which happens
// once or twice in a session.
func (s *Store) rewait() {
	for arn := range s.running.at {
		if e, ok := s.executions.Get(arn); ok && e.StateKind == "Wait" {
			next := *e
			s.wait(&next)
			s.setExecution(&next, next.readAt)
		}
	}
}

// setExecution makes next the known state of its execution and keeps every
// total and join up.
func (s *Store) setExecution(next *Execution, at time.Time) {
	old, had := s.executions.Get(next.ARN)
	if had {
		s.uncount(old)
	} else if !next.Started.IsZero() {
		s.measure(&s.started, next.Started)
	}
	if next.Status.Ended() && (!had || !old.Status.Ended()) && !next.Stopped.IsZero() {
		if next.Status.Broken() {
			s.measure(&s.failed, next.Stopped)
		} else {
			s.measure(&s.finished, next.Stopped)
		}
		if next.Status != workflow.Aborted && next.RedriveCount == 0 && !next.Started.IsZero() {
			s.took.add(next.Stopped.Sub(next.Started))
		}
	}
	s.settle(old, next, had)
	next.prepare()
	s.count(next)
	s.executions.put(next)
	changed := !had || old.Status != next.Status || old.State != next.State || old.RedriveCount != next.RedriveCount
	s.changeOrder(next.OrderID(), func(o *Order) {
		if newer(next, o.Execution) {
			o.Execution = next
		}
		if changed && at.After(o.changedAt) {
			o.changedAt = at
		}
	})
}

// newer tells that e is the same run of an order as the one that is known, or a
// later one.
func newer(e, known *Execution) bool {
	return known == nil || e.ARN == known.ARN || !e.Started.Before(known.Started)
}

func (s *Store) count(e *Execution) {
	count(s.counts.Executions, e.Status, 1)
	if e.Status == workflow.Running {
		count(s.counts.States, e.State, 1)
		s.running.touch(e.ARN)
	}
	if e.Status.Broken() {
		s.failure(e).add(e)
		if !e.endKnown {
			s.unexplained.touch(e.ARN)
		}
	}
}

func (s *Store) uncount(e *Execution) {
	count(s.counts.Executions, e.Status, -1)
	if e.Status == workflow.Running {
		count(s.counts.States, e.State, -1)
	}
	s.running.drop(e.ARN)
	s.unexplained.drop(e.ARN)
	if e.Status.Broken() {
		if f := s.failure(e); f.count == 1 {
			delete(s.failures, f.failureKey)
		} else {
			f.count--
		}
	}
}

// changeOrder changes a copy of an order and keeps totals up.
func (s *Store) changeOrder(id workflow.OrderID, change func(*Order)) {
	next := &Order{ID: id}
	checked := false
	if old, ok := s.orders.Get(id); ok {
		*next = *old
		checked = old.checked()
		if old.Row != nil {
			count(s.counts.Rows, old.Row.Status, -1)
		}
	}
	change(next)
	if next.Row != nil {
		count(s.counts.Rows, next.Row.Status, 1)
	}
	s.note(&s.disagreeing, id, next.disagrees())
	s.note(&s.waiting, id, next.Submission != nil && next.Execution == nil && next.DeadLetter == nil)
	next.prepare()
	s.checks.note(next, checked)
	if !next.known() {
		s.orders.remove(id)
		return
	}
	s.orders.put(next)
}

// note keeps id in a roster while yes.
func (s *Store) note(r *roster[workflow.OrderID], id workflow.OrderID, yes bool) {
	if yes {
		if _, ok := r.at[id]; !ok {
			r.touch(id)
		}
	} else {
		r.drop(id)
	}
}

// setRow takes a row that was read, or nil when there is none under this id.
func (s *Store) setRow(id workflow.OrderID, row *workflow.Row, at time.Time) {
	s.changeOrder(id, func(o *Order) {
		if at.Before(o.rowAt) {
			return
		}
		if row != nil {
			kept := *row
			row = &kept
		}
		o.Row, o.Missing, o.rowAt = row, row == nil, at
	})
}

// submit takes an order that SQS has accepted.
func (s *Store) submit(sent workflow.Submission) {
	s.changeOrder(sent.OrderID, func(o *Order) {
		o.Submission = &sent
		if order, err := workflow.DecodeBody(sent.Body); err == nil {
			o.submitted = order
		}
	})
}

func (s *Store) setDeadLetter(letter workflow.DeadLetter, at time.Time) {
	if old, ok := s.deadLetters.Get(letter.ID); ok {
		count(s.verdicts, old.Verdict, -1)
		s.reject(old, -1)
	}
	count(s.verdicts, letter.Verdict, 1)
	row := NewDeadLetter(letter, at)
	s.reject(row, 1)
	s.deadLetters.put(row)
	s.changeOrder(letter.OrderID(), func(o *Order) { o.DeadLetter = &row.DeadLetter })
}

// clearDeadLetters forgets what an earlier inspection received.
func (s *Store) clearDeadLetters() {
	for id, row := range s.deadLetters.all {
		s.deadLetters.remove(id)
		s.changeOrder(row.OrderID(), func(o *Order) { o.DeadLetter = nil })
	}
	clear(s.verdicts)
	clear(s.rejected)
}
