package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"orderops/config"
	"orderops/workflow"
)

// AuditEntry is one call that changed something, as the audit file has it.
type AuditEntry interface {
	// Cells are what a table shows: time, who, what, on what, outcome, request id.
	Cells() []string
}

// audit is the command that reads the audit file.
func (p *program) audit() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Show what this program changed in AWS",
		Long: "Shows the audit file: every call that changed something, with time, identity, context, reason, outcome and the request id " +
			"by which CloudTrail has it. It is audit.jsonl in orderops below XDG_STATE_HOME or ~/.local/state.",
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(p.auditReader("show", "Print the last changes, a line each", formatTable), p.auditReader("export", "Print every field, one JSON object a line", formatJSONLines))
	return cmd
}

func (p *program) auditReader(use, short, format string) *cobra.Command {
	var since time.Duration
	cmd := &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs, Example: "orderops audit " + use + " --since 24h"}
	cmd.RunE = p.plain(func(context.Context, []string) error { return p.readAudit(since, format) })
	cmd.Flags().DurationVar(&since, "since", 0, "how far back, such as 24h; by default everything")
	cmd.Flags().Lookup("since").DefValue = ""
	return cmd
}

func (p *program) readAudit(since time.Duration, format string) error {
	if since < 0 {
		return &config.SettingError{Setting: "--since", Reason: "is negative", Next: "Give a time like 24h."}
	}
	from := time.Time{}
	if since > 0 {
		from = time.Now().Add(-since)
	}
	rows := [][]string{{"TIME", "CONTEXT", "ACTION", "TARGET", "OUTCOME", "REQUEST ID"}}
	var failed error
	broken, err := p.actions.Audit(from, func(entry AuditEntry) bool {
		if format == formatTable {
			rows = append(rows, entry.Cells())
			return true
		}
		line, err := json.Marshal(entry)
		if failed = err; err != nil {
			return false
		}
		p.print("%s\n", harmless(string(line)))
		return true
	})
	if err == nil {
		err = failed
	}
	if err != nil {
		return workflow.ProblemOf(err, "read the audit file", "")
	}
	if format == formatTable {
		p.printTable(rows)
	}
	if broken > 0 {
		_, _ = fmt.Fprintf(p.streams.Err, "orderops: %d lines of the audit file can't be read\n", broken)
	}
	return nil
}
