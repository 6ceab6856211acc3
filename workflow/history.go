package workflow

import (
	"slices"
	"time"
)

// StepStatus is how far a step has come.
type StepStatus string

// The statuses of a step.
const (
	StepRunning StepStatus = "RUNNING"
	StepDone    StepStatus = "DONE"
	// StepFailed: the execution, or the branch, ended here.
	StepFailed StepStatus = "FAILED"
	// StepCaught: the state failed, and a Catch led on.
	StepCaught   StepStatus = "CAUGHT"
	StepAborted  StepStatus = "ABORTED"
	StepTimedOut StepStatus = "TIMED_OUT"
)

// Step is one visit of one state: from its StateEntered event to what ended it.
// A redrive that resumes a state is a new step, in whichever form the history tells it.
type Step struct {
	State string
	// Kind is the state's type: Task, Wait, Choice, Pass, Succeed, Fail, Map, Parallel.
	Kind    string
	Entered time.Time
	// Exited is zero while the execution is still inside, and when the events do
	// not tell the end.
	Exited time.Time
	Status StepStatus
	// Retries counts the attempts after the first; Attempts are when each began.
	Retries  int
	Attempts []time.Time
	// Input and Output are raw JSON; "" means not told.
	Input  string
	Output string
	// Error and Cause tell the latest failure. On a running step they belong to
	// the attempt before, until the next one begins.
	Error string
	Cause string
	// FirstEvent and LastEvent are ids of the history.
	FirstEvent int64
	LastEvent  int64
	// Resource is the function's ARN or the API action of a Task.
	Resource string
	// Function is what a Task calls its Lambda function by, a name or an ARN; ""
	// when it calls none.
	Function string
}

// Steps tells a history as the visits of states, in the order they were
// entered. Events may be incomplete, doubled, out of order, of any state
// machine and of types unknown here. final is the execution's status as far as
// it is known; it ends the steps whose end the events do not tell.
func Steps(events []Event, final ExecutionStatus) []Step {
	h := newHistorian(events)
	for _, e := range h.events {
		h.take(e)
	}
	if final.Ended() && len(h.events) > 0 {
		h.end(final, Event{})
	}
	return h.steps
}

// CurrentState is the newest state that was entered and not left. events may be
// the newest part of a history only; ok is false when it does not tell.
func CurrentState(events []Event) (state, kind string, entered time.Time, ok bool) {
	for _, s := range slices.Backward(Steps(events, "")) {
		if s.Status == StepRunning {
			return s.State, s.Kind, s.Entered, true
		}
	}
	return "", "", time.Time{}, false
}

// Pause is a time in which an execution had ended and was not redriven yet.
type Pause struct {
	From, To time.Time
	// Redrive counts the redrive that ended it, from 1.
	Redrive int
}

// Pauses are the times before each redrive that the events tell of.
func Pauses(events []Event) []Pause {
	var list []Pause
	var last Event
	for _, e := range inOrder(events) {
		if e.Type == "ExecutionRedriven" && last.ID > 0 {
			list = append(list, Pause{From: last.Time, To: e.Time, Redrive: max(e.RedriveCount, len(list)+1)})
		}
		last = e
	}
	return list
}
