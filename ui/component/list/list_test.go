package list_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orderops/ui/component/list"
	"orderops/ui/component/table"
	"orderops/ui/text"
	"orderops/ui/theme"
)

// words is a source of words that contain the filter; "(" is no filter.
type words struct {
	all, shown []string
	descending bool
}

func (w *words) Len() int             { return len(w.shown) }
func (w *words) Total() int           { return len(w.all) }
func (w *words) ID(i int) string      { return w.shown[i] }
func (w *words) Find(id string) int   { return slices.Index(w.shown, id) }
func (w *words) Sort() (string, bool) { return "word", w.descending }

func (w *words) Cells(i int, dst []table.Cell) []table.Cell {
	return append(dst, table.Cell{Text: w.shown[i]})
}

func (w *words) SetSort(_ string, descending bool) {
	w.descending = descending
	slices.Sort(w.shown)
	if descending {
		slices.Reverse(w.shown)
	}
}

func (w *words) SetFilter(filter string) error {
	if filter == "(" {
		return errors.New("a bracket")
	}
	w.shown = nil
	for _, word := range w.all {
		if strings.Contains(word, filter) {
			w.shown = append(w.shown, word)
		}
	}
	return nil
}

func newList(t *testing.T) (*list.List, *words) {
	t.Helper()
	w := &words{all: []string{"apple", "banana", "cherry"}}
	_ = w.SetFilter("")
	l := list.New(theme.New(true, false), []list.Column{{Column: table.Column{Title: "word", Min: 10}, Sort: "word"}}, w)
	l.SetSize(40, 8)
	return l, w
}

func press(l *list.List, keys ...string) {
	for _, k := range keys {
		key := tea.KeyPressMsg{Text: k, Code: []rune(k)[0]}
		switch k {
		case "enter":
			key = tea.KeyPressMsg{Code: tea.KeyEnter}
		case "esc":
			key = tea.KeyPressMsg{Code: tea.KeyEscape}
		case "space":
			key = tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
		case "down":
			key = tea.KeyPressMsg{Code: tea.KeyDown}
		}
		l.Update(key)
	}
}

func cursor(l *list.List) string {
	id, _ := l.Table.Cursor()
	return id
}

func TestFilterFollowsTheTyping(t *testing.T) {
	t.Parallel()
	l, w := newList(t)
	press(l, "down") // banana
	l.StartFilter()
	if !l.Typing() || l.Cursor() == nil {
		t.Fatal("nothing is typed into")
	}
	press(l, "an")
	if l.View("Words", ""); w.Len() != 1 || cursor(l) != "banana" {
		t.Errorf("%d rows, cursor on %s", w.Len(), cursor(l))
	}
	if view := ansi.Strip(l.View("Words", "")); !strings.Contains(view, "Words (1 of 3)") || !strings.Contains(view, "/ an") {
		t.Errorf("the count or the filter is missing:\n%s", view)
	}
	press(l, "enter") // keeps it
	if l.Typing() || l.Filter() != "an" || w.Len() != 1 {
		t.Errorf("typing %v, filter %q, %d rows", l.Typing(), l.Filter(), w.Len())
	}
	if !l.ClearFilter() || w.Len() != 3 || cursor(l) != "banana" {
		t.Errorf("%d rows, cursor on %s", w.Len(), cursor(l))
	}
	if l.ClearFilter() {
		t.Error("a filter was cleared twice")
	}
}

// Marks behind a filter are worked on all the same, so it says that they are there.
func TestMarksThatAFilterHidesAreTold(t *testing.T) {
	t.Parallel()
	l, _ := newList(t)
	press(l, "space", "space") // apple and banana
	l.StartFilter()
	press(l, "an", "enter")
	if view := ansi.Strip(l.View("Words", "")); !strings.Contains(view, "(1 of 3 · 2 marked, 1 hidden)") {
		t.Errorf("the hidden mark is not told:\n%s", view)
	}
	l.ClearFilter()
	if view := ansi.Strip(l.View("Words", "")); !strings.Contains(view, "(3 · 2 marked)") {
		t.Errorf("a mark is told to be hidden:\n%s", view)
	}
}

