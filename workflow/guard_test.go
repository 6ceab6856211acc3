package workflow_test

import (
	"testing"
	"testing/synctest"
	"time"

	"orderops/workflow"
)

func TestProductionIsLockedUntilUnlockedWithAReason(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := workflow.NewGuard(false, true, 10*time.Minute)
		if workflow.KindOf(g.Check("submit", "")) != workflow.Refused {
			t.Error("a locked production context may be changed")
		}
		if _, err := g.Unlock("  why"); err == nil {
			t.Error("it was unlocked for hardly a reason")
		}
		if _, err := g.Unlock("orders of noon are stuck"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(9 * time.Minute)
		if err := g.Check("submit", ""); err != nil || g.State().Reason != "orders of noon are stuck" {
			t.Errorf("after 9 of 10 minutes: %v, %+v", err, g.State())
		}
		time.Sleep(time.Minute)
		if g.Check("submit", "") == nil || g.State().Reason != "" {
			t.Error("it is open after its time")
		}
		if _, err := g.Unlock("once more, please"); err != nil {
			t.Fatal(err)
		}
		if g.Lock(); g.Check("submit", "") == nil {
			t.Error("it is open after it was locked by hand")
		}
	})
}

func TestReadOnlyCantBeUnlocked(t *testing.T) {
	t.Parallel()
	g := workflow.NewGuard(true, true, time.Minute)
	if _, err := g.Unlock("a very good reason"); err == nil {
		t.Error("a read-only session was unlocked")
	}
	if workflow.KindOf(g.Check("submit", "")) != workflow.Refused {
		t.Error("a read-only session may change something")
	}
}

func TestOtherSessionsAreFree(t *testing.T) {
	t.Parallel()
	var none *workflow.Guard
	for name, g := range map[string]*workflow.Guard{"none": none, "neither": workflow.NewGuard(false, false, 0)} {
		if err := g.Check("submit", ""); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
