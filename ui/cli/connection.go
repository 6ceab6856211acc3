package cli

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"orderops/config"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
)

// Connection is one deployment as commands see it.
type Connection struct {
	Deployment workflow.Deployment
	Desk       *operation.Desk
	// Ask prepares the call that a poll stands for, knowing what is in the store.
	// The call itself may be made by another goroutine.
	Ask func(poll monitor.Poll, store *monitor.Store) func(ctx context.Context) ([]monitor.Change, error)
	// List reads a page of the executions, newest first; token and next are "" at its
	// two ends.
	List func(ctx context.Context, token string, limit int) (executions []workflow.Execution, next string, err error)
	// FunctionLog reads what a function logged.
	FunctionLog func(ctx context.Context, ask workflow.LogAsk) (workflow.FunctionLog, error)
	// Page reads a page of the orders table; token and next are "" at its two ends.
	Page func(ctx context.Context, token string, limit int) (rows []workflow.Row, next string, readUnits float64, err error)
}

// drainWithin bounds how long what was begun is waited for, after ctrl+c.
const drainWithin = 5 * time.Second

// at makes the function of a command that works on a deployment.
func (p *program) at(run func(ctx context.Context, c *Connection, args []string) error) func(*cobra.Command, []string) error {
	return p.with(func(ctx context.Context, args []string) error {
		return p.reach(ctx, func(c *Connection) error { return run(ctx, c, args) })
	})
}

// reach connects and runs. After ctrl+c, what was begun is finished and told.
func (p *program) reach(ctx context.Context, run func(c *Connection) error) error {
	c, err := p.actions.Connect(ctx, p.settings)
	if err != nil {
		return err
	}
	err = run(c)
	if ctx.Err() == nil || c.Desk == nil {
		return err
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainWithin)
	defer cancel()
	p.told(c.Desk.Drain(drain))
	return err
}

// with makes a command's function: it settles the settings, bounds the time, and
// keeps the failure.
func (p *program) with(run func(ctx context.Context, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		if p.failure = p.settle(cmd); p.failure != nil {
			return nil
		}
		ctx, cancel := context.WithCancel(p.asking(cmd.Context()))
		defer cancel()
		p.gone = cancel
		if p.timeout > 0 {
			bounded, stop := context.WithTimeout(ctx, p.timeout)
			defer stop()
			ctx = bounded
		}
		p.failure = p.ending(ctx, run(ctx, args))
		return nil
	}
}

// ending tells why a command came to its end.
func (p *program) ending(ctx context.Context, err error) error {
	kind := workflow.KindOf(err)
	switch {
	case kind == workflow.PartlyDone, kind == workflow.OutcomeUnknown:
		return err
	case p.closed.Load():
		return nil // nobody reads on; that is no error
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &workflow.Problem{
			Operation: "finish in time", Reason: "it took longer than --timeout " + p.timeout.String(),
			Next: "Give it more time, or ask for less.", Err: err,
		}
	case err != nil && errors.Is(err, context.Canceled):
		return &workflow.Problem{Operation: "go on", Reason: "it was interrupted", Err: err}
	}
	return err
}

// bounded adds the flag that bounds the time.
func (p *program) bounded(cmd *cobra.Command) {
	cmd.Flags().DurationVar(&p.timeout, "timeout", 0, "give up after this time, such as 30s; by default never")
	cmd.Flags().Lookup("timeout").DefValue = ""
	before := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		if p.timeout < 0 {
			return &config.SettingError{Setting: "--timeout", Reason: "is negative", Next: "Give a time like 30s."}
		}
		if before != nil {
			return before(cmd, args)
		}
		return nil
	}
}

// told says on the error stream what ended after ctrl+c, and what did not.
func (p *program) told(ended []workflow.Record, left int) {
	for _, r := range ended {
		p.say("%s %s: %s. %s", r.Verb, r.Target, r.Outcome, r.Detail)
	}
	if left > 0 {
		p.say("%d operation(s) had no answer in time: look before you do them again", left)
	}
}
