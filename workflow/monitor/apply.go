package monitor

import (
	"time"

	"orderops/workflow"
)

// draft is a copy of what is known of an execution, to be changed and set.
func (s *Store) draft(arn workflow.ExecutionARN) *Execution {
	if old, ok := s.executions.Get(arn); ok {
		next := *old
		return &next
	}
	return NewExecution(arn)
}

// read takes what a list tells of an execution.
func (s *Store) read(e workflow.Execution, at time.Time) {
	next := s.draft(e.ARN)
	next.learn(e)
	next.locate()
	s.wait(next)
	next.readAt = max(next.readAt, instantOf(at))
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
	next.readAt = max(next.readAt, instantOf(at))
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
	next.readAt = instantOf(s.now)
	s.setExecution(&next, s.now)
}

// learn merges news into what is known. Answers may be late, doubled
// or contradict each other: an execution that has ended runs again only when
// its redrive count has grown.
func (e *Execution) learn(news workflow.Execution) {
	if news.Name != "" && news.Name != e.Name { // else it stays a part of the ARN
		e.Name = news.Name
	}
	if e.Started.IsZero() {
		e.Started = news.Started
	}
	switch {
	case news.RedriveCount < e.RedriveCount, news.Status == "":
		return
	case news.RedriveCount > e.RedriveCount:
		e.RedriveCount = news.RedriveCount
		e.Stopped = time.Time{}
		e.retell(func(t *told) { *t = told{Input: t.Input} })
		e.forgetEnd()
	case e.Status.Ended() && !news.Status.Ended():
		return
	}
	if news.Status != e.Status {
		if news.Status.Ended() {
			e.forgetEnd()
		}
		e.Status = news.Status
	}
	if !news.Stopped.IsZero() {
		e.Stopped = news.Stopped
	}
	e.retell(func(t *told) {
		keep(&t.Output, news.Output)
		keep(&t.Error, news.Error)
		keep(&t.Cause, news.Cause)
		keep(&t.RedriveStatus, news.RedriveStatus)
		keep(&t.RedriveReason, news.RedriveReason)
	})
}

// forgetEnd forgets where the execution was: it is there no longer.
func (e *Execution) forgetEnd() {
	e.State, e.StateKind, e.Entered, e.waitFor = "", "", time.Time{}, 0
	e.endKnown, e.described, e.placed = false, false, false
}

func (e *Execution) learnInput(input string) {
	if e.inputKnown && e.Input == input {
		return
	}
	e.retell(func(t *told) { t.Input = input })
	e.inputKnown = true
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
	e.waitFor = 0
	if s.machine == nil || e.Status.Ended() || e.StateKind != "Wait" || e.Entered.IsZero() {
		return
	}
	if state, ok := s.machine.State(e.State); ok && state.WaitSeconds > 0 {
		e.waitFor = time.Duration(state.WaitSeconds * float64(time.Second))
	}
}

// rewait works out the waits anew after the definition was read, which happens
// once or twice in a session.
func (s *Store) rewait() {
	for arn := range s.running.at {
		if e, ok := s.executions.Get(arn); ok && e.StateKind == "Wait" {
			next := *e
			s.wait(&next)
			s.setExecution(&next, next.readAt.time())
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
		if changed {
			o.changedAt = max(o.changedAt, instantOf(at))
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
	s.note(&s.rowless, id, next.rowless())
	s.note(&s.waiting, id, next.Submission != nil && next.Execution == nil && next.DeadLetter == nil)
	next.prepare()
	s.checks.note(next, checked)
	if !next.known() {
		s.orders.remove(id)
		return
	}
	s.orders.put(next)
}

// note keeps id in a roster while yes, as the newest touched.
func (s *Store) note(r *roster[workflow.OrderID], id workflow.OrderID, yes bool) {
	if yes {
		r.touch(id)
	} else {
		r.drop(id)
	}
}

// setRow takes a row that was read, or nil when there is none under this id.
func (s *Store) setRow(id workflow.OrderID, row *workflow.Row, at time.Time) {
	s.changeOrder(id, func(o *Order) {
		if instantOf(at) < o.rowAt {
			return
		}
		if row != nil {
			kept := *row
			row = &kept
		}
		o.Row, o.Missing, o.rowAt = row, row == nil, instantOf(at)
	})
}

// submit takes an order that SQS has accepted.
func (s *Store) submit(sent workflow.Submission) {
	s.changeOrder(sent.OrderID, func(o *Order) { o.Submission = &sent })
}

func (s *Store) setDeadLetter(letter workflow.DeadLetter, at time.Time) {
	if old, ok := s.deadLetters.Get(letter.ID); ok {
		count(s.verdicts, old.Verdict, -1)
		s.reject(old, -1)
		s.groups.remove(old)
	}
	count(s.verdicts, letter.Verdict, 1)
	row := NewDeadLetter(letter, at)
	s.reject(row, 1)
	s.groups.put(row)
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
	s.groups.clear()
}