// What the source does not understand is told, and the rows stay.
func TestABadFilterKeepsTheRows(t *testing.T) {
	t.Parallel()
	l, w := newList(t)
	l.StartFilter()
	press(l, "(")
	if view := ansi.Strip(l.View("Words", "")); w.Len() != 3 || !strings.Contains(view, "a bracket") {
		t.Errorf("%d rows:\n%s", w.Len(), view)
	}
	press(l, "esc")
	if view := ansi.Strip(l.View("Words", "")); l.Typing() || strings.Contains(view, "bracket") {
		t.Errorf("after esc:\n%s", view)
	}
}

func TestChosenAreTheMarkedElseTheCursor(t *testing.T) {
	t.Parallel()
	l, _ := newList(t)
	if got := l.Chosen(); !slices.Equal(got, []string{"apple"}) {
		t.Errorf("chosen %q", got)
	}
	press(l, "G", "space", "g", "space")
	if got := l.Chosen(); !slices.Equal(got, []string{"apple", "cherry"}) {
		t.Errorf("chosen %q", got)
	}
}

func TestSortTurnsRoundByClick(t *testing.T) {
	t.Parallel()
	l, w := newList(t)
	l.Update(tea.MouseClickMsg{X: 5, Y: 1, Button: tea.MouseLeft}) // the title, inside the frame
	if !w.descending {
		t.Error("a click on the title does not turn the order round")
	}
}

// A filter from last time is announced until it is changed, and a sort or a filter
// that is not known any more is left away.
func TestResume(t *testing.T) {
	t.Parallel()
	l, w := newList(t)
	l.Resume(list.State{Filter: "an", Sort: "word", Descending: true})
	if !w.descending || w.Len() != 1 || l.State() != (list.State{Filter: "an", Sort: "word", Descending: true}) {
		t.Errorf("%d rows, state %+v", w.Len(), l.State())
	}
	l.SetSize(60, 8)
	if view := ansi.Strip(l.View("Words", "")); !strings.Contains(view, "/ an ") || !strings.Contains(view, "filter from last time · esc clears") {
		t.Errorf("not announced:\n%s", view)
	}
	l.StartFilter()
	press(l, "a")
	if view := ansi.Strip(l.View("Words", "")); strings.Contains(view, "last time") {
		t.Errorf("announced though it was changed:\n%s", view)
	}
	l.Resume(list.State{Filter: "(", Sort: "colour"})
	if column, _ := w.Sort(); l.Filter() != "" || w.Len() != 3 || column != "word" || !w.descending {
		t.Errorf("filter %q, %d rows", l.Filter(), w.Len())
	}
}

func TestViewIsExact(t *testing.T) {
	t.Parallel()
	l, _ := newList(t)
	for _, typing := range []bool{false, true} {
		if typing {
			l.StartFilter()
		}
		lines := strings.Split(l.View("Words", "a note that is longer than the frame is wide"), "\n")
		if len(lines) != 8 {
			t.Fatalf("%d lines", len(lines))
		}
		for i, line := range lines {
			if w := text.Width(line); w != 40 {
				t.Errorf("line %d has %d cells: %q", i, w, ansi.Strip(line))
			}
		}
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		w, h    int
		preview string
		want    list.Split
	}{
		"wide":   {120, 37, "", list.Split{ListW: 72, ListH: 37, PreviewW: 48, PreviewH: 37, Right: true}},
		"high":   {100, 40, "", list.Split{ListW: 100, ListH: 28, PreviewW: 100, PreviewH: 12}},
		"little": {80, 21, "", list.Split{ListW: 80, ListH: 21}},
		"away":   {120, 37, list.Away, list.Split{ListW: 120, ListH: 37}},
		"right":  {80, 21, list.Right, list.Split{ListW: 48, ListH: 21, PreviewW: 32, PreviewH: 21, Right: true}},
		"below":  {120, 21, list.Below, list.Split{ListW: 120, ListH: 9, PreviewW: 120, PreviewH: 12}},
	} {
		if got := list.NewSplit(test.w, test.h, test.preview); got != test.want {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
}
