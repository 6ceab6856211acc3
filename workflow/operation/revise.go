package operation

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"orderops/workflow"
	"orderops/workflow/operation/planfile"
)

// Dropped is something that a saved plan was about and that is not done, and why.
type Dropped struct{ ID, Why string }

// RevisedRun is a saved plan of a run as it stands now.
type RevisedRun struct {
	RunPlan

	Dropped []Dropped
}

// Look is where the messages of a saved plan are looked at again. The zero
// value receives them.
type Look struct {
	// Known are letters that Inspection may still hold; what it holds is there.
	Known      []workflow.DeadLetter
	Inspection *Inspection
	// Told hears how many were found; nil hears nothing.
	Told func(found int)
}

// ReviseRun looks at every message of a saved plan again: whether it is there,
// with the same body, and what a redrive would do to it now. What changed for
// the worse is dropped, and the plan says so. Rest is what the plan's filter
// accepts; judged tells that it asks for the verdict.
func (d *Desk) ReviseRun(ctx context.Context, saved planfile.Plan, rest func(workflow.DeadLetter) bool, judged bool, look Look) (RevisedRun, error) {
	if err := d.ours(saved); err != nil {
		return RevisedRun{}, err
	}
	s := Selection{
		Do: Verb(saved.Operation), To: saved.To, Filter: saved.Filter, Include: saved.Include, Reason: saved.Note, Rate: saved.Rate,
		Canary: saved.Canary, Threshold: saved.Threshold, Edits: map[workflow.MessageID][]byte{}, EditedBy: saved.EditedBy,
	}
	if saved.Rest {
		s.Rest, s.RestJudged = rest, judged
	}
	if s.Rate == 0 {
		s.Rate = DefaultRate
	}
	if _, err := d.runnable(ctx, s); err != nil {
		return RevisedRun{}, err
	}
	letters, err := d.lookAgain(ctx, saved.Messages, look)
	if err != nil {
		return RevisedRun{}, err
	}
	var r RevisedRun
	for _, m := range saved.Messages {
		letter, there := letters[m.ID]
		if why := changed(s.Do, m, letter, there); why != "" {
			r.Dropped = append(r.Dropped, Dropped{string(m.ID), why})
			continue
		}
		s.Letters = append(s.Letters, letter)
		if edit := m.Edit(); edit != nil {
			s.Edits[m.ID] = edit
		}
	}
	if len(s.Letters) == 0 && s.Rest == nil {
		return r, nothingLeft(saved, r.Dropped)
	}
	if r.RunPlan, err = d.PlanRun(ctx, s); err != nil {
		return r, err
	}
	d.revised(ctx, saved, &r.Plan, r.Dropped)
	return r, nil
}

// changed says why a message is not what it was when the plan was made; "" when
// it is, or when redriving it became safe.
func changed(do Verb, was planfile.Message, is workflow.DeadLetter, there bool) string {
	switch {
	case !there:
		return "not received: it is gone, or somebody else holds it"
	case planfile.Digest(is.Body) != was.Digest:
		return "has another body: it is another message"
	case is.SourceARN != was.Source:
		return "came from " + nameOf(is.SourceARN) + ", not from " + nameOf(was.Source)
	case is.Verdict == was.Verdict, was.Verdict == "", was.Verdict == workflow.Readable, do == Redrive && is.Verdict == workflow.Safe:
		return ""
	}
	why := fmt.Sprintf("was %s, is %s", was.Verdict, is.Verdict)
	if is.Why != "" {
		why += " (" + is.Why + ")"
	}
	return why
}

// lookAgain finds messages among the dead letters, and judges them.
func (d *Desk) lookAgain(ctx context.Context, messages []planfile.Message, look Look) (map[workflow.MessageID]workflow.DeadLetter, error) {
	wanted := map[workflow.MessageID]bool{}
	for _, m := range messages {
		wanted[m.ID] = true
	}
	var letters []workflow.DeadLetter
	for _, letter := range look.Known {
		if wanted[letter.ID] && look.Inspection.holds(letter.ID) {
			letters = append(letters, letter)
			delete(wanted, letter.ID)
		}
	}
	if len(wanted) > 0 {
		found, err := d.gather(ctx, wanted, look.Told)
		if err != nil {
			return nil, err
		}
		letters = append(letters, found...)
	}
	judged, _ := d.Judge(ctx, letters) // what could not be looked up is unknown, and says why
	if ctx.Err() != nil {
		return nil, &workflow.Problem{Operation: "look at the messages of the plan again", Reason: "it was interrupted; nothing was changed", Err: ctx.Err()}
	}
	byID := map[workflow.MessageID]workflow.DeadLetter{}
	for _, letter := range judged {
		byID[letter.ID] = letter
	}
	return byID, nil
}

// gather receives dead letters until all that are wanted came, or no more come,
// and gives them back. What came is wanted no more.
func (d *Desk) gather(ctx context.Context, wanted map[workflow.MessageID]bool, told func(int)) (found []workflow.DeadLetter, err error) {
	inspection, _, err := d.Inspect(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _, _ = inspection.Release(context.WithoutCancel(ctx)) }() // what can't be given back comes back by itself
	for len(wanted) > 0 {
		if until := inspection.Until(); !until.IsZero() && time.Until(until) < Lease/2 {
			if _, err := inspection.Renew(ctx); err != nil && ctx.Err() == nil {
				return nil, err
			}
		}
		page, err := inspection.Next(ctx)
		if err != nil {
			return nil, err
		}
		for _, letter := range page.Letters {
			if wanted[letter.ID] {
				found = append(found, letter)
				delete(wanted, letter.ID)
			}
		}
		if told != nil {
			told(len(found))
		}
		if page.Done {
			break
		}
	}
	return found, nil
}

