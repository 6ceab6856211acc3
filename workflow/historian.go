package workflow

import (
	"cmp"
	"slices"
	"strings"
)

// historian builds steps from events, oldest first.
type historian struct {
	events []Event
	steps  []Step
	// parent is the index of the Map or Parallel step that each step is inside of, -1 at the top.
	parent []int
	// of is the step that each event belongs to, by event id.
	of map[int64]int
	// redriven are the broken steps that a redrive has begun to resume, and that
	// were not entered again.
	redriven []int
	// broken are the steps that the latest end of the execution broke.
	broken []int
}

func newHistorian(events []Event) *historian {
	sorted := inOrder(events)
	return &historian{events: sorted, of: make(map[int64]int, len(sorted))}
}

// inOrder are the events by id, each once.
func inOrder(events []Event) []Event {
	sorted := slices.Clone(events)
	slices.SortStableFunc(sorted, func(a, b Event) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(sorted, func(a, b Event) bool { return a.ID == b.ID })
}

// take takes in the next event.
func (h *historian) take(e Event) {
	switch {
	case e.Type == "ExecutionStarted":
	case e.Type == "ExecutionRedriven":
		h.redriven, h.broken = h.broken, nil
	case e.Type == "ExecutionSucceeded":
		h.end(Succeeded, e)
	case e.Type == "ExecutionFailed":
		h.end(Failed, e)
	case e.Type == "ExecutionTimedOut":
		h.end(TimedOut, e)
	case e.Type == "ExecutionAborted":
		h.end(Aborted, e)
	case strings.HasSuffix(e.Type, "StateEntered"):
		h.enter(e)
	default:
		if i := h.find(e); i >= 0 {
			h.of[e.ID] = i
			h.work(i, e)
		}
	}
}

// enter begins a step.
func (h *historian) enter(e Event) {
	parent := -1
	if i, ok := h.of[e.PreviousID]; ok {
		parent = i
		if h.steps[i].Status != StepRunning {
			parent = h.parent[i]
		}
	}
	h.redriven = slices.DeleteFunc(h.redriven, func(i int) bool { return h.steps[i].State == e.State })
	h.add(parent, Step{State: e.State, Kind: strings.TrimSuffix(e.Type, "StateEntered"), Input: e.Input}, e)
}

func (h *historian) add(parent int, s Step, e Event) int {
	s.Entered, s.FirstEvent, s.LastEvent, s.Status = e.Time, e.ID, e.ID, StepRunning
	h.steps = append(h.steps, s)
	h.parent = append(h.parent, parent)
	i := len(h.steps) - 1
	h.of[e.ID] = i
	return i
}

// find is the step that e belongs to, -1 when the events do not tell.
func (h *historian) find(e Event) int {
	i, linked := h.of[e.PreviousID]
	if kind := container(e.Type); kind != "" && linked && e.State == "" {
		return h.climb(i, kind, e)
	}
	if linked && h.steps[i].Status == StepRunning && (e.State == "" || e.State == h.steps[i].State) {
		return i
	}
	if i := h.resume(i, linked, e); i >= 0 {
		return i
	}
	if linked && e.State == "" {
		return -1 // told of a step that has ended
	}
	// An exit names its state; the event before it may belong to a branch inside.
	for i, s := range slices.Backward(h.steps) {
		if s.Status == StepRunning && (e.State == "" || e.State == s.State) {
			return i
		}
	}
	return -1
}

// climb is the running step of a kind that step i is or is inside of, -1 when
// there is none. An event that ends a branch ends step i, the last of it.
func (h *historian) climb(i int, kind string, e Event) int {
	if s := &h.steps[i]; s.Kind != kind && s.Status == StepRunning {
		switch {
		case strings.HasSuffix(e.Type, "Failed"):
			s.Exited, s.Status = e.Time, StepFailed
		case strings.HasSuffix(e.Type, "Aborted"):
			s.Exited, s.Status = e.Time, StepAborted
		}
	}
	for i >= 0 && (h.steps[i].Kind != kind || h.steps[i].Status != StepRunning) {
		i = h.parent[i]
	}
	return i
}

// resume begins the step in which a redrive goes on without entering the state
// again, and is -1 when e is no such event. linked tells that e follows an event of step last.
func (h *historian) resume(last int, linked bool, e Event) int {
	for n, i := range slices.Backward(h.redriven) {
		old := h.steps[i]
		if e.State == "" && linked && i != last || e.State != "" && e.State != old.State {
			continue
		}
		h.redriven = slices.Delete(h.redriven, n, n+1)
		return h.add(h.parent[i], Step{State: old.State, Kind: old.Kind, Input: old.Input, Resource: old.Resource, Function: old.Function}, e)
	}
	return -1
}

// work takes in an event inside step i.
func (h *historian) work(i int, e Event) {
	s := &h.steps[i]
	s.LastEvent = e.ID
	if e.Resource != "" {
		s.Resource = e.Resource
	}
	if called := functionOf(e); called != "" {
		s.Function = called
	}
	switch {
	case strings.HasSuffix(e.Type, "StateExited"):
		s.Exited, s.Output, s.Status = e.Time, e.Output, StepDone
		if s.Error != "" || s.Cause != "" {
			s.Status = StepCaught
		}
		h.endInside(i, StepAborted, e)
	case begins(e.Type):
		s.Attempts = append(s.Attempts, e.Time)
		s.Retries = len(s.Attempts) - 1
		s.Error, s.Cause = "", ""
	case strings.HasSuffix(e.Type, "StateAborted"):
		s.Exited, s.Status = e.Time, StepAborted
		h.endInside(i, StepAborted, e)
	case strings.HasPrefix(e.Type, "MapIteration"):
		// One round of many; the Map itself tells whether that broke it.
	case fails(e.Type):
		s.Error, s.Cause = e.Error, e.Cause
		if s.Error == "" && s.Cause == "" {
			s.Error = e.Type
		}
		if container(e.Type) != "" {
			h.endInside(i, StepAborted, e)
		}
	}
}

// endInside ends what still runs inside step i.
func (h *historian) endInside(i int, status StepStatus, e Event) {
	for j := i + 1; j < len(h.steps); j++ {
		if h.steps[j].Status == StepRunning && h.inside(j, i) {
			h.steps[j].Exited, h.steps[j].Status = e.Time, status
		}
	}
}

// inside tells whether step j is, at any depth, inside step i.
func (h *historian) inside(j, i int) bool {
	for j = h.parent[j]; j >= 0; j = h.parent[j] {
		if j == i {
			return true
		}
	}
	return false
}

// end ends every running step as the end of the execution does.
func (h *historian) end(final ExecutionStatus, e Event) {
	h.broken, h.redriven = nil, nil
	for i := range h.steps {
		s := &h.steps[i]
		if s.Status != StepRunning {
			continue
		}
		s.Exited = e.Time
		if e.ID > 0 {
			s.LastEvent = e.ID
		}
		switch final {
		case Succeeded:
			s.Status = StepDone
			continue
		case TimedOut:
			s.Status = StepTimedOut
		case Aborted:
			s.Status = StepAborted
		default:
			s.Status = StepFailed
		}
		if s.Error == "" && s.Cause == "" {
			s.Error, s.Cause = e.Error, e.Cause
		}
		h.broken = append(h.broken, i)
	}
}

// begins tells whether an event of that type begins an attempt.
func begins(kind string) bool {
	return strings.HasSuffix(kind, "Scheduled") || kind == "MapStateStarted" || kind == "ParallelStateStarted"
}

// fails tells whether an event of that type ends an attempt without success.
func fails(kind string) bool {
	return strings.HasSuffix(kind, "Failed") || strings.HasSuffix(kind, "TimedOut")
}

// container is the kind of the step around branches that an event of that type
// is about, "" when it is about no such step.
func container(kind string) string {
	switch {
	case strings.HasPrefix(kind, "Map"):
		return "Map"
	case strings.HasPrefix(kind, "ParallelState"):
		return "Parallel"
	}
	return ""
}
