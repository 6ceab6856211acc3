package asl

import (
	"context"
	"errors"
	"time"
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
	// State is entered with Input, as JSON text. "" means the machine's first state.
	State, Input string
	// Event is the event that the next one follows; 0 at the very start.
	Event int64
	// Entered is the id of the state's StateEntered event when the state was
	// entered before and its task only has to be scheduled again; else 0.
	Entered   int64
	EnteredAt time.Time
}

// Status is how a run ended.
type Status int

// The ends of a run.
const (
	// Stopped: the context ended, or the history was closed. Nothing is to be recorded.
	Stopped Status = iota
	// Succeeded with an output.
	Succeeded
	// Failed with an error and cause.
	Failed
	// TimedOut by the machine's TimeoutSeconds.
	TimedOut
)

// Outcome is the end of a run.
type Outcome struct {
	Status       Status
	Output       string
	Error, Cause string
	// Event is the event that the end follows.
	Event int64
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
	state   *state
	entered time.Time
	// event is the id of the state's StateEntered.
	event int64
	// retries is $$.State.RetryCount; negative outside of tasks.
	retries int
	// again skips StateEntered: a redriven task goes on with scheduling.
	again bool
}

func (v *visit) context() any {
	return v.contextObject(v.state.name, v.entered, v.retries)
}

// Run runs an execution from a position to its end, or until ctx ends.
func (m *Machine) Run(ctx context.Context, e *Execution, from Position) Outcome {
	if m.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, m.timeout, errTimedOut)
		defer cancel()
	}
	r := &runner{machine: m, execution: e, last: from.Event}
	output, err := r.states(ctx, from)
	outcome := Outcome{Event: r.last}
	switch {
	case err == nil:
		outcome.Status, outcome.Output = Succeeded, output.text
	case errors.Is(context.Cause(ctx), errTimedOut):
		// Like an abort it comes from outside of the flow of events, which
		// AWS tells by the previous event 0.
		outcome = Outcome{Status: TimedOut}
	case ctx.Err() != nil || errors.Is(err, ErrClosed):
		outcome.Status = Stopped
	case errors.Is(err, ErrFull):
		outcome.Status = Failed
		outcome.Error, outcome.Cause = errorRuntime, "The execution reached the maximum number of history events (25000)."
	default:
		outcome.Status, outcome.Error, outcome.Cause = Failed, errorRuntime, err.Error()
		if f, ok := errors.AsType[*failure](err); ok {
			outcome.Error, outcome.Cause = f.name, f.cause
		}
	}
	return outcome
}

// states goes from state to state until one is the last.
func (r *runner) states(ctx context.Context, from Position) (document, error) {
	var err error
	if r.input, err = parseDocument(r.execution.Input); err != nil {
		return document{}, err
	}
	name, input := r.machine.startAt, r.input
	if from.State != "" {
		name = from.State
		if input, err = parseDocument(from.Input); err != nil {
			return document{}, err
		}
	}
	v := &visit{runner: r, state: r.machine.states[name], retries: -1}
	if from.Entered != 0 && v.state.task != nil {
		v.event, v.entered, v.again = from.Entered, from.EnteredAt, true
	}
	for {
		output, next, err := v.run(ctx, input)
		if err != nil || next == "" {
			return output, err
		}
		input = output
		v = &visit{runner: r, state: r.machine.states[next], retries: -1}
	}
}

// append records an event behind the last one.
func (r *runner) append(e Event) (int64, error) {
	id, err := r.execution.History.Append(r.last, e)
	if err == nil {
		r.last = id
	}
	return id, err
}
