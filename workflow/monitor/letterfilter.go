package monitor

import (
	"time"

	"orderops/workflow"
	"orderops/workflow/query"
)

// LetterFilter is a filter of dead letters as a function, for what is received
// later. Judged tells that it asks for what only a verdict tells: of a letter
// that was not judged its answer means nothing then.
func LetterFilter(filter string) (match func(workflow.DeadLetter) bool, judged bool, err error) {
	q, err := query.Parse(filter, NewStore().DeadLetters().Columns()...)
	if err != nil {
		return nil, false, err
	}
	// Plain words look in the verdict too.
	judged = q.Uses("", "verdict", "cause", "group")
	return func(letter workflow.DeadLetter) bool {
		now := time.Now()
		return q.Match(NewDeadLetter(letter, now), now)
	}, judged, nil
}
