package timeline_test

import (
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"orderops/ui/component/timeline"
	"orderops/ui/theme"
)

func TestLines(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 23, 7, 44, 0, 0, time.UTC)
	at := func(s int) time.Time { return start.Add(time.Duration(s) * time.Second) }
	got := timeline.Lines(theme.New(true, false), []timeline.Row{
		{Label: "Save", Glyph: "✓", Start: at(0), End: at(5), Note: "5 s"},
		{Label: "Pay", Glyph: "✓", Start: at(5), End: at(5), Note: "0 s"},
		{Label: "Wait", Glyph: "▷", Start: at(5), Note: "5 s left"},
		{Label: "Choice"},
		{Label: "odd", Start: at(9), End: at(2)},
	}, at(10), 30)
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
	got := timeline.Lines(theme.New(true, false), []timeline.Row{
		{Label: "Pay", Start: at(0), End: at(10)},
		{Label: "Wait", Start: at(10), Expected: at(40)},
		{Label: "over", Start: at(10), End: at(20), Expected: at(90)},
	}, at(25), 28)
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
	got := timeline.Lines(theme.New(true, false), []timeline.Row{{Label: "a"}}, time.Time{}, 10)
	if len(got) != 1 || got[0] != "  a       " {
		t.Errorf("got %q", got)
	}
}
