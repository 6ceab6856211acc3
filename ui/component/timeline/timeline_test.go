package timeline_test

import (
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"orderops/ui/component/timeline"
	"orderops/ui/theme"
)

func lines(w int, now time.Time, rows ...timeline.Row) []string {
	chart := timeline.Chart{Rows: rows, Now: now}
	out, folds := chart.Lines(theme.New(true, false), w)
	if folds != "" {
		out = append(out, folds)
	}
	return out
}

func TestLines(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 23, 7, 44, 0, 0, time.UTC)
	at := func(s int) time.Time { return start.Add(time.Duration(s) * time.Second) }
	got := lines(30, at(10),
		timeline.Row{Label: "Save", Glyph: "✓", Start: at(0), End: at(5), Note: "5 s"},
		timeline.Row{Label: "Pay", Glyph: "✓", Start: at(5), End: at(5), Note: "0 s"},
		timeline.Row{Label: "Wait", Glyph: "▷", Start: at(5), Note: "5 s left"},
		timeline.Row{Label: "Choice"},
		timeline.Row{Label: "odd", Start: at(9), End: at(2)},
	)
	want := []string{
		"✓ Save   ▇▇▇▇▇▇            5 s",
		"✓ Pay          ▇           0 s",
		"▷ Wait         ▒▒▒▒▒▒ 5 s left",
		"  Choice                      ",
		"  odd              ▇          ",
	}
	for i := range want {
		if s := ansi.Strip(got[i]); s != want[i] {
			t.Errorf("line %d\n got %q\nwant %q", i, s, want[i])
		}
	}
}

// A span that knows its end leaves the rest of it open.
func TestExpectedEnd(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 23, 7, 44, 0, 0, time.UTC)
	at := func(s int) time.Time { return start.Add(time.Duration(s) * time.Second) }
	got := lines(28, at(25),
		timeline.Row{Label: "Pay", Start: at(0), End: at(10)},
		timeline.Row{Label: "Wait", Start: at(10), Expected: at(40)},
		timeline.Row{Label: "over", Start: at(10), End: at(20), Expected: at(90)},
	)
	want := []string{
		"  Pay  ▇▇▇▇▇                ",
		"  Wait      ▒▒▒▒▒▒▒········ ",
		"  over      ▇▇▇▇▇           ",
	}
	for i := range want {
		if s := ansi.Strip(got[i]); s != want[i] {
			t.Errorf("line %d\n got %q\nwant %q", i, s, want[i])
		}
	}
}

func TestNothingHasBegun(t *testing.T) {
	t.Parallel()
	got := lines(10, time.Time{}, timeline.Row{Label: "a"})
	if len(got) != 1 || got[0] != "  a       " {
		t.Errorf("got %q", got)
	}
}

// Waits and gaps that would leave no room for the rest are folded and named.
func TestFolds(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 23, 7, 44, 0, 0, time.UTC)
	at := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	chart := timeline.Chart{
		Rows: []timeline.Row{
			{Label: "Save", Start: at(0), End: at(100)},
			{Label: "Pay", Start: at(100), End: at(400), Retries: []time.Time{at(250)}},
			{Label: "Wait", Start: at(400), End: at(30_400)},
			{Label: "Send", Start: at(30_400), End: at(30_500)},
			{Label: "Send", Start: at(7_230_500), End: at(7_230_600)},
		},
		Gaps: []timeline.Gap{{From: at(30_500), To: at(7_230_500), Label: "2 h until redrive"}},
		Now:  at(9_000_000),
	}
	got, folds := chart.Lines(theme.New(true, false), 50)
	want := []string{
		"  Save ▇▇▇▇                                       ",
		"  Pay      ▇▇▇▇▇▇▇↻▇▇▇▇▇▇                         ",
		"  Wait                   ▇┄┄┄┄┄▇                  ",
		"  Send                          ▇▇▇▇▇             ",
		"  Send                                      ▇▇▇▇▇ ",
		"                         30.0 s 2 h until redrive ",
	}
	for i, line := range append(got, folds) {
		if s := ansi.Strip(line); s != want[i] {
			t.Errorf("line %d\n got %q\nwant %q", i, s, want[i])
		}
	}
}

// What still runs is not folded: its bar is what is looked at.
func TestRunningIsNotFolded(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 23, 7, 44, 0, 0, time.UTC)
	got := lines(40, start.Add(20*time.Second),
		timeline.Row{Label: "Save", Start: start, End: start.Add(100 * time.Millisecond)},
		timeline.Row{Label: "Wait", Start: start.Add(100 * time.Millisecond), Expected: start.Add(30 * time.Second)},
	)
	if len(got) != 2 || ansi.StringWidth(got[1]) != 40 {
		t.Errorf("got %q", got)
	}
}
