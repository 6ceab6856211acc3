package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"orderops/workflow"
	"orderops/workflow/monitor"
)

// orderSheet are the fields of an order: the execution and the row together.
func orderSheet() sheet[*monitor.Order] {
	type o = *monitor.Order
	return sheet[o]{name: "order/1", fields: []field[o]{
		{name: "order", id: true, help: "the order id", value: func(x o) any { return string(x.ID) }},
		{name: "where", help: "in words: not started, in Wait30Seconds, succeeded", value: func(x o) any { return x.Where }},
		{name: "status", status: true, help: "of the execution; null when none is known", wide: true, value: func(x o) any { return known(string(x.Status())) }},
		{name: "row", id: true, status: true, help: "order_status in the table; null when no row is known", value: func(x o) any { return known(string(x.RowStatus())) }},
		{name: "missing", help: "true when the table was asked and has no row", wide: true, value: func(x o) any { return x.Missing }},
		{name: "user", gives: 1, help: "who ordered", value: func(x o) any { return known(x.UserID) }},
		{name: "quantity", id: true, gives: 6, help: "how many", value: func(x o) any { return known(x.Quantity) }},
		{name: "restaurant", gives: 5, help: "where", value: func(x o) any { return known(x.Restaurant) }},
		{name: "submitted", id: true, gives: 4, help: "the earliest time known of it", value: func(x o) any { return x.Submitted }},
		{name: "created", help: "created_at in the table, as it stands there", wide: true, value: func(x o) any {
			if x.Row == nil {
				return nil
			}
			return known(x.Row.CreatedText)
		}},
		{name: "message", id: true, help: "message_id in the table", wide: true, value: func(x o) any {
			if x.Row == nil {
				return nil
			}
			return known(string(x.Row.MessageID))
		}},
		{name: "error", help: "why it failed", value: func(x o) any { return known(x.ErrorMessage()) }},
		{name: "arn", id: true, help: "of its execution", wide: true, value: func(x o) any {
			if x.Execution == nil {
				return nil
			}
			return string(x.Execution.ARN)
		}},
	}}
}

func (p *program) orders() *cobra.Command {
	cmd := &cobra.Command{
		Use: "orders", Aliases: []string{"order"}, Args: cobra.NoArgs,
		Short: "List, show, follow and export orders",
		Long: "Works on orders: each with its execution and its row of the orders table. Lists show the orders of the newest executions, as the dashboard does; " +
			"export reads the whole table.",
	}
	cmd.AddCommand(p.ordersList(), p.ordersShow(), p.ordersWatch(), p.ordersExport())
	return cmd
}

func (p *program) ordersList() *cobra.Command {
	var f listFlags
	columns := monitor.NewStore().Orders().Columns()
	cmd := &cobra.Command{
		Use: "list", Short: "List the orders of the newest executions", Args: cobra.NoArgs,
		Long: "Lists the orders of the newest executions, at first of 50: what is left out is told on the error stream. With --since or a larger --newest it reads on, a page of a " +
			"thousand at a time, within the budget of calls; what was printed is not kept, unless it has to be sorted. Orders without an execution are in orders export.",
		Example: "orderops orders list --filter 'user:Burger_20 row:FAILURE'\n" +
			"orderops orders list --since 24h --filter row:FAILURE -o jsonl",
	}
	cmd.RunE = p.at(func(ctx context.Context, c *Connection, _ []string) error {
		if err := f.checkList(columns, orderSheet().names()); err != nil {
			return err
		}
		return p.listOrders(ctx, c, &f)
	})
	f.addTo(cmd, columns, orderSheet().names())
	p.bounded(cmd)
	return cmd
}

func (p *program) listOrders(ctx context.Context, c *Connection, f *listFlags) error {
	// again are orders of executions that ran again: their first one may be pages behind.
	again := map[workflow.OrderID]bool{}
	l := listing[*monitor.Order]{
		p: p, c: c, f: f, out: orderSheet().open(p, f.output, false),
		shown: func(looked []workflow.Execution) monitor.Shown {
			list := monitor.Shown{Definition: true}
			for _, e := range looked {
				list.VisibleOrders = append(list.VisibleOrders, e.OrderID())
			}
			return list
		},
		rows: func(v *picture, looked []workflow.Execution) []*monitor.Order {
			wanted := make(map[workflow.OrderID]bool, len(looked))
			for _, e := range looked {
				wanted[e.OrderID()] = !again[e.OrderID()]
			}
			for _, e := range looked {
				if string(e.OrderID()) != e.Name {
					again[e.OrderID()] = true
				}
			}
			index := v.store.Orders()
			order(index, f)
			index.SetFilter(f.query, time.Now())
			var rows []*monitor.Order
			for i := range index.Len() {
				if o := index.At(i); wanted[o.ID] {
					rows = append(rows, o)
				}
			}
			return rows
		},
	}
	return l.run(ctx, "list the orders")
}

