package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"orderops/config"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
	"orderops/workflow/operation/journal"
	"orderops/workflow/operation/planfile"
	"orderops/workflow/query"
)

// runFlags say which dead letters a run is about, and how it goes.
type runFlags struct {
	changeFlags

	from      string
	filter    string
	include   []string
	rate      int
	why       string
	canary    int
	threshold float64
	noFollow  bool
	edited    bool
	body      string
	to        string
	all       bool
	// inspect, of a move task, judges what would be moved.
	inspect bool
	// dropped are what a saved plan was about and that is not dealt with.
	dropped []operation.Dropped
}

// choice adds the flags that choose.
func (p *program) choice(cmd *cobra.Command, f *runFlags) {
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.from, "from", "", "file with the messages: ids, or objects as dlq inspect prints them, one a line; - is the standard input")
	flags.StringVar(&f.filter, "filter", "", "what matches, as in dlq inspect, also what lies behind the first 1000; columns: "+strings.Join(letterColumns(), ", "))
}

// pace adds the flags of a run that sends.
func (p *program) pace(cmd *cobra.Command, f *runFlags) {
	cmd.Flags().IntVar(&f.rate, "rate", operation.DefaultRate, "messages a second, 1 to 3000; 1 to 500 with --all")
}

func (p *program) verdicts(cmd *cobra.Command, f *runFlags) {
	cmd.Flags().StringSliceVar(&f.include, "include", nil, "also redrive these verdicts: malformed, \"already processed\", \"execution failed\", bounced, unknown")
	cmd.Flags().StringVar(&f.why, "note", "", "reason that is written into the messages' lineage")
	cmd.Flags().IntVar(&f.canary, "canary", 0, "redrive so many first and follow them to their end, before the rest")
	cmd.Flags().Float64Var(&f.threshold, "threshold", 1, "with --canary: share of them that must succeed, from 0 to 1")
	cmd.Flags().Lookup("canary").DefValue = ""
	cmd.Flags().BoolVar(&f.noFollow, "no-follow", false, "end when all are sent, and do not wait for what becomes of the orders")
}

// checkRun finds what can't be used, or has no meaning together.
func (f *runFlags) checkRun(args []string) error {
	chosen := 0
	for _, is := range []bool{len(args) > 0, f.from != "", f.filter != "", f.all} {
		if is {
			chosen++
		}
	}
	wrong := func(flag, reason, next string) error {
		return &config.SettingError{Setting: flag, Reason: reason, Next: next}
	}
	switch {
	case chosen != 1:
		return wrong("MESSAGE", "or --from or --filter is needed, just one of them", "See --help.")
	case f.all && (f.rate < operation.LeastRate || f.rate > operation.MostRate):
		return wrong("--rate", fmt.Sprintf("must be from %d to %d", operation.LeastRate, operation.MostRate), "SQS itself takes no other.")
	case f.rate < operation.LeastRate || f.rate > operation.MostRunRate:
		return wrong("--rate", fmt.Sprintf("must be from %d to %d", operation.LeastRate, operation.MostRunRate), "See --help.")
	case f.inspect && !f.all:
		return wrong("--inspect", "has a meaning only with --all", "Otherwise the messages are always received and judged.")
	case f.canary < 0:
		return wrong("--canary", "is negative", "Give a number of messages.")
	case f.threshold < 0 || f.threshold > 1:
		return wrong("--threshold", "must be from 0 to 1", "1 means that all must succeed.")
	case f.edited && f.from == "":
		return wrong("--edited", "has a meaning only with --from", "The bodies come from there.")
	}
	for _, v := range f.include {
		known := []workflow.Verdict{workflow.Malformed, workflow.Processed, workflow.Broken, workflow.Bounced, workflow.Unchecked}
		if !slices.Contains(known, workflow.Verdict(v)) {
			return wrong("--include", "names "+v+", which is no verdict to include", "There are malformed, already processed, execution failed, bounced, unknown.")
		}
	}
	if _, err := query.Parse(f.filter, letterColumns()...); err != nil {
		return wrong("--filter", "can't be read: "+err.Error(), "See --help.")
	}
	return nil
}

