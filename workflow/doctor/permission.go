package doctor

import (
	"fmt"
	"strings"
)

// permissions are what may be read, tried by reading it, and what the tier
// needs beyond that, as IAM's own simulation tells.
func permissions(f Facts) []Finding {
	var all []Finding
	for _, p := range []struct {
		subject string
		err     error
	}{{"executions", f.Executions}, {"orders table", f.Table}, {"execution logs", f.Logs}, {"metrics", f.Metrics}} {
		if p.err != nil {
			all = append(all, unread(p.subject, p.err))
			continue
		}
		all = append(all, good(p.subject, "can be read"))
	}
	return append(all, simulated(f)...)
}

// simulated judges what the identity's policies allow of what the tier needs.
func simulated(f Facts) []Finding {
	const subject = "permissions"
	p := f.Permissions.Value
	printed := "orderops iam " + p.Tier + " prints the policy that this tier needs."
	tier := "what the tier " + p.Tier + " needs"
	switch {
	case f.Permissions.Err != nil:
		missed := unchecked(subject, tier, f.Permissions.Err)
		missed.Fix = strings.TrimSpace(strings.TrimRight(missed.Fix, ". ") + ". " + printed)
		return []Finding{missed}
	case p.Unasked != "":
		return []Finding{{State: NotChecked, Subject: subject, What: tier + ": " + p.Unasked, Fix: printed}}
	case len(p.Denied) == 0:
		return []Finding{good(subject, "the policies of %s allow the %d actions of the tier %s", p.Source, p.Actions, p.Tier)}
	}
	all := make([]Finding, 0, len(p.Denied))
	for _, d := range p.Denied {
		all = append(all, Finding{
			State: Notice, Subject: subject, What: fmt.Sprintf("%s is not allowed on %s", d.Action, strings.Join(d.Resources, ", ")),
			Why: "the tier " + p.Tier + " needs it; whatever calls it fails", Fix: "Ask for it, or use another role. " + printed,
		})
	}
	return all
}
