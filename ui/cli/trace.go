package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"orderops/workflow"
	"orderops/workflow/monitor"
)

func sortedKeys(counts map[string]int) []string { return slices.Sorted(maps.Keys(counts)) }

// momentSheet are the fields of a line of a trace.
func momentSheet() sheet[workflow.Moment] {
	type m = workflow.Moment
	return sheet[m]{name: "moment/1", fields: []field[m]{
		{name: "time", id: true, help: "when; null when nobody recorded it", value: func(x m) any { return x.At }},
		{name: "place", help: "submit, queue, consumer, execution, state, table, dead letter or mail", value: func(x m) any { return string(x.Place) }},
		{name: "status", gives: 2, status: true, help: "of a step or an execution", value: func(x m) any { return known(string(x.Status)) }},
		{name: "took", id: true, gives: 1, help: "seconds; null when not known, or no time", value: func(x m) any {
			if x.Took == 0 {
				return nil
			}
			return seconds(x.Took)
		}},
		{name: "text", help: "what happened", value: func(x m) any { return x.Text }},
		{name: "recorded", help: "false for what nobody records, or not when", wide: true, value: func(x m) any { return !x.Unrecorded }},
	}}
}

func (p *program) trace() *cobra.Command {
	var o output
	var follow bool
	cmd := &cobra.Command{
		Use: "trace ORDER|EXECUTION|USER", Short: "Tell an order's life over everything that records it", Args: cobra.ExactArgs(1),
		Long: "Prints one timeline of an order: accepted by the queue, each state of its execution, its row, and where it is now. " +
			"What nobody records is told as not recorded, never guessed. Dead letters are not looked into: receiving them is a change.",
		Example: "orderops trace 7c1e24a0-0c8a-4f4f-9f5e-1a8b9f0b8d11\norderops trace 7c1e24a0-0c8a-4f4f-9f5e-1a8b9f0b8d11 --follow --timeout 5m",
	}
	cmd.RunE = p.at(func(ctx context.Context, c *Connection, args []string) error {
		if err := o.check(nil, momentSheet().names()); err != nil {
			return err
		}
		v, e, err := p.search(ctx, c, args[0])
		if err != nil {
			return err
		}
		if follow {
			return p.followTrace(ctx, v, e, o)
		}
		moments, now := workflow.Trace(v.life(e))
		out := momentSheet().open(p, o, false)
		for _, m := range moments {
			if err := out.add(m); err != nil {
				return err
			}
		}
		out.end()
		if p.format(o.format) == formatTable {
			p.printLines([][2]string{{"now", now}})
		}
		return v.complete("trace the order")
	})
	o.add(cmd.Flags(), nil, momentSheet().names())
	cmd.Flags().BoolVarP(&follow, "follow", "f", false, "go on until its execution ends")
	p.bounded(cmd)
	return cmd
}

// search finds an order by its id, its execution, or its user when that has
// just one order.
func (p *program) search(ctx context.Context, c *Connection, what string) (*picture, *monitor.Execution, error) {
	v, e, err := p.lookUp(ctx, c, what)
	if kind := workflow.KindOf(err); err == nil || kind != workflow.NotFound && kind != workflow.Invalid || c.Desk == nil {
		return v, e, err
	}
	found, err := c.Desk.Find(ctx, what)
	switch {
	case err != nil:
		return nil, nil, err
	case found.Execution != nil:
		return p.lookUp(ctx, c, string(found.Execution.ARN))
	case len(found.Rows) == 1:
		return p.lookUp(ctx, c, string(found.Rows[0].ID))
	}
	return nil, nil, &workflow.Problem{
		Kind: workflow.Invalid, Operation: "trace an order", Target: what, Reason: fmt.Sprintf("this user has %d orders", len(found.Rows)),
		Next: "Name one of them, such as " + string(found.Rows[0].ID),
	}
}

// life is what the picture knows of an execution's order.
func (v *picture) life(e *monitor.Execution) workflow.Life {
	events, _ := v.store.History(e.ARN)
	l := workflow.Life{ID: e.OrderID(), Runs: []workflow.Run{{Execution: e.Execution(), Events: events}}}
	if o, ok := v.store.Orders().Get(l.ID); ok {
		l.Row, l.RowMissing, l.Submission, l.DeadLetter = o.Row, o.Missing, o.Submission, o.DeadLetter
	}
	return l
}

// rowSettles is how long after its end an execution's row is waited for.
const rowSettles = 5 * time.Second

// mayChange tells that a line may read otherwise later: a state that is not over
// yet, and what has no time.
func mayChange(m workflow.Moment) bool {
	return m.At.IsZero() || m.Unrecorded || m.Place == workflow.AtState && m.Status == workflow.Running
}

// followTrace prints each moment once it is over, until the execution has ended.
func (p *program) followTrace(ctx context.Context, v *picture, e *monitor.Execution, o output) error {
	out := momentSheet().open(p, o, true)
	printed := map[workflow.Moment]bool{}
	tell := func(m workflow.Moment) error {
		if printed[m] {
			return nil
		}
		printed[m] = true
		return out.add(m)
	}
	var last []workflow.Moment
	step := func() (bool, error) {
		e, _ := v.store.Executions().Get(e.ARN)
		last, _ = workflow.Trace(v.life(e))
		_, complete := v.store.History(e.ARN)
		over := e.Status.Ended() && complete
		for _, m := range last {
			if !over && mayChange(m) || m.Place == workflow.AtTable || m.Place == workflow.AtMail {
				continue
			}
			if err := tell(m); err != nil {
				return true, err
			}
		}
		order, known := v.store.Orders().Get(e.OrderID())
		settled := known && (order.Row != nil && order.Row.Status != workflow.Pending || time.Since(e.Stopped) > rowSettles)
		return over && settled, nil
	}
	if done, err := step(); err == nil && !done {
		shown := func() monitor.Shown {
			return monitor.Shown{Open: e.ARN, VisibleOrders: []workflow.OrderID{e.OrderID()}}
		}
		if err := v.follow(ctx, shown, step); err != nil {
			return interrupted(ctx, err)
		}
	} else if err != nil {
		return err
	}
	for _, m := range last {
		if err := tell(m); err != nil {
			return err
		}
	}
	return nil
}
