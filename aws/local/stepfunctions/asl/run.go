// Package asl reads and runs the part of the Amazon States Language that the
// order system and its kin use: Task on Lambda, Choice, Wait, Pass, Succeed and
// Fail, with JSONPath, Retry, Catch and time-outs.
package asl

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"orderops/aws/local/wire"
)

// ErrClosed is returned by History.Append when the execution was ended from outside.
var ErrClosed = errors.New("the execution has ended")

// ErrFull is returned by History.Append when the history has no room left.
var ErrFull = errors.New("the history is full")

// errTimedOut is the end of the machine's TimeoutSeconds.
var errTimedOut = errors.New("state machine timed out")

// Execution is one run of a machine and what it runs with.
type Execution struct {
	ARN, Name, RoleARN      string
	MachineARN, MachineName string
	Input                   string
	Start                   time.Time
	// Redrives counts the redrives so far; Redriven is when the last one began.
	Redrives int
	Redriven time.Time

	Functions Invoker
	History   History
	// NewID makes request ids; Random is a number in [0,1).
	NewID  func() string
	Random func() float64
}

// Position is where a run begins.
type Position struct {
	// State is entered with Input, as JSON text. "" means the machine's first
	// state, and the execution's own input.
	State, Input string
	// Event is the event that the next one follows; 0 at the very start.
	Event int64
	// Entered is the id of the state's StateEntered event when the state was
	// entered before and its task only has to be scheduled again; else 0.
	Entered   int64
	EnteredAt time.Time
}

// runner runs one execution; it belongs to one goroutine.
type runner struct {
	machine   *Machine
	execution *Execution
	input     document
	// last is the id of the last event.
	last int64
}

// visit is one stay in a state.
type visit struct {
	*runner
	state *state
	// given is the state's input, next the state that follows; "" at the end.
	given   document
	next    string
	entered time.Time
	// event is the id of the state's StateEntered; 0 before it is entered.
	event int64
	// retries is $$.State.RetryCount.
	retries int
}

// Run runs an execution from a position to its end and gives the event that
// ends it: ExecutionSucceeded, ExecutionFailed or ExecutionTimedOut. ok is false
// when ctx ended or the history was closed, and nothing is to be recorded.
func (m *Machine) Run(ctx context.Context, e *Execution, from Position) (end Event, ok bool) {
	if m.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, m.timeout, errTimedOut)
		defer cancel()
	}
	r := &runner{machine: m, execution: e, last: from.Event}
	output, err := wire.Try(func() (document, error) { return r.states(ctx, from) })
	end = Event{Type: "ExecutionFailed", Previous: r.last}
	f, failed := errors.AsType[*failure](err)
	switch {
	case err == nil:
		end.Type, end.Details.Output = "ExecutionSucceeded", output.text
	case errors.Is(context.Cause(ctx), errTimedOut):
		// Like an abort it comes from outside of the flow of events, which
		// AWS tells by the previous event 0.
		end = Event{Type: "ExecutionTimedOut"}
	case ctx.Err() != nil || errors.Is(err, ErrClosed):
		return Event{}, false
	case errors.Is(err, ErrFull):
		end.Details.Error, end.Details.Cause = errorRuntime, "The execution reached the maximum number of history events (25000)."
	case failed:
		end.Details.Error, end.Details.Cause = f.name, f.cause
	default:
		end.Details.Error, end.Details.Cause = errorRuntime, err.Error()
	}
	return end, true
}

// states goes from state to state until one is the last.
func (r *runner) states(ctx context.Context, from Position) (output document, err error) {
	r.input = wire.Must(parseDocument(r.execution.Input))
	given := wire.Must(parseDocument(cmp.Or(from.Input, r.execution.Input)))
	v := r.visit(cmp.Or(from.State, r.machine.startAt), given)
	if v.state.kind == "Task" { // any other state is entered again
		v.event, v.entered = from.Entered, from.EnteredAt
	}
	for {
		output, err = v.run(ctx)
		if err != nil || v.next == "" {
			return output, err
		}
		v = r.visit(v.next, output)
	}
}

func (r *runner) visit(name string, given document) *visit {
	s := r.machine.states[name]
	return &visit{runner: r, state: s, given: given, next: s.next}
}

