package cli

import (
	"context"

	"github.com/spf13/cobra"
)

// iam is the command that prints a policy.
func (p *program) iam() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "iam TIER",
		Short: "Print the least IAM policy for read-only, operator or admin",
		Long: "Prints the IAM policy with which a tier can do its work on this deployment, and on no other. " +
			"read-only looks at everything and changes nothing; operator also orders, stops, runs again and redrives; admin also purges, " +
			"restores and switches the consumer, and may mend by other tools what this one only reads: queue settings, the machine, rows. Whoever has such a policy names the stack: orderops --stack NAME.",
		Example: "orderops iam read-only\n" +
			"orderops iam operator >operator.json",
		Args:      cobra.ExactArgs(1),
		ValidArgs: tiers(),
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return p.do(func(ctx context.Context) error {
			if err := checkTier("TIER", args[0]); err != nil {
				return err
			}
			document, err := p.actions.Policy(ctx, p.settings, args[0])
			if err == nil {
				p.print("%s\n", document)
			}
			return err
		})(cmd, args)
	}
	return cmd
}
