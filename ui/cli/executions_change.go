package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"orderops/config"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
	"orderops/workflow/operation/planfile"
)

func (p *program) executionsStop() *cobra.Command {
	var f changeFlags
	cmd := &cobra.Command{
		Use: "stop EXECUTION", Short: "Stop a running execution", Args: cobra.ExactArgs(1),
		Example: "orderops executions stop 7c1e24a0-0c8a-4f4f-9f5e-1a8b9f0b8d11 --dry-run",
	}
	cmd.RunE = p.with(func(ctx context.Context, args []string) error {
		return p.change(ctx, f, "stop an execution", func(ctx context.Context, c *Connection) (proposal, error) {
			_, e, err := p.lookUp(ctx, c, args[0])
			if err != nil {
				return proposal{}, err
			}
			return proposal{plan: c.Desk.PlanStop(e.Execution()), apply: func(ctx context.Context) error {
				record, err := c.Desk.Stop(ctx, e.Execution())
				return p.did(record, err, f)
			}}, nil
		})
	})
	p.changing(cmd.Flags(), &f)
	p.bounded(cmd)
	return cmd
}

// redriveFlags say which executions are redriven.
type redriveFlags struct {
	changeFlags

	filter string
	newest int
}

func (p *program) executionsRedrive() *cobra.Command {
	var f redriveFlags
	columns := monitor.NewStore().Executions().Columns()
	cmd := &cobra.Command{
		Use: "redrive [EXECUTION …]", Short: "Redrive executions that ended without success", Args: cobra.ArbitraryArgs,
		Long: "Lets executions go on at the step where they ended, one call after the other. They are named, or chosen by a filter from the newest that ended without success. " +
			"Each is looked up first; the plan says which can't be redriven, and why.",
		Example: "orderops executions redrive 7c1e24a0-0c8a-4f4f-9f5e-1a8b9f0b8d11\n" +
			"orderops executions redrive --filter 'status:failed state:SendOrderToRestaurant started:<2h' --dry-run",
	}
	cmd.RunE = p.with(func(ctx context.Context, args []string) error {
		if err := f.checkChoice(args, columns); err != nil {
			return err
		}
		return p.change(ctx, f.changeFlags, "redrive executions", func(ctx context.Context, c *Connection) (proposal, error) {
			return p.redriveExecutions(ctx, c, f, args, columns)
		})
	})
	cmd.Flags().StringVar(&f.filter, "filter", "", "instead of names: what matches among those that ended without success, as in executions list")
	cmd.Flags().IntVar(&f.newest, "newest", mostListed, "with --filter: how many of the newest that ended without success are looked at, at most 1000")
	p.saving(cmd.Flags(), &f.changeFlags)
	p.bounded(cmd)
	return cmd
}

func (f redriveFlags) checkChoice(args, columns []string) error {
	if (len(args) == 0) == (f.filter == "") {
		return &config.SettingError{Setting: "EXECUTION", Reason: "or --filter is needed, one of the two", Next: "See orderops executions redrive --help."}
	}
	if f.newest < 1 || f.newest > mostListed {
		return &config.SettingError{Setting: "--newest", Reason: "must be from 1 to 1000", Next: "Step Functions lists a thousand at a time."}
	}
	o := output{filter: f.filter}
	return o.check(columns, nil)
}

func (p *program) redriveExecutions(ctx context.Context, c *Connection, f redriveFlags, args, columns []string) (proposal, error) {
	chosen, err := p.chooseExecutions(ctx, c, f, args, columns)
	if err != nil {
		return proposal{}, err
	}
	if len(chosen) == 0 {
		return proposal{}, &workflow.Problem{
			Kind: workflow.NotFound, Operation: "redrive executions", Target: f.filter, Reason: "nothing that ended without success matches; nothing was changed",
			Next: "Look with orderops executions list.",
		}
	}
	prospects := make([]operation.Prospect, 0, len(chosen))
	for _, e := range chosen {
		prospects = append(prospects, c.Desk.Prospect(e.Execution(), e.State, e.StateKind))
	}
	prospects = c.Desk.Look(ctx, prospects)
	plan, err := c.Desk.PlanRedriveExecutions(prospects)
	return proposal{
		plan:  plan,
		saved: func(ctx context.Context) planfile.Plan { return c.Desk.SavedExecutions(ctx, plan, prospects) },
		apply: func(ctx context.Context) error {
			return p.redriveEach(ctx, c, operation.Eligible(prospects), f.changeFlags)
		},
	}, err
}

// chooseExecutions are the executions that are named, or that match the filter.
func (p *program) chooseExecutions(ctx context.Context, c *Connection, f redriveFlags, args, columns []string) ([]*monitor.Execution, error) {
	var chosen []*monitor.Execution
	for _, name := range args {
		_, e, err := p.lookUp(ctx, c, name)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, e)
	}
	if len(args) > 0 {
		return chosen, nil
	}
	o := output{filter: f.filter}
	if err := o.check(columns, nil); err != nil {
		return nil, err
	}
	v := p.newPicture(c)
	if err := v.read(ctx, monitor.Poll{Feed: monitor.ExecutionsFeed, Broken: true}); err != nil {
		return nil, err
	}
	var arns []workflow.ExecutionARN
	index := v.store.Executions()
	for i := range min(index.Len(), f.newest) {
		if e := index.At(i); e.Status.Broken() {
			arns = append(arns, e.ARN)
		}
	}
	v.fill(ctx, func() monitor.Shown { return monitor.Shown{Definition: true, VisibleExecutions: arns} })
	if err := v.complete("look up what is to be redriven"); err != nil {
		return nil, &workflow.Problem{Operation: "look up what is to be redriven", Reason: "not all of it could be read; nothing was changed", Next: "Try again.", Err: err}
	}
	for _, arn := range arns {
		if e, ok := index.Get(arn); ok && o.query.Match(e, time.Now()) {
			chosen = append(chosen, e)
		}
	}
	return chosen, nil
}

