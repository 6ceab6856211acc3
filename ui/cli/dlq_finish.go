package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"orderops/config"
	"orderops/workflow"
	"orderops/workflow/operation"
	"orderops/workflow/operation/journal"
)

func (p *program) dlqFinish() *cobra.Command {
	var f runFlags
	var verify bool
	cmd := &cobra.Command{
		Use: "finish RUN", Short: "Finish a redrive or deletion that broke off", Args: cobra.ExactArgs(1),
		Long: "Takes up a run that a crash or ctrl+c has broken off, by its journal: what was sent is deleted, what is in doubt is looked up. " +
			"With --verify nothing is sent. dlq journal lists the runs.",
		Example: "orderops dlq journal\norderops dlq finish --verify 20261127T140000.000Z",
	}
	cmd.RunE = p.with(func(ctx context.Context, args []string) error {
		return p.change(ctx, f.changeFlags, "finish", func(_ context.Context, c *Connection) (proposal, error) {
			return p.finishRun(c, args[0], verify, f)
		})
	})
	cmd.Flags().BoolVar(&verify, "verify", false, "send nothing: delete what has arrived, and name the rest")
	cmd.Flags().BoolVar(&f.noFollow, "no-follow", false, "do not wait for what becomes of the orders")
	p.changing(cmd.Flags(), &f.changeFlags)
	p.bounded(cmd)
	return cmd
}

func (p *program) finishRun(c *Connection, id string, verify bool, f runFlags) (proposal, error) {
	open, err := c.Desk.Unfinished()
	if err != nil {
		return proposal{}, err
	}
	at := slices.IndexFunc(open, func(s journal.State) bool { return s.Head.ID == id })
	if at < 0 {
		return proposal{}, &workflow.Problem{
			Kind: workflow.NotFound, Operation: "finish", Target: id, Reason: "no run of that name over these dead letters broke off",
			Next: "orderops dlq journal lists them.",
		}
	}
	return proposal{plan: c.Desk.PlanFinish(open[at], verify), apply: func(ctx context.Context) error {
		run, _, err := c.Desk.Finish(ctx, id, verify)
		if err != nil {
			return err
		}
		return p.attend(ctx, run, f)
	}}, nil
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
		{name: "open", help: "messages that it has begun with and for which something remains to be done", value: func(x s) any { return len(x.Unfinished()) }},
		{name: "doubtful", help: "messages that may exist twice", value: func(x s) any { return len(x.Doubtful()) }},
		{name: "operator", help: "who", wide: true, value: func(x s) any { return known(x.Head.Operator) }},
		{name: "reason", help: "why", wide: true, value: func(x s) any { return known(x.Head.Reason) }},
		{name: "from", help: "URL of the dead-letter queue", wide: true, value: func(x s) any { return x.Head.From }},
		{name: "to", help: "URL of another queue than the one that they came from", wide: true, value: func(x s) any { return known(x.Head.To) }},
		{name: "filter", help: "what was chosen beside single messages", wide: true, value: func(x s) any { return known(x.Head.Filter) }},
		{name: "edited_by", help: "what made the bodies of an edit, such as a jq expression", wide: true, value: func(x s) any { return known(x.Head.EditedBy) }},
	}}
}

func (p *program) dlqJournal() *cobra.Command {
	var o output
	cmd := &cobra.Command{
		Use: "journal [RUN]", Short: "List what was done to dead letters, or what became of each message of a run", Args: cobra.MaximumNArgs(1),
		Long:    "Reads the journal of this machine: every redrive, deletion and copy of this deployment's dead letters, the newest first.",
		Example: "orderops dlq journal\norderops dlq journal 20261127T140000.000Z -o jsonl | jq -r .new",
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
				if printErr := out.add(shownItem(operation.Verb(run.Head.Verb), item)); printErr != nil {
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
		return p.reach(ctx, func(c *Connection) error { // it changes nothing in AWS: no guard has a say in it
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
