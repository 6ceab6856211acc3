package pane_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"orderops/ui/component/pane"
	"orderops/ui/theme"
)

func TestFrame(t *testing.T) {
	t.Parallel()
	th := theme.New(true, false)
	for _, c := range []struct {
		name, title, right string
		w, h               int
		want               string
	}{
		{"whole", "Orders", "5 of 9", 24, 3, "╭ Orders ───── 5 of 9 ─╮\n│body                  │\n╰──────────────────────╯"},
		{"no room for the note", "Orders", "5 of 9", 12, 3, "╭ Orders ──╮\n│body      │\n╰──────────╯"},
		{"half a note", "Orders", "5 of 9", 17, 3, "╭ Orders ───────╮\n│body           │\n╰───────────────╯"},
		{"the gist of a note", "Orders", "stale (why)", 20, 3, "╭ Orders ── stale ─╮\n│body              │\n╰──────────────────╯"},
		{"just a note", "Orders", "5 of 9", 20, 3, "╭ Orders ─ 5 of 9 ─╮\n│body              │\n╰──────────────────╯"},
		{"title is cut", "Orders", "", 8, 3, "╭ Or… ─╮\n│body  │\n╰──────╯"},
		{"hostile title", "a\x1bb", "", 14, 2, "╭ a\\x1bb ────╮\n╰────────────╯"},
		{"nothing", "", "", 4, 2, "╭──╮\n╰──╯"},
		{"too small", "Orders", "", 1, 2, " \n "},
	} {
		got := ansi.Strip(pane.Frame(th, c.title, c.right, []string{"body"}, c.w, c.h, true))
		if got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

func TestColumnsAndStack(t *testing.T) {
	t.Parallel()
	if got := pane.Columns("a\nb", "", "12\n34\n56"); got != "a12\nb34\n 56" {
		t.Errorf("columns %q", got)
	}
	if got := pane.Stack("a\nb", "", "c"); got != "a\nb\nc" {
		t.Errorf("stack %q", got)
	}
	if got := pane.Block([]string{"abc", "d"}, 2, 3); got != "a…\nd \n  " {
		t.Errorf("block %q", got)
	}
}

func TestScroll(t *testing.T) {
	t.Parallel()
	lines := strings.Fields("0 1 2 3 4 5 6 7 8 9")
	for _, c := range []struct {
		name string
		do   func(*pane.Scroll)
		want string
	}{
		{"top", func(*pane.Scroll) {}, "0┃ 1  2 "},
		{"down", func(s *pane.Scroll) { s.Move(2, 10, 3) }, "2┃ 3  4 "},
		{"past the end", func(s *pane.Scroll) { s.Move(99, 10, 3) }, "7  8  9┃"},
		{"show below", func(s *pane.Scroll) { s.Show(5, 10, 3) }, "3┃ 4  5 "},
		{"show above", func(s *pane.Scroll) { s.Top = 7; s.Show(2, 10, 3) }, "2┃ 3  4 "},
	} {
		var s pane.Scroll
		c.do(&s)
		if got := ansi.Strip(strings.Join(s.View(theme.New(true, false), lines, 2, 3), " ")); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	var s pane.Scroll
	if got := strings.Join(s.View(theme.New(true, false), lines[:2], 2, 3), "|"); got != "0 |1 |  " {
		t.Errorf("everything fits: %q", got)
	}
}

func BenchmarkColumns(b *testing.B) {
	th := theme.New(true, true)
	var blocks []string
	for range 4 {
		blocks = append(blocks, pane.Frame(th, "title", "right", strings.Split(strings.Repeat("some words here\n", 58), "\n"), 50, 60, false))
	}
	for b.Loop() {
		pane.Columns(blocks...)
	}
}

func TestChoice(t *testing.T) {
	t.Parallel()
	if got := pane.Choice(1, "body", "attributes", "raw"); got != "body [attributes] raw" {
		t.Errorf("got %q", got)
	}
}
