package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/workflow"
	"orderops/workflow/monitor"
)

// Following an order that was just sent: the list of executions is polled too
// slowly to see it start, and its execution can be asked for by name.
const (
	followFirst = 400 * time.Millisecond
	followTries = 7 // with doubled pauses: for 50 seconds
)

// followed is one look for the execution of an order that was sent.
type followed struct {
	id        workflow.OrderID
	try       int
	execution workflow.Execution
	err       error
	at        time.Time
}

// followAll looks for the execution of every order among the changes that was
// accepted.
func (m *Model) followAll(changes []monitor.Change) tea.Cmd {
	var commands []tea.Cmd
	for _, change := range changes {
		if sent, ok := change.(monitor.Submitted); ok && sent.Submission.OrderID != "" {
			commands = append(commands, m.follow(sent.Submission.OrderID, 0))
		}
	}
	return tea.Batch(commands...)
}

// follow waits and then describes the execution. It is a poll: one attempt,
// within the polling budget.
func (m *Model) follow(id workflow.OrderID, try int) tea.Cmd {
	parent, connection := m.world.Context, m.connection
	arn := workflow.ExecutionOf(m.world.Deployment.StateMachineARN, string(id))
	return tea.Tick(followFirst<<try, func(at time.Time) tea.Msg {
		ctx, cancel := context.WithTimeout(workflow.WithPolling(parent), pollTimeout)
		defer cancel()
		execution, err := connection.Executions.Describe(ctx, arn)
		return followed{id, try, execution, err, at}
	})
}

// followed takes in what was found, or looks again later.
func (m *Model) followed(f followed) tea.Cmd {
	if f.err == nil {
		m.store.Apply(monitor.ExecutionRead{Execution: f.execution, At: f.at})
		m.schedule.Touch(monitor.PositionsFeed, monitor.OrderQueueFeed)
		m.refresh()
		return nil
	}
	o, known := m.store.Orders().Get(f.id)
	if known && o.Execution != nil || f.try+1 >= followTries || m.leaving {
		return nil
	}
	return m.follow(f.id, f.try+1)
}
