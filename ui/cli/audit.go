package cli

import (
	"cmp"
	"context"
	"time"

	"github.com/spf13/cobra"

	"orderops/config"
	"orderops/workflow"
)

// auditSheet are the fields of a change that was asked of AWS.
func auditSheet() sheet[workflow.AuditEntry] {
	type e = workflow.AuditEntry
	return sheet[e]{name: "audit/1", fields: []field[e]{
		{name: "time", id: true, help: "when the call was begun", value: func(x e) any { return x.At }},
		{name: "context", gives: 4, help: "the context of the configuration file; null without one", value: func(x e) any { return known(x.Context) }},
		{name: "plan", gives: 3, help: "title of the plan that the call is part of, with the id of a run", value: func(x e) any { return known(x.Plan) }},
		{name: "action", help: "the AWS action", value: func(x e) any { return x.Action }},
		{name: "target", help: "what it was about", value: func(x e) any { return known(x.Target) }},
		{name: "outcome", status: true, help: "ok, or what sort of failure", value: func(x e) any { return x.Outcome }},
		{name: "request", id: true, gives: 5, help: "AWS's id of the request: CloudTrail's requestID", value: func(x e) any { return known(x.RequestID) }},
		{name: "reason", help: "what a production context was unlocked for", wide: true, value: func(x e) any { return known(x.Reason) }},
		{name: "identity", help: "as whom: the ARN of the caller", wide: true, value: func(x e) any { return x.Identity }},
		{name: "account", help: "the AWS account", wide: true, value: func(x e) any { return known(x.Account) }},
		{name: "region", help: "the region", wide: true, value: func(x e) any { return x.Region }},
		{name: "milliseconds", help: "how long the call took", wide: true, value: func(x e) any { return x.Milliseconds }},
	}}
}

// audit is the command that reads the audit file.
func (p *program) audit() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Show what this program changed in AWS",
		Long: "Shows the audit file: every call that changed something, with time, identity, context, reason, plan, outcome and the request id " +
			"by which CloudTrail has it. It is audit.jsonl in orderops below XDG_STATE_HOME or ~/.local/state.",
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(
		p.auditReader("show", "Print the changes, a line each on a terminal", "orderops audit show --since 24h\norderops audit show --columns time,identity,reason,plan", ""),
		p.auditReader("export", "Print every field of every change, as JSON lines unless told otherwise", "orderops audit export --since 24h\norderops audit export -o csv >changes.csv", formatJSONLines),
	)
	return cmd
}

func (p *program) auditReader(use, short, example, usual string) *cobra.Command {
	var since time.Duration
	var o output
	cmd := &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs, Example: example}
	cmd.RunE = p.plain(func(context.Context, []string) error {
		o.format = cmp.Or(o.format, usual)
		return p.readAudit(since, o)
	})
	cmd.Flags().DurationVar(&since, "since", 0, "how far back, such as 24h; by default everything")
	cmd.Flags().Lookup("since").DefValue = ""
	o.add(cmd.Flags(), nil, auditSheet().names())
	if usual != "" {
		cmd.Flags().Lookup("output").Usage = "format: table, json, jsonl or csv; by default " + usual
	}
	return cmd
}

func (p *program) readAudit(since time.Duration, o output) error {
	if since < 0 {
		return &config.SettingError{Setting: "--since", Reason: "is negative", Next: "Give a time like 24h."}
	}
	s := auditSheet()
	if err := o.check(nil, s.names()); err != nil {
		return err
	}
	from := time.Time{}
	if since > 0 {
		from = time.Now().Add(-since)
	}
	out := s.open(p, o, false)
	var failed error
	broken, err := p.actions.Audit(from, func(entry workflow.AuditEntry) bool {
		failed = out.add(entry)
		return failed == nil && !p.closed.Load()
	})
	if err == nil {
		err = failed
	}
	if err != nil {
		return workflow.ProblemOf(err, "read the audit file", "")
	}
	out.end()
	if broken > 0 {
		p.say("%d lines of the audit file can't be read", broken)
	}
	return nil
}
