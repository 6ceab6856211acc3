package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"orderops/config"
	"orderops/ui/text"
	"orderops/workflow"
	"orderops/workflow/operation"
	"orderops/workflow/operation/planfile"
)

// changeFlags are how a change is agreed to.
type changeFlags struct {
	dryRun bool
	yes    bool
	typed  string
	output string
	// plan is the file that a dry run writes the plan to; "" is none. AtOnce says
	// why the plan of a command can't be kept; "" means that it can.
	plan   string
	atOnce string
}

// changing adds the flags of a change whose plan can't be kept: it is about one
// thing, as it is at the moment.
func (p *program) changing(flags *pflag.FlagSet, f *changeFlags) {
	p.saving(flags, f)
	f.atOnce = "this command changes one thing as it is at the moment: there is nothing to keep for later"
	flags.Lookup("plan").Hidden = true
}

// saving adds the flags of a change whose plan can be kept in a file.
func (p *program) saving(flags *pflag.FlagSet, f *changeFlags) {
	flags.BoolVar(&f.dryRun, "dry-run", false, "print the plan, and change nothing")
	flags.StringVar(&f.plan, "plan", "", "with --dry-run: also write the plan to this new file, for orderops apply")
	flags.BoolVar(&f.yes, "yes", false, "agree to the plan without being asked")
	flags.StringVar(&f.typed, "typed", "", "with --yes: what the plan asks to type, such as a queue's name")
	flags.StringVarP(&f.output, "output", "o", "", "format: table, json, jsonl or csv; by default table on a terminal, else json")
	p.unlocking(flags)
}

func (f changeFlags) check() error {
	switch {
	case f.plan == "":
	case f.atOnce != "":
		return &config.SettingError{Setting: "--plan", Reason: "has no meaning here: " + f.atOnce, Next: "Look at the plan with --dry-run alone."}
	case !f.dryRun:
		return &config.SettingError{Setting: "--plan", Reason: "needs --dry-run: it writes the plan and changes nothing", Next: "A saved plan is applied by orderops apply FILE."}
	}
	o := output{format: f.output}
	return o.check(nil, nil)
}

// proposal is a change that was planned.
type proposal struct {
	plan operation.Plan
	// saved is the plan as a file keeps it; nil when none does.
	saved func(ctx context.Context) planfile.Plan
	// apply does it, and prints what came of it.
	apply func(ctx context.Context) error
	// beside tells that a dry run has printed something else as its data: the plan
	// is told beside it.
	beside bool
}

// change carries out one change: it is planned, shown, agreed to, and done.
// What says in words what it is.
func (p *program) change(ctx context.Context, f changeFlags, what string, propose func(ctx context.Context, c *Connection) (proposal, error)) error {
	if err := p.allowed(f, what); err != nil {
		return err
	}
	return p.reach(ctx, func(c *Connection) error {
		proposed, err := propose(ctx, c)
		if err != nil {
			return err
		}
		if f.plan != "" {
			if err := planfile.Save(f.plan, proposed.saved(ctx)); err != nil {
				return err
			}
			p.say("the plan is in %s; it is applied by: orderops apply %s", f.plan, quoted(f.plan))
		}
		if f.dryRun && proposed.beside {
			p.tell(proposed.plan)
			return nil
		}
		if agreed, err := p.agreed(proposed.plan, f); !agreed {
			return err
		}
		return proposed.apply(ctx)
	})
}

// allowed refuses a change before anything is asked of AWS. A dry run changes nothing.
func (p *program) allowed(f changeFlags, operation string) error {
	if err := f.check(); err != nil {
		return err
	}
	if f.dryRun {
		return nil
	}
	return p.unlocked(operation)
}

// agreed shows a plan and asks whether to go on. False without an error is the
// end of a dry run.
func (p *program) agreed(plan operation.Plan, f changeFlags) (bool, error) {
	if f.dryRun {
		return false, p.printPlan(plan, nil, f.output)
	}
	refused := func(reason, next string) (bool, error) {
		return false, &workflow.Problem{Kind: workflow.Refused, Operation: plan.Verb, Reason: reason + "; nothing was changed", Next: next}
	}
	switch {
	case f.yes && plan.Risk == operation.TypeName && f.typed != plan.Type:
		reason := "this plan asks for more than --yes"
		if f.typed != "" {
			reason = "--typed " + quoted(f.typed) + " is not what this plan asks for"
		}
		return refused(reason, "Look at it with --dry-run, then add --typed "+quoted(plan.Type))
	case f.yes || plan.Risk == operation.None:
		return true, nil
	case !p.streams.InTerminal || !p.streams.ErrTerminal:
		return refused("there is no terminal to ask on", "Look at the plan with --dry-run, then add --yes.")
	}
	p.tell(plan)
	question, want := text.Clean(plan.Verb)+"? [y/N] ", []string{"y", "yes"}
	if plan.Risk == operation.TypeName {
		ask := plan.AskFor
		if ask == "" {
			ask = "type the name"
		}
		question, want = text.Clean(ask)+" ("+text.Clean(plan.Type)+"): ", []string{plan.Type}
	}
	_, _ = io.WriteString(p.streams.Err, question)
	answer, err := bufio.NewReader(p.streams.In).ReadString('\n')
	if answer = strings.TrimSpace(answer); err != nil && answer == "" || !agrees(answer, want, plan.Risk) {
		return refused("you did not agree", "")
	}
	return true, nil
}

func agrees(answer string, want []string, risk operation.Risk) bool {
	if risk == operation.Ask {
		answer = strings.ToLower(answer)
	}
	return slices.Contains(want, answer)
}

// tell prints a plan where questions are asked.
func (p *program) tell(plan operation.Plan) {
	var b strings.Builder
	fmt.Fprintln(&b, text.Clean(plan.Title))
	width := len("warning")
	for _, f := range plan.Facts {
		width = max(width, text.Width(text.Clean(f.Label)))
	}
	line := func(label, value string) {
		if value != "" {
			fmt.Fprintf(&b, "  %s  %s\n", text.Pad(text.Clean(label), width), text.Clean(value))
		}
	}
	for _, f := range plan.Facts {
		line(f.Label, f.Text)
	}
	line("undo", plan.Undo)
	line("warning", plan.Warning)
	_, _ = io.WriteString(p.streams.Err, b.String())
}

// quoted is a text as a shell takes it for one word.
func quoted(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// recordSheet are the fields of what was done.
func recordSheet() sheet[workflow.Record] {
	type r = workflow.Record
	return sheet[r]{name: "record/1", fields: []field[r]{
		{name: "verb", help: "what was done", value: func(x r) any { return x.Verb }},
		{name: "target", help: "to what", value: func(x r) any { return x.Target }},
		{name: "outcome", id: true, status: true, help: "done, failed, unknown or refused", value: func(x r) any { return string(x.Outcome) }},
		{name: "detail", help: "what came of it, in words", value: func(x r) any { return known(x.Detail) }},
		{name: "request", help: "AWS's id of a request that failed", wide: true, value: func(x r) any { return known(x.RequestID) }},
		{name: "time", help: "when", wide: true, value: func(x r) any { return x.At }},
	}}
}

// did prints what was done, and keeps its error.
func (p *program) did(record workflow.Record, err error, f changeFlags) error {
	if kind := workflow.KindOf(err); err != nil && kind != workflow.OutcomeUnknown && kind != workflow.PartlyDone {
		return err
	}
	if printErr := recordSheet().one(p, output{format: f.output}, record); printErr != nil && err == nil {
		return printErr
	}
	return err
}
