package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"orderops/config"
	"orderops/ui/text"
	"orderops/workflow"
	"orderops/workflow/doctor"
)

// doctor is the command that examines the deployment and the way to it.
func (p *program) doctor() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Examine the deployment, and what this program may see of it",
		Long: "Looks at queues, consumer, state machine, topic, permissions, clock and terminal, and says what would lose or double orders, " +
			"why, and how to mend it. It only reads: about a dozen calls. It ends with the code 1 when something is bad.",
		Example: "orderops doctor\norderops doctor --stack order-system -o json",
		Args:    cobra.NoArgs,
	}
	cmd.RunE = p.do(func(ctx context.Context) error { return p.runDoctor(ctx, output) })
	cmd.Flags().StringVarP(&output, "output", "o", "", "format: table or json; by default table on a terminal, else json")
	return cmd
}

func (p *program) runDoctor(ctx context.Context, format string) error {
	if err := checkOutput(format); err != nil {
		return &config.SettingError{Setting: "--output", Reason: err.Error(), Next: "See orderops doctor --help"}
	}
	facts, err := p.actions.Facts(ctx, p.settings)
	if err != nil {
		return err
	}
	facts.Terminal = doctor.Terminal{
		Is: p.streams.OutTerminal, Type: p.environment("TERM"), Colour: p.environment("COLORTERM"), Language: p.language(),
	}
	findings := doctor.Examine(facts)
	if p.format(format) == formatJSON {
		if err := p.printJSON(findings); err != nil {
			return err
		}
	} else {
		p.printFindings(findings)
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
