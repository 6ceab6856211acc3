package cli

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"orderops/ui/text"
	"orderops/workflow"
	"orderops/workflow/operation"
)

// changeFlags are how a change is agreed to.
type changeFlags struct {
	dryRun bool
	yes    bool
	typed  string
	output string
}

func (p *program) changing(flags *pflag.FlagSet, f *changeFlags) {
	flags.BoolVar(&f.dryRun, "dry-run", false, "print the plan, and change nothing")
	flags.BoolVar(&f.yes, "yes", false, "agree to the plan without being asked")
	flags.StringVar(&f.typed, "typed", "", "with --yes: what the plan asks to type, such as a queue's name")
	flags.StringVarP(&f.output, "output", "o", "", "format: table, json, jsonl or csv; by default table on a terminal, else json")
	p.unlocking(flags)
}

func (f changeFlags) check() error {
	o := output{format: f.output}
	return o.check(nil, nil)
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
		return refused("this plan asks for more than --yes", "Look at it with --dry-run, then add --typed "+quoted(plan.Type))
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
	if err != nil && workflow.KindOf(err) != workflow.OutcomeUnknown {
		return err
	}
	if printErr := recordSheet().one(p, output{format: f.output}, record); printErr != nil && err == nil {
		return printErr
	}
	return err
}
