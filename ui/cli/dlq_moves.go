package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
	"orderops/workflow/operation/planfile"
)

// redriveAll lets SQS move the whole queue, and follows that.
func (p *program) redriveAll(ctx context.Context, f runFlags, args []string) error {
	if err := f.checkRun(args); err != nil {
		return err
	}
	if err := p.allowed(f.changeFlags, "redrive all"); err != nil {
		return err
	}
	return p.change(ctx, f.changeFlags, "redrive all", func(ctx context.Context, c *Connection) (proposal, error) {
		var known []workflow.DeadLetter
		var to string
		var err error
		if f.to != "" {
			if to, err = c.Desk.FindQueue(ctx, f.to); err != nil {
				return proposal{}, err
			}
		}
		if f.inspect {
			if known, err = p.judgedAll(ctx, c); err != nil {
				return proposal{}, err
			}
		}
		plan, err := c.Desk.PlanRedriveAll(ctx, known, f.rate, to)
		return p.moveProposal(c, plan, f), err
	})
}

// judgedAll receives what is there, gives it back and judges it.
func (p *program) judgedAll(ctx context.Context, c *Connection) ([]workflow.DeadLetter, error) {
	if err := p.unlocked("look at the dead letters, which would receive them"); err != nil {
		return nil, err
	}
	p.costs()
	got, err := p.inspected(ctx, c, 0, false)
	return got.letters, err
}

// wholeQueue adds the flags of a move task.
func (p *program) wholeQueue(cmd *cobra.Command, f *runFlags) {
	cmd.Flags().BoolVar(&f.all, "all", false, "let SQS move every message, whatever it is")
	cmd.Flags().BoolVar(&f.inspect, "inspect", false, "with --all: first receive and judge the messages, so that the plan tells how many are known to be bad")
	cmd.Flags().StringVar(&f.to, "to", "", "with --all: move to this queue, not to where each came from; its name, URL or ARN")
}

// moveProposal is the plan of a move task.
func (p *program) moveProposal(c *Connection, plan operation.MovePlan, f runFlags) proposal {
	return proposal{
		plan:  plan.Plan,
		saved: func(ctx context.Context) planfile.Plan { return c.Desk.SavedMove(ctx, plan) },
		apply: func(ctx context.Context) error {
			_, record, err := c.Desk.RedriveAll(ctx, plan, nil)
			if err != nil || f.noFollow {
				return p.did(record, err, f.changeFlags)
			}
			return p.attendMove(ctx, c, record, workflow.MoveCompleted, f.changeFlags)
		},
	}
}

// attendMove waits until the move task has ended, and tells how: as was wanted,
// or else.
func (p *program) attendMove(ctx context.Context, c *Connection, record workflow.Record, want workflow.MoveStatus, f changeFlags) error {
	task, err := p.followMove(ctx, c)
	if err != nil {
		return &workflow.Problem{
			Kind: workflow.PartlyDone, Operation: "follow the move task", Err: err, Reason: "SQS goes on with it: " + err.Error(),
			Next: "orderops dlq cancel stops it; orderops dlq moves shows it.",
		}
	}
	record.Detail = fmt.Sprintf("%s, %d moved", task.Status, task.Moved)
	if task.Status == want {
		return p.did(record, nil, f)
	}
	return p.did(record, &workflow.Problem{
		Kind: workflow.PartlyDone, Operation: record.Verb, Target: record.Target, Reason: strings.TrimSpace(record.Detail + " " + task.FailureReason),
		Next: "Look at what is left: orderops dlq inspect.",
	}, f)
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
	var f runFlags
	cmd := &cobra.Command{
		Use: "cancel", Short: "Cancel the move task of SQS that runs", Args: cobra.NoArgs, Example: "orderops dlq cancel --yes",
		Long: "Asks SQS to stop the move task of the dead-letter queue, and waits until it has: it is CANCELLING for a while, and more messages may be moved. What was moved stays moved.",
	}
	cmd.RunE = p.with(func(ctx context.Context, _ []string) error {
		return p.change(ctx, f.changeFlags, "cancel move", func(ctx context.Context, c *Connection) (proposal, error) {
			tasks, err := p.readMoves(ctx, c)
			if err != nil {
				return proposal{}, err
			}
			at := slices.IndexFunc(tasks, func(t workflow.MoveTask) bool { return !t.Status.Ended() })
			if at < 0 {
				return proposal{}, &workflow.Problem{
					Kind: workflow.NotFound, Operation: "cancel move", Reason: "no move task of the dead-letter queue runs", Next: "There is nothing to do.",
				}
			}
			return proposal{plan: c.Desk.PlanCancelMove(tasks[at]), apply: func(ctx context.Context) error {
				_, record, err := c.Desk.CancelMove(ctx, tasks[at])
				if err != nil || f.noFollow {
					return p.did(record, err, f.changeFlags)
				}
				return p.attendMove(ctx, c, record, workflow.MoveCancelled, f.changeFlags)
			}}, nil
		})
	})
	cmd.Flags().BoolVar(&f.noFollow, "no-follow", false, "end when SQS has taken it, and do not wait for the task's end")
	p.changing(cmd.Flags(), &f.changeFlags)
	p.bounded(cmd)
	return cmd
}

// moveSheet are the fields of a move task.
func moveSheet() sheet[workflow.MoveTask] {
	type m = workflow.MoveTask
	return sheet[m]{name: "move/1", fields: []field[m]{
		{name: "status", id: true, status: true, help: "RUNNING, COMPLETED, CANCELLING, CANCELLED or FAILED", value: func(x m) any { return string(x.Status) }},
		{name: "started", help: "when", value: func(x m) any { return x.Started }},
		{name: "moved", help: "messages that SQS has moved, about", value: func(x m) any { return int(x.Moved) }},
		{name: "total", help: "messages that were there at its start, about", value: func(x m) any { return int(x.ToMove) }},
		{name: "rate", help: "messages a second; 0: SQS decided", value: func(x m) any { return x.Rate }},
		{name: "to", help: "ARN of the queue that all went to; null: where each came from", value: func(x m) any { return known(x.DestinationARN) }},
		{name: "failure", help: "SQS's reason when it failed", value: func(x m) any { return known(x.FailureReason) }},
		{name: "handle", help: "what cancels it; only while it runs", wide: true, value: func(x m) any { return known(x.Handle) }},
	}}
}

func (p *program) dlqMoves() *cobra.Command {
	var o output
	cmd := &cobra.Command{
		Use: "moves", Short: "List the move tasks of SQS, those that ended included", Args: cobra.NoArgs, Example: "orderops dlq moves -o json | jq '.[0].moved'",
		Long: "Lists the move tasks of the dead-letter queue, the newest first: at most ten, as far as SQS keeps them.",
	}
	cmd.RunE = p.at(func(ctx context.Context, c *Connection, _ []string) error {
		if err := o.check(nil, moveSheet().names()); err != nil {
			return err
		}
		tasks, err := p.readMoves(ctx, c)
		if err != nil {
			return err
		}
		out := moveSheet().open(p, o, false)
		for _, task := range tasks {
			if err := out.add(task); err != nil {
				return err
			}
		}
		out.end()
		return nil
	})
	o.add(cmd.Flags(), nil, moveSheet().names())
	p.bounded(cmd)
	return cmd
}
