package cli

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"orderops/ui/text"
	"orderops/workflow"
)

// logSheet are the fields of a line that a function logged.
func logSheet() sheet[workflow.LogLine] {
	type l = workflow.LogLine
	return sheet[l]{name: "log/1", fields: []field[l]{
		{name: "time", help: "when it was logged", value: func(x l) any { return x.Time }},
		{name: "gist", help: "level, reason and message of a line that is JSON", value: func(x l) any { return known(x.Gist()) }},
		{name: "line", help: "the line: JSON as it is, else a text", value: func(x l) any { return document(x.Text) }},
		{name: "stream", help: "the log stream, which is one instance of the function", wide: true, value: func(x l) any { return known(x.Stream) }},
	}}
}

func (p *program) executionsLogs() *cobra.Command {
	var o output
	var state string
	cmd := &cobra.Command{
		Use: "logs EXECUTION", Short: "Print what the function of a step logged", Args: cobra.ExactArgs(1),
		Long: "Reads the log of the Lambda function that a step called, from shortly before the step to shortly after it: the lines that hold the order's id, " +
			"or, when there are none, all lines of that time. Without --state it is the step that failed last, else the last one that called a function.",
		Example: "orderops executions logs 7c1e24a0-0c8a-4f4f-9f5e-1a8b9f0b8d11\n" +
			"orderops executions logs 7c1e24a0-0c8a-4f4f-9f5e-1a8b9f0b8d11 --state ProcessPayment -o jsonl | jq .line",
	}
	cmd.RunE = p.at(func(ctx context.Context, c *Connection, args []string) error {
		if err := o.check(nil, logSheet().names()); err != nil {
			return err
		}
		v, e, err := p.lookUp(ctx, c, args[0])
		if err != nil {
			return err
		}
		events, _ := v.store.History(e.ARN)
		step, err := loggedStep(workflow.Steps(events, e.Status), state, args[0])
		if err != nil {
			return err
		}
		ask, _ := workflow.LogAskOf(step, e.OrderID(), time.Now()) // it calls a function
		told, err := patient(ctx, func(ctx context.Context) (workflow.FunctionLog, error) { return c.FunctionLog(ctx, ask) })
		if err != nil {
			return err
		}
		return p.printLog(o, step, told)
	})
	cmd.Flags().StringVar(&state, "state", "", "the state whose function it is; of several visits the last")
	o.add(cmd.Flags(), nil, logSheet().names())
	p.bounded(cmd)
	return cmd
}

// loggedStep is the step whose function's log is asked for.
func loggedStep(steps []workflow.Step, state, execution string) (workflow.Step, error) {
	var last workflow.Step
	for _, s := range slices.Backward(steps) {
		switch {
		case s.Function == "" || state != "" && s.State != state:
		case state != "", s.Error != "":
			return s, nil
		case last.State == "":
			last = s
		}
	}
	if last.State != "" {
		return last, nil
	}
	reason := "none of the steps that it reached called a Lambda function"
	if state != "" {
		reason = "it reached no state " + state + " that called a Lambda function"
	}
	return last, &workflow.Problem{
		Kind: workflow.NotFound, Operation: "read the log of a step", Target: execution, Reason: reason,
		Next: "See its steps with orderops executions history.",
	}
}

// printLog prints the lines, and on the error stream what they are.
func (p *program) printLog(o output, step workflow.Step, told workflow.FunctionLog) error {
	out := logSheet().open(p, o, false)
	for _, line := range told.Lines {
		if err := out.add(line); err != nil {
			return err
		}
	}
	out.end()
	p.say("%s, %s, from %s to %s: lines: %d", text.Clean(told.Group), text.Clean(step.State), told.From.UTC().Format(time.RFC3339), told.To.UTC().Format(time.RFC3339), len(told.Lines))
	if told.Assumed != "" {
		p.say("taken for its log group, as its configuration can't be read (%s)", text.Clean(told.Assumed))
	}
	if told.Mixed && len(told.Lines) > 0 {
		p.say("no line names the order: these are all lines of that time, of other orders too")
	}
	if told.More {
		return &workflow.Problem{
			Kind: workflow.PartlyDone, Operation: "read the log of a step", Target: told.Group, Reason: fmt.Sprintf("there is more than the %d lines that were read", len(told.Lines)),
			Next: "Read the rest with aws logs filter-log-events.",
		}
	}
	return nil
}
