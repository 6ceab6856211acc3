package table_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"orderops/ui/component/table"
	"orderops/ui/theme"
)

// list is a list of ids.
type list []string

func (l list) Len() int           { return len(l) }
func (l list) ID(i int) string    { return l[i] }
func (l list) Find(id string) int { return slices.Index(l, id) }
func (l list) Cells(i int, dst []table.Cell) []table.Cell {
	return append(dst, table.Cell{Text: l[i], Tone: theme.Good}, table.Cell{Text: fmt.Sprint(i)}, table.Cell{Text: "note\u202e\x1b[2J"})
}

func numbered(from, to int) list {
	var l list
	for i := from; i < to; i++ {
		l = append(l, fmt.Sprintf("row%03d", i))
	}
	return l
}

func columns() []table.Column {
	return []table.Column{{Title: "id", Min: 6}, {Title: "n", Min: 3, Right: true}, {Title: "note", Min: 8, Weight: 1, Priority: 2}}
}

func make3(rows list, w, h int) *table.Table {
	t := table.New(theme.New(true, false), columns())
	t.SetSize(w, h)
	t.SetRows(rows)
	return t
}

// press sends keys as a terminal does.
func press(t *table.Table, names ...string) bool {
	used := true
	for _, n := range names {
		used = t.Update(key(n)) && used
	}
	return used
}

func key(name string) tea.KeyPressMsg {
	special := map[string]rune{"down": tea.KeyDown, "up": tea.KeyUp, "esc": tea.KeyEscape, "pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp}
	if c, ok := special[name]; ok {
		return tea.KeyPressMsg{Code: c}
	}
	if name == "space" {
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	}
	if c, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(c[0]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

func cursor(t *testing.T, tab *table.Table, want string) {
	t.Helper()
	if id, ok := tab.Cursor(); id != want || ok != (want != "") {
		t.Errorf("cursor on %q, want %q\n%s", id, want, tab.View())
	}
}

func TestMoves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ keys, want string }{
		{"", "row000"},
		{"up", "row000"},
		{"down j", "row002"},
		{"G", "row099"},
		{"G k", "row098"},
		{"G down", "row099"},
		{"G g", "row000"},
		{"pgdown", "row010"},
		{"pgdown pgup", "row000"},
		{"ctrl+d", "row005"},
		{"ctrl+d ctrl+u", "row000"},
	} {
		tab := make3(numbered(0, 100), 60, 11)
		press(tab, strings.Fields(c.keys)...)
		if id, _ := tab.Cursor(); id != c.want {
			t.Errorf("%q: cursor on %s, want %s", c.keys, id, c.want)
		}
		if from, to := tab.Visible(); tab.Index() < from || tab.Index() >= to {
			t.Errorf("%q: row %d is not among %d to %d", c.keys, tab.Index(), from, to)
		}
	}
}

func TestUnknownKeysAreLeftAlone(t *testing.T) {
	t.Parallel()
	tab := make3(numbered(0, 3), 40, 5)
	if press(tab, "x") || press(tab, "esc") {
		t.Error("the table used a key that is not its own")
	}
}

func TestCursorSurvivesChanges(t *testing.T) {
	t.Parallel()
	rows := numbered(0, 40)
	turned := slices.Clone(rows)
	slices.Reverse(turned)
	for _, c := range []struct {
		name string
		next list
		want string
	}{
		{"rows in front", append(list{"new1", "new2"}, rows...), "row020"},
		{"turned round", turned, "row020"},
		{"its row gone: the one below", slices.Delete(slices.Clone(rows), 20, 21), "row021"},
		{"and those below gone", rows[:20], "row019"},
		{"gone, and rows in front", append(list{"new1", "new2"}, slices.Delete(slices.Clone(rows), 20, 23)...), "row023"},
		{"all others", numbered(100, 110), "row109"},
	} {
		tab := make3(rows, 60, 11)
		tab.Select("row020")
		tab.SetRows(c.next)
		if id, _ := tab.Cursor(); id != c.want {
			t.Errorf("%s: cursor on %s, want %s", c.name, id, c.want)
		}
	}
}

func TestCursorComesBackAfterAnEmptyList(t *testing.T) {
	t.Parallel()
	tab := make3(numbered(0, 40), 60, 11)
	tab.Select("row020")
	tab.SetRows(list{})
	cursor(t, tab, "")
	tab.SetRows(numbered(0, 40))
	cursor(t, tab, "row020")
}

func TestCursorKeepsItsLine(t *testing.T) {
	t.Parallel()
	rows := numbered(0, 40)
	tab := make3(rows, 60, 11)
	tab.Select("row020")
	from, _ := tab.Visible()
	line := tab.Index() - from
	tab.SetRows(append(list{"a", "b", "c"}, rows...))
	from, _ = tab.Visible()
	if got := tab.Index() - from; got != line {
		t.Errorf("cursor moved from line %d to %d", line, got)
	}
}

func TestNewRowsShowAtTheTop(t *testing.T) {
	t.Parallel()
	rows := numbered(0, 40)
	tab := make3(rows, 60, 11)
	tab.SetRows(append(list{"new"}, rows...))
	cursor(t, tab, "row000")
	if from, _ := tab.Visible(); from != 0 {
		t.Errorf("the new row is above the screen, which begins at %d", from)
	}
}

func TestMarks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, keys, want string }{
		{"space goes on", "space space", "row000 row001"},
		{"again takes away", "space up space", ""},
		{"range", "down v down down v", "row001 row002 row003"},
		{"range upwards, closed by space", "down down v up space", "row001 row002"},
		{"range given up", "v down esc", ""},
		{"all", "ctrl+a", "row000 row001 row002 row003 row004"},
		{"all, twice", "ctrl+a ctrl+a", ""},
		{"all, after one", "space ctrl+a", "row000 row001 row002 row003 row004"},
	} {
		tab := make3(numbered(0, 5), 60, 11)
		if !press(tab, strings.Fields(c.keys)...) {
			t.Errorf("%s: a key was not used", c.name)
		}
		if got := strings.Join(tab.Marked(), " "); got != c.want {
			t.Errorf("%s: marked %q, want %q", c.name, got, c.want)
		}
	}
}

