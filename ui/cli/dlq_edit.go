package cli

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"orderops/config"
	"orderops/ui/text"
	"orderops/workflow"
	"orderops/workflow/compare"
	"orderops/workflow/operation"
)

func (p *program) dlqEdit() *cobra.Command {
	var f runFlags
	var expression string
	cmd := &cobra.Command{
		Use: "edit [MESSAGE …]", Short: "Redrive dead letters with other bodies", Args: cobra.ArbitraryArgs,
		Long: "Sends dead letters on with bodies that a jq expression makes of theirs, under new order ids, and deletes the originals. One message can also " +
			"get the body of a file, or be edited in the editor that VISUAL or EDITOR names. --dry-run shows every body before and after. Bodies that our decoder " +
			"rejects are left out, unless malformed is included. " + redriveWords,
		Example: "orderops dlq edit --filter 'verdict:malformed group:quantity' --jq '.data.quantity |= split(\" \")[0]' --dry-run\n" +
			"orderops dlq edit 5e0a4f1c-7d0c-4b0e-8f5a-0e6a3b1f2c33\n" +
			"orderops dlq edit 5e0a4f1c-7d0c-4b0e-8f5a-0e6a3b1f2c33 --body body.json",
	}
	cmd.RunE = p.with(func(ctx context.Context, args []string) error {
		if f.all {
			f.all, f.filter = false, everything
		}
		switch {
		case f.body != "" && expression != "":
			return &config.SettingError{Setting: "--body", Reason: "has no meaning beside --jq", Next: "Give one of them."}
		case f.body != "" && len(args) != 1:
			return &config.SettingError{Setting: "--body", Reason: "is the body of one message", Next: "Name one message, or use --jq."}
		case f.body != "":
			return p.runOver(ctx, operation.Redrive, f, args)
		case expression != "":
			return p.editByExpression(ctx, expression, f, args)
		}
		return p.editByHand(ctx, f, args)
	})
	p.choice(cmd, &f)
	cmd.Flags().BoolVar(&f.all, "all", false, "with --jq: all that were received, up to 1000")
	cmd.Flags().StringVar(&expression, "jq", "", "jq expression that makes the new body of the old one")
	cmd.Flags().StringVar(&f.body, "body", "", "file with the new body; - is the standard input")
	p.verdicts(cmd, &f)
	p.pace(cmd, &f)
	p.saving(cmd.Flags(), &f.changeFlags)
	p.bounded(cmd)
	return cmd
}

// editByExpression edits every chosen message by one jq expression.
func (p *program) editByExpression(ctx context.Context, expression string, f runFlags, args []string) error {
	transform, err := p.actions.Compile(expression)
	if err != nil {
		return &config.SettingError{Setting: "--jq", Reason: "can't be read: " + err.Error(), Next: `It edits the body: .data.quantity = "3"`}
	}
	return p.edit(ctx, f, args, operation.ByJQ(expression), func(ctx context.Context, letters []workflow.DeadLetter) (operation.Edits, error) {
		return operation.EditAll(ctx, letters, transform)
	})
}

// editByHand opens the editor on one message.
func (p *program) editByHand(ctx context.Context, f runFlags, args []string) error {
	switch {
	case len(args) != 1 || f.from != "" || f.filter != "":
		return &config.SettingError{Setting: "--jq", Reason: "is missing", Next: "Name one message to edit it by hand, or say by --jq how to edit many."}
	case !p.streams.InTerminal || !p.streams.OutTerminal:
		return &config.SettingError{Setting: "--body", Reason: "is missing, and there is no terminal for an editor", Next: "Name the file with the new body; - is the standard input."}
	case p.actions.Edit == nil:
		return &config.SettingError{Setting: "EDITOR", Reason: "is not set", Next: "Set it to an editor, such as vi, or use --body or --jq."}
	}
	rejected := f.includes(workflow.Malformed)
	return p.edit(ctx, f, args, operation.ByHand, func(ctx context.Context, letters []workflow.DeadLetter) (operation.Edits, error) {
		body := string(letters[0].Body)
		for {
			edited, err := p.actions.Edit(ctx, "body.json", body)
			if err != nil {
				return operation.Edits{}, err
			}
			edits, err := operation.EditAll(ctx, letters[:1], func(context.Context, []byte) ([]byte, error) { return []byte(edited), nil })
			if err != nil || rejected || edits.Changed == edits.Accepted {
				return edits, err
			}
			_, _ = fmt.Fprintf(p.streams.Err, "%s\nedit again? [Y/n] ", text.Clean(edits.All[0].Why()))
			if !p.again() {
				return edits, nil
			}
			body = edited
		}
	})
}

// again reads whether to go on; enter alone is yes.
func (p *program) again() bool {
	answer, err := bufio.NewReader(p.streams.In).ReadString('\n')
	answer = strings.ToLower(strings.TrimSpace(answer))
	return err == nil && (answer == "" || answer == "y" || answer == "yes")
}

func (f *runFlags) includes(v workflow.Verdict) bool { return slices.Contains(f.include, string(v)) }

