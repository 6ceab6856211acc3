package cli

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"orderops/workflow"
	"orderops/workflow/monitor"
)

// executionSheet are the fields of an execution.
func executionSheet() sheet[*monitor.Execution] {
	type e = *monitor.Execution
	return sheet[e]{name: "execution/1", fields: []field[e]{
		{name: "status", id: true, status: true, help: "of Step Functions: RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED, PENDING_REDRIVE", value: func(x e) any { return string(x.Status) }},
		{name: "order", id: true, help: "name of the execution, which is the order id", value: func(x e) any { return x.Name }},
		{name: "state", help: "where it is, or ended", value: func(x e) any { return known(x.State) }},
		{name: "started", id: true, gives: 2, help: "when it was started", value: func(x e) any { return x.Started }},
		{name: "stopped", help: "when it ended; null while it runs", wide: true, value: func(x e) any { return x.Stopped }},
		{name: "duration", id: true, gives: 4, help: "seconds from its start to its end, or to now", value: func(x e) any { return seconds(x.Duration(time.Now())) }},
		{name: "user", gives: 1, help: "who ordered", value: func(x e) any { return known(x.UserID) }},
		{name: "quantity", id: true, gives: 6, help: "how many", value: func(x e) any { return known(x.Quantity) }},
		{name: "restaurant", gives: 5, help: "where", value: func(x e) any { return known(x.Restaurant) }},
		{name: "redrives", help: "how often it was redriven", wide: true, value: func(x e) any { return x.RedriveCount }},
		{name: "error", help: "the error that it ended with", value: func(x e) any { return known(x.Error) }},
		{name: "cause", help: "the cause that it ended with", wide: true, value: func(x e) any { return known(x.Cause) }},
		{name: "input", help: "the input as JSON text; only of one that is described", wide: true, value: func(x e) any { return known(x.Input) }},
		{name: "output", help: "the output as JSON text; only of one that is described", wide: true, value: func(x e) any { return known(x.Output) }},
		{name: "arn", id: true, help: "the ARN", wide: true, value: func(x e) any { return string(x.ARN) }},
	}}
}