func TestMarksSurviveFilters(t *testing.T) {
	t.Parallel()
	tab := make3(numbered(0, 5), 60, 11)
	press(tab, "space", "space", "space")
	tab.SetRows(list{"row002", "row001"})
	if got := strings.Join(tab.Marked(), " "); got != "row002 row001 row000" {
		t.Errorf("marked %q", got)
	}
}

func TestMouse(t *testing.T) {
	t.Parallel()
	tab := make3(numbered(0, 40), 60, 11)
	if tab.Update(tea.MouseClickMsg{X: 3, Y: 0, Button: tea.MouseLeft}) {
		t.Error("a click on the header chose a row")
	}
	tab.Update(tea.MouseClickMsg{X: 3, Y: 5, Button: tea.MouseLeft})
	cursor(t, tab, "row004")
	tab.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	cursor(t, tab, "row004")
	if from, _ := tab.Visible(); from != 3 {
		t.Errorf("the wheel scrolled to %d", from)
	}
	tab.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	cursor(t, tab, "row006")
	if tab.Update(tea.MouseClickMsg{X: 60, Y: 5, Button: tea.MouseLeft}) {
		t.Error("a click beside the table chose a row")
	}
}

func TestPicture(t *testing.T) {
	t.Parallel()
	tab := make3(numbered(0, 2), 31, 4)
	tab.SetSort(0, true)
	press(tab, "space")
	want := strings.Join([]string{
		"   id▼      n note             ",
		" ● row000   0 note\\u202e\\x1b[2J",
		"▸  row001   1 note\\u202e\\x1b[2J",
		"                               ",
	}, "\n")
	if got := ansi.Strip(tab.View()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNarrowDropsByPriority(t *testing.T) {
	t.Parallel()
	tab := make3(numbered(0, 2), 14, 3)
	if got := ansi.Strip(tab.View()); strings.Contains(got, "note") || !strings.Contains(got, "row000   0") {
		t.Errorf("got\n%s", got)
	}
	if c := tab.ColumnAt(12); c != 1 {
		t.Errorf("column %d at cell 12, want 1", c)
	}
}

func TestEmptyText(t *testing.T) {
	t.Parallel()
	tab := make3(nil, 30, 4)
	tab.SetEmpty("no orders", "esc clears the filter")
	if got := ansi.Strip(tab.View()); !strings.Contains(got, "no orders") || !strings.Contains(got, "esc clears") {
		t.Errorf("got\n%s", got)
	}
}

func TestViewIsStaleUntilRefresh(t *testing.T) {
	t.Parallel()
	rows := numbered(0, 3)
	tab := make3(rows, 40, 5)
	before := tab.View()
	rows[1] = "other"
	if tab.View() != before {
		t.Error("View drew again though nothing was said to have changed")
	}
	tab.Refresh()
	if !strings.Contains(tab.View(), "other") {
		t.Error("Refresh did not draw again")
	}
}

// Whatever happens to list and table, the cursor is on a row that is there and
// on the screen, and the picture is exact.
func TestAnyHistory(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rows := numbered(0, rapid.IntRange(0, 30).Draw(t, "n"))
		tab := make3(rows, 40, 8)
		w, h := 40, 8
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0:
				press(tab, rapid.SampledFrom([]string{"up", "down", "G", "g", "pgup", "pgdown", "space", "v", "ctrl+a", "esc"}).Draw(t, "key"))
			case 1:
				rows = rapid.Permutation(numbered(0, 30)).Draw(t, "rows")[:rapid.IntRange(0, 30).Draw(t, "len")]
				tab.SetRows(rows)
			case 2:
				w, h = rapid.IntRange(0, 60).Draw(t, "w"), rapid.IntRange(0, 12).Draw(t, "h")
				tab.SetSize(w, h)
			case 3:
				button := rapid.SampledFrom([]tea.MouseButton{tea.MouseWheelUp, tea.MouseWheelDown}).Draw(t, "wheel")
				tab.Update(tea.MouseWheelMsg{Button: button})
			}
			id, ok := tab.Cursor()
			if ok != (len(rows) > 0) || ok && rows[tab.Index()] != id {
				t.Fatalf("cursor %q at %d of %d rows", id, tab.Index(), len(rows))
			}
			if from, to := tab.Visible(); ok && h > 1 && (tab.Index() < from || tab.Index() >= to) {
				t.Fatalf("cursor %d is not among %d to %d", tab.Index(), from, to)
			}
			if h == 0 {
				continue
			}
			lines := strings.Split(tab.View(), "\n")
			if len(lines) != h {
				t.Fatalf("%d lines, want %d", len(lines), h)
			}
			for _, l := range lines {
				if ansi.StringWidth(l) != w {
					t.Fatalf("%q has %d cells, want %d", l, ansi.StringWidth(l), w)
				}
			}
		}
	})
}
