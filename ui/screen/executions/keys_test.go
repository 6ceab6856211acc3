package executions

import (
	"context"
	"testing"
	"time"

	"orderops/ui/keys"
	"orderops/workflow"
)

// Texts tell of the keys that the operator has, not of those of the program.
func TestTextsTellOfOwnKeys(t *testing.T) {
	t.Parallel()
	s, world := newScreen(t)
	world.Keys = keys.Own{"refresh": {"f5"}, "executions.step-on": {"ctrl+n"}}
	failed(world)
	world.ReadLog = func(_ context.Context, ask workflow.LogAsk) (workflow.FunctionLog, error) {
		return workflow.FunctionLog{LogAsk: ask, Group: "/aws/lambda/send"}, nil
	}
	world.Now = world.Now.Add(time.Second)
	s.Refresh()
	pressesL(t, s)
	shows(t, s, "f5 reads again")
	s.detail.step(-1)
	shows(t, s, "stepping: ctrl+n to the newest")
}
