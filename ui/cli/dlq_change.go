package cli

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"orderops/config"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
	"orderops/workflow/operation/journal"
)

// redriveWords say what a redrive of chosen messages does.
const redriveWords = "Each is received, looked up, saved in the journal, sent back where it came from with its lineage, and deleted. " +
	"Only what is safe is sent, unless --include says more. Then each order is followed to its end."

func (p *program) dlqRedrive() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use: "redrive [MESSAGE …]", Short: "Send dead letters back to the queue that they came from", Args: cobra.ArbitraryArgs,
		Long: redriveWords + "\n\nWith --all, SQS itself moves the whole queue: fast, but without verdicts, lineage or journal.",
		Example: "orderops dlq redrive --filter verdict:safe --canary 5\n" +
			"orderops dlq inspect -o jsonl | jq -c 'select(.restaurant==\"Restaurant 4\")' | orderops dlq redrive --from - --yes\n" +
			"orderops dlq redrive --all --rate 50 --dry-run",
	}
	cmd.RunE = p.with(func(ctx context.Context, args []string) error {
		if f.all {
			return p.redriveAll(ctx, f, args)
		}
		return p.runOver(ctx, operation.Redrive, f, args)
	})
	p.choice(cmd, &f)
	cmd.Flags().BoolVar(&f.all, "all", false, "let SQS move every message, whatever it is")
	p.verdicts(cmd, &f)
	cmd.Flags().BoolVar(&f.edited, "edited", false, "with --from: send the bodies that stand there where they differ, as new order ids")
	p.pace(cmd, &f)
	p.changing(cmd.Flags(), &f.changeFlags)
	p.bounded(cmd)
	return cmd
}

func (p *program) dlqPlan() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use: "plan [MESSAGE …]", Short: "Print what a redrive would do, as redrive --dry-run does", Args: cobra.ArbitraryArgs,
		Example: "orderops dlq plan --filter group:quantity",
	}
	cmd.RunE = p.with(func(ctx context.Context, args []string) error {
		f.dryRun = true
		if f.all {
			return p.redriveAll(ctx, f, args)
		}
		return p.runOver(ctx, operation.Redrive, f, args)
	})
	p.choice(cmd, &f)
	cmd.Flags().BoolVar(&f.all, "all", false, "let SQS move every message, whatever it is")
	cmd.Flags().StringSliceVar(&f.include, "include", nil, "also redrive these verdicts")
	cmd.Flags().StringVarP(&f.output, "output", "o", "", "format: table or json; by default table on a terminal, else json")
	p.pace(cmd, &f)
	p.unlocking(cmd.Flags())
	p.bounded(cmd)
	return cmd
}

func (p *program) dlqMove() *cobra.Command {
	var f runFlags
	var keep bool
	cmd := &cobra.Command{
		Use: "move [MESSAGE …]", Short: "Move or copy dead letters to another queue", Args: cobra.ArbitraryArgs,
		Example: "orderops dlq move --filter verdict:malformed --to https://sqs.eu-west-1.amazonaws.com/000000000000/quarantine --include malformed",
	}
	cmd.RunE = p.with(func(ctx context.Context, args []string) error {
		if f.to == "" {
			return &config.SettingError{Setting: "--to", Reason: "is missing", Next: "Give the URL of a queue."}
		}
		do := operation.Redrive
		if keep {
			do = operation.CopyTo
		}
		f.noFollow = true
		return p.runOver(ctx, do, f, args)
	})
	p.choice(cmd, &f)
	cmd.Flags().StringVar(&f.to, "to", "", "URL of the queue")
	cmd.Flags().BoolVar(&keep, "keep", false, "copy: leave the dead letters where they are")
	p.verdicts(cmd, &f)
	p.pace(cmd, &f)
	p.changing(cmd.Flags(), &f.changeFlags)
	p.bounded(cmd)
	return cmd
}