// known is a text, or nothing when it is empty.
func known(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// seconds are whole milliseconds, in seconds.
func seconds(d time.Duration) any { return float64(d.Milliseconds()) / 1000 }

func (p *program) executions() *cobra.Command {
	cmd := &cobra.Command{
		Use: "executions", Aliases: []string{"execution"}, Args: cobra.NoArgs,
		Short: "List, follow, stop, redrive and run again executions",
		Long: "Works on executions of the state machine. An execution is named by its name, which is the order id, or by its ARN. " +
			"What is listed is what the dashboard shows: the newest first, one call for up to a thousand, and one call for the order of each that is looked at.",
	}
	cmd.AddCommand(
		p.executionsList(), p.executionsShow(), p.executionsHistory(), p.executionsLogs(), p.executionsGraph(), p.executionsWatch(),
		p.executionsStop(), p.executionsRedrive(), p.executionsRerun(),
	)
	return cmd
}

func (p *program) executionsList() *cobra.Command {
	var f listFlags
	columns := monitor.NewStore().Executions().Columns()
	cmd := &cobra.Command{
		Use: "list", Short: "List the newest executions", Args: cobra.NoArgs,
		Long: "Lists the newest executions, at first 50: what is left out is told on the error stream. With --since or a larger --newest it reads on, a page of a thousand " +
			"at a time, within the budget of calls; what was printed is not kept, unless it has to be sorted.",
		Example: "orderops executions list --filter 'status:failed started:<1h'\n" +
			"orderops executions list --since 24h --quick -o csv > executions.csv",
	}
	cmd.RunE = p.at(func(ctx context.Context, c *Connection, _ []string) error {
		if err := f.checkList(columns, executionSheet().names()); err != nil {
			return err
		}
		return p.listExecutions(ctx, c, &f)
	})
	f.addTo(cmd, columns, executionSheet().names())
	cmd.Flags().BoolVar(&f.quick, "quick", false, "only what the list tells, in one call for a thousand: no state, order nor error")
	p.bounded(cmd)
	return cmd
}

func (p *program) listExecutions(ctx context.Context, c *Connection, f *listFlags) error {
	l := listing[*monitor.Execution]{
		p: p, c: c, f: f, out: executionSheet().open(p, f.output, false),
		shown: func(looked []workflow.Execution) monitor.Shown {
			list := monitor.Shown{Definition: true}
			for _, e := range looked {
				list.VisibleExecutions = append(list.VisibleExecutions, e.ARN)
			}
			return list
		},
		rows: func(v *picture, looked []workflow.Execution) []*monitor.Execution {
			wanted := make(map[workflow.ExecutionARN]bool, len(looked))
			for _, e := range looked {
				wanted[e.ARN] = true
			}
			index := v.store.Executions()
			order(index, f)
			index.SetFilter(f.query, time.Now())
			var rows []*monitor.Execution
			for i := range index.Len() {
				if e := index.At(i); wanted[e.ARN] {
					rows = append(rows, e)
				}
			}
			return rows
		},
	}
	return l.run(ctx, "list the executions")
}

// executionARN is the execution that an argument names.
func executionARN(c *Connection, name string) (workflow.ExecutionARN, error) {
	if strings.HasPrefix(name, "arn:") {
		return workflow.ExecutionARN(name), nil
	}
	if c.Deployment.StateMachineARN == "" {
		return "", &workflow.Problem{
			Kind: workflow.Invalid, Operation: "find an execution", Target: name, Reason: "the deployment has no state machine that is known",
			Next: "Name it with --state-machine.",
		}
	}
	if err := workflow.CheckOrderID(workflow.OrderID(name)); err != nil {
		return "", &workflow.Problem{
			Kind: workflow.Invalid, Operation: "find an execution", Target: name, Reason: "this can't be the name of one: it " + err.Error(),
			Next: "Give a name or an ARN, as executions list prints them.",
		}
	}
	return workflow.ExecutionOf(c.Deployment.StateMachineARN, name), nil
}

// lookUp reads everything about one execution.
func (p *program) lookUp(ctx context.Context, c *Connection, name string) (*picture, *monitor.Execution, error) {
	arn, err := executionARN(c, name)
	if err != nil {
		return nil, nil, err
	}
	v := p.newPicture(c)
	if err := v.read(ctx, monitor.Poll{Feed: monitor.DetailsFeed, Execution: arn}); err != nil {
		return nil, nil, err
	}
	v.fill(ctx, func() monitor.Shown { return monitor.Shown{Definition: true, Open: arn} })
	e, ok := v.store.Executions().Get(arn)
	if !ok {
		return nil, nil, &workflow.Problem{Kind: workflow.NotFound, Operation: "find an execution", Target: name, Reason: "there is none of that name"}
	}
	return v, e, nil
}

func (p *program) executionsShow() *cobra.Command {
	var o output
	cmd := &cobra.Command{
		Use: "show EXECUTION", Short: "Show one execution", Args: cobra.ExactArgs(1),
		Example: "orderops executions show 7c1e24a0-0c8a-4f4f-9f5e-1a8b9f0b8d11 -o json | jq -r .input",
	}
	cmd.RunE = p.at(func(ctx context.Context, c *Connection, args []string) error {
		if err := o.check(nil, executionSheet().names()); err != nil {
			return err
		}
		v, e, err := p.lookUp(ctx, c, args[0])
		if err != nil {
			return err
		}
		if err := executionSheet().one(p, o, e); err != nil {
			return err
		}
		return v.complete("show the execution")
	})
	o.add(cmd.Flags(), nil, executionSheet().names())
	p.bounded(cmd)
	return cmd
}

// eventSheet are the fields of an event of a history.
func eventSheet() sheet[workflow.Event] {
	type e = workflow.Event
	return sheet[e]{name: "event/1", fields: []field[e]{
		{name: "id", id: true, help: "number in the history", value: func(x e) any { return x.ID }},
		{name: "time", id: true, gives: 1, help: "when it happened", value: func(x e) any { return x.Time }},
		{name: "type", help: "of Step Functions, such as TaskStateEntered", value: func(x e) any { return x.Type }},
		{name: "state", gives: 2, help: "the state that was entered or left", value: func(x e) any { return known(x.State) }},
		{name: "summary", help: "the event in words", value: func(x e) any { return workflow.EventSummary(x) }},
		{name: "previous", help: "number of the event before", wide: true, value: func(x e) any { return x.PreviousID }},
		{name: "resource", help: "the function or the action that was called", wide: true, value: func(x e) any { return known(x.Resource) }},
		{name: "error", help: "the error", wide: true, value: func(x e) any { return known(x.Error) }},
		{name: "cause", help: "the cause", wide: true, value: func(x e) any { return known(x.Cause) }},
		{name: "input", help: "the input, as JSON", wide: true, value: func(x e) any { return document(x.Input) }},
		{name: "output", help: "the output, as JSON", wide: true, value: func(x e) any { return document(x.Output) }},
	}}
}

// document is JSON as it is, a text when it is none, or nothing.
func document(s string) any {
	if json.Valid([]byte(s)) {
		return json.RawMessage(s)
	}
	return known(s)
}

func (p *program) executionsHistory() *cobra.Command {
	var o output
	cmd := &cobra.Command{
		Use: "history EXECUTION", Short: "Print the events of an execution", Args: cobra.ExactArgs(1),
		Example: "orderops executions history 7c1e24a0-0c8a-4f4f-9f5e-1a8b9f0b8d11 -o jsonl | jq 'select(.error)'",
	}
	cmd.RunE = p.at(func(ctx context.Context, c *Connection, args []string) error {
		if err := o.check(nil, eventSheet().names()); err != nil {
			return err
		}
		v, e, err := p.lookUp(ctx, c, args[0])
		if err != nil {
			return err
		}
		events, _ := v.store.History(e.ARN)
		out := eventSheet().open(p, o, false)
		for _, event := range events {
			if err := out.add(event); err != nil {
				return err
			}
		}
		out.end()
		return v.complete("read the history")
	})
	o.add(cmd.Flags(), nil, eventSheet().names())
	p.bounded(cmd)
	return cmd
}
