package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/workflow"
	"orderops/workflow/definition"
	"orderops/workflow/monitor"
)

// pollTimeout bounds one poll. A poll makes one attempt.
const pollTimeout = 10 * time.Second

// Page sizes of the polls: one page each.
const (
	executionsPage = 1000
	positionEvents = 10
)

// metricMinutes is how far back CloudWatch is asked.
const metricMinutes = 30

// answered is the outcome of one poll.
type answered struct {
	poll    monitor.Poll
	changes []monitor.Change
	err     error
	at      time.Time // when it was asked
}

// poll begins every poll that is due.
func (m *Model) poll() tea.Cmd {
	if m.connection == nil || m.leaving || !m.paused.IsZero() {
		return nil
	}
	var commands []tea.Cmd
	for _, p := range m.schedule.Due(m.world.Now, m.interest()) {
		m.schedule.Begin(p, m.world.Now)
		commands = append(commands, m.ask(p))
	}
	return tea.Batch(commands...)
}

func (m *Model) interest() monitor.Interest {
	interest := m.store.Interest(m.current().Shown(), m.world.Now)
	interest.Focused, interest.LastInput = m.focused, m.world.LastInput
	return interest
}

// ask is the command of one poll. It captures values and never touches the model.
func (m *Model) ask(p monitor.Poll) tea.Cmd {
	parent, connection, known := m.world.Context, m.connection, knownOf(m.store)
	return func() tea.Msg {
		at := time.Now()
		ctx, cancel := context.WithTimeout(workflow.WithPolling(parent), pollTimeout)
		defer cancel()
		changes, err := read(ctx, connection, p, known, at)
		return answered{poll: p, changes: changes, err: err, at: at}
	}
}

// answered takes in the outcome of a poll, unless it came too late to matter.
func (m *Model) answered(a answered) tea.Cmd {
	if !m.schedule.Current(a.poll) {
		return nil
	}
	if rest, ok := m.hear(a); ok {
		return action.Send(rest)
	}
	m.schedule.Done(a.poll, a.err, m.world.Now)
	// An execution that is deleted or a full budget is no reason to blank rows:
	// the feed only says since when it is stale.
	if a.err != nil {
		m.store.Apply(monitor.FeedFailed{Feed: a.poll.Feed, ARN: a.poll.Execution, Err: a.err, At: a.at})
	} else {
		m.store.Apply(a.changes...)
	}
	m.refresh()
	return m.notify()
}

// hear takes in the first part of a long page of the log; the rest comes back as
// a message of its own, so that keys are not kept waiting.
func (m *Model) hear(a answered) (rest answered, ok bool) {
	if len(a.changes) != 1 {
		return a, false
	}
	read, isLog := a.changes[0].(monitor.LogRead)
	if !isLog {
		return a, false
	}
	now, later, long := read.Split()
	if !long {
		return a, false
	}
	m.store.Apply(now)
	a.changes = []monitor.Change{later}
	return a, true
}

// known is what some polls need of what others have told.
type known struct {
	// deadLetters is the ARN of the dead-letter queue, "" while it is not known.
	deadLetters string
	orders      workflow.Queue
	function    string
}

// read makes the call that a poll stands for.
func read(ctx context.Context, c *Connection, p monitor.Poll, known known, at time.Time) ([]monitor.Change, error) {
	switch p.Feed {
	case monitor.OrderQueueFeed:
		return readQueue(ctx, c, monitor.OrderQueue, c.Deployment.QueueURL, at)
	case monitor.DeadLetterQueueFeed:
		return readQueue(ctx, c, monitor.DeadLetterQueue, c.Deployment.DeadLetterURL, at)
	case monitor.ExecutionsFeed:
		if p.Broken {
			list, _, err := c.Executions.Broken(ctx)
			return one(monitor.ExecutionsFound{Executions: list, At: at}, err)
		}
		list, more, err := c.Executions.List(ctx, executionsPage)
		return one(monitor.ExecutionsListed{Executions: list, More: more, At: at}, err)
	case monitor.HistoryFeed:
		events, err := c.Executions.History(ctx, p.Execution, p.After)
		return one(monitor.HistoryRead{Feed: p.Feed, ARN: p.Execution, Events: events, At: at}, err)
	case monitor.PositionsFeed:
		events, err := c.Executions.Newest(ctx, p.Execution, positionEvents)
		return one(monitor.HistoryRead{Feed: p.Feed, ARN: p.Execution, Events: events, At: at}, err)
	case monitor.DetailsFeed:
		execution, err := c.Executions.Describe(ctx, p.Execution)
		return one(monitor.ExecutionRead{Execution: execution, At: at}, err)
	case monitor.RowsFeed:
		rows, err := c.Orders.Rows(ctx, p.Rows)
		return one(monitor.RowsRead{Asked: p.Rows, Rows: rows, At: at}, err)
	case monitor.MovesFeed:
		if known.deadLetters == "" {
			return nil, nil
		}
		tasks, err := c.Queue.Moves(ctx, known.deadLetters)
		return one(monitor.MovesRead{Tasks: tasks, At: at}, err)
	case monitor.DefinitionFeed:
		told, err := c.Executions.StateMachine(ctx)
		if err != nil {
			return nil, err
		}
		machine, err := definition.Parse(told.Definition)
		return one(monitor.DefinitionRead{Name: told.Name, Machine: machine, LogGroup: told.LogGroup, LogLevel: told.LogLevel, At: at}, err)
	case monitor.LogFeed:
		page, err := c.Logs.Events(ctx, p.Log.Group, p.Log.From, p.Log.To, p.Log.Token)
		return one(monitor.LogRead{Asked: p.Log, Page: page, At: at}, err)
	case monitor.ConsumerFeed:
		consumer, err := c.Consumer.Describe(ctx, known.orders.ARN)
		return one(monitor.ConsumerRead{Consumer: consumer, At: at}, err)
	case monitor.MetricsFeed:
		metrics, err := c.Metrics.Read(ctx, known.orders.Name, c.Deployment.StateMachineARN, known.function, at, metricMinutes)
		return one(monitor.MetricsRead{Metrics: metrics, At: at}, err)
	case monitor.ChecksFeed:
		rows, err := c.Orders.Rows(ctx, p.Rows)
		return one(monitor.RowsChecked{Asked: p.Rows, Rows: rows, At: at}, err)
	case monitor.TopicFeed:
		if c.Deployment.TopicARN == "" {
			return nil, nil // none is known; everything else works without
		}
		topic, err := c.Topic.Describe(ctx, c.Deployment.TopicARN)
		return one(monitor.TopicRead{Topic: topic, At: at}, err)
	}
	return nil, nil
}

func readQueue(ctx context.Context, c *Connection, role monitor.Role, url string, at time.Time) ([]monitor.Change, error) {
	queue, err := c.Queue.Describe(ctx, url)
	return one(monitor.QueueRead{Role: role, Queue: queue, At: at}, err)
}

func one(change monitor.Change, err error) ([]monitor.Change, error) {
	if err != nil {
		return nil, err
	}
	return []monitor.Change{change}, nil
}
