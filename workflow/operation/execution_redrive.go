package operation

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"orderops/workflow"
)

// redrivable is how long after its end an execution can be redriven (Step
// Functions service quotas).
const redrivable = 14 * 24 * time.Hour

const (
	// mostLooked is how many executions are described before a redrive is
	// planned; of more, the list's own knowledge has to do. Step Functions checks
	// each of them again.
	mostLooked = 100
	// mostListed is how many executions a plan lists one by one.
	mostListed = 8
	// typedFrom is from how many executions on the machine's name is to be typed.
	typedFrom = 10
)

// Prospect is an execution that is to be redriven.
type Prospect struct {
	workflow.Execution

	// State is where it ended and Kind that state's type; "" is not known.
	State, Kind string
	// Against says why it can't be redriven, or need not be; "" when nothing is
	// known against it.
	Against string
	// Left is how long it can still be redriven; 0 is not known.
	Left time.Duration
	// Checked tells that Step Functions itself was asked.
	Checked bool
}

// Prospect judges an execution by what is known of it.
func (d *Desk) Prospect(e workflow.Execution, state, kind string) Prospect {
	p := Prospect{Execution: e, State: state, Kind: kind, Checked: e.RedriveStatus != ""}
	switch {
	case e.Status == workflow.Succeeded:
		p.Against = "succeeded"
	case !e.Status.Ended():
		p.Against = "has not ended"
	case e.RedriveStatus == "NOT_REDRIVABLE":
		p.Against = "not redrivable: " + e.RedriveReason
	case e.RedriveStatus == "REDRIVABLE_BY_MAP_RUN":
		p.Against = "part of a Map Run, which is redriven as a whole"
	case !e.Stopped.IsZero():
		if p.Left = redrivable - wall().Sub(e.Stopped); p.Left <= 0 {
			p.Left, p.Against = 0, "ended more than 14 days ago"
		}
	}
	if p.Against == "" && kind == "Fail" {
		p.Against = "ended in the Fail state " + state + ", which would only fail again"
	}
	return p
}

// Look asks Step Functions about the prospects that nothing is known against, as
// far as there are not too many of them. What can't be asked stays unchecked.
func (d *Desk) Look(ctx context.Context, prospects []Prospect) []Prospect {
	looked := make([]Prospect, len(prospects))
	asked := 0
	for i, p := range prospects {
		looked[i] = p
		if p.Against != "" || p.Checked || asked == mostLooked || d.options.Describer == nil || ctx.Err() != nil {
			continue
		}
		asked++
		for {
			e, err := d.options.Describer.Describe(ctx, p.ARN)
			if err == nil {
				looked[i] = d.Prospect(e, p.State, p.Kind)
			} else if again(ctx, err) {
				continue
			}
			break
		}
	}
	return looked
}

// Eligible are the prospects that nothing is known against.
func Eligible(prospects []Prospect) []Prospect {
	var list []Prospect
	for _, p := range prospects {
		if p.Against == "" {
			list = append(list, p)
		}
	}
	return list
}

// PlanRedriveExecutions says what redriving these executions would do.
func (d *Desk) PlanRedriveExecutions(prospects []Prospect) (Plan, error) {
	eligible := Eligible(prospects)
	if len(eligible) == 0 {
		return Plan{}, &workflow.Problem{
			Kind: workflow.Invalid, Operation: "redrive", Target: nameOf(d.deployment.StateMachineARN),
			Reason: "none of " + counted(len(prospects), "execution") + " can be redriven: " + leftOut(prospects),
			Next:   "Run an order again instead, or submit it anew.",
		}
	}
	p := Plan{
		Title: "Redrive " + counted(len(eligible), "execution"),
		Facts: []Fact{{"redrive", fmt.Sprintf("%d of %d", len(eligible), len(prospects))}},
		Risk:  Ask, Verb: "redrive",
		Undo: "none: a redriven execution can only be stopped",
	}
	if len(prospects) > len(eligible) {
		p.Facts = append(p.Facts, Fact{"left out", leftOut(prospects)})
	}
	p.Facts = append(p.Facts, listed(prospects)...)
	if unchecked := len(eligible) - checked(eligible); unchecked > 0 {
		p.Facts = append(
			p.Facts,
			Fact{"looked at", fmt.Sprintf("%d of %d", checked(prospects), len(prospects))},
			Fact{"not checked", counted(unchecked, "execution") + ": asked to redrive all the same; what Step Functions refuses stays as it is, and is counted"},
		)
	}
	p.Facts = append(
		p.Facts,
		Fact{"then", "each goes on at the step where it ended, with the definition and the input that it was started with; what succeeded is not done again"},
		Fact{"calls", counted(len(eligible), "call") + " of states:RedriveExecution, one after the other"},
	)
	p.Warning = charging(eligible)
	if len(eligible) >= typedFrom {
		p.Risk, p.Type, p.AskFor = TypeName, nameOf(d.deployment.StateMachineARN), "type the state machine's name"
	}
	return p, nil
}

