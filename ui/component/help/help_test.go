package help_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"orderops/ui/component/help"
	"orderops/ui/component/pane"
	"orderops/ui/keys"
	"orderops/ui/theme"
)

func TestLineLeavesOutFromTheEndButHelp(t *testing.T) {
	t.Parallel()
	bindings := []keys.Binding{keys.New("open", "enter"), keys.New("redrive all messages", "R"), keys.New("sort", "s"), keys.New("help", "?")}
	for w, want := range map[int]string{
		60: " enter open · R redrive all messages · s sort · ? help",
		40: " enter open · ? help",
		22: " enter open · ? help",
		10: " ? help",
		4:  "",
	} {
		if got := strings.TrimRight(ansi.Strip(help.Line(theme.New(true, false), bindings, w)), " "); got != want {
			t.Errorf("%d cells: %q, want %q", w, got, want)
		}
	}
}

func TestEveryBindingIsListed(t *testing.T) {
	t.Parallel()
	m := keys.Global()
	for _, w := range []int{50, 120} {
		all := ansi.Strip(strings.Join(help.Lines(theme.New(true, false), m.Sections(), w), "\n"))
		for _, b := range m.All() {
			if !strings.Contains(all, b.Help) {
				t.Errorf("%d cells: no %q", w, b.Help)
			}
		}
	}
}

func TestTwoColumnsAreShorter(t *testing.T) {
	t.Parallel()
	th, sections := theme.New(true, false), keys.Global().Sections()
	if one, two := len(help.Lines(th, sections, 60)), len(help.Lines(th, sections, 100)); two*10 > one*7 {
		t.Errorf("%d lines in one column, %d in two", one, two)
	}
}

func TestViewScrolls(t *testing.T) {
	t.Parallel()
	s := pane.Scroll{Top: 999}
	v := ansi.Strip(help.View(theme.New(true, false), &s, "Help", keys.Global().Sections(), 60, 10))
	if !strings.Contains(v, "mark all matching") || strings.Contains(v, "Overview") {
		t.Errorf("not at the end:\n%s", v)
	}
}
