package workflow_test

import (
	"testing"

	"orderops/workflow"
)

func TestExecutionOf(t *testing.T) {
	t.Parallel()
	for machine, want := range map[string]workflow.ExecutionARN{
		"arn:aws:states:eu-west-1:123456789012:stateMachine:Order":        "arn:aws:states:eu-west-1:123456789012:execution:Order:an-order",
		"arn:aws:states:eu-west-1:123456789012:stateMachine:Order:live":   "arn:aws:states:eu-west-1:123456789012:execution:Order:an-order",
		"arn:aws-cn:states:cn-north-1:123456789012:stateMachine:Order:12": "arn:aws-cn:states:cn-north-1:123456789012:execution:Order:an-order",
	} {
		if got := workflow.ExecutionOf(machine, "an-order"); got != want {
			t.Errorf("%s: %s, want %s", machine, got, want)
		}
	}
}
