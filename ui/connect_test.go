package ui

import (
	"strings"
	"testing"
	"time"

	"orderops/workflow"
)

// A clock that is off makes every age and countdown wrong: it is said at once, and
// kept among the errors.
func TestAWrongClockIsTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		skew time.Duration
		want string
	}{
		{2 * time.Second, ""},
		{-2 * time.Second, ""},
		{10 * time.Minute, "10 m behind AWS's"},
		{-20 * time.Second, "20.0 s ahead of AWS's"},
	} {
		m := sized(t)
		m.connected(connected{connection: &Connection{Guard: workflow.NewGuard(false, false, 0), Skew: c.skew}})
		told := ""
		if log := m.toasts.Log(); len(log) > 0 {
			told = log[0].Detail
		}
		if c.want == "" && told != "" || !strings.Contains(told, c.want) {
			t.Errorf("off by %s: told %q, want %q", c.skew, told, c.want)
		}
	}
}
