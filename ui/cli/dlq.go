package cli

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"orderops/config"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
)

func (p *program) dlq() *cobra.Command {
	cmd := &cobra.Command{
		Use: "dlq", Aliases: []string{"deadletters"}, Args: cobra.NoArgs, Short: "Inspect, redrive, edit, move and delete dead letters",
		Long: "Works on the dead-letter queue. SQS shows a message only to who receives it: inspecting costs each message a receive, and hides it for as long as it takes; " +
			"then it is given back. Whatever is sent on or deleted is saved in the journal first.",
	}
	cmd.AddCommand(
		p.dlqInspect(), p.dlqShow(), p.dlqExport(), p.dlqPlan(), p.dlqRedrive(), p.dlqEdit(), p.dlqMove(), p.dlqDelete(), p.dlqPurge(), p.dlqImport(), p.dlqRestore(),
		p.dlqMoves(), p.dlqCancel(), p.dlqFinish(), p.dlqJournal(),
	)
	return cmd
}

// received is what an inspection brought.
type received struct {
	letters []workflow.DeadLetter
	// complete tells that there was nothing more to receive, and why how it ended.
	complete bool
	why      string
}

// fullPage is the most that one receive brings (SQS ReceiveMessage).
const fullPage = 10

// openInspection begins an inspection; waiting is about how many messages there
// are to receive.
func (p *program) openInspection(ctx context.Context, c *Connection) (i *operation.Inspection, waiting int, err error) {
	v := p.newPicture(c)
	if err := v.read(ctx, monitor.Poll{Feed: monitor.DeadLetterQueueFeed}); err != nil {
		return nil, 0, err
	}
	queue, _ := v.store.Queue(monitor.DeadLetterQueue)
	i, _, err = c.Desk.Inspect(ctx)
	return i, queue.Visible, err
}

// look receives dead letters until enough says so, there are no more, or ctx
// ends. While others keep arriving there is no last one: it ends when as many
// came as there were at the beginning, and a receive does not bring a full page.
// The leases stay with the inspection, which the caller gives back.
func (p *program) look(ctx context.Context, i *operation.Inspection, waiting int, enough func([]workflow.DeadLetter) bool) (received, error) {
	var got received
	for !enough(got.letters) {
		if until := i.Until(); !until.IsZero() && time.Until(until) < operation.Lease/2 {
			if _, err := i.Renew(ctx); err != nil && ctx.Err() == nil {
				return got, err
			}
		}
		page, err := i.Next(ctx)
		if err != nil {
			return got, err
		}
		got.letters = append(got.letters, page.Letters...)
		p.progress("%d dead letters received", len(got.letters))
		if page.Done {
			got.complete, got.why = true, page.Why
			break
		}
		if n := len(page.Letters); n > 0 && n < fullPage && len(got.letters) >= waiting {
			got.why = "others arrive meanwhile"
			break
		}
	}
	p.progress("")
	return got, nil
}

// give gives the leases back, and says so when that did not work.
func (p *program) give(ctx context.Context, i *operation.Inspection) {
	record, err := i.Release(context.WithoutCancel(ctx))
	if err != nil || ctx.Err() != nil {
		p.say("%s: %s. %s", record.Verb, record.Outcome, record.Detail)
	}
}

// inspected receives what is there and judges it. The queue has it back when
// inspected returns: judging may take long.
func (p *program) inspected(ctx context.Context, c *Connection, most int, quick bool) (received, error) {
	inspection, waiting, err := p.openInspection(ctx, c)
	if err != nil {
		return received{}, err
	}
	got, err := p.look(ctx, inspection, waiting, func(l []workflow.DeadLetter) bool { return most > 0 && len(l) >= most })
	p.give(ctx, inspection)
	if err != nil {
		return got, err
	}
	if most > 0 && len(got.letters) > most {
		got.letters = got.letters[:most]
	}
	if !quick {
		got.letters, err = p.judged(ctx, c, got.letters)
	}
	return got, err
}

// judged gives letters their verdicts. What could not be looked up is unknown,
// and its verdict says why.
func (p *program) judged(ctx context.Context, c *Connection, letters []workflow.DeadLetter) ([]workflow.DeadLetter, error) {
	out := make([]workflow.DeadLetter, 0, len(letters))
	for i, suspect := range c.Desk.JudgeByRows(ctx, letters) {
		p.progress("looking up %d of %d", i+1, len(letters))
		letter, err := c.Desk.JudgeByExecution(ctx, suspect)
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
		if err != nil {
			p.say("%s: %s", letter.ID, letter.Why)
		}
		out = append(out, letter)
	}
	p.progress("")
	return out, nil
}