// append records an event behind the last one.
func (r *runner) append(kind string, d Details) error { return r.record(Event{Type: kind, Details: d}) }

func (r *runner) record(e Event) error {
	e.Previous = r.last
	id, err := r.execution.History.Append(e)
	if err == nil {
		r.last = id
	}
	return err
}

// run enters the state, does what it is for, and leaves it.
func (v *visit) run(ctx context.Context) (output document, err error) {
	if ctx.Err() != nil {
		return document{}, ctx.Err()
	}
	if v.event == 0 {
		v.entered = time.Now()
		wire.Check(v.append(v.state.kind+"StateEntered", Details{Name: v.state.name, Input: v.given.text}))
		v.event = v.last
	}
	output, err = v.try(ctx)
	if err == nil && len(output.text) > maxData {
		err = tooLarge(v.state.name)
	}
	if f, ok := errors.AsType[*failure](err); ok && f.runtime {
		err = &failure{name: f.name, cause: fmt.Sprintf("An error occurred while executing the state '%s' (entered at the event id #%d). %s", v.state.name, v.event, f.cause)}
	}
	if err != nil {
		return document{}, err
	}
	return output, v.record(Event{Type: v.state.kind + "StateExited", Details: Details{Name: v.state.name, Output: output.text}, Next: v.next})
}

// try attempts until the state succeeds, or nothing retries its failure; a
// catcher then decides what follows.
func (v *visit) try(ctx context.Context) (document, error) {
	done := make([]int64, len(v.state.retry))
	for ; ; v.retries++ {
		output, err := wire.Try(func() (document, error) { return v.attempt(ctx) })
		f, failed := errors.AsType[*failure](err)
		if !failed {
			return output, err
		}
		again, delay := v.state.again(f, done, v.execution.Random)
		if !again {
			return v.caught(f)
		}
		wire.Check(sleep(ctx, delay))
	}
}

// attempt makes the state's output of what it was given.
func (v *visit) attempt(ctx context.Context) (document, error) {
	s := v.state
	data := wire.Must(v.narrow(s.input, v.given))
	data = wire.Must(v.fill(s.parameters, data))
	if s.work != nil {
		data = wire.Must(s.work(ctx, v, data))
	}
	data = wire.Must(v.fill(s.selector, data))
	data = wire.Must(s.result.merge(v.given, data))
	return v.narrow(s.output, data)
}

// Event is one entry of an execution's history, without its id and time.
type Event struct {
	// Previous is the id of the event that it follows.
	Previous int64
	// Type is AWS's HistoryEventType.
	Type string
	// Details is what the event's details member holds.
	Details Details
	// Next is the state that follows a *StateExited, "" at the end. It is not
	// part of AWS's event; a redrive needs it.
	Next string
}

// Details are the members of all event details together; "" and 0 are left out.
type Details struct {
	Cause         string      `json:"cause,omitempty"`
	Error         string      `json:"error,omitempty"`
	Input         string      `json:"input,omitempty"`
	InputDetails  *Truncation `json:"inputDetails,omitempty"`
	Name          string      `json:"name,omitempty"`
	Output        string      `json:"output,omitempty"`
	OutputDetails *Truncation `json:"outputDetails,omitempty"`
	// Parameters is the request of a service integration, as JSON text.
	Parameters string `json:"parameters,omitempty"`
	// Redrives is the redriveCount of ExecutionRedriven.
	Redrives     int    `json:"redriveCount,omitempty"`
	Region       string `json:"region,omitempty"`
	Resource     string `json:"resource,omitempty"`
	ResourceType string `json:"resourceType,omitempty"`
	RoleARN      string `json:"roleArn,omitempty"`
	// TimeoutSeconds is the task's time-out.
	TimeoutSeconds int64 `json:"timeoutInSeconds,omitempty"`
}

// Truncation says that an event tells all of its input or output. Who reads a
// history sets it; it never is truncated here.
type Truncation struct {
	Truncated bool `json:"truncated"`
}

// History takes the events of one execution, in order.
type History interface {
	// Append gives the event its id. The error says why no event is taken any
	// more: ErrClosed, ErrFull.
	Append(e Event) (id int64, err error)
}