func (p *program) ordersShow() *cobra.Command {
	var o output
	var user string
	cmd := &cobra.Command{
		Use: "show ORDER", Short: "Show one order: its execution and its row", Args: cobra.ExactArgs(1),
		Long:    "Shows one order. Its row is found by the user, whom the execution's input names; without an execution, give the user with --user.",
		Example: "orderops orders show 7c1e24a0-0c8a-4f4f-9f5e-1a8b9f0b8d11\norderops orders show 7c1e24a0-0c8a-4f4f-9f5e-1a8b9f0b8d11 --user Burger_20",
	}
	cmd.RunE = p.at(func(ctx context.Context, c *Connection, args []string) error {
		if err := o.check(nil, orderSheet().names()); err != nil {
			return err
		}
		return p.showOrder(ctx, c, args[0], user, o)
	})
	o.add(cmd.Flags(), nil, orderSheet().names())
	cmd.Flags().StringVar(&user, "user", "", "who ordered, to read the row without an execution")
	p.bounded(cmd)
	return cmd
}

func (p *program) showOrder(ctx context.Context, c *Connection, name, user string, o output) error {
	arn, err := executionARN(c, name)
	if err != nil {
		return err
	}
	v := p.newPicture(c)
	err = v.read(ctx, monitor.Poll{Feed: monitor.DetailsFeed, Execution: arn})
	if err != nil && workflow.KindOf(err) != workflow.NotFound {
		return err
	}
	id := workflow.Execution{Name: name}.OrderID()
	if e, ok := v.store.Executions().Get(arn); ok {
		id = e.OrderID()
	}
	if user != "" {
		if err := v.read(ctx, monitor.Poll{Feed: monitor.RowsFeed, Rows: []workflow.RowKey{{UserID: user, ID: id}}}); err != nil {
			return err
		}
	}
	v.fill(ctx, func() monitor.Shown {
		return monitor.Shown{Definition: true, VisibleOrders: []workflow.OrderID{id}}
	})
	found, ok := v.store.Orders().Get(id)
	if !ok || found.Execution == nil && found.Row == nil {
		return &workflow.Problem{
			Kind: workflow.NotFound, Operation: "find an order", Target: name, Reason: "no execution has its name, and no row was found",
			Next: "It may wait in the queue or lie among the dead letters: orderops status. If you know who ordered, add --user.",
		}
	}
	if err := orderSheet().one(p, o, found); err != nil {
		return err
	}
	return v.complete("show the order")
}

func (p *program) ordersWatch() *cobra.Command {
	var o output
	columns := monitor.NewStore().Orders().Columns()
	cmd := &cobra.Command{
		Use: "watch", Short: "Print orders as they change, until ctrl+c", Args: cobra.NoArgs,
		Example: "orderops orders watch --filter row:FAILURE -o jsonl",
	}
	cmd.RunE = p.at(func(ctx context.Context, c *Connection, _ []string) error {
		if err := o.check(columns, orderSheet().names()); err != nil {
			return err
		}
		return p.watchOrders(ctx, c, o)
	})
	o.add(cmd.Flags(), columns, orderSheet().names())
	p.bounded(cmd)
	return cmd
}

func (p *program) watchOrders(ctx context.Context, c *Connection, o output) error {
	v := p.newPicture(c)
	told := map[workflow.OrderID][2]string{}
	out := orderSheet().open(p, o, true)
	begun := time.Now()
	shown := func() monitor.Shown {
		list := monitor.Shown{Executions: true, Running: true}
		for _, e := range v.store.Newest(defaultNewest) {
			list.VisibleOrders = append(list.VisibleOrders, e.OrderID())
		}
		return list
	}
	err := v.follow(ctx, shown, func() (bool, error) {
		if err := v.failing(monitor.ExecutionsFeed); err != nil {
			return true, err
		}
		for x := range v.store.Orders().All() {
			is := [2]string{x.Where, string(x.RowStatus())}
			before, seen := told[x.ID]
			if seen && before == is || !seen && x.Execution != nil && x.Execution.Status.Ended() && x.Execution.Stopped.Before(begun) {
				continue
			}
			told[x.ID] = is
			if !o.query.Match(x, time.Now()) {
				continue
			}
			if err := out.add(x); err != nil {
				return true, err
			}
		}
		return false, nil
	})
	return interrupted(ctx, err)
}