// inspectFlags are how much is looked at.
type inspectFlags struct {
	output

	most  int
	quick bool
	// grouped prints the groups in place of the messages.
	grouped bool
	// sort is a column of the filter, "" leaves them as they were received.
	sort    string
	reverse bool
}

// costs are told before the first receive, where somebody looks.
func (p *program) costs() {
	if p.streams.ErrTerminal {
		p.say("each message is received once and hidden until all were read, at most %s; then it is given back", operation.Lease)
	}
}

func (p *program) dlqInspect() *cobra.Command {
	return p.inspecting(inspectFlags{}, &cobra.Command{
		Use: "inspect", Short: "List the dead letters, with what a redrive would do to each", Args: cobra.NoArgs,
		Long: "Receives the dead letters, at most 1,000, gives them back, and looks each order up. The verdict says what a redrive would do. " +
			"It costs each message a receive; while it reads, the queue looks empty to others, and an alarm on visible messages clears.",
		Example: "orderops dlq inspect --group\n" +
			"orderops dlq inspect --filter 'verdict:safe group:quantity' --sort deleted\n" +
			"orderops dlq inspect -o jsonl | jq -c 'select(.verdict==\"safe\")' | orderops dlq redrive --from - --dry-run",
	})
}

func (p *program) dlqExport() *cobra.Command {
	return p.inspecting(inspectFlags{quick: true, output: output{format: formatJSONLines}}, &cobra.Command{
		Use: "export", Short: "Print the dead letters whole, a JSON object a line", Args: cobra.NoArgs,
		Long:    "Receives the dead letters, at most 1,000, gives them back and prints them with body and attributes. Nothing is looked up, so there are no verdicts.",
		Example: "orderops dlq export > dead-letters.jsonl",
	})
}

func (p *program) inspecting(f inspectFlags, cmd *cobra.Command) *cobra.Command {
	columns := letterColumns()
	byDefault := f.format
	cmd.RunE = p.with(func(ctx context.Context, _ []string) error {
		if f.format == "" {
			f.format = byDefault
		}
		fields := letterSheet().names()
		if f.grouped {
			fields = groupSheet().names()
		}
		if err := f.check(columns, fields); err != nil {
			return err
		}
		if err := checkSort(f.sort, columns); err != nil {
			return err
		}
		if f.grouped && (f.sort != "" || f.reverse) {
			return &config.SettingError{Setting: "--group", Reason: "puts the largest group first", Next: "Leave out --sort and --reverse."}
		}
		if f.most < 0 {
			return &config.SettingError{Setting: "--most", Reason: "is negative", Next: "Give a number of messages."}
		}
		if err := p.unlocked("inspect"); err != nil {
			return err
		}
		p.costs()
		return p.reach(ctx, func(c *Connection) error {
			got, err := p.inspected(ctx, c, f.most, f.quick)
			if err != nil {
				return err
			}
			if f.grouped {
				return p.printGroups(unique(got.letters), f.output)
			}
			got.letters = arranged(got.letters, f)
			return p.printLetters(got, f.output)
		})
	})
	f.add(cmd.Flags(), columns, letterSheet().names())
	cmd.Flags().IntVar(&f.most, "most", 0, "receive no more than so many; by default all, up to 1000")
	cmd.Flags().Lookup("most").DefValue = ""
	if byDefault == "" {
		cmd.Flags().BoolVar(&f.quick, "quick", false, "do not look the orders up: no verdicts")
		cmd.Flags().BoolVar(&f.grouped, "group", false, "print the groups of verdict and cause, with how many and when the first and the last was sent")
		cmd.Flags().StringVar(&f.sort, "sort", "", "order by a column of the filter; by default as they were received")
		cmd.Flags().BoolVar(&f.reverse, "reverse", false, "turn the order round")
		offer(cmd.Flags(), "sort", columns)
	}
	p.unlocking(cmd.Flags())
	p.bounded(cmd)
	return cmd
}

// arranged puts letters in the order that was asked for. Without a column all stay
// as they came, also one that came twice.
func arranged(letters []workflow.DeadLetter, f inspectFlags) []workflow.DeadLetter {
	if f.sort != "" {
		store := monitor.NewStore()
		store.Apply(monitor.DeadLettersRead{Letters: letters, At: time.Now()})
		index := store.DeadLetters()
		index.SetSort(f.sort, false)
		letters = nil
		for letter := range index.All() {
			letters = append(letters, letter.DeadLetter)
		}
	}
	if f.reverse {
		slices.Reverse(letters)
	}
	return letters
}

