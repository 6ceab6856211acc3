// Package list is a table with a filter that follows the typing.
package list

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/component/input"
	"orderops/ui/component/pane"
	"orderops/ui/component/table"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/ui/theme"
)

// Source is the rows behind a list, and how they are sorted and filtered.
type Source interface {
	table.Rows
	// Total is how many rows there are without the filter.
	Total() int
	Sort() (column string, descending bool)
	SetSort(column string, descending bool)
	// SetFilter refuses what it does not understand; the rows then stay.
	SetFilter(filter string) error
}

// Column is a column of the table, and the name that the source sorts it by.
type Column struct {
	table.Column
	Sort string
	// Descending is how it is sorted at first.
	Descending bool
}

// List is a table and the line that filters it. It belongs to one goroutine.
type List struct {
	*table.Table

	theme   *theme.Theme
	input   input.Input
	keys    keys.Map
	columns []Column
	source  Source
	typing  bool
	problem error
	// resumed tells that the filter is one from the last start.
	resumed bool
	w, h    int
}

// New makes a list.
func New(th *theme.Theme, columns []Column, source Source) *List {
	plain := make([]table.Column, len(columns))
	for i, c := range columns {
		plain[i] = c.Column
	}
	l := &List{Table: table.New(th, plain), theme: th, keys: keys.Global(), columns: columns, source: source}
	l.input.Placeholder = "words  column:value  column:<5m  !not"
	l.SetRows(source)
	l.showSort()
	return l
}

// Chosen are the marked ids, else the one under the cursor: what an action that
// takes several works on.
func (l *List) Chosen() []string {
	if marked := l.Marked(); len(marked) > 0 {
		return marked
	}
	if id, ok := l.Table.Cursor(); ok {
		return []string{id}
	}
	return nil
}

// SortNext sorts by the column behind the present one.
func (l *List) SortNext() {
	next := l.columns[(l.sorted()+1)%len(l.columns)]
	l.SortBy(next.Sort, next.Descending)
}

// SortReverse turns the present order round.
func (l *List) SortReverse() {
	column, descending := l.source.Sort()
	l.SortBy(column, !descending)
}

// SortBy sorts by a column of the source.
func (l *List) SortBy(column string, descending bool) {
	l.source.SetSort(column, descending)
	l.showSort()
	l.Refresh()
}

func (l *List) sorted() int {
	column, _ := l.source.Sort()
	for i, c := range l.columns {
		if c.Sort == column {
			return i
		}
	}
	return -1
}

func (l *List) showSort() {
	_, descending := l.source.Sort()
	l.SetSort(l.sorted(), descending)
}

// count tells how many rows are shown, and of how many: (12 of 40).
func (l *List) count() string {
	count := text.Count(l.source.Len())
	if l.source.Len() != l.source.Total() {
		count += " of " + text.Count(l.source.Total())
	}
	if marks := l.MarkCount(); marks > 0 {
		count += " · " + text.Count(marks) + " marked" + l.hidden()
	}
	return "(" + count + ")"
}

// hidden tells of marks that are not seen, on which an action works as well.
func (l *List) hidden() string {
	n, atLeast := l.HiddenMarks()
	switch {
	case n == 0:
		return ""
	case atLeast:
		return ", " + text.Count(n) + " or more hidden"
	}
	return ", " + text.Count(n) + " hidden"
}

// Empty is what stands in place of rows: a filter that nothing passes is
// another thing than no rows.
func (l *List) Empty(lines ...string) {
	if l.source.Total() > 0 {
		lines = []string{"nothing matches the filter", "esc clears it"}
	}
	l.SetEmpty(lines...)
}

// SetTheme changes the styles.
func (l *List) SetTheme(th *theme.Theme) {
	l.theme = th
	l.Table.SetTheme(th)
}

// SetSize sets the size in cells, frame included.
func (l *List) SetSize(w, h int) {
	l.w, l.h = pane.Inner(w, h)
	l.arrange()
}

// arrange gives the table what the filter leaves.
func (l *List) arrange() { l.Table.SetSize(l.w, l.h-l.lines()) }

// lines is what the filter takes of the height.
func (l *List) lines() int {
	if l.typing || l.Filter() != "" {
		return 1
	}
	return 0
}

// Filter is the filter as typed.
func (l *List) Filter() string { return l.input.Value() }

// Typing tells that keys go into the filter.
func (l *List) Typing() bool { return l.typing }