// runOver chooses dead letters, plans, asks, and works until the end.
func (p *program) runOver(ctx context.Context, do operation.Verb, f runFlags, args []string) error {
	if f.rate == 0 {
		f.rate = operation.DefaultRate
	}
	if err := f.checkRun(args); err != nil {
		return err
	}
	what := string(do) + " dead letters"
	if err := p.allowed(f.changeFlags, what); err != nil {
		return err
	}
	if f.dryRun {
		if err := p.unlocked("look at the dead letters, which would receive them"); err != nil {
			return err
		}
	}
	wanted, bodies, err := p.wanted(f, args)
	if err != nil {
		return err
	}
	p.costs()
	return p.change(ctx, f.changeFlags, what, func(ctx context.Context, c *Connection) (proposal, error) {
		selection, err := p.selection(ctx, c, do, f, wanted, bodies)
		if err != nil {
			return proposal{}, err
		}
		plan, err := c.Desk.PlanRun(ctx, selection)
		return p.runProposal(c, plan, f), err
	})
}

// runProposal is the plan of a run over dead letters.
func (p *program) runProposal(c *Connection, plan operation.RunPlan, f runFlags) proposal {
	return proposal{
		plan:  plan.Plan,
		saved: func(ctx context.Context) planfile.Plan { return c.Desk.SavedRun(ctx, plan) },
		apply: func(ctx context.Context) error {
			run, _, err := c.Desk.Start(ctx, plan, nil)
			if err != nil {
				return err
			}
			return p.attend(ctx, run, f)
		},
	}
}

// selection is what was chosen, judged.
func (p *program) selection(
	ctx context.Context, c *Connection, do operation.Verb, f runFlags, wanted map[workflow.MessageID]bool, bodies map[workflow.MessageID][]byte,
) (operation.Selection, error) {
	s := operation.Selection{Do: do, Rate: f.rate, Reason: f.why, Canary: f.canary, Threshold: f.threshold}
	for _, v := range f.include {
		s.Include = append(s.Include, workflow.Verdict(v))
	}
	var match func(workflow.DeadLetter) bool
	if f.to != "" {
		var err error
		if s.To, err = c.Desk.FindQueue(ctx, f.to); err != nil {
			return s, err
		}
	}
	if wanted == nil {
		var err error
		if match, s.RestJudged, err = monitor.LetterFilter(f.filter); err != nil {
			return s, err
		}
	}
	letters, complete, err := p.pick(ctx, c, wanted, match)
	if err != nil {
		return s, err
	}
	s.Letters = letters
	if match != nil {
		s.Filter = f.filter
		if !complete {
			s.Rest = match
		}
		if len(letters) == 0 && complete {
			return s, &workflow.Problem{
				Kind: workflow.NotFound, Operation: string(do), Target: c.Deployment.DeadLetterURL, Reason: "no dead letter matches; nothing was changed",
				Next: "Look at them with orderops dlq inspect.",
			}
		}
	}
	for _, letter := range letters {
		if body, ok := bodies[letter.ID]; ok && string(body) != string(letter.Body) {
			if s.Edits == nil {
				s.Edits = map[workflow.MessageID][]byte{}
			}
			s.Edits[letter.ID] = body
			s.EditedBy = editedBy(f)
		}
	}
	return s, nil
}

// looksAfter is how often a run is asked how far it is.
const looksAfter = 500 * time.Millisecond

// attend waits for a run's end, tells how far it is, and prints what came of
// each message.
func (p *program) attend(ctx context.Context, run *operation.Run, f runFlags) error {
	ended := make(chan error, 1)
	go func() { ended <- run.Wait(ctx) }()
	tick := time.NewTicker(looksAfter)
	defer tick.Stop()
	var err error
	for waiting := true; waiting; {
		select {
		case err = <-ended:
			waiting = false
		case <-tick.C:
			progress := run.Progress()
			p.progress("%s: %s %s", progress.Verb, progress, progress.Why)
		}
	}
	if ctx.Err() == nil && !f.noFollow && run.Progress().Verb == operation.Redrive {
		p.progress("following the orders to their end")
		run.Follow(ctx)
	}
	p.progress("")
	if ctx.Err() != nil && run.Progress().Status != operation.Finished {
		return &workflow.Problem{
			Kind: workflow.PartlyDone, Operation: string(run.Progress().Verb), Target: "journal " + run.ID(), Err: ctx.Err(),
			Reason: "interrupted: " + run.Progress().String(), Next: "Finish it with orderops dlq finish " + run.ID(),
		}
	}
	left := run.LeftOut()
	for _, d := range f.dropped {
		left[workflow.MessageID(d.ID)] = d.Why
	}
	if printErr := p.printItems(run.Progress().Verb, run.Items(), left, f.output); printErr != nil {
		return printErr
	}
	if verdict := verdictOfRun(run, err); verdict != nil || ctx.Err() == nil {
		return allOf(f.dropped, verdict)
	}
	return &workflow.Problem{
		Kind: workflow.PartlyDone, Operation: "follow the orders to their end", Target: "journal " + run.ID(), Err: ctx.Err(),
		Reason: "interrupted: " + run.Progress().String() + ", and nothing is left to send", Next: "Follow one with orderops trace ORDER --follow.",
	}
}

