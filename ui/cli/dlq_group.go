package cli

import (
	"time"

	"orderops/workflow"
	"orderops/workflow/monitor"
)

// groupSheet are the fields of a group of dead letters.
func groupSheet() sheet[monitor.Group] {
	type g = monitor.Group
	return sheet[g]{name: "deadlettergroup/1", fields: []field[g]{
		{name: "messages", help: "how many dead letters have this verdict and cause", value: func(x g) any { return x.Count }},
		{name: "verdict", help: "what a redrive would do to each", value: func(x g) any { return string(x.Verdict) }},
		{name: "first", help: "when the first of them was sent", value: func(x g) any { return x.First }},
		{name: "last", help: "when the last of them was sent", value: func(x g) any { return x.Last }},
		{name: "group", help: "what stands in their way, without what differs from message to message", value: func(x g) any { return known(x.Cause) }},
		{name: "filter", help: "the filter that lets just these through", wide: true, value: func(x g) any { return x.Filter() }},
	}}
}

// printGroups prints the groups of what matches, the largest first.
func (p *program) printGroups(letters []workflow.DeadLetter, o output) error {
	store, now := monitor.NewStore(), time.Now()
	var matching []workflow.DeadLetter
	for _, letter := range letters {
		if o.query.Match(monitor.NewDeadLetter(letter, now), now) {
			matching = append(matching, letter)
		}
	}
	store.Apply(monitor.DeadLettersRead{Letters: matching, At: now})
	out := groupSheet().open(p, o, false)
	for _, group := range store.DeadLetterGroups() {
		if err := out.add(group); err != nil {
			return err
		}
	}
	out.end()
	return nil
}
