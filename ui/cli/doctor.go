package cli

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"orderops/config"
	"orderops/ui/text"
	"orderops/workflow"
	"orderops/workflow/doctor"
)

// findingSheet are the fields of what the doctor found.
func findingSheet() sheet[doctor.Finding] {
	type f = doctor.Finding
	return sheet[f]{name: "finding/1", fields: []field[f]{
		{name: "state", help: "ok, notice, bad or not checked", value: func(x f) any { return string(x.State) }},
		{name: "subject", help: "what was looked at", value: func(x f) any { return x.Subject }},
		{name: "what", help: "what was found", value: func(x f) any { return x.What }},
		{name: "why", help: "why it matters; null when all is well", value: func(x f) any { return known(x.Why) }},
		{name: "fix", help: "what to do; null when there is nothing", value: func(x f) any { return known(x.Fix) }},
	}}
}

// doctor is the command that examines the deployment and the way to it.
func (p *program) doctor() *cobra.Command {
	var o output
	var tier string
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Examine the deployment, and what this program may see of it",
		Long: "Looks at queues, consumer, alarms, quotas, state machine, topic, permissions, clock and terminal, and says what would lose or double orders, " +
			"why, and how to mend it. It only reads: about two dozen calls, and the four metrics that it asks for cost a fraction of a cent. " +
			"What the identity may do is asked of IAM (iam:SimulatePrincipalPolicy) where that is allowed; IAM does not tell of policies of the resources themselves. " +
			"It ends with the code 1 when something is bad.",
		Example: "orderops doctor\norderops doctor --tier read-only\norderops doctor --stack order-system -o jsonl | jq 'select(.state != \"ok\")'",
		Args:    cobra.NoArgs,
	}
	cmd.RunE = p.do(func(ctx context.Context) error { return p.runDoctor(ctx, tier, o) })
	cmd.Flags().StringVar(&tier, "tier", "", "whose permissions to check: read-only, operator or admin; by default operator, and read-only where nothing may be changed")
	o.add(cmd.Flags(), nil, findingSheet().names())
	_ = cmd.RegisterFlagCompletionFunc("tier", cobra.FixedCompletions(tiers(), cobra.ShellCompDirectiveNoFileComp)) // the flag is there
	return cmd
}

// tiers are how much somebody may do, the least first.
func tiers() []string { return []string{"read-only", "operator", "admin"} }

func checkTier(setting, tier string) error {
	if slices.Contains(tiers(), tier) {
		return nil
	}
	return &config.SettingError{Setting: setting, Reason: strconv.QuoteToGraphic(tier) + " is no tier", Next: "Choose read-only, operator or admin."}
}

func (p *program) runDoctor(ctx context.Context, tier string, o output) error {
	s := findingSheet()
	if err := o.check(nil, s.names()); err != nil {
		return err
	}
	if tier == "" {
		tier = "operator"
		if p.settings.ReadOnly {
			tier = "read-only"
		}
	}
	if err := checkTier("--tier", tier); err != nil {
		return err
	}
	facts, err := p.actions.Facts(ctx, p.settings, tier)
	if err != nil {
		return err
	}
	facts.Terminal = doctor.Terminal{
		Is: p.streams.OutTerminal, Type: p.environment("TERM"), Colour: p.environment("COLORTERM"), Language: p.language(),
	}
	if p.streams.OutTerminal && p.streams.OutSize != nil {
		facts.Terminal.Width, facts.Terminal.Height = p.streams.OutSize()
	}
	findings := doctor.Examine(facts)
	if p.format(o.format) == formatTable && len(o.columns) == 0 {
		p.printFindings(findings)
	} else {
		out := s.open(p, o, false)
		for _, f := range findings {
			if err := out.add(f); err != nil {
				return err
			}
		}
		out.end()
	}
	if doctor.Worst(findings) == doctor.Bad {
		return &workflow.Problem{Operation: "call the deployment healthy", Reason: "something is bad, see above", Next: "Mend it as it says there."}
	}
	return nil
}

// printFindings prints each finding, and under it why it matters and what to do.
func (p *program) printFindings(findings []doctor.Finding) {
	glyphs := map[doctor.State]string{doctor.Good: "✓", doctor.Notice: "!", doctor.Bad: "✗", doctor.NotChecked: "·"}
	width := 0
	for _, f := range findings {
		width = max(width, text.Width(f.Subject))
	}
	indent := strings.Repeat(" ", 2+width+2)
	for _, f := range findings {
		note := ""
		if f.State == doctor.NotChecked {
			note = "not checked: "
		}
		p.print("%s %s  %s\n", glyphs[f.State], text.Pad(f.Subject, width), note+text.Clean(f.What))
		if f.Why != "" {
			p.print("%swhy  %s\n", indent, text.Clean(f.Why))
		}
		if f.Fix != "" {
			p.print("%sdo   %s\n", indent, text.Clean(f.Fix))
		}
	}
}

func (p *program) environment(name string) string {
	value, _ := p.actions.Environment(name)
	return value
}

// language is the locale of characters, as the C library finds it.
func (p *program) language() string {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := p.environment(name); value != "" {
			return value
		}
	}
	return ""
}