// redriveEach redrives one after the other and prints what came of each. It goes
// on after a failure, and tells at the end how many there were.
func (p *program) redriveEach(ctx context.Context, c *Connection, prospects []operation.Prospect, f changeFlags) error {
	out := recordSheet().open(p, output{format: f.output}, false)
	done := 0
	var first error
	unknown := false
	for i, prospect := range prospects {
		if ctx.Err() != nil {
			break
		}
		p.progress("redriving %d of %d", i+1, len(prospects))
		record, err := patient(ctx, func(ctx context.Context) (workflow.Record, error) { return c.Desk.RedriveExecution(ctx, prospect) })
		if printErr := out.add(record); printErr != nil {
			return printErr
		}
		if err == nil {
			done++
			continue
		}
		unknown = unknown || workflow.KindOf(err) == workflow.OutcomeUnknown
		if first == nil {
			first = err
		}
		if kind := workflow.KindOf(err); kind == workflow.Refused || kind == workflow.Forbidden || kind == workflow.Unauthenticated {
			break // it holds for all of them
		}
	}
	p.progress("")
	out.end()
	switch {
	case done == len(prospects):
		return nil
	case unknown:
		return first
	case done == 0 && first != nil:
		return first
	}
	reason := "it was interrupted"
	if first != nil {
		reason = first.Error()
	}
	return &workflow.Problem{
		Kind: workflow.PartlyDone, Operation: "redrive executions", Err: first,
		Reason: fmt.Sprintf("%d of %d were redriven; the first that was not: %s", done, len(prospects), reason),
		Next:   "Do it again: what runs already is left out.",
	}
}

func (p *program) executionsRerun() *cobra.Command {
	var f changeFlags
	var input string
	cmd := &cobra.Command{
		Use: "rerun EXECUTION", Short: "Run an order again from the start", Args: cobra.ExactArgs(1),
		Long: "Starts a new execution with the input of one that has ended, or with an edited input. An order that succeeded is not run again: " +
			"it becomes a new order under a new id, and the plan says so.",
		Example: "orderops executions rerun 7c1e24a0-0c8a-4f4f-9f5e-1a8b9f0b8d11 --dry-run\n" +
			"orderops executions show 7c1e24a0-0c8a-4f4f-9f5e-1a8b9f0b8d11 -o json | jq -r .input | jq '.quantity=\"2\"' > input.json\n" +
			"orderops executions rerun 7c1e24a0-0c8a-4f4f-9f5e-1a8b9f0b8d11 --input input.json",
	}
	cmd.RunE = p.with(func(ctx context.Context, args []string) error {
		if err := p.allowed(f, "run an order again"); err != nil {
			return err
		}
		edited, err := p.readText(input)
		if err != nil {
			return err
		}
		return p.change(ctx, f, "run an order again", func(ctx context.Context, c *Connection) (proposal, error) {
			arn, err := executionARN(c, args[0])
			if err != nil {
				return proposal{}, err
			}
			rerun, err := c.Desk.PrepareRerun(ctx, arn, edited)
			if err != nil {
				return proposal{}, err
			}
			return proposal{plan: c.Desk.PlanRerun(rerun), apply: func(ctx context.Context) error {
				_, record, err := c.Desk.Rerun(ctx, rerun)
				return p.did(record, err, f)
			}}, nil
		})
	})
	cmd.Flags().StringVar(&input, "input", "", "file with another input, a JSON object; - is the standard input")
	p.changing(cmd.Flags(), &f)
	p.bounded(cmd)
	return cmd
}

// readText reads a small file; "" reads none, - the standard input.
func (p *program) readText(path string) (string, error) {
	var content []byte
	var err error
	switch path {
	case "":
		return "", nil
	case "-":
		content, err = io.ReadAll(io.LimitReader(p.streams.In, mostText+1))
	default:
		var file *os.File
		if file, err = os.Open(path); err == nil {
			content, err = io.ReadAll(io.LimitReader(file, mostText+1))
			_ = file.Close() // it was only read
		}
	}
	if err != nil {
		return "", &workflow.Problem{Kind: workflow.Invalid, Operation: "read the file", Target: path, Reason: err.Error(), Next: "Check the path. Nothing was changed.", Err: err}
	}
	if len(content) > mostText {
		return "", &workflow.Problem{Kind: workflow.Invalid, Operation: "read the file", Target: path, Reason: "it is larger than 1 MiB", Next: "Nothing was changed."}
	}
	return string(content), nil
}

// mostText is the most that is read of a file of one document, in bytes.
const mostText = 1 << 20
