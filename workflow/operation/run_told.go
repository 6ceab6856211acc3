package operation

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"orderops/workflow"
)

// explain fills in what a person reads.
func (d *Desk) explain(ctx context.Context, p *RunPlan, dead workflow.Queue) {
	n := len(p.Eligible)
	what := counted(n, "message")
	if p.Rest != nil {
		what = "all that match"
		if p.Filter == "" {
			what = "all dead letters"
		}
	}
	p.Title = strings.ToUpper(string(p.Do[:1])) + string(p.Do[1:]) + " " + what
	p.question(dead)
	fact := func(label, text string) { p.Facts = append(p.Facts, Fact{label, text}) }
	if p.Rest != nil {
		which := "every dead letter"
		if p.Filter != "" {
			which += fmt.Sprintf(" that matches %q", p.Filter)
		}
		fact("which", fmt.Sprintf("%s, also those not received yet, and what arrives meanwhile: at most %d now", which, dead.Total()))
		if dead.InFlight > 0 && p.Do == Delete {
			fact("in flight", fmt.Sprintf("%d now; what others hold stays", dead.InFlight))
		}
	}
	if to := p.targets(); to != "" {
		fact("to", to)
	}
	if len(p.LeftOut) > 0 {
		fact("left out", verdictsOf(p.LeftOut))
	}
	if open := countOf(p.Eligible, workflow.Readable); open > 0 && p.Do == Redrive {
		fact("not checked", fmt.Sprintf("%d: judged before sending, and left out unless safe", open))
	}
	if p.Do == Redrive {
		p.explainEdit(fact)
		fact("adds", d.adds(p))
		fact("consumer", d.consumerWord(ctx))
		then := "follows each order to its end; looks once among the dead letters for those that do not start"
		switch {
		case p.Canary == 1 && p.Threshold > 0:
			then = "the first message is followed to its end; the rest goes on only when it succeeded"
		case p.Canary > 0:
			then = fmt.Sprintf("the first %d are followed to their end; the rest goes on only when %.0f %% of them succeeded", p.Canary, p.Threshold*100)
		}
		fact("then", then)
	}
	fact("calls", p.calls(n))
	fact("takes", lasting(n, p.Rate)+" at "+strconv.Itoa(p.Rate)+" per second, longer where verdicts have to be looked up again")
	fact("journal", "the whole messages are saved before anything is sent or deleted")
}

// explainEdit shows the one body that is edited as it is and as it becomes, and
// how many of all edited ones our decoder rejects.
func (p *RunPlan) explainEdit(fact func(label, text string)) {
	bad, why := 0, ""
	for _, body := range p.Edits {
		if _, err := workflow.DecodeBody(body); err != nil {
			bad, why = bad+1, err.Error()
		}
	}
	if bad > 0 {
		p.Warning = strings.TrimSpace(fmt.Sprintf("%s Our decoder rejects %d of the edited bodies (%s): a consumer like ours fails again.", p.Warning, bad, why))
	}
	if len(p.Edits) > 0 && p.EditedBy != "" {
		fact("edited by", p.EditedBy)
	}
	if len(p.Edits) != 1 || len(p.Eligible) != 1 {
		return
	}
	letter := p.Eligible[0]
	fact(factWas, string(letter.Body))
	fact(factBecomes, string(p.Edits[letter.ID]))
}

// question sets what agreeing is called and what it takes.
func (p *RunPlan) question(dead workflow.Queue) {
	p.Verb, p.Risk = string(p.Do), Ask
	switch p.Do {
	case Redrive:
		p.Undo = "none once sent; the originals stay in the journal"
	case Delete:
		p.Undo = "restore sends them to the dead-letter queue again, under new ids and without their source"
		p.Risk, p.Type = TypeName, dead.Name
	case CopyTo:
		p.Undo = "none: the copies have to be deleted where they went"
	case Restore, Import: // have plans of their own
	}
	if consequence := p.consequence(); consequence != "" {
		p.Risk, p.Type, p.AskFor = TypeName, consequence, "type what may come of it"
		p.Warning = "Included although " + p.warned() + "."
	}
}

// consequence is what including a verdict may lead to; "" when none is included.
func (p *RunPlan) consequence() string {
	if p.Do != Redrive {
		return ""
	}
	switch {
	case slices.Contains(p.Include, workflow.Processed), slices.Contains(p.Include, workflow.Unchecked), slices.Contains(p.Include, workflow.Broken):
		return "second orders"
	case len(p.Include) > 0:
		return "fails again"
	}
	return ""
}

func (p *RunPlan) warned() string {
	var parts []string
	for _, v := range p.Include {
		if n := countOf(p.Eligible, v); n > 0 || p.Rest != nil {
			parts = append(parts, fmt.Sprintf("%d %s (%s)", n, v, consequenceOf(v)))
		}
	}
	return strings.Join(parts, ", ")
}

func consequenceOf(v workflow.Verdict) string {
	switch v {
	case workflow.Malformed:
		return "fails again"
	case workflow.Processed, workflow.Unchecked:
		return "a second order, unless the consumer honours lineage"
	case workflow.Broken:
		return "payment may already be taken"
	case workflow.Bounced:
		return "came back before"
	case workflow.Safe, workflow.Readable:
	}
	return "not checked"
}

func (p *RunPlan) targets() string {
	var names []string
	for arn, url := range p.destinations {
		name := nameOf(url)
		switch {
		case p.To != "":
		case arn == "":
			name += " (for messages that tell no source)"
		default:
			name += " (where they came from)"
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// adds says what the messages will carry that they did not.
func (d *Desk) adds(p *RunPlan) string {
	bare := 0
	for _, letter := range p.Eligible {
		if _, kept := d.outgoing(letter, p.Edits[letter.ID], p.Reason, ""); !kept {
			bare++
		}
	}
	text := "the lineage: order id, original id, redrives, operator"
	if p.Reason != "" {
		text += ", reason"
	}
	if len(p.Edits) > 0 {
		text += fmt.Sprintf("; a new order id for %d edited", len(p.Edits))
	}
	if bare > 0 {
		text += fmt.Sprintf("; left out of %d that have no room for it: those are new orders to the consumer", bare)
	}
	return text
}

func (d *Desk) consumerWord(ctx context.Context) string {
	if d.options.Consumer == nil {
		return "not checked whether it is enabled"
	}
	c, err := d.options.Consumer.Describe(ctx, d.orderQueue(ctx).ARN)
	switch {
	case err != nil:
		return "not checked whether it is enabled: " + reasonOf(err)
	case c.UUID == "":
		return "none is known by an event source; whether anything reads the queue was not checked"
	}
	return c.State
}

func (p *RunPlan) calls(n int) string {
	batches := (n + pageSize - 1) / pageSize
	var parts []string
	if p.Do.sends() {
		parts = append(parts, counted(batches, "send"))
	}
	if p.Do.deletes() {
		parts = append(parts, counted(batches, "delete"))
	}
	text := strings.Join(parts, " · ") + ", as many to renew leases"
	if p.Rest != nil {
		text += ", for each ten messages that match"
	}
	return text
}
