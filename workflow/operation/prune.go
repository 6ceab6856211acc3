package operation

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"orderops/workflow"
	"orderops/workflow/operation/journal"
)

// DefaultKeepDays is for how many days after its end a run is kept: it holds
// whole messages, personal data included.
const DefaultKeepDays = 30

func (d *Desk) keepDays() int { return cmp.Or(d.options.KeepDays, DefaultKeepDays) }

// Forget deletes the runs that were closed longer ago than they are kept, and
// tells how many: those of this deployment as is set now, those of another as was
// set when its newest run began.
func (d *Desk) Forget() (pruned int, err error) {
	if d.options.Journal == nil {
		return 0, nil
	}
	days := map[string]int{d.deployment.DeadLetterURL: d.keepDays()}
	runs, unread := d.options.Journal.Runs() // the newest first
	for i := range runs {
		if of := deadLettersOf(&runs[i]); days[of] == 0 {
			days[of] = cmp.Or(runs[i].Head.KeepDays, DefaultKeepDays)
		}
	}
	stale := func(s *journal.State) bool { return older(s, cmp.Or(days[deadLettersOf(s)], DefaultKeepDays)) }
	pruned, err = pruneOf(d.options.Journal, runs, stale)
	return pruned, cmp.Or(err, unread)
}

// pruneOf deletes those of these runs that are stale and not needed.
func pruneOf(j *journal.Journal, runs []journal.State, stale func(*journal.State) bool) (int, error) {
	ours := map[string]bool{}
	for i := range runs {
		ours[runs[i].Head.ID] = true
	}
	needed := neededBy(runs, stale)
	return j.Prune(func(s *journal.State) bool { return ours[s.Head.ID] && stale(s) && !needed(s) })
}

// neededBy tells which runs must not go whatever their age: those that restored
// what another run deleted, for as long as that one stays. Without them it could
// be restored twice. Stale says which runs are old enough to go.
func neededBy(runs []journal.State, stale func(*journal.State) bool) func(*journal.State) bool {
	stays := map[string]bool{}
	for i := range runs {
		stays[runs[i].Head.ID] = !runs[i].Prunable() || !stale(&runs[i])
	}
	return func(s *journal.State) bool { return s.Head.Verb == string(Restore) && stays[s.Head.Filter] }
}

// older tells that a run ended longer ago than so many days.
func older(s *journal.State, days int) bool {
	return wall().Sub(s.Ended) > time.Duration(days)*24*time.Hour
}

// PlanPrune says what deleting this deployment's runs would do that were closed
// longer ago than so many days; 0 days are all.
func (d *Desk) PlanPrune(days int) (Plan, error) {
	runs, err := d.History()
	if err != nil {
		return Plan{}, err
	}
	stale, open, kept, messages := 0, 0, 0, 0
	old := func(s *journal.State) bool { return older(s, days) }
	needed := neededBy(runs, old)
	for i := range runs {
		s := &runs[i]
		switch {
		case !s.Prunable(), needed(s):
			open++
		case !old(s):
			kept++
		default:
			stale++
			messages += len(s.Items)
		}
	}
	if stale == 0 {
		return Plan{}, &workflow.Problem{
			Kind: workflow.NotFound, Operation: "prune the journal", Target: d.deployment.DeadLetterURL,
			Reason: fmt.Sprintf("no run of these dead letters was closed more than %s ago", counted(days, "day")), Next: "Nothing was deleted.",
		}
	}
	p := Plan{
		Title: "Prune " + counted(stale, "run") + " of the journal",
		Facts: []Fact{
			{"runs", counted(stale, "run") + " closed more than " + counted(days, "day") + " ago, with " + counted(messages, "whole message")},
			{"then", "what they deleted can't be restored any more, and verdicts don't know what they redrove"},
		},
		Risk: Ask, Verb: "prune", Undo: "none",
	}
	if kept+open > 0 {
		p.Facts = append(p.Facts, Fact{"kept", strconv.Itoa(kept) + " younger, " + strconv.Itoa(open) + " not finished or still needed"})
	}
	return p, nil
}

// Prune applies the plan.
func (d *Desk) Prune(days int) (Record, error) {
	at := wall()
	pruned, err := d.prune(days)
	return record(at, "prune the journal", nameOf(d.deployment.DeadLetterURL), counted(pruned, "run")+" deleted", err), err
}

func (d *Desk) prune(days int) (int, error) {
	if d.options.Journal == nil {
		return 0, &workflow.Problem{Kind: workflow.Refused, Operation: "prune the journal", Reason: "there is no journal"}
	}
	runs, err := d.History()
	if err != nil {
		return 0, err
	}
	return pruneOf(d.options.Journal, runs, func(s *journal.State) bool { return older(s, days) })
}
