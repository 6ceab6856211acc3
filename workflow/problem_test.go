package workflow_test

import (
	"errors"
	"fmt"
	"testing"

	"orderops/workflow"
)

func TestProblemOf(t *testing.T) {
	t.Parallel()
	if err := workflow.ProblemOf(nil, "sqs:SendMessage", "q"); err != nil {
		t.Errorf("got %v for no error", err)
	}
	known := &workflow.Problem{Kind: workflow.Throttled, Operation: "states:ListExecutions", Reason: "slow"}
	err := workflow.ProblemOf(fmt.Errorf("operation error: %w", known), "sqs:SendMessage", "q")
	if got, ok := err.(*workflow.Problem); !ok || got != known { //nolint:errorlint // it must be the problem itself
		t.Errorf("got %v, want the problem without what was around it", err)
	}
	odd := errors.New("odd")
	err = workflow.ProblemOf(odd, "sqs:SendMessage", "q")
	if err.Error() != "sqs:SendMessage on q: odd" || !errors.Is(err, odd) || workflow.KindOf(err) != workflow.BrokenCall {
		t.Errorf("got %v", err)
	}
}

func TestKindsHaveTheirOwnWords(t *testing.T) {
	t.Parallel()
	seen := make(map[string]workflow.ProblemKind)
	for kind := workflow.BrokenCall; kind <= workflow.PartlyDone; kind++ {
		if other, taken := seen[kind.String()]; taken {
			t.Errorf("kinds %d and %d are both %q", other, kind, kind)
		}
		seen[kind.String()] = kind
	}
}
