package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
	"orderops/workflow/operation/planfile"
)

// apply is the command that applies a plan of a file.
func (p *program) apply() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use: "apply FILE", Short: "Apply a plan that was saved before, as far as it still holds", Args: cobra.ExactArgs(1),
		Long: "Reads a plan that --dry-run --plan FILE has written, here or on another machine, and looks at everything again that it is about: whether the message is there " +
			"with the same body, what a redrive would do to it now, whether the execution is as it was. What changed is dropped, and told; then the plan is shown and asked for " +
			"as if it were made now, and left out of it is what does not hold. The file is no permission: --yes, --typed, --reason and --confirm are needed as without it. " +
			"It ends with 4 when something was dropped and the rest is done.",
		Example: "orderops dlq redrive --filter verdict:safe --dry-run --plan noon.plan.json\n" +
			"orderops apply noon.plan.json --dry-run\n" +
			"orderops apply noon.plan.json --yes",
	}
	cmd.RunE = p.with(func(ctx context.Context, args []string) error {
		saved, err := planfile.Load(args[0])
		if err != nil {
			return err
		}
		if f.dryRun && saved.Operation != planfile.Executions {
			if err := p.unlocked("look at the dead letters, which would receive them"); err != nil {
				return err
			}
		}
		return p.change(ctx, f.changeFlags, saved.Operation, func(ctx context.Context, c *Connection) (proposal, error) {
			switch saved.Operation {
			case planfile.RedriveAll:
				plan, err := c.Desk.ReviseMove(ctx, saved)
				return p.moveProposal(c, plan, f), err
			case planfile.Restore, planfile.Import:
				return p.reviseRestore(ctx, c, saved, args[0], f)
			case planfile.Executions:
				return p.reviseExecutions(ctx, c, saved, f)
			}
			return p.reviseRun(ctx, c, saved, f)
		})
	})
	p.changing(cmd.Flags(), &f.changeFlags)
	f.atOnce = "the plan is in a file already"
	cmd.Flags().BoolVar(&f.noFollow, "no-follow", false, "end when all are sent, and do not wait for what becomes of the orders")
	p.bounded(cmd)
	return cmd
}

func (p *program) reviseRun(ctx context.Context, c *Connection, saved planfile.Plan, f runFlags) (proposal, error) {
	rest, judged, err := monitor.LetterFilter(saved.Filter)
	if err != nil {
		return proposal{}, &workflow.Problem{
			Kind: workflow.Invalid, Operation: "read the plan", Target: "filter", Reason: "it can't be read: " + err.Error(), Next: "Make the plan again.", Err: err,
		}
	}
	p.costs()
	r, err := c.Desk.ReviseRun(ctx, saved, rest, judged, operation.Look{Told: func(found int) {
		p.progress("%d of %d messages of the plan found", found, len(saved.Messages))
	}})
	p.progress("")
	p.tellDropped(r.Dropped)
	f.dropped = r.Dropped
	return p.runProposal(c, r.RunPlan, f), err
}

func (p *program) reviseExecutions(ctx context.Context, c *Connection, saved planfile.Plan, f runFlags) (proposal, error) {
	r, err := c.Desk.ReviseExecutions(ctx, saved, func(asked int) {
		p.progress("%d of %d executions of the plan looked up", asked, len(saved.Executions))
	})
	p.progress("")
	p.tellDropped(r.Dropped)
	return proposal{plan: r.Plan, apply: func(ctx context.Context) error {
		return allOf(r.Dropped, p.redriveEach(ctx, c, operation.Eligible(r.Prospects), f.changeFlags))
	}}, err
}

func (p *program) reviseRestore(ctx context.Context, c *Connection, saved planfile.Plan, path string, f runFlags) (proposal, error) {
	var messages []workflow.Message
	if saved.Operation == planfile.Import {
		var err error
		if messages, err = saved.Letters(path); err != nil {
			return proposal{}, err
		}
	}
	r, err := c.Desk.ReviseRestore(ctx, saved, messages)
	p.tellDropped(r.Dropped)
	f.dropped = r.Dropped
	return p.restoreProposal(c, r.RestorePlan, planfile.Source{}, f), err
}

// tellDropped says what of a saved plan is not done, one by one.
func (p *program) tellDropped(dropped []operation.Dropped) {
	for _, d := range dropped {
		p.say("dropped %s: %s", d.ID, d.Why)
	}
}

// allOf is how a saved plan ended of which something was dropped: not all of it
// was done, even when the rest was.
func allOf(dropped []operation.Dropped, err error) error {
	if err != nil || len(dropped) == 0 {
		return err
	}
	return &workflow.Problem{
		Kind: workflow.PartlyDone, Operation: "apply the whole plan", Reason: fmt.Sprintf("%d of it were dropped because they changed; the rest is done", len(dropped)),
		Next: "Which, and why, is told above.",
	}
}