// verdictOfRun tells what a run did not do.
func verdictOfRun(run *operation.Run, err error) error {
	progress := run.Progress()
	problem := &workflow.Problem{Kind: workflow.PartlyDone, Operation: string(progress.Verb), Target: "journal " + run.ID(), Reason: progress.String(), Err: err}
	if progress.Why != "" {
		problem.Reason += "; " + progress.Why
	}
	switch {
	case progress.Doubtful > 0:
		problem.Kind, problem.Next = workflow.OutcomeUnknown, "Find out with orderops dlq finish --verify "+run.ID()
	case err != nil && progress.Done == 0 && progress.Sent == 0:
		return err
	case err != nil || progress.Status != operation.Finished || progress.Sent > 0:
		problem.Next = "Finish it with orderops dlq finish " + run.ID()
	case progress.Done < progress.Total:
		problem.Next = "What was left out, and why, is printed above."
	default:
		bad := 0
		for outcome, n := range progress.Outcomes {
			if outcome != operation.Succeeded && outcome != operation.Honoured && !strings.HasPrefix(outcome, operation.Arrived) {
				bad += n
			}
		}
		if bad == 0 {
			return nil
		}
		problem.Reason = fmt.Sprintf("%d of %d orders did not succeed after all were sent", bad, progress.Done)
		problem.Next = "Look at them with orderops executions list --filter status:failed and orderops dlq inspect."
	}
	return problem
}

// itemSheet are the fields of what became of one message.
func itemSheet() sheet[journal.Item] {
	type i = journal.Item
	return sheet[i]{name: "item/1", fields: []field[i]{
		{name: "message", id: true, help: "the dead letter's message id", value: func(x i) any { return string(x.ID) }},
		{name: "stage", help: "redriven, deleted, settled; not sent; not deleted; may exist twice; sent, not deleted; left out", value: func(x i) any { return string(x.Stage) }},
		{name: "outcome", status: true, help: "what became of the order: succeeded, failed again, bounced, not started, known already; arrived, and how that is known, when its send had no answer; restored, when it was put back", value: func(x i) any { return known(x.Outcome) }},
		{name: "order", help: "the order id that it carries", wide: true, value: func(x i) any { return known(string(x.OrderID)) }},
		{name: "new", id: true, gives: 1, help: "message id that SQS gave to it", value: func(x i) any { return known(string(x.NewID)) }},
		{name: "why", help: "why it was not sent or not deleted", value: func(x i) any { return known(x.Why) }},
		{name: "doubtful", help: "true when a send of it had no answer: it may exist twice", wide: true, value: func(x i) any { return x.Doubtful }},
	}}
}

// printItems prints what became of each message, and what was left out, by why.
func (p *program) printItems(do operation.Verb, items []journal.Item, left map[workflow.MessageID]string, format string) error {
	out := itemSheet().open(p, output{format: format}, false)
	seen := map[workflow.MessageID]bool{}
	for _, item := range items {
		seen[item.ID] = true
		if err := out.add(shownItem(do, item)); err != nil {
			return err
		}
	}
	for _, id := range sortedIDs(left) {
		if seen[id] {
			continue
		}
		if err := out.add(journal.Item{ID: id, Stage: "left out", Why: left[id]}); err != nil {
			return err
		}
	}
	out.end()
	return nil
}

// shownItem is an item in the words of what was done: of a deletion nothing is sent.
func shownItem(do operation.Verb, item journal.Item) journal.Item {
	if do == operation.Delete && item.Stage == journal.Taken {
		item.Stage = "not deleted"
	}
	return item
}

func sortedIDs(why map[workflow.MessageID]string) []workflow.MessageID {
	ids := make([]workflow.MessageID, 0, len(why))
	for id := range why {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// errEmpty tells that nothing was named.
var errEmpty = errors.New("it names no message")

// editedBy says where the bodies of an edit were read from.
func editedBy(f runFlags) string {
	file := cmp.Or(f.body, f.from)
	if file == "-" {
		return "the standard input"
	}
	return "the file " + file
}
