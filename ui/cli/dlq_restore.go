package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"orderops/config"
	"orderops/workflow"
	"orderops/workflow/letterfile"
	"orderops/workflow/operation"
	"orderops/workflow/operation/journal"
	"orderops/workflow/operation/planfile"
)

func (p *program) dlqImport() *cobra.Command {
	var f runFlags
	var inspect bool
	cmd := &cobra.Command{
		Use: "import FILE", Short: "Send the dead letters of an exported file to the dead-letter queue", Args: cobra.ExactArgs(1),
		Long: "Reads what dlq export has written, or the dashboard, and sends each message to the dead-letter queue, byte for byte, with its attributes and its trace header; - is the standard input. " +
			"The whole file is checked before anything is sent. What was imported or restored before, or redriven since, is left out, as far as the journal of this machine knows. Every message gets a new id.",
		Example: "orderops dlq export >dead-letters.jsonl\norderops dlq import dead-letters.jsonl --dry-run\norderops dlq import dead-letters.jsonl --inspect --yes --typed OrderDeathLetterQueue",
	}
	cmd.RunE = p.with(func(ctx context.Context, args []string) error {
		if err := f.checkPace(operation.MostRunRate); err != nil {
			return err
		}
		if err := p.allowed(f.changeFlags, "import dead letters"); err != nil {
			return err
		}
		messages, source, err := p.readLetters(args[0])
		if err != nil {
			return err
		}
		if f.plan != "" && args[0] == "-" {
			return &config.SettingError{Setting: "--plan", Reason: "needs a file: the standard input can't be read again", Next: "Write it to a file first."}
		}
		return p.change(ctx, f.changeFlags, "import dead letters", func(ctx context.Context, c *Connection) (proposal, error) {
			var present []workflow.MessageID
			if inspect {
				letters, err := p.present(ctx, c)
				if err != nil {
					return proposal{}, err
				}
				for _, letter := range letters {
					present = append(present, letter.ID)
				}
			}
			plan, err := c.Desk.PlanImport(ctx, filepath.Base(args[0]), messages, present)
			if err != nil {
				return proposal{}, err
			}
			return p.restoreProposal(c, plan.At(f.rate), source, f), nil
		})
	})
	cmd.Flags().BoolVar(&inspect, "inspect", false, "first receive what is there, and leave it out")
	p.putBackFlags(cmd, &f)
	return cmd
}

// readLetters reads a file of dead letters whole; - is the standard input.
func (p *program) readLetters(path string) ([]workflow.Message, planfile.Source, error) {
	if path != "-" {
		return planfile.Letters(path)
	}
	messages, err := letterfile.Read(p.streams.In)
	if err != nil {
		return nil, planfile.Source{}, &workflow.Problem{
			Kind: workflow.Invalid, Operation: "import", Target: "the standard input", Reason: err.Error() + "; nothing was sent", Err: err,
			Next: "Give JSON lines, as orderops dlq export writes them.",
		}
	}
	return messages, planfile.Source{}, nil
}

// present receives what is among the dead letters, and gives it back.
func (p *program) present(ctx context.Context, c *Connection) ([]workflow.DeadLetter, error) {
	if err := p.unlocked("look at the dead letters, which would receive them"); err != nil {
		return nil, err
	}
	p.costs()
	got, err := p.inspected(ctx, c, 0, true)
	if err == nil && !got.complete {
		p.say("not everything was received (%s): what was not may be there all the same", got.why)
	}
	return got.letters, err
}

func (p *program) dlqRestore() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use: "restore [RUN]", Short: "Put back what a deletion or a purge with archive has deleted", Args: cobra.MaximumNArgs(1),
		Long: "Sends the messages that a run has deleted to the dead-letter queue again, from the journal of this machine: the newest deletion, unless one is named. " +
			"dlq journal lists the runs. Every message gets a new id, and no source queue is on record any more; it is put back once.",
		Example: "orderops dlq restore --dry-run\norderops dlq restore 20261127T140000.000Z --yes",
	}
	cmd.RunE = p.with(func(ctx context.Context, args []string) error {
		if err := f.checkPace(operation.MostRunRate); err != nil {
			return err
		}
		return p.change(ctx, f.changeFlags, "restore dead letters", func(ctx context.Context, c *Connection) (proposal, error) {
			run, err := chooseDeletion(c, args)
			if err != nil {
				return proposal{}, err
			}
			plan, err := c.Desk.PlanRestore(ctx, run)
			if err != nil {
				return proposal{}, err
			}
			return p.restoreProposal(c, plan.At(f.rate), planfile.Source{}, f), nil
		})
	})
	p.putBackFlags(cmd, &f)
	return cmd
}

// chooseDeletion is the run that is named, else the newest deletion.
func chooseDeletion(c *Connection, args []string) (string, error) {
	if len(args) > 0 {
		return args[0], nil
	}
	runs, err := c.Desk.Deletions()
	if len(runs) == 0 {
		return "", &workflow.Problem{
			Kind: workflow.NotFound, Operation: "restore", Target: c.Deployment.DeadLetterURL, Err: err,
			Reason: "the journal of this machine has no messages that were deleted from this queue", Next: "Import a file instead, if the messages were exported.",
		}
	}
	return runs[0].Head.ID, nil
}

func (p *program) putBackFlags(cmd *cobra.Command, f *runFlags) {
	cmd.Flags().IntVar(&f.rate, "rate", operation.DefaultRate, fmt.Sprintf("messages a second, %d to %d", operation.LeastRate, operation.MostRunRate))
	p.saving(cmd.Flags(), &f.changeFlags)
	p.bounded(cmd)
}

// restoreProposal is the plan of putting messages back.
func (p *program) restoreProposal(c *Connection, plan operation.RestorePlan, source planfile.Source, f runFlags) proposal {
	return proposal{
		plan:  plan.Plan,
		saved: func(ctx context.Context) planfile.Plan { return c.Desk.SavedRestore(ctx, plan, source) },
		apply: func(ctx context.Context) error {
			began := time.Now()
			_, err := c.Desk.Restore(ctx, plan, func(done int) { p.progress("%d of %d put back", done, plan.Total()) })
			p.progress("")
			if printErr := p.printPutBack(c, plan, began, f); printErr != nil && err == nil {
				return printErr
			}
			return allOf(f.dropped, err)
		},
	}
}

// printPutBack prints what became of each message, as the journal has it.
func (p *program) printPutBack(c *Connection, plan operation.RestorePlan, began time.Time, f runFlags) error {
	runs, err := c.Desk.History()
	ours := func(s journal.State) bool {
		return s.Head.Verb == string(plan.Do) && s.Head.Filter == plan.From && !s.Head.Began.Before(began.Round(0))
	}
	at := slices.IndexFunc(runs, ours)
	if at < 0 {
		return err // it was refused before anything was written down
	}
	left := map[workflow.MessageID]string{}
	for _, d := range f.dropped {
		left[workflow.MessageID(d.ID)] = d.Why
	}
	return p.printItems(plan.Do, runs[at].Items, left, f.output)
}

// checkPace finds a rate that can't be used.
func (f *runFlags) checkPace(most int) error {
	if f.rate < operation.LeastRate || f.rate > most {
		return &config.SettingError{Setting: "--rate", Reason: fmt.Sprintf("must be from %d to %d", operation.LeastRate, most), Next: "See --help."}
	}
	return nil
}
