// Package table draws the visible rows of a list of any length. It owns no
// rows: cursor and marks are ids, so they survive refresh, sort and filter.
package table

import (
	tea "charm.land/bubbletea/v2"

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
}

// New makes an empty table.
func New(th *theme.Theme, columns []Column) *Table {
	return &Table{theme: th, keys: keys.Global(), columns: columns}
}

// SetTheme changes the styles.
func (t *Table) SetTheme(th *theme.Theme) {}

// SetSize sets the size in cells, header line included.
func (t *Table) SetSize(w, h int) {}

// SetRows gives the table another list; the cursor stays on its id.
func (t *Table) SetRows(rows Rows) {}

// Refresh tells the table that its rows have changed. View draws the old
// picture until then.
func (t *Table) Refresh() {}

// SetFocused says whether keys come here; the cursor row is calmer without.
func (t *Table) SetFocused(on bool) {}

// SetSort draws the arrow of the sorted column; -1 draws none. Sorting itself
// is the list's work.
func (t *Table) SetSort(column int, descending bool) {}

// SetEmpty is what is shown in place of rows: "loading", "no orders", ….
func (t *Table) SetEmpty(lines ...string) {}

// Update handles the movement, marking and mouse messages of a list and says
// whether it used msg. Mouse positions are relative to the table's own corner.
func (t *Table) Update(msg tea.Msg) bool { return false }

// View is exactly h lines of exactly w cells.
func (t *Table) View() string { return "" }

// Cursor is the id under the cursor; false when there are no rows.
func (t *Table) Cursor() (id string, ok bool) { return "", false }

// Index is the position of the cursor, -1 when there are no rows.
func (t *Table) Index() int { return -1 }

// Len is the number of rows.
func (t *Table) Len() int { return 0 }

// Visible is the range of rows on the screen, for those who fetch only that.
func (t *Table) Visible() (from, to int) { return 0, 0 }

// Select moves the cursor to an id and says whether it is in the list.
func (t *Table) Select(id string) bool { return false }

// Marked is every marked id, in row order; those not in the list at the moment
// (filtered out) come last.
func (t *Table) Marked() []string { return nil }

// Hidden is how many marked ids are not in the list at the moment.
func (t *Table) Hidden() int { return 0 }

// IsMarked reports whether an id is marked.
func (t *Table) IsMarked(id string) bool { return false }

// SetMarked marks exactly these ids.
func (t *Table) SetMarked(ids ...string) {}

// ClearMarks takes all marks away.
func (t *Table) ClearMarks() {}

// KeepMarks takes away the marks of ids that are gone for good.
func (t *Table) KeepMarks(keep func(id string) bool) {}

// ColumnAt is the column at cell x of the header, or -1.
func (t *Table) ColumnAt(x int) int { return -1 }