// leftOut counts what is known against prospects, by reason.
func leftOut(prospects []Prospect) string {
	counts := map[string]int{}
	var reasons []string
	for _, p := range prospects {
		if p.Against == "" {
			continue
		}
		if counts[p.Against]++; counts[p.Against] == 1 {
			reasons = append(reasons, p.Against)
		}
	}
	parts := make([]string, len(reasons))
	for i, reason := range reasons {
		parts[i] = fmt.Sprintf("%d %s", counts[reason], reason)
	}
	return strings.Join(parts, " · ")
}

func checked(prospects []Prospect) int {
	n := 0
	for _, p := range prospects {
		if p.Checked {
			n++
		}
	}
	return n
}

// listed is a line for each of the first prospects: whether it can be redriven.
func listed(prospects []Prospect) []Fact {
	var facts []Fact
	for i, p := range prospects {
		if i == mostListed && len(prospects) > mostListed+1 {
			return append(facts, Fact{"", "and " + strconv.Itoa(len(prospects)-mostListed) + " more"})
		}
		text := "✓ " + strings.ToLower(string(p.Status))
		if p.State != "" {
			text += " in " + p.State
		}
		if p.Error != "" {
			text += ": " + p.Error
		}
		switch {
		case p.Against != "":
			text = "– " + p.Against
		case p.Left > 0:
			text += " · " + days(p.Left) + " left"
		}
		facts = append(facts, Fact{shortened(p.Name), text})
	}
	return facts
}

// shortened is an id that fits beside a fact.
func shortened(name string) string {
	runes := []rune(name)
	if len(runes) <= 13 {
		return name
	}
	return string(runes[:6]) + "…" + string(runes[len(runes)-6:])
}

func days(d time.Duration) string {
	if d < 24*time.Hour {
		return counted(int(d/time.Hour), "hour")
	}
	return counted(int(d/(24*time.Hour)), "day")
}

// charging warns of what may be paid twice. Which function pays is only to be
// told by its name; where the state is not known, it may be that one.
func charging(prospects []Prospect) string {
	n := 0
	state := "an unknown state"
	for _, p := range prospects {
		if p.State != "" && !pays(p.State) {
			continue
		}
		if n++; p.State != "" {
			state = p.State
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("Payment may already be taken: %s ended in %s, which is called again. "+
		"Our payment step takes the order id as its key; another one may charge twice.", counted(n, "execution"), state)
}

// pays tells whether a state's name is that of a payment.
func pays(state string) bool {
	name := strings.ToLower(state)
	return strings.Contains(name, "pay") || strings.Contains(name, "charge")
}

// RedriveExecution redrives one execution.
func (d *Desk) RedriveExecution(ctx context.Context, p Prospect) (done Record, err error) {
	ctx, end := d.under.begin(workflow.WithPlan(ctx, "Redrive executions"))
	defer func() { end(done) }()
	at := wall()
	err = d.redriveExecution(ctx, p)
	detail := ""
	if err == nil {
		detail = "goes on"
		if p.State != "" {
			detail += " in " + p.State
		}
	}
	return record(at, "redrive execution", p.Name, detail, err), err
}

func (d *Desk) redriveExecution(ctx context.Context, p Prospect) error {
	if err := d.allow("redrive execution", string(p.ARN), "execution"); err != nil {
		return err
	}
	if p.Against != "" {
		return &workflow.Problem{
			Kind: workflow.Invalid, Operation: "redrive execution", Target: string(p.ARN), Reason: "it can't be redriven: " + p.Against,
			Next: "Run the order again instead, or submit it anew.",
		}
	}
	_, err := d.executions.Redrive(ctx, p.ARN)
	if workflow.KindOf(err) == workflow.OutcomeUnknown {
		return unsure(err, "states:RedriveExecution", string(p.ARN), "Look at its status and redrive count; while it runs, a second redrive is refused.")
	}
	return err
}