// holds tells that a message is held under a lease that still runs.
func (i *Inspection) holds(id workflow.MessageID) bool {
	if i == nil {
		return false
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	l, ok := i.held[id]
	return ok && !i.closed && l.until.After(wall())
}

// ours refuses a plan that was made for another deployment.
func (d *Desk) ours(saved planfile.Plan) error {
	differs := func(what, theirs, here string) error {
		return &workflow.Problem{
			Kind: workflow.Refused, Operation: "apply the plan", Target: here, Reason: "it was made for the " + what + " " + theirs + "; nothing was changed",
			Next: "Connect to that deployment: --profile, --region, --stack, or another context.",
		}
	}
	c := d.deployment
	switch {
	case saved.Account != c.Account:
		return differs("account", saved.Account, c.Account)
	case saved.Region != c.Region:
		return differs("region", saved.Region, c.Region)
	case saved.Stack != c.Stack && saved.Stack != "" && c.Stack != "":
		return differs("stack", saved.Stack, c.Stack)
	case saved.Operation == planfile.Executions && saved.Machine != c.StateMachineARN:
		return differs("state machine", saved.Machine, c.StateMachineARN)
	case saved.Operation != planfile.Executions && saved.Queue != c.DeadLetterURL:
		return differs("dead-letter queue", saved.Queue, c.DeadLetterURL)
	}
	return nil
}

func nothingLeft(saved planfile.Plan, dropped []Dropped) error {
	return &workflow.Problem{
		Kind: workflow.Refused, Operation: "apply the plan", Target: saved.Operation,
		Reason: "nothing of it is left: " + tallyOf(dropped) + "; nothing was changed", Next: "Make a new plan, if there is still something to do.",
	}
}

// tallyOf counts what was dropped by its reason, without what stands in brackets.
func tallyOf(dropped []Dropped) string {
	counts := map[string]int{}
	for _, d := range dropped {
		why, _, _ := strings.Cut(d.Why, " (")
		counts[why]++
	}
	return tally(counts)
}

// revised puts in front of a plan where it comes from, what was dropped, and
// what else differs from what it said when it was made.
func (d *Desk) revised(ctx context.Context, saved planfile.Plan, p *Plan, dropped []Dropped) {
	by := ""
	if saved.By != "" {
		by = " by " + saved.By + ", as the file says"
	}
	facts := []Fact{{"saved", saved.Made.Local().Format(time.DateTime) + ", " + ago(wall().Sub(saved.Made)) + by}}
	if len(dropped) > 0 {
		facts = append(facts, Fact{"dropped", tallyOf(dropped)})
		for i, one := range dropped {
			if i == mostListed && len(dropped) > mostListed+1 {
				facts = append(facts, Fact{"", fmt.Sprintf("and %d more", len(dropped)-mostListed)})
				break
			}
			facts = append(facts, Fact{"", shortened(nameOf(one.ID)) + ": " + one.Why})
		}
	}
	differences := append(d.queuesSince(ctx, saved), factsSince(saved, *p)...)
	for i, text := range differences {
		facts = append(facts, Fact{[]string{"since then", ""}[min(i, 1)], text})
	}
	if len(differences) == 0 {
		facts = append(facts, Fact{"since then", "nothing else that it said has changed"})
	}
	p.Facts = append(facts, p.Facts...)
}

func ago(d time.Duration) string {
	switch {
	case d < 0:
		return "in the future by this machine's clock"
	case d < time.Hour:
		return inWords(d.Truncate(time.Second)) + " ago"
	}
	return days(d) + " ago"
}

// factsSince are the lines of a plan that say something else than they did.
func factsSince(saved planfile.Plan, p Plan) []string {
	now := map[string]string{}
	for _, f := range told(p) {
		now[f.Label] = f.Text
	}
	var differences []string
	for _, f := range saved.Facts {
		switch is, there := now[f.Label]; {
		case !there:
			differences = append(differences, f.Label+" was said, and is not any more: "+f.Text)
		case is != f.Text:
			differences = append(differences, f.Label+" was: "+f.Text)
		}
	}
	return differences
}

// queuesSince are the differences of the queues, the numbers of messages included.
func (d *Desk) queuesSince(ctx context.Context, saved planfile.Plan) []string {
	was := map[string]planfile.Queue{}
	for _, q := range saved.Queues {
		was[q.Name] = q
	}
	var differences []string
	for _, is := range d.queuesNow(ctx) {
		before, there := was[is.Name]
		if !there {
			continue
		}
		values := map[string][2]any{
			"messages, about": {before.Messages, is.Messages}, "visibility timeout in seconds": {before.Visibility, is.Visibility},
			"retention in seconds": {before.Retention, is.Retention}, "receives allowed": {before.MaxReceives, is.MaxReceives},
			"dead-letter queue": {before.DeadLetters, is.DeadLetters},
		}
		for _, name := range slices.Sorted(maps.Keys(values)) {
			if v := values[name]; v[0] != v[1] {
				differences = append(differences, fmt.Sprintf("%s: %s were %v, are %v", is.Name, name, v[0], v[1]))
			}
		}
	}
	return differences
}