// StartFilter puts the cursor into the filter.
func (l *List) StartFilter() {
	l.typing = true
	l.arrange()
}

// SetFilter filters by text.
func (l *List) SetFilter(filter string) {
	l.resumed = false
	l.input.SetValue(filter)
	l.Settle()
	l.problem = l.source.SetFilter(filter)
	l.arrange()
	l.Refresh()
}

// State is how a list is looked at.
type State struct {
	Filter, Sort string
	Descending   bool
}

// State is how the list is looked at now.
func (l *List) State() State {
	column, descending := l.source.Sort()
	return State{Filter: l.Filter(), Sort: column, Descending: descending}
}

// Resume looks at the list as at the last start. The filter is announced: who
// does not know of it would miss the rows that it hides.
func (l *List) Resume(state State) {
	for _, c := range l.columns {
		if c.Sort == state.Sort {
			l.SortBy(state.Sort, state.Descending)
		}
	}
	l.SetFilter(state.Filter)
	if l.problem != nil {
		l.SetFilter("")
	}
	l.resumed = l.Filter() != ""
}

// ClearFilter takes the filter away; false when there was none.
func (l *List) ClearFilter() bool {
	if !l.typing && l.Filter() == "" {
		return false
	}
	l.typing = false
	l.SetFilter("")
	return true
}

// Update handles keys, pastes and the mouse, and says whether it used msg.
// Enter keeps the filter, esc clears it; the arrows move in the table meanwhile.
func (l *List) Update(msg tea.Msg) bool {
	if click, ok := msg.(tea.MouseMsg); ok {
		return l.mouse(click)
	}
	if !l.typing {
		return l.Table.Update(msg)
	}
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch {
		case l.keys.Back.Match(key):
			l.ClearFilter()
			return true
		case l.keys.Open.Match(key):
			l.typing = false
			l.arrange()
			return true
		case key.Code == tea.KeyUp, key.Code == tea.KeyDown, key.Code == tea.KeyPgUp, key.Code == tea.KeyPgDown:
			return l.Table.Update(msg)
		}
	}
	before := l.Filter()
	used := l.input.Update(msg)
	if l.Filter() != before {
		l.SetFilter(l.Filter())
	}
	return used
}

// mouse moves the message from the frame's corner to the table's.
func (l *List) mouse(msg tea.MouseMsg) bool {
	switch msg := msg.(type) {
	case tea.MouseClickMsg:
		msg.X, msg.Y = msg.X-1, msg.Y-1-l.lines()
		if column := l.ColumnAt(msg.X); msg.Y == 0 && column >= 0 {
			l.sortAt(column)
			return true
		}
		return l.Table.Update(msg)
	case tea.MouseWheelMsg:
		msg.X, msg.Y = msg.X-1, msg.Y-1-l.lines()
		return l.Table.Update(msg)
	}
	return false
}

// sortAt sorts by the column whose title was clicked; the sorted one turns round.
func (l *List) sortAt(column int) {
	if column == l.sorted() {
		l.SortReverse()
		return
	}
	l.SortBy(l.columns[column].Sort, l.columns[column].Descending)
}

// View is the list in its frame, exactly of the size that was set. The note
// stands at the right end of the upper edge.
func (l *List) View(title, note string) string {
	body := strings.Split(l.Table.View(), "\n")
	if l.lines() > 0 {
		body = append([]string{l.line()}, body...)
	}
	return pane.Frame(l.theme, title+" "+l.count(), note, body, l.w+2, l.h+2, true)
}

func (l *List) line() string {
	prompt := l.theme.Paint(theme.Key, "/ ")
	room := l.w - 2
	note := ""
	if l.problem != nil {
		note = " " + text.Cut(text.Clean(l.problem.Error()), l.w/2)
	} else if l.resumed {
		note = " " + text.Cut("filter from last time · esc clears", l.w*3/4)
	}
	room -= text.Width(note)
	line, _ := l.input.View(l.theme, room, l.typing)
	return prompt + line + l.theme.Paint(theme.Warn, note)
}

// Cursor is the place of the text cursor within View; nil when nothing is typed.
func (l *List) Cursor() *tea.Cursor {
	if !l.typing {
		return nil
	}
	_, x := l.input.View(l.theme, l.w-2, true)
	return tea.NewCursor(x+3, 1) // behind the border and the prompt
}
