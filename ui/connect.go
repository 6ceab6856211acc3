package ui

import (
	"context"
	"errors"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/text"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// connectTimeout bounds finding credentials and the deployment.
const connectTimeout = 30 * time.Second

type connected struct {
	connection *Connection
	err        error
}

func (m *Model) connect() tea.Cmd {
	parent, connect, questions, again := m.world.Context, m.options.Connect, m.questions, m.world.Key("refresh")
	return func() tea.Msg {
		ctx, cancel := context.WithCancelCause(parent)
		defer cancel(nil)
		patience := time.AfterFunc(connectTimeout, func() { cancel(context.DeadlineExceeded) })
		defer patience.Stop()
		connection, err := connect(workflow.WithPrompt(ctx, prompt(parent, questions, patience)))
		if err != nil && errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
			err = &workflow.Problem{
				Kind: workflow.Unreachable, Operation: "connect", Reason: "there was no answer within " + connectTimeout.String(),
				Next: "Check the network and the endpoint; " + again + " tries again.", Err: err,
			}
		}
		return connected{connection, err}
	}
}

// connected takes the deployment into use, or keeps the reason why there is none.
func (m *Model) connected(msg connected) tea.Cmd {
	m.connecting = false
	if msg.err != nil {
		m.problem = msg.err
		m.complain(msg.err)
		m.refresh()
		return nil
	}
	m.problem = nil
	m.connection = msg.connection
	m.world.Desk = msg.connection.Desk
	m.world.Deployment = msg.connection.Deployment
	m.world.Guard = msg.connection.Guard
	m.world.Usage = msg.connection.Usage
	m.world.ReadLog = func(ctx context.Context, ask workflow.LogAsk) (workflow.FunctionLog, error) {
		return msg.connection.Logs.Function(ctx, ask)
	}
	m.world.ReadPage = func(ctx context.Context, token string) ([]workflow.Row, string, float64, error) {
		return msg.connection.Orders.Newest(ctx, token, action.PageRows)
	}
	m.world.TableSize = func(ctx context.Context) (workflow.TableSize, error) { return msg.connection.Orders.Size(ctx) }
	m.schedule = monitor.NewSchedule(m.world.Now)
	m.schedule.Slow(m.options.Refresh)
	if err := wrongClock(msg.connection.Skew); err != nil {
		m.complain(err)
	}
	m.refresh()
	return m.brokenRuns()
}

// mostSkew is how far two clocks may be apart before what is read off them
// misleads: some seconds are the network's.
const mostSkew = 10 * time.Second

// wrongClock says that this machine's clock is not AWS's; nil when it is.
func wrongClock(skew time.Duration) error {
	if skew.Abs() < mostSkew {
		return nil
	}
	way := "behind"
	if skew < 0 {
		way = "ahead of"
	}
	return &workflow.Problem{
		Kind: workflow.Invalid, Operation: "compare the clocks",
		Reason: fmt.Sprintf("this machine's clock is %s %s AWS's; ages, countdowns and what counts as stuck are wrong by that much", text.Duration(skew.Abs()), way),
		Next:   "Set the clock, then connect again.",
	}
}

// brokenRuns asks the journal for runs over dead letters that broke off, so
// that finishing them is offered at once.
func (m *Model) brokenRuns() tea.Cmd {
	desk := m.world.Desk
	return m.world.Do(func(context.Context) tea.Msg {
		runs, err := desk.Unfinished()
		if err != nil {
			return action.Say{Err: err}
		}
		if len(runs) == 0 {
			return nil
		}
		return action.Unfinished{Runs: runs}
	})
}
