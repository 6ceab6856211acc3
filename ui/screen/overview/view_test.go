package overview

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"orderops/ui/action"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// now is when the tests look.
func now() time.Time { return time.Date(2026, 11, 23, 7, 44, 0, 0, time.UTC) }

// drawn is the box of findings, frame and all, without its colours.
func drawn(t *testing.T, w, h, cursor int, changes ...monitor.Change) []string {
	t.Helper()
	world := &action.World{Store: monitor.NewStore(), Now: now()}
	world.Store.Apply(changes...)
	s := New(world)
	s.SetTheme(theme.New(true, false))
	s.cursor = cursor
	return strings.Split(ansi.Strip(s.attention(w, h)), "\n")
}

// broke is an execution that failed a minute ago, with a cause.
func broke(name, failure, cause string) monitor.Change {
	return monitor.ExecutionRead{At: now(), Execution: workflow.Execution{
		ARN: workflow.ExecutionARN("arn:" + name), Name: name, Status: workflow.Failed,
		Started: now().Add(-2 * time.Minute), Stopped: now().Add(-time.Minute), Error: failure, Cause: cause,
	}}
}

// A finding that is longer than a line goes on below it, up to three lines, as
// long as every other one still has a line.
func TestFindingsTakeTheRoomThereIs(t *testing.T) {
	t.Parallel()
	long := broke("a", "ServiceOutage", "payment: no answer from the service behind it, which was asked three times and did not answer once before the time was up")
	short := broke("b", "Broken", "")
	stale := monitor.FeedFailed{Feed: monitor.TopicFeed, At: now().Add(-time.Minute), Err: errors.New("x")}
	for name, test := range map[string]struct {
		h      int
		cursor int
		want   []string
	}{
		"room": {9, 1, []string{
			"╭ Needs attention (3) ─────────────────────────────╮",
			"│  ✗ 1 execution without success: Broken       1 m │",
			"│▸ ✗ 1 execution without success:              1 m │",
			"│    ServiceOutage: payment: no answer from        │",
			"│    the service behind it, which was asked t…     │",
			"│  ! topic: not readable                       1 m │",
			"│                                                  │",
			"│                                                  │",
			"╰──────────────────────────────────────────────────╯",
		}},
		"one line to spare": {6, 2, []string{
			"╭ Needs attention (3) ─────────────────────────────╮",
			"│  ✗ 1 execution without success: Broken       1 m │",
			"│  ✗ 1 execution without success:              1 m │",
			"│    ServiceOutage: payment: no answer from t…     │",
			"│▸ ! topic: not readable                       1 m │",
			"╰──────────────────────────────────────────────────╯",
		}},
		"too little for all": {3, 2, []string{
			"╭ Needs attention (3) ─────────────────────────────╮",
			"│▸ ! topic: not readable                      1 m ┃│",
			"╰──────────────────────────────────────────────────╯",
		}},
		"none": {5, 1, []string{
			"╭ Needs attention (3) ─────────────────────────────╮",
			"│  ✗ 1 execution without success: Broken       1 m │",
			"│▸ ✗ 1 execution without success: ServiceOuta… 1 m │",
			"│  ! topic: not readable                       1 m │",
			"╰──────────────────────────────────────────────────╯",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := drawn(t, 52, test.h, test.cursor, long, short, stale)
			if got, want := strings.Join(got, "\n"), strings.Join(test.want, "\n"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// What was read of the rows is told whole, on a second line where one is short.
func TestRowsReadAreToldWhole(t *testing.T) {
	t.Parallel()
	s := New(&action.World{Store: monitor.NewStore(), Now: now()})
	s.SetTheme(theme.New(true, false))
	rows := map[workflow.OrderStatus]int{workflow.Success: 69, workflow.Failure: 8, workflow.Pending: 1234}
	told := func(w int) string { return ansi.Strip(strings.Join(s.rowsRead(rows, w), "|")) }
	if got := told(34); got != "rows read: 69 success · 8 failure|           1,234 pending" {
		t.Errorf("got %q", got)
	}
	if got := told(60); got != "rows read: 69 success · 8 failure · 1,234 pending" {
		t.Errorf("got %q", got)
	}
	if got := s.rowsRead(nil, 60); got != nil {
		t.Errorf("none are told as %q", got)
	}
}
