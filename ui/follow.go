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
			m.watch.follow(sent.Submission.OrderID)
			commands = append(commands, m.follow(sent.Submission.OrderID, 0))
		}
	}
	return tea.Batch(commands...)
}

// followDue tells that the pause before a look is over.
type followDue struct {
	id  workflow.OrderID
	try int
}

// follow pauses before the next look.
func (m *Model) follow(id workflow.OrderID, try int) tea.Cmd {
	return tea.Tick(followFirst<<try, func(time.Time) tea.Msg { return followDue{id, try} })
}

// followDue looks, or waits on while no execution is on the screen.
func (m *Model) followDue(due followDue) tea.Cmd {
	o, known := m.store.Orders().Get(due.id)
	switch {
	case m.leaving || due.try >= followTries || known && o.Execution != nil:
		return nil
	case !m.paused.IsZero():
		return m.follow(due.id, due.try)
	case !m.current().Shown().Executions:
		return m.follow(due.id, due.try+1)
	}
	return m.look(due.id, due.try)
}

// look describes the execution that bears the order's id. It is a poll: one
// attempt, within the polling budget.
func (m *Model) look(id workflow.OrderID, try int) tea.Cmd {
	parent, connection := m.world.Context, m.connection
	arn := workflow.ExecutionOf(m.world.Deployment.StateMachineARN, string(id))
	return func() tea.Msg {
		at := time.Now()
		ctx, cancel := context.WithTimeout(workflow.WithPolling(parent), pollTimeout)
		defer cancel()
		execution, err := connection.Executions.Describe(ctx, arn)
		return followed{id, try, execution, err, at}
	}
}

// followed takes in what was found, or looks again later.
func (m *Model) followed(f followed) tea.Cmd {
	if f.err == nil {
		m.store.Apply(monitor.ExecutionRead{Execution: f.execution, At: f.at})
		m.schedule.Touch(monitor.PositionsFeed, monitor.OrderQueueFeed)
		m.refresh()
		return m.notify()
	}
	return m.follow(f.id, f.try+1)
}