func (p *program) printLetters(got received, o output) error {
	out := letterSheet().open(p, o, false)
	counts := map[workflow.Verdict]int{}
	now := time.Now()
	for _, letter := range got.letters {
		if !o.query.Match(monitor.NewDeadLetter(letter, now), now) {
			continue
		}
		counts[letter.Verdict]++
		if err := out.add(letter); err != nil {
			return err
		}
	}
	out.end()
	p.remember(got.letters)
	if p.streams.ErrTerminal {
		p.say("%d of %d: %s", out.n, len(got.letters), workflow.VerdictCounts(counts))
	}
	if len(got.letters) >= operation.MostLetters {
		p.say("there may be more: %s", got.why)
	}
	return nil
}

func (p *program) dlqShow() *cobra.Command {
	var o output
	cmd := &cobra.Command{
		Use: "show MESSAGE", Short: "Show one dead letter whole", Args: cobra.ExactArgs(1),
		Long:    "Receives dead letters until the one with that message id comes, and gives all back.",
		Example: "orderops dlq show 5e0a4f1c-7d0c-4b0e-8f5a-0e6a3b1f2c33 -o json | jq -r .body",
	}
	cmd.RunE = p.with(func(ctx context.Context, args []string) error {
		if err := o.check(nil, letterSheet().names()); err != nil {
			return err
		}
		if err := p.unlocked("inspect"); err != nil {
			return err
		}
		return p.reach(ctx, func(c *Connection) error {
			letters, _, err := p.pick(ctx, c, map[workflow.MessageID]bool{workflow.MessageID(args[0]): true}, nil)
			if err != nil {
				return err
			}
			return letterSheet().one(p, o, letters[0])
		})
	})
	o.add(cmd.Flags(), nil, letterSheet().names())
	p.unlocking(cmd.Flags())
	p.bounded(cmd)
	return cmd
}

// pick receives until all wanted messages are there, gives them back and judges
// them. With match it takes what that accepts instead; complete tells that there
// was nothing more to receive.
func (p *program) pick(
	ctx context.Context, c *Connection, wanted map[workflow.MessageID]bool, match func(workflow.DeadLetter) bool,
) (letters []workflow.DeadLetter, complete bool, err error) {
	inspection, waiting, err := p.openInspection(ctx, c)
	if err != nil {
		return nil, false, err
	}
	got, err := p.look(ctx, inspection, waiting, func(l []workflow.DeadLetter) bool {
		return match == nil && countWanted(l, wanted) == len(wanted)
	})
	p.give(ctx, inspection)
	if err != nil {
		return nil, false, err
	}
	var chosen []workflow.DeadLetter
	for _, letter := range got.letters {
		if match != nil || wanted[letter.ID] {
			chosen = append(chosen, letter)
		}
	}
	if chosen, err = p.judged(ctx, c, unique(chosen)); err != nil {
		return nil, false, err
	}
	if missing := len(wanted) - len(chosen); match == nil && missing > 0 {
		return nil, false, &workflow.Problem{
			Kind: workflow.NotFound, Operation: "find dead letters", Target: c.Deployment.DeadLetterURL,
			Reason: fmt.Sprintf("%d of %d messages were not received: %s; nothing was changed", missing, len(wanted), firstMissing(chosen, wanted)),
			Next:   "They may be gone, or held by somebody else: try again in a minute.",
		}
	}
	if match != nil {
		var matching []workflow.DeadLetter
		for _, letter := range chosen {
			if match(letter) {
				matching = append(matching, letter)
			}
		}
		chosen = matching
	}
	return chosen, got.complete && len(got.letters) < operation.MostLetters, nil
}

// unique leaves out what came a second time: only the newest handle is good.
func unique(letters []workflow.DeadLetter) []workflow.DeadLetter {
	at := map[workflow.MessageID]int{}
	var out []workflow.DeadLetter
	for _, letter := range letters {
		if i, again := at[letter.ID]; again {
			out[i] = letter
			continue
		}
		at[letter.ID] = len(out)
		out = append(out, letter)
	}
	return out
}

func countWanted(letters []workflow.DeadLetter, wanted map[workflow.MessageID]bool) int {
	found := map[workflow.MessageID]bool{}
	for _, letter := range letters {
		if wanted[letter.ID] {
			found[letter.ID] = true
		}
	}
	return len(found)
}

func firstMissing(have []workflow.DeadLetter, wanted map[workflow.MessageID]bool) string {
	found := map[workflow.MessageID]bool{}
	for _, letter := range have {
		found[letter.ID] = true
	}
	first := ""
	for id := range wanted {
		if !found[id] && (first == "" || string(id) < first) {
			first = string(id)
		}
	}
	return first
}
