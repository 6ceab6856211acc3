package cli

import (
	"github.com/spf13/pflag"

	"orderops/config"
	"orderops/workflow"
)

// unlocking are the flags by which one command may change production.
func (p *program) unlocking(flags *pflag.FlagSet) {
	flags.StringVar(&p.settings.Reason, config.FlagReason, "", "production: why; unlocks the context for this command")
	flags.StringVar(&p.settings.Confirm, config.FlagConfirm, "", "production: the context's name, typed once more")
}

// unlocked refuses a change before anything is asked of AWS, when it may not be made.
func (p *program) unlocked(operation string) error {
	s := p.settings
	refused := &workflow.Problem{Kind: workflow.Refused, Operation: operation, Target: s.Context}
	switch {
	case s.ReadOnly:
		refused.Reason = "this run is read-only; nothing was sent"
		refused.Next = "Leave out --read-only and ORDEROPS_READ_ONLY, use a context without read_only, or use --dry-run"
	case !s.Production:
		return nil
	case s.Reason == "":
		refused.Reason = "this production context is locked; nothing was sent"
		refused.Next = "Say why with --reason, and --confirm " + s.Context + "; or use --dry-run"
	case workflow.CheckReason(s.Reason) != nil:
		refused.Reason, refused.Next = "the reason "+workflow.CheckReason(s.Reason).Error(), "It is written into the audit file."
	case s.Confirm != s.Context:
		refused.Reason = "the context's name was not confirmed; nothing was sent"
		refused.Next = "Add --confirm " + s.Context
	default:
		return nil
	}
	return refused
}