func (p *program) dlqDelete() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use: "delete [MESSAGE …]", Short: "Delete dead letters, which the journal keeps", Args: cobra.ArbitraryArgs,
		Example: "orderops dlq delete 5e0a4f1c-7d0c-4b0e-8f5a-0e6a3b1f2c33 --dry-run",
	}
	cmd.RunE = p.with(func(ctx context.Context, args []string) error { return p.runOver(ctx, operation.Delete, f, args) })
	p.choice(cmd, &f)
	p.pace(cmd, &f)
	p.changing(cmd.Flags(), &f.changeFlags)
	p.bounded(cmd)
	return cmd
}

func (p *program) dlqPurge() *cobra.Command {
	f := runFlags{filter: everything}
	cmd := &cobra.Command{
		Use: "purge", Short: "Delete every dead letter, which the journal keeps", Args: cobra.NoArgs,
		Long:    "Saves every dead letter in the journal, then deletes exactly those. What arrives meanwhile may stay.",
		Example: "orderops dlq purge --dry-run\norderops dlq purge --yes --typed OrderDeathLetterQueue",
	}
	cmd.RunE = p.with(func(ctx context.Context, args []string) error { return p.runOver(ctx, operation.Delete, f, args) })
	p.pace(cmd, &f)
	p.changing(cmd.Flags(), &f.changeFlags)
	p.bounded(cmd)
	return cmd
}

// everything is a filter that matches every dead letter: each was received.
const everything = "receives:>0"

// redriveAll lets SQS move the whole queue, and follows that.
func (p *program) redriveAll(ctx context.Context, f runFlags, args []string) error {
	if err := f.checkRun(args); err != nil {
		return err
	}
	if err := p.allowed(f.changeFlags, "redrive all"); err != nil {
		return err
	}
	return p.reach(ctx, func(c *Connection) error {
		plan, err := c.Desk.PlanRedriveAll(ctx, nil, f.rate)
		if err != nil {
			return err
		}
		if agreed, err := p.agreed(plan, f.changeFlags); !agreed {
			return err
		}
		_, record, err := c.Desk.RedriveAll(ctx, f.rate, nil)
		if err != nil || f.noFollow {
			return p.did(record, err, f.changeFlags)
		}
		task, err := p.followMove(ctx, c)
		if err != nil {
			return &workflow.Problem{
				Kind: workflow.PartlyDone, Operation: "follow the move task", Err: err, Reason: "SQS goes on with it: " + err.Error(),
				Next: "orderops dlq cancel stops it; orderops status shows it.",
			}
		}
		record.Detail = fmt.Sprintf("%s, %d moved", task.Status, task.Moved)
		if task.Status != workflow.MoveCompleted {
			return &workflow.Problem{
				Kind: workflow.PartlyDone, Operation: "redrive all", Reason: record.Detail + " " + task.FailureReason, Next: "Look at what is left: orderops dlq inspect.",
			}
		}
		return p.did(record, nil, f.changeFlags)
	})
}

// readMoves reads the dead-letter queue's move tasks, the newest first.
func (p *program) readMoves(ctx context.Context, c *Connection) ([]workflow.MoveTask, error) {
	v := p.newPicture(c)
	if err := v.read(ctx, monitor.Poll{Feed: monitor.DeadLetterQueueFeed}); err != nil {
		return nil, err
	}
	if err := v.read(ctx, monitor.Poll{Feed: monitor.MovesFeed}); err != nil {
		return nil, err
	}
	return v.store.Moves(), nil
}

// followMove waits until the newest move task has ended.
func (p *program) followMove(ctx context.Context, c *Connection) (workflow.MoveTask, error) {
	for {
		tasks, err := p.readMoves(ctx, c)
		if err != nil {
			return workflow.MoveTask{}, err
		}
		if len(tasks) > 0 && tasks[0].Status.Ended() {
			p.progress("")
			return tasks[0], nil
		}
		if len(tasks) > 0 {
			p.progress("%d of %d moved", tasks[0].Moved, tasks[0].ToMove)
		}
		select {
		case <-ctx.Done():
			return workflow.MoveTask{}, ctx.Err()
		case <-time.After(2 * time.Second):
		}
	}
}

