package workflow_test

import (
	"errors"
	"fmt"
	"testing"

	"orderops/workflow"
)

func TestOutcomeOf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  error
		want workflow.Outcome
	}{
		{nil, workflow.Done},
		{errors.New("boom"), workflow.Undone},
		{&workflow.Problem{Kind: workflow.Throttled}, workflow.Undone},
		{fmt.Errorf("submit: %w", &workflow.Problem{Kind: workflow.OutcomeUnknown}), workflow.Unknown},
		{&workflow.Problem{Kind: workflow.Refused}, workflow.Denied},
	} {
		if got := workflow.OutcomeOf(test.err); got != test.want {
			t.Errorf("OutcomeOf(%v) = %s, want %s", test.err, got, test.want)
		}
	}
}
