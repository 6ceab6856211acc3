package cli

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"orderops/workflow"
	"orderops/workflow/monitor"
)

func definitionPoll() monitor.Poll { return monitor.Poll{Feed: monitor.DefinitionFeed} }

// pollTimeout bounds one poll.
const pollTimeout = 10 * time.Second

// follow keeps the picture up as the dashboard does, at its pace, and calls
// changed after every answer until that is done or ctx ends.
func (v *picture) follow(ctx context.Context, shown func() monitor.Shown, changed func() (done bool, err error)) error {
	type answer struct {
		poll    monitor.Poll
		changes []monitor.Change
		err     error
		at      time.Time
	}
	answers := make(chan answer)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	schedule := monitor.NewSchedule(time.Now())
	schedule.Slow(v.p.settings.Refresh)
	for {
		now := time.Now()
		v.store.Tick(now)
		interest := v.store.Interest(shown(), now)
		interest.Focused, interest.LastInput = true, now
		for _, poll := range schedule.Due(now, interest) {
			schedule.Begin(poll, now)
			call := v.c.Ask(poll, v.store)
			go func() {
				asked, stop := context.WithTimeout(workflow.WithPolling(ctx), pollTimeout)
				defer stop()
				changes, err := call(asked)
				select {
				case answers <- answer{poll, changes, err, now}:
				case <-ctx.Done():
				}
			}()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(schedule.Next(now, interest)):
		case a := <-answers:
			if !schedule.Current(a.poll) {
				continue
			}
			schedule.Done(a.poll, a.err, time.Now())
			if a.err != nil {
				v.store.Apply(monitor.FeedFailed{Feed: a.poll.Feed, ARN: a.poll.Execution, Err: a.err, At: a.at})
			} else {
				v.store.Apply(a.changes...)
			}
			if done, err := changed(); done || err != nil {
				return err
			}
		}
	}
}

// failing is why the feed that everything hangs on was never answered; nil
// while it may still be, or was.
func (v *picture) failing(feed monitor.Feed) error {
	if f := v.store.Freshness(feed); f.ReadAt.IsZero() && f.Err != nil {
		return f.Err
	}
	return nil
}

// interrupted is what ctrl+c is to a command that goes on until then: its end.
func interrupted(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return nil
	}
	return err
}

func (p *program) executionsWatch() *cobra.Command {
	var o output
	columns := monitor.NewStore().Executions().Columns()
	cmd := &cobra.Command{
		Use: "watch [EXECUTION]", Short: "Print executions as they change, or the events of one until it ends", Args: cobra.MaximumNArgs(1),
		Long: "Prints a line for every execution that is new or has changed its status or state, until ctrl+c, at the pace of the dashboard. " +
			"With an execution it prints its events, and ends when that does: with the code 0 when it succeeded, else 1.",
		Example: "orderops executions watch --filter status:failed -o jsonl\n" +
			"orderops executions watch 7c1e24a0-0c8a-4f4f-9f5e-1a8b9f0b8d11 --timeout 5m",
	}
	cmd.RunE = p.at(func(ctx context.Context, c *Connection, args []string) error {
		if len(args) > 0 {
			if err := o.check(nil, eventSheet().names()); err != nil {
				return err
			}
			return p.watchExecution(ctx, c, args[0], o)
		}
		if err := o.check(columns, executionSheet().names()); err != nil {
			return err
		}
		return p.watchExecutions(ctx, c, o)
	})
	o.add(cmd.Flags(), columns, append(executionSheet().names(), eventSheet().names()...))
	p.bounded(cmd)
	return cmd
}

// change is what makes an execution worth another line.
type change struct {
	status   workflow.ExecutionStatus
	state    string
	redrives int
}

func (p *program) watchExecutions(ctx context.Context, c *Connection, o output) error {
	v := p.newPicture(c)
	told := map[workflow.ExecutionARN]change{}
	out := executionSheet().open(p, o, true)
	begun := time.Now()
	shown := func() monitor.Shown {
		list := monitor.Shown{Executions: true, Running: true}
		for _, e := range v.store.Newest(defaultNewest) {
			list.VisibleExecutions = append(list.VisibleExecutions, e.ARN)
		}
		return list
	}
	err := v.follow(ctx, shown, func() (bool, error) {
		if err := v.failing(monitor.ExecutionsFeed); err != nil {
			return true, err
		}
		for e := range v.store.Executions().All() {
			is := change{e.Status, e.State, e.RedriveCount}
			before, seen := told[e.ARN]
			// What had ended before is no news.
			if seen && before == is || !seen && e.Status.Ended() && e.Stopped.Before(begun) {
				continue
			}
			told[e.ARN] = is
			if !o.query.Match(e, time.Now()) {
				continue
			}
			if err := out.add(e); err != nil {
				return true, err
			}
		}
		return false, nil
	})
	return interrupted(ctx, err)
}

func (p *program) watchExecution(ctx context.Context, c *Connection, name string, o output) error {
	arn, err := executionARN(c, name)
	if err != nil {
		return err
	}
	v := p.newPicture(c)
	if err := v.read(ctx, monitor.Poll{Feed: monitor.DetailsFeed, Execution: arn}); err != nil {
		return err
	}
	out := eventSheet().open(p, o, true)
	printed := int64(0)
	var end *monitor.Execution
	err = v.follow(ctx, func() monitor.Shown { return monitor.Shown{Open: arn} }, func() (bool, error) {
		if err := v.failing(monitor.HistoryFeed); err != nil {
			return true, err
		}
		events, complete := v.store.History(arn)
		for _, e := range events {
			if e.ID <= printed || !complete {
				continue
			}
			printed = e.ID
			if err := out.add(e); err != nil {
				return true, err
			}
		}
		e, _ := v.store.Executions().Get(arn)
		if complete && e != nil && e.Status.Ended() {
			end = e
		}
		return end != nil, nil
	})
	switch {
	case end == nil:
		return interrupted(ctx, err)
	case end.Status != workflow.Succeeded:
		return &workflow.Problem{
			Operation: "see it succeed", Target: name, Reason: "it ended as " + string(end.Status) + " " + end.Error,
			Next: "Look at it with orderops executions show " + name,
		}
	}
	return err
}
