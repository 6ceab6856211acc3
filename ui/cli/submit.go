package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"orderops/config"
	"orderops/ui/text"
	"orderops/workflow"
	"orderops/workflow/operation"
)

const submitOrder = "submit an order"

// submitFlags are the fields of one order.
type submitFlags struct {
	user       string
	quantity   string
	restaurant string
	output     output
	dryRun     bool
	file       fileFlags
}

func (p *program) submit() *cobra.Command {
	var f submitFlags
	cmd := &cobra.Command{
		Use:   "submit",
		Short: "Put orders on the order queue",
		Long: "Puts one order on the order queue, in one attempt, and prints its id and the MD5 of the body that SQS received. " +
			"When the answer is lost, it ends with the code 5 and sends nothing again: look first whether the order exists.\n\n" +
			"With --file it sends the orders of a file, ten a call. The whole file is checked before the first one is sent. " +
			"What was sent is kept in a log, so that the same file can be sent again after an interruption: it goes on where it stopped, " +
			"and what is in doubt is named and left out. A table tells only of the orders that were not accepted, and counts the others; " +
			"the other formats have a record for each order of this run.",
		Example: "orderops submit --user Burger_20 --quantity 3 --restaurant \"Restaurant 4\"\n" +
			"orderops submit --user Burger_20 --quantity 3 --restaurant \"Restaurant 4\" --dry-run\n" +
			"orderops submit --file orders.csv --rate 100\n" +
			"orderops submit --file orders.jsonl -o jsonl | jq -c 'select(.status != \"accepted\")'",
		Args: cobra.NoArgs,
	}
	cmd.RunE = p.with(func(ctx context.Context, _ []string) error {
		if err := f.output.check(nil, submissionSheet().names()); err != nil {
			return err
		}
		if f.file.path != "" {
			return p.submitFile(ctx, f.file, f)
		}
		return p.runSubmit(ctx, f)
	})
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.user, "user", "", "who orders, 1 to 256 characters")
	flags.StringVar(&f.quantity, "quantity", "", "how many, 1 to 999")
	flags.StringVar(&f.restaurant, "restaurant", "", "which restaurant, 1 to 256 characters")
	f.file.add(flags)
	f.output.add(flags, nil, submissionSheet().names())
	flags.BoolVar(&f.dryRun, "dry-run", false, "print what would be sent, and send nothing")
	p.unlocking(flags)
	p.bounded(cmd)
	return cmd
}

// check finds the first flag that can't be used.
func (f submitFlags) check() error {
	for _, field := range []struct {
		flag string
		err  error
	}{
		{"--user", workflow.CheckUserID(f.user)},
		{"--quantity", workflow.CheckQuantity(f.quantity)},
		{"--restaurant", workflow.CheckRestaurantID(f.restaurant)},
	} {
		if field.err != nil {
			return &config.SettingError{Setting: field.flag, Reason: field.err.Error(), Next: "See orderops submit --help"}
		}
	}
	return nil
}

func checkOutput(format string) error {
	switch format {
	case "", formatTable, formatJSON:
		return nil
	default:
		return errors.New("is " + strconv.QuoteToGraphic(format) + ", must be table or json")
	}
}

func (p *program) runSubmit(ctx context.Context, f submitFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	if !f.dryRun {
		if err := p.unlocked(submitOrder); err != nil {
			return err
		}
	}
	body := workflow.EncodeBody(workflow.Order{UserID: f.user, Quantity: f.quantity, RestaurantID: f.restaurant})
	submitter, err := p.actions.Submitter(ctx, p.settings)
	if err != nil {
		return err
	}
	if f.dryRun {
		return p.printPlan(submitter.PlanSubmit(body), body, f.output.format)
	}
	submission, _, err := submitter.Submit(ctx, body)
	if err != nil && submission.Outcome != workflow.Unknown {
		return err
	}
	if printErr := submissionSheet().one(p, f.output, submissionOf(submission)); printErr != nil && err == nil {
		return printErr
	}
	return err
}

// planned is the JSON of a dry run.
type planned struct {
	DryRun  bool   `json:"dry_run"`
	Title   string `json:"title"`
	Facts   []fact `json:"facts"`
	Warning string `json:"warning,omitempty"`
	Undo    string `json:"undo,omitempty"`
	// Typed is what --typed has to say with --yes; "" when --yes is enough.
	Typed string `json:"typed,omitempty"`
	Body  string `json:"body,omitempty"`
}

type fact struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// printPlan prints a plan: one JSON document, or labels and texts.
func (p *program) printPlan(plan operation.Plan, body []byte, format string) error {
	switch p.format(format) {
	case formatJSON:
		return p.printJSON(plannedOf(plan, body))
	case formatJSONLines:
		line, err := encode(plannedOf(plan, body))
		if err != nil {
			return fmt.Errorf("write JSON: %w", err)
		}
		p.print("%s\n", text.EscapeJSON(line))
		return nil
	}
	var lines [][2]string
	for _, f := range plan.Facts {
		lines = append(lines, [2]string{f.Label, f.Text})
	}
	if plan.Warning != "" {
		lines = append(lines, [2]string{"warning", plan.Warning})
	}
	if plan.Undo != "" {
		lines = append(lines, [2]string{"undo", plan.Undo})
	}
	if plan.Risk == operation.TypeName {
		lines = append(lines, [2]string{"agree with", "--yes --typed " + quoted(plan.Type)})
	}
	if p.format(format) == formatCSV {
		p.print("%s", csvLine([]string{"label", "text"}))
		for _, line := range append([][2]string{{"plan", plan.Title}}, lines...) {
			p.print("%s", csvLine(line[:]))
		}
		return nil
	}
	p.print("%s (dry run, nothing is sent)\n", text.Clean(plan.Title))
	p.printLines(lines)
	return nil
}

func plannedOf(plan operation.Plan, body []byte) planned {
	out := planned{DryRun: true, Title: plan.Title, Facts: []fact{}, Warning: plan.Warning, Undo: plan.Undo, Body: string(body)}
	if plan.Risk == operation.TypeName {
		out.Typed = plan.Type
	}
	for _, f := range plan.Facts {
		out.Facts = append(out.Facts, fact{Label: f.Label, Text: f.Text})
	}
	return out
}

// printLines prints labels and cleaned texts in two columns.
func (p *program) printLines(lines [][2]string) {
	width := 0
	for _, line := range lines {
		width = max(width, text.Width(text.Clean(line[0])))
	}
	var b strings.Builder
	for _, line := range lines {
		fmt.Fprintf(&b, "%s  %s\n", text.Pad(text.Clean(line[0]), width), text.Clean(line[1]))
	}
	p.print("%s", b.String())
}
