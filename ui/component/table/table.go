// Package table draws the visible rows of a list of any length. It owns no
// rows: cursor and marks are ids, so they survive refresh, sort and filter.
package table

import (
	"orderops/ui/keys"
	"orderops/ui/theme"
)

// Rows is the list behind a table: already filtered and sorted. The table asks
// only for what it shows.
type Rows interface {
	// Len is the number of rows.
	Len() int
	// ID tells row i apart for its whole life.
	ID(i int) string
	// Cells appends the cells of row i to dst, one per column.
	Cells(i int, dst []Cell) []Cell
	// Find is the index of an id, or -1.
	Find(id string) int
}

// Cell is one value. The table cleans and cuts the text.
type Cell struct {
	Text string
	Tone theme.Tone
}

// Column says how a column shares the width.
type Column struct {
	Title string
	// Min is the least width in cells, without the gap.
	Min int
	// Weight shares the width that is left over; zero keeps Min.
	Weight int
	// Priority decides who leaves a narrow table: the highest number first. Zero never leaves.
	Priority int
	// Right aligns to the right, for numbers.
	Right bool
}

// Table is a scrollable list with a cursor and marks. It belongs to one
// goroutine.
type Table struct {
	theme   *theme.Theme
	keys    keys.Map
	columns []Column
	rows    Rows
	w, h    int
	empty   []string

	sorted     int // column with the arrow, -1 for none
	descending bool

	cursor string // id; kept while the list is empty
	index  int    // of the cursor, -1 while the list is empty
	top    int    // first visible row
	near   []string
	nearAt int // index of the first id of near when it was taken

	marks map[string]struct{}
	// all tells that every row of the list is marked but those in except: a
	// predicate, so that marking costs the same whatever the length.
	all    bool
	except map[string]struct{}
	anchor string // start of an open range
	ranged bool

	layout []slot
	cells  []Cell
	dirty  bool
	view   string
}

// New makes an empty table.
func New(th *theme.Theme, columns []Column) *Table {
	return &Table{
		theme: th, keys: keys.Global(), columns: columns, rows: none{}, sorted: -1, index: -1,
		marks: map[string]struct{}{}, except: map[string]struct{}{}, dirty: true,
	}
}

// none is the list of a table that has not been given one.
type none struct{}

func (none) Len() int                       { return 0 }
func (none) ID(int) string                  { return "" }
func (none) Cells(_ int, dst []Cell) []Cell { return dst }
func (none) Find(string) int                { return -1 }

// SetTheme changes the styles.
func (t *Table) SetTheme(th *theme.Theme) { t.theme, t.dirty = th, true }

// SetSize sets the size in cells, header line included.
func (t *Table) SetSize(w, h int) {
	w, h = max(w, 0), max(h, 0)
	if w == t.w && h == t.h {
		return
	}
	t.w, t.h = w, h
	t.layout = arrange(t.columns, w)
	t.scroll()
}

// SetRows gives the table another list; the cursor stays on its id.
func (t *Table) SetRows(rows Rows) {
	if rows == nil {
		rows = none{}
	}
	t.rows = rows
	t.Refresh()
}

// Refresh tells the table that its rows have changed. View draws the old
// picture until then.
func (t *Table) Refresh() {
	t.dirty = true
	n := t.rows.Len()
	if n == 0 {
		t.index, t.top = -1, 0
		return
	}
	old := t.index
	t.index = t.follow(n)
	t.cursor = t.rows.ID(t.index)
	if old >= 0 && (t.top > 0 || t.index >= t.body()) {
		t.top += t.index - old // the cursor keeps its line on the screen
	}
	t.scroll()
}

// follow finds the cursor among n changed rows: its id, else the nearest of
// the rows that were on the screen with it, those below first.
func (t *Table) follow(n int) int {
	if i := t.find(t.cursor); i >= 0 {
		return i
	}
	if t.cursor == "" {
		return 0
	}
	was := -1
	for k, id := range t.near {
		if id == t.cursor {
			was = k
		}
	}
	if was >= 0 {
		for _, id := range t.near[was+1:] {
			if i := t.find(id); i >= 0 {
				return i
			}
		}
		for k := was - 1; k >= 0; k-- {
			if i := t.find(t.near[k]); i >= 0 {
				return i
			}
		}
	}
	return min(max(t.nearAt+max(was, 0), 0), n-1)
}

// find asks the list, and believes only an index that it has.
func (t *Table) find(id string) int {
	if id == "" {
		return -1
	}
	if i := t.rows.Find(id); i >= 0 && i < t.rows.Len() {
		return i
	}
	return -1
}

// SetSort draws the arrow of the sorted column; -1 draws none. Sorting itself
// is the list's work.
func (t *Table) SetSort(column int, descending bool) {
	t.sorted, t.descending, t.dirty = column, descending, true
}

// SetEmpty is what is shown in place of rows: "loading", "no orders", ….
func (t *Table) SetEmpty(lines ...string) { t.empty, t.dirty = lines, true }

// Cursor is the id under the cursor; false when there are no rows.
func (t *Table) Cursor() (id string, ok bool) {
	if t.index < 0 {
		return "", false
	}
	return t.cursor, true
}

// Index is the position of the cursor, -1 when there are no rows.
func (t *Table) Index() int { return t.index }

// Visible is the range of rows on the screen, for those who fetch only that.
func (t *Table) Visible() (from, to int) {
	n := t.rows.Len()
	return min(t.top, n), min(t.top+t.body(), n)
}

// Select moves the cursor to an id and says whether it is in the list.
func (t *Table) Select(id string) bool {
	i := t.find(id)
	if i >= 0 {
		t.moveTo(i)
	}
	return i >= 0
}

// body is the number of row lines.
func (t *Table) body() int { return max(t.h-1, 0) }