func (p *program) dlqCancel() *cobra.Command {
	var f changeFlags
	cmd := &cobra.Command{
		Use: "cancel", Short: "Cancel the move task of SQS that runs", Args: cobra.NoArgs, Example: "orderops dlq cancel --yes",
	}
	cmd.RunE = p.with(func(ctx context.Context, _ []string) error {
		if err := p.allowed(f, "cancel move"); err != nil {
			return err
		}
		return p.reach(ctx, func(c *Connection) error {
			tasks, err := p.readMoves(ctx, c)
			if err != nil {
				return err
			}
			for _, task := range tasks {
				if task.Status.Ended() {
					continue
				}
				if agreed, err := p.agreed(c.Desk.PlanCancelMove(task), f); !agreed {
					return err
				}
				_, record, err := c.Desk.CancelMove(ctx, task)
				return p.did(record, err, f)
			}
			return &workflow.Problem{Kind: workflow.NotFound, Operation: "cancel move", Reason: "no move task of the dead-letter queue runs", Next: "There is nothing to do."}
		})
	})
	p.changing(cmd.Flags(), &f)
	p.bounded(cmd)
	return cmd
}

func (p *program) dlqFinish() *cobra.Command {
	var f runFlags
	var verify bool
	cmd := &cobra.Command{
		Use: "finish RUN", Short: "Finish a redrive or deletion that broke off", Args: cobra.ExactArgs(1),
		Long: "Takes up a run that a crash or ctrl+c has broken off, by its journal: what was sent is deleted, what is in doubt is looked up. " +
			"With --verify nothing is sent. dlq journal lists the runs.",
		Example: "orderops dlq journal\norderops dlq finish --verify 20261127T140000.000Z-1a2b3c4d",
	}
	cmd.RunE = p.with(func(ctx context.Context, args []string) error {
		if err := p.allowed(f.changeFlags, "finish"); err != nil {
			return err
		}
		return p.reach(ctx, func(c *Connection) error { return p.finishRun(ctx, c, args[0], verify, f) })
	})
	cmd.Flags().BoolVar(&verify, "verify", false, "send nothing: delete what has arrived, and name the rest")
	cmd.Flags().BoolVar(&f.noFollow, "no-follow", false, "do not wait for what becomes of the orders")
	p.changing(cmd.Flags(), &f.changeFlags)
	p.bounded(cmd)
	return cmd
}

func (p *program) finishRun(ctx context.Context, c *Connection, id string, verify bool, f runFlags) error {
	open, err := c.Desk.Unfinished()
	if err != nil {
		return err
	}
	for _, state := range open {
		if state.Head.ID != id {
			continue
		}
		if agreed, err := p.agreed(c.Desk.PlanFinish(state, verify), f.changeFlags); !agreed {
			return err
		}
		run, _, err := c.Desk.Finish(ctx, id, verify)
		if err != nil {
			return err
		}
		return p.attend(ctx, run, f)
	}
	return &workflow.Problem{
		Kind: workflow.NotFound, Operation: "finish", Target: id, Reason: "no run of that name over these dead letters broke off",
		Next: "orderops dlq journal lists them.",
	}
}

// runSheet are the fields of a run in the journal.
func runSheet() sheet[journal.State] {
	type s = journal.State
	return sheet[s]{name: "run/1", fields: []field[s]{
		{name: "run", id: true, help: "its name in the journal", value: func(x s) any { return x.Head.ID }},
		{name: "verb", help: "redrive, delete or copy", value: func(x s) any { return x.Head.Verb }},
		{name: "began", id: true, gives: 2, help: "when it began", value: func(x s) any { return x.Head.Began }},
		{name: "ended", help: "when it was closed; null while it is open", wide: true, value: func(x s) any { return x.Ended }},
		{name: "note", help: "how it ended", value: func(x s) any { return known(x.Note) }},
		{name: "total", id: true, gives: 3, help: "messages that were chosen", value: func(x s) any { return x.Head.Total }},
		{name: "begun", id: true, gives: 4, help: "messages that it has begun with", value: func(x s) any { return len(x.Items) }},
		{name: "open", help: "messages for which something remains to be done", value: func(x s) any { return len(x.Unfinished()) }},
		{name: "doubtful", help: "messages that may exist twice", value: func(x s) any { return len(x.Doubtful()) }},
		{name: "operator", help: "who", wide: true, value: func(x s) any { return known(x.Head.Operator) }},
		{name: "reason", help: "why", wide: true, value: func(x s) any { return known(x.Head.Reason) }},
		{name: "from", help: "URL of the dead-letter queue", wide: true, value: func(x s) any { return x.Head.From }},
		{name: "to", help: "URL of another queue than the one that they came from", wide: true, value: func(x s) any { return known(x.Head.To) }},
		{name: "filter", help: "what was chosen beside single messages", wide: true, value: func(x s) any { return known(x.Head.Filter) }},
	}}
}

