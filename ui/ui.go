// Package ui is the dashboard: the root model that routes keys, polls feeds,
// shows dialogs and draws the frame around the screens.
package ui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/config"
	"orderops/ui/action"
	"orderops/ui/keys"
	"orderops/workflow"
	"orderops/workflow/operation"
)

// Connection is one deployment, ready to be watched and operated.
type Connection struct {
	Deployment workflow.Deployment
	Desk       *operation.Desk
	Queue      QueueReader
	Executions ExecutionReader
	Orders     OrderReader
	Topic      TopicReader
	Logs       LogReader
	Consumer   ConsumerReader
	Metrics    MetricReader
	Usage      action.Usage
	Guard      *workflow.Guard
	// Skew is AWS's clock less this machine's; 0 also when it is not known.
	Skew time.Duration
}

// QueueReader reads what is polled of the queues.
type QueueReader interface {
	Describe(ctx context.Context, url string) (workflow.Queue, error)
	Moves(ctx context.Context, sourceARN string) ([]workflow.MoveTask, error)
}

// ExecutionReader reads executions and their machine.
type ExecutionReader interface {
	List(ctx context.Context, most int) (executions []workflow.Execution, more bool, err error)
	Broken(ctx context.Context) (executions []workflow.Execution, more bool, err error)
	Describe(ctx context.Context, arn workflow.ExecutionARN) (workflow.Execution, error)
	History(ctx context.Context, arn workflow.ExecutionARN, after int64) ([]workflow.Event, error)
	Newest(ctx context.Context, arn workflow.ExecutionARN, most int) ([]workflow.Event, error)
	StateMachine(ctx context.Context) (workflow.StateMachine, error)
}

// OrderReader reads rows of the orders table.
type OrderReader interface {
	Rows(ctx context.Context, keys []workflow.RowKey) ([]workflow.Row, error)
	Page(ctx context.Context, token string, limit int) (rows []workflow.Row, next string, readUnits float64, err error)
	Newest(ctx context.Context, token string, limit int) (rows []workflow.Row, next string, readUnits float64, err error)
	Size(ctx context.Context) (workflow.TableSize, error)
}

// TopicReader reads who gets the notifications.
type TopicReader interface {
	Describe(ctx context.Context, arn string) (workflow.Topic, error)
}

// LogReader reads what the state machine logs of its executions, and what its
// functions log.
type LogReader interface {
	Function(ctx context.Context, ask workflow.LogAsk) (workflow.FunctionLog, error)
	Events(ctx context.Context, group string, from, to time.Time, token string) (workflow.LogPage, error)
}

// ConsumerReader reads who takes messages off a queue.
type ConsumerReader interface {
	Describe(ctx context.Context, queueARN string) (workflow.Consumer, error)
}

// MetricReader reads what CloudWatch counted in the minutes before now.
type MetricReader interface {
	Read(ctx context.Context, queue, machineARN, function string, now time.Time, minutes int) (workflow.Metrics, error)
}

// Options are what a dashboard needs to start.
type Options struct {
	// Connect finds the deployment. It runs after the first frame.
	Connect func(ctx context.Context) (*Connection, error)
	// Local marks the local AWS.
	Local bool
	// Context is the name of the chosen context, "" when none is. Contexts are
	// all that can be chosen, and Switch gives the options of another one.
	Context  string
	Contexts []string
	Switch   func(name string) Options
	// Guard is shown before the connection brings its own.
	Guard *workflow.Guard
	// NoColour draws with bold and reverse only.
	NoColour bool
	// Background is dark or light; "" asks the terminal.
	Background string
	// Notify is how news are told to who looks elsewhere: NotifyBell, which "" means,
	// NotifyOSC9 or NotifyOff.
	Notify string
	// Compile reads a jq expression that edits bodies; nil leaves such edits out.
	Compile func(expression string) (workflow.Transform, error)
	// Editor is the command line of the operator's editor, as VISUAL or EDITOR
	// have it; "" when none is set.
	Editor string
	// Refresh is the least time between two polls of the same thing; 0 leaves the
	// program's own pace.
	Refresh time.Duration
	// Keys are the operator's own.
	Keys keys.Own
	// Screen tells that the terminal is GNU Screen's, which hands on only what is
	// wrapped for it.
	Screen bool
	// Clipboard is the desktop's own clipboard; nil leaves it to the terminal.
	Clipboard func(ctx context.Context, text string) error
	// View is how this context was left the last time, ViewProblem why that is not
	// known. KeepView is told how it is left now; nil keeps nothing.
	View        config.View
	ViewProblem error
	KeepView    func(config.View)
	// Parting is told what ended after the operator had left, and how much was
	// still under way then. Nil is told nothing.
	Parting func(ended []workflow.Record, left int)
}

// The backgrounds that Options.Background names.
const (
	Dark  = "dark"
	Light = "light"
)

// FramesPerSecond weighs how soon a key is echoed (33 ms) against what an idle
// terminal costs: Bubble Tea wakes up once per frame.
const FramesPerSecond = 30

// releaseTimeout bounds how long leaving waits for leases to be given back.
const releaseTimeout = 5 * time.Second

// Run shows the dashboard until the operator leaves it. Leases that are still
// held then, also after a signal or a panic, are given back.
//
// Another context is another program on the same terminal: nothing of the old
// one can be left in it.
func Run(ctx context.Context, options Options, programOptions ...tea.ProgramOption) error {
	for {
		next, err := run(ctx, options, programOptions...)
		if err != nil || next == "" {
			return err
		}
		options = options.Switch(next)
	}
}

// run shows one context; next is the one to go on with, "" to end.
func run(ctx context.Context, options Options, programOptions ...tea.ProgramOption) (next string, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var program *tea.Program
	crashed := make(chan string, 1)
	ctx = workflow.WithCrash(ctx, func(value any, stack []byte) {
		select {
		case crashed <- fmt.Sprintf("%v\n\n%s", value, stack):
		default: // one is enough
		}
		program.Kill()
	})
	model := New(ctx, options)
	defer func() {
		if ended, left := model.releaseLeases(ctx); options.Parting != nil {
			options.Parting(ended, left)
		}
	}()
	program = tea.NewProgram(model, append([]tea.ProgramOption{tea.WithFPS(FramesPerSecond)}, programOptions...)...)
	// Not tea.WithContext: it kills the program, which then closes its input
	// while it is still being read.
	stop := context.AfterFunc(ctx, program.Quit)
	defer stop()
	_, err = program.Run()
	select {
	case what := <-crashed:
		fmt.Fprintln(os.Stderr, "panic:", what)
		err = tea.ErrProgramPanic
	default:
	}
	switch {
	case err == nil, errors.Is(err, tea.ErrInterrupted):
		model.keepView()
		if ctx.Err() != nil {
			return "", nil
		}
		return model.next, nil
	case errors.Is(err, tea.ErrProgramPanic):
		return "", &workflow.Problem{
			Operation: "dashboard", Reason: "the program failed in itself; the terminal was restored",
			Next: "Start it again: what AWS holds is unchanged. Please report what is printed above", Err: err,
		}
	case ctx.Err() != nil:
		return "", nil
	}
	return "", fmt.Errorf("dashboard: %w", err)
}
