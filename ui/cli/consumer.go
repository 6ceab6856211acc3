package cli

import (
	"context"

	"github.com/spf13/cobra"

	"orderops/workflow"
)

// consumerSheet are the fields of the consumer.
func consumerSheet() sheet[workflow.Consumer] {
	type c = workflow.Consumer
	return sheet[c]{name: "consumer/1", fields: []field[c]{
		{name: "function", help: "the function's name; null when nothing reads the order queue", value: func(x c) any { return known(x.Function) }},
		{name: "state", help: "Lambda's word: Enabled, Disabled, Enabling, Disabling, Creating, Updating", value: func(x c) any { return known(x.State) }},
		{name: "reads", help: "whether it takes messages, or is about to", value: func(x c) any { return x.Reads() }},
		{name: "batch", help: "most messages of one call", value: func(x c) any { return x.BatchSize }},
		{name: "partial", help: "whether one bad message of a batch comes back alone", value: func(x c) any { return x.PartialFailures }},
		{name: "last", help: "what became of the last poll", value: func(x c) any { return known(x.LastResult) }},
		{name: "deployed", help: "when the function was last changed", value: func(x c) any { return x.Deployed }},
		{name: "mapping", help: "id of the event source mapping", value: func(x c) any { return known(x.UUID) }},
	}}
}

func (p *program) consumer() *cobra.Command {
	cmd := &cobra.Command{
		Use: "consumer", Args: cobra.NoArgs, Short: "Show, pause and resume the consumer of the order queue",
		Long: "Works on the event source mapping that feeds the order queue to its function. While it is paused, orders are accepted and wait in the queue.",
	}
	cmd.AddCommand(p.consumerStatus(), p.consumerSwitch("pause", "Stop reading the order queue", false), p.consumerSwitch("resume", "Read the order queue again", true))
	return cmd
}

func (p *program) consumerStatus() *cobra.Command {
	var o output
	cmd := &cobra.Command{Use: "status", Short: "Show who reads the order queue", Args: cobra.NoArgs, Example: "orderops consumer status -o json | jq -r .state"}
	cmd.RunE = p.at(func(ctx context.Context, c *Connection, _ []string) error {
		if err := o.check(nil, consumerSheet().names()); err != nil {
			return err
		}
		consumer, err := c.Desk.ReadConsumer(ctx)
		if err != nil {
			return err
		}
		return consumerSheet().one(p, o, consumer)
	})
	o.add(cmd.Flags(), nil, consumerSheet().names())
	p.bounded(cmd)
	return cmd
}

func (p *program) consumerSwitch(verb, short string, on bool) *cobra.Command {
	var f changeFlags
	cmd := &cobra.Command{Use: verb, Short: short, Args: cobra.NoArgs, Example: "orderops consumer " + verb + " --dry-run"}
	cmd.RunE = p.with(func(ctx context.Context, _ []string) error {
		return p.change(ctx, f, verb+" the consumer", func(ctx context.Context, c *Connection) (proposal, error) {
			consumer, err := c.Desk.ReadConsumer(ctx)
			if err != nil {
				return proposal{}, err
			}
			plan, err := c.Desk.PlanConsumer(consumer, on)
			return proposal{plan: plan, apply: func(ctx context.Context) error {
				record, err := c.Desk.SwitchConsumer(ctx, consumer, on)
				return p.did(record, err, f)
			}}, err
		})
	})
	p.changing(cmd.Flags(), &f)
	p.bounded(cmd)
	return cmd
}
