package monitor

import (
	"cmp"
	"container/list"
	"slices"
	"time"

	"orderops/workflow"
)

// mostHistories is of how many executions the events, input and output are
// kept; those that were not asked for longest are dropped.
const mostHistories = 256

// history is what is known of the events of one execution.
type history struct {
	arn    workflow.ExecutionARN
	events []workflow.Event
	// gapless is how many events there are from the first on without a gap.
	gapless int
}

// histories keeps the newest used histories.
type histories struct {
	order *list.List // *history, the newest used in front
	at    map[workflow.ExecutionARN]*list.Element
	// dropped are the executions whose history was given up since the last time
	// somebody looked.
	dropped []workflow.ExecutionARN
}

func newHistories() histories {
	return histories{order: list.New(), at: map[workflow.ExecutionARN]*list.Element{}}
}

// get is a history if there is one.
func (h *histories) get(arn workflow.ExecutionARN) *history {
	if e, ok := h.at[arn]; ok {
		kept, _ := e.Value.(*history)
		return kept
	}
	return nil
}

// of is a history, made if need be; it becomes the newest used one.
func (h *histories) of(arn workflow.ExecutionARN) *history {
	if e, ok := h.at[arn]; ok {
		h.order.MoveToFront(e)
		return h.get(arn)
	}
	made := &history{arn: arn}
	h.at[arn] = h.order.PushFront(made)
	if h.order.Len() > mostHistories {
		if old, ok := h.order.Remove(h.order.Back()).(*history); ok {
			delete(h.at, old.arn)
			h.dropped = append(h.dropped, old.arn)
		}
	}
	return made
}

// merge takes in events in any order, known ones among them. What was handed
// out before is not touched.
func (h *history) merge(events []workflow.Event) {
	events = slices.SortedStableFunc(slices.Values(events), byID)
	if n := len(h.events); n == 0 || len(events) > 0 && events[0].ID > h.events[n-1].ID {
		h.events = append(h.events, slices.CompactFunc(events, sameID)...)
	} else {
		all := slices.Concat(h.events, events)
		slices.SortStableFunc(all, byID)
		h.events = slices.CompactFunc(all, sameID)
		h.gapless = min(h.gapless, len(h.events))
	}
	for h.gapless < len(h.events) && h.events[h.gapless].ID == int64(h.gapless)+1 {
		h.gapless++
	}
}

func byID(a, b workflow.Event) int { return cmp.Compare(a.ID, b.ID) }

func sameID(a, b workflow.Event) bool { return a.ID == b.ID }

// complete tells that no event is missing up to the newest known.
func (h *history) complete() bool { return len(h.events) > 0 && h.gapless == len(h.events) }

// newest are the last events, enough to tell where the execution is.
func (h *history) newest() []workflow.Event {
	const enough = 128
	return h.events[max(0, len(h.events)-enough):]
}

// History are the known events of an execution, ascending. Complete tells that
// there is no gap from the first event to the newest known.
func (s *Store) History(arn workflow.ExecutionARN) (events []workflow.Event, complete bool) {
	if h := s.histories.get(arn); h != nil {
		return h.events, h.complete()
	}
	return nil, false
}

// ended is the status that an event of the end stands for, "" for any other event.
func ended(eventType string) workflow.ExecutionStatus {
	switch eventType {
	case "ExecutionSucceeded":
		return workflow.Succeeded
	case "ExecutionFailed":
		return workflow.Failed
	case "ExecutionAborted":
		return workflow.Aborted
	case "ExecutionTimedOut":
		return workflow.TimedOut
	}
	return ""
}

// tell reads the execution's own facts out of its events. Known is what was
// known of it; the answer's redrive count is not below it, and its status is ""
// when the events tell only of an earlier redrive.
func (h *history) tell(known workflow.Execution) workflow.Execution {
	told := workflow.Execution{ARN: h.arn, RedriveCount: known.RedriveCount}
	begins := len(h.events) > 0 && h.events[0].ID == 1
	if begins {
		told.Started, told.Input = h.events[0].Time, h.events[0].Input
	}
	for _, e := range slices.Backward(h.events) {
		if end := ended(e.Type); end != "" && told.Status == "" {
			told.Status, told.Stopped = end, e.Time
			told.Output, told.Error, told.Cause = e.Output, e.Error, e.Cause
		}
		if e.Type == "ExecutionRedriven" {
			told.RedriveCount = max(known.RedriveCount, e.RedriveCount)
			switch {
			case e.RedriveCount < known.RedriveCount:
				told.Status = ""
			case told.Status == "":
				told.Status = workflow.Running
			}
			return told
		}
	}
	if h.complete() {
		switch {
		case known.RedriveCount > 0:
			told.Status = ""
		case told.Status == "":
			told.Status = workflow.Running
		}
	}
	return told
}

// settled tells that the history is whole and its last word is the end.
func (h *history) settled() bool {
	return h.complete() && ended(h.events[len(h.events)-1].Type) != ""
}

// follow takes in events of an execution.
func (s *Store) follow(arn workflow.ExecutionARN, events []workflow.Event, at time.Time) {
	h := s.histories.of(arn)
	h.merge(events)
	s.shed()
	if len(h.events) == 0 {
		return
	}
	next := s.draft(arn)
	last := h.events[len(h.events)-1]
	told := h.tell(next.Execution())
	if told.Input != "" {
		next.learnInput(told.Input)
	}
	// A piece without its beginning can't tell to which redrive its end belongs.
	if h.complete() || instantOf(at) >= next.readAt {
		next.learn(told)
		next.endKnown = next.endKnown || told.Status.Ended() && told.Status == next.Status
	} else if next.Started.IsZero() {
		next.Started = told.Started
	}
	if last.ID >= next.lastEvent {
		next.lastEvent = last.ID
		s.place(next, h)
	}
	s.setExecution(next, at)
}

// place finds the state that the execution is in or ended in.
func (s *Store) place(next *Execution, h *history) {
	newest := h.newest()
	next.State, next.StateKind, next.Entered = "", "", time.Time{}
	if !next.Status.Ended() {
		if state, kind, entered, ok := workflow.CurrentState(newest); ok {
			next.State, next.StateKind, next.Entered = state, kind, entered
		}
	} else if ended(newest[len(newest)-1].Type) != "" {
		next.placed = true
		if steps := workflow.Steps(newest, next.Status); len(steps) > 0 {
			last := steps[len(steps)-1]
			next.State, next.StateKind, next.Entered = last.State, last.Kind, last.Entered
		}
	}
	s.wait(next)
}

// shed drops input and output of the executions whose history was dropped.
func (s *Store) shed() {
	for _, arn := range s.histories.dropped {
		if old, ok := s.executions.Get(arn); ok && old.Input+old.Output != "" {
			next := *old
			next.retell(func(t *told) { t.Input, t.Output = "", "" })
			s.setExecution(&next, next.readAt.time())
		}
	}
	s.histories.dropped = nil
}
