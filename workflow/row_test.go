package workflow_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"orderops/workflow"
)

// TestDayKey wants every order under one of its day's keys, the day being UTC's,
// and the orders spread over them.
func TestDayKey(t *testing.T) {
	t.Parallel()
	late := time.Date(2026, 11, 28, 0, 30, 0, 0, time.FixedZone("", 3600))
	keys := workflow.DayKeys(late)
	if want := []string{"2026-11-27#0", "2026-11-27#1", "2026-11-27#2", "2026-11-27#3"}; !slices.Equal(keys, want) {
		t.Fatalf("keys %q, want %q", keys, want)
	}
	counts := map[string]int{}
	for i := range 4000 {
		key := workflow.DayKey(late, workflow.OrderID(fmt.Sprintf("%08x-5f4a-4c0e", i)))
		if !slices.Contains(keys, key) {
			t.Fatalf("%q is none of %q", key, keys)
		}
		counts[key]++
	}
	for _, key := range keys {
		if counts[key] < 800 {
			t.Errorf("%s has %d of 4000 orders", key, counts[key])
		}
	}
	// Written once, found for ever: the key of an order never changes.
	if key := workflow.DayKey(late, "5f4a"); key != "2026-11-27#1" {
		t.Errorf("the key of 5f4a is %s", key)
	}
}
