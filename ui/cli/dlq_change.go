package cli

import (
	"context"

	"github.com/spf13/cobra"

	"orderops/config"
	"orderops/workflow/operation"
)

// redriveWords say what a redrive of chosen messages does.
const redriveWords = "Each is received, looked up, saved in the journal, sent back where it came from with its lineage, and deleted. " +
	"Only what is safe is sent, unless --include says more. Then each order is followed to its end."

func (p *program) dlqRedrive() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use: "redrive [MESSAGE …]", Short: "Send dead letters back to the queue that they came from", Args: cobra.ArbitraryArgs,
		Long: redriveWords + "\n\nWith --all, SQS itself moves the whole queue: fast, but without verdicts, lineage or journal. " +
			"It ends with the move task; ctrl+c leaves that running.",
		Example: "orderops dlq redrive --filter verdict:safe --canary 5\n" +
			"orderops dlq inspect -o jsonl | jq -c 'select(.restaurant==\"Restaurant 4\")' | orderops dlq redrive --from - --yes\n" +
			"orderops dlq redrive --filter verdict:safe --dry-run --plan noon.plan.json\norderops apply noon.plan.json\n" +
			"orderops dlq redrive --all --rate 50 --inspect --dry-run",
	}
	cmd.RunE = p.with(func(ctx context.Context, args []string) error {
		switch {
		case f.all:
			return p.redriveAll(ctx, f, args)
		case f.to != "":
			return &config.SettingError{Setting: "--to", Reason: "has a meaning only with --all", Next: "Chosen messages are moved by orderops dlq move."}
		}
		return p.runOver(ctx, operation.Redrive, f, args)
	})
	p.choice(cmd, &f)
	p.wholeQueue(cmd, &f)
	p.verdicts(cmd, &f)
	cmd.Flags().BoolVar(&f.edited, "edited", false, "with --from: send the bodies that stand there where they differ, as new order ids")
	p.pace(cmd, &f)
	p.saving(cmd.Flags(), &f.changeFlags)
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
	p.wholeQueue(cmd, &f)
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
		Example: "orderops dlq move --filter verdict:malformed --to quarantine --include malformed",
	}
	cmd.RunE = p.with(func(ctx context.Context, args []string) error {
		if f.to == "" {
			return &config.SettingError{Setting: "--to", Reason: "is missing", Next: "Give the name, URL or ARN of a queue."}
		}
		do := operation.Redrive
		if keep {
			do = operation.CopyTo
		}
		f.noFollow = true
		return p.runOver(ctx, do, f, args)
	})
	p.choice(cmd, &f)
	cmd.Flags().StringVar(&f.to, "to", "", "the queue: its name beside the dead-letter queue, its URL or its ARN")
	cmd.Flags().BoolVar(&keep, "keep", false, "copy: leave the dead letters where they are")
	p.verdicts(cmd, &f)
	p.pace(cmd, &f)
	p.saving(cmd.Flags(), &f.changeFlags)
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
	p.saving(cmd.Flags(), &f.changeFlags)
	p.bounded(cmd)
	return cmd
}

func (p *program) dlqPurge() *cobra.Command {
	f := runFlags{filter: everything}
	bare := false
	cmd := &cobra.Command{
		Use: "purge", Short: "Delete every dead letter, which the journal keeps", Args: cobra.NoArgs,
		Long: "Saves every dead letter in the journal, then deletes exactly those; dlq restore puts them back. What arrives meanwhile may stay.\n\n" +
			"With --not-archived, SQS itself empties the queue by PurgeQueue: nothing is saved and nothing can be put back. It also destroys what others hold at the moment, " +
			"what is delayed, and what arrives within the minute that it takes; SQS takes no second one within 60 seconds. The queue's name is asked for always.",
		Example: "orderops dlq purge --dry-run\norderops dlq purge --yes --typed OrderDeathLetterQueue\norderops dlq purge --not-archived --dry-run",
	}
	cmd.RunE = p.with(func(ctx context.Context, args []string) error {
		if bare {
			f.atOnce = "PurgeQueue destroys whatever is there when it runs, and a kept plan could not tell what that will be"
			return p.purgeBare(ctx, f.changeFlags)
		}
		return p.runOver(ctx, operation.Delete, f, args)
	})
	cmd.Flags().BoolVar(&bare, "not-archived", false, "let SQS destroy everything, without the journal; there is no way back")
	p.pace(cmd, &f)
	p.saving(cmd.Flags(), &f.changeFlags)
	p.bounded(cmd)
	return cmd
}

// purgeBare lets SQS empty the queue.
func (p *program) purgeBare(ctx context.Context, f changeFlags) error {
	return p.change(ctx, f, "purge the dead letters", func(ctx context.Context, c *Connection) (proposal, error) {
		plan, err := c.Desk.PlanPurge(ctx, nil)
		return proposal{plan: plan, apply: func(ctx context.Context) error {
			record, err := c.Desk.Purge(ctx)
			return p.did(record, err, f)
		}}, err
	})
}

// everything is a filter that matches every dead letter: each was received.
const everything = "receives:>0"