func (p *program) dlqJournal() *cobra.Command {
	var o output
	cmd := &cobra.Command{
		Use: "journal [RUN]", Short: "List what was done to dead letters, or what became of each message of a run", Args: cobra.MaximumNArgs(1),
		Long:    "Reads the journal of this machine: every redrive, deletion and copy of this deployment's dead letters, the newest first.",
		Example: "orderops dlq journal\norderops dlq journal 20261127T140000.000Z-1a2b3c4d -o jsonl | jq -r .new",
	}
	cmd.RunE = p.at(func(_ context.Context, c *Connection, args []string) error {
		fields := runSheet().names()
		if len(args) > 0 {
			fields = itemSheet().names()
		}
		if err := o.check(nil, fields); err != nil {
			return err
		}
		runs, err := c.Desk.History()
		if len(args) == 0 {
			out := runSheet().open(p, o, false)
			for _, run := range runs {
				if printErr := out.add(run); printErr != nil {
					return printErr
				}
			}
			out.end()
			return err
		}
		for _, run := range runs {
			if run.Head.ID != args[0] {
				continue
			}
			out := itemSheet().open(p, o, false)
			for _, item := range run.Items {
				if printErr := out.add(item); printErr != nil {
					return printErr
				}
			}
			out.end()
			return nil
		}
		return &workflow.Problem{Kind: workflow.NotFound, Operation: "read the journal", Target: args[0], Reason: "it has no such run of these dead letters", Next: "orderops dlq journal lists them.", Err: err}
	})
	o.add(cmd.Flags(), nil, append(runSheet().names(), itemSheet().names()...))
	p.bounded(cmd)
	cmd.AddCommand(p.dlqJournalPrune())
	return cmd
}

func (p *program) dlqJournalPrune() *cobra.Command {
	var f changeFlags
	var days int
	cmd := &cobra.Command{
		Use: "prune", Short: "Delete old runs of the journal, with the messages in them", Args: cobra.NoArgs,
		Long: "Deletes the runs of this deployment from the journal of this machine that were closed longer ago than some days; by default those that the next start would delete. " +
			"What they deleted from the dead letters can't be restored any more. A run that is not finished is kept.",
		Example: "orderops dlq journal prune --days 7 --dry-run\norderops dlq journal prune --days 0 --yes",
	}
	cmd.RunE = p.with(func(ctx context.Context, _ []string) error {
		if err := f.check(); err != nil {
			return err
		}
		if !cmd.Flags().Changed("days") {
			days = cmp.Or(p.settings.JournalDays, config.DefaultJournalDays)
		}
		if days < 0 || days > config.MostJournalDays {
			return &config.SettingError{Setting: "--days", Reason: fmt.Sprintf("must be from 0 to %d", config.MostJournalDays), Next: "0 is every run that was closed."}
		}
		return p.reach(ctx, func(c *Connection) error {
			plan, err := c.Desk.PlanPrune(days)
			if err != nil {
				return err
			}
			if agreed, err := p.agreed(plan, f); !agreed {
				return err
			}
			record, err := c.Desk.Prune(days)
			return p.did(record, err, f)
		})
	})
	cmd.Flags().IntVar(&days, "days", 0, "delete what was closed more than so many days ago; by default as journal_days says")
	cmd.Flags().Lookup("days").DefValue = ""
	p.changing(cmd.Flags(), &f)
	p.bounded(cmd)
	return cmd
}