// edit chooses dead letters, edits them, shows what comes of it, asks, and
// redrives those that were edited.
func (p *program) edit(
	ctx context.Context, f runFlags, args []string, by string, work func(ctx context.Context, letters []workflow.DeadLetter) (operation.Edits, error),
) error {
	if err := f.checkRun(args); err != nil {
		return err
	}
	if err := p.allowed(f.changeFlags, "edit dead letters"); err != nil {
		return err
	}
	if f.dryRun {
		if err := p.unlocked("look at the dead letters, which would receive them"); err != nil {
			return err
		}
	}
	wanted, _, err := p.wanted(f, args)
	if err != nil {
		return err
	}
	p.costs()
	return p.change(ctx, f.changeFlags, "edit dead letters", func(ctx context.Context, c *Connection) (proposal, error) {
		chosen, err := p.selection(ctx, c, operation.Redrive, f, wanted, nil)
		if err != nil {
			return proposal{}, err
		}
		if chosen.Rest != nil {
			p.say("%d messages were received and match; do the same again for those behind them", len(chosen.Letters))
		}
		edits, err := work(ctx, chosen.Letters)
		if err != nil {
			return proposal{}, err
		}
		chosen.EditedBy = by
		return p.redriveEdits(ctx, c, chosen, edits, f)
	})
}

func (p *program) redriveEdits(ctx context.Context, c *Connection, chosen operation.Selection, edits operation.Edits, f runFlags) (proposal, error) {
	if f.dryRun {
		if err := p.printEdits(edits, f.output); err != nil {
			return proposal{}, err
		}
	}
	p.say("%s", edits.String())
	selection := edits.Selection(f.includes(workflow.Malformed), chosen.EditedBy)
	if len(selection.Letters) == 0 {
		return proposal{}, &workflow.Problem{
			Kind: workflow.Invalid, Operation: "edit dead letters", Target: c.Deployment.DeadLetterURL, Reason: "no message was edited to a body that our decoder accepts; nothing was changed",
			Next: "Look at each with --dry-run.",
		}
	}
	selection.Include, selection.Rate, selection.Reason = chosen.Include, chosen.Rate, chosen.Reason
	selection.Canary, selection.Threshold = chosen.Canary, chosen.Threshold
	plan, err := c.Desk.PlanRun(ctx, selection)
	proposed := p.runProposal(c, plan, f)
	// What is printed in a dry run are the edits; the plan is for who reads.
	proposed.beside = true
	if err == nil && !f.dryRun && p.streams.ErrTerminal && !f.yes {
		p.showEdits(edits)
	}
	return proposed, err
}

// mostShown is how many edits are shown before the question.
const mostShown = 5

// showEdits shows the first edits where questions are asked.
func (p *program) showEdits(edits operation.Edits) {
	shown := 0
	for i := range edits.All {
		e := &edits.All[i]
		if !e.Changed() {
			continue
		}
		if shown++; shown > mostShown {
			p.say("… and %d more: --dry-run shows them all", edits.Changed-mostShown)
			return
		}
		_, _ = io.WriteString(p.streams.Err, "  "+text.Clean(string(e.Letter.ID))+"\n")
		for _, change := range changes(e) {
			_, _ = io.WriteString(p.streams.Err, "    "+text.Clean(change)+"\n")
		}
	}
}

// changes are the values that an edit changes, a line each, with their sign.
func changes(e *operation.Edited) []string {
	var lines []string
	for _, l := range compare.Bodies(e.Letter.Body, e.Body).Lines {
		switch l.Kind {
		case compare.Differs:
			lines = append(lines, "~ "+l.Path+" "+l.Was+" → "+l.Is)
		case compare.Gone:
			lines = append(lines, "- "+l.Path+" "+l.Was)
		case compare.New:
			lines = append(lines, "+ "+l.Path+" "+l.Is)
		case compare.Same:
		}
	}
	return lines
}

// editSheet are the fields of an edit.
func editSheet() sheet[*operation.Edited] {
	type e = *operation.Edited
	return sheet[e]{name: "edit/1", fields: []field[e]{
		{name: "message", help: "the dead letter's message id", value: func(x e) any { return string(x.Letter.ID) }},
		{name: "verdict", help: "what a redrive of the original would do", value: func(x e) any { return string(x.Letter.Verdict) }},
		{name: "outcome", help: "edited; rejected (by our decoder); unchanged; failed; not eligible (no JSON)", value: func(x e) any { return x.Outcome() }},
		{name: "changes", help: "values that differ (~), are gone (-) or new (+)", value: func(x e) any {
			if !x.Changed() {
				return nil
			}
			return strings.Join(changes(x), "; ")
		}},
		{name: "why", help: "why it would not be sent", value: func(x e) any { return known(x.Why()) }},
		{name: "before", help: "the body as it is; null when it is no UTF-8", wide: true, value: func(x e) any {
			if !utf8.Valid(x.Letter.Body) {
				return nil
			}
			return string(x.Letter.Body)
		}},
		{name: "before_base64", help: "the body in base64 when it is no UTF-8", wide: true, value: func(x e) any {
			if utf8.Valid(x.Letter.Body) {
				return nil
			}
			return base64.StdEncoding.EncodeToString(x.Letter.Body)
		}},
		{name: "after", help: "the edited body; null when there is none", wide: true, value: func(x e) any {
			if !x.Changed() {
				return nil
			}
			return string(x.Body)
		}},
	}}
}

func (p *program) printEdits(edits operation.Edits, format string) error {
	out := editSheet().open(p, output{format: format}, false)
	for i := range edits.All {
		if err := out.add(&edits.All[i]); err != nil {
			return err
		}
	}
	out.end()
	return nil
}
