package table

// gutter is the room for the glyphs of cursor and mark.
const gutter = 3

// slot is a column that is shown: which, from which cell, how wide.
type slot struct{ column, x, w int }

// gap is the space between columns.
func gap(w int) int {
	if w >= 100 {
		return 2
	}
	return 1
}

// arrange shares w cells among the columns. It depends on nothing but the
// columns, so that they don't move when data arrives.
func arrange(columns []Column, w int) []slot {
	shown := make([]slot, 0, len(columns))
	for i, c := range columns {
		shown = append(shown, slot{column: i, w: max(c.Min, 1)})
	}
	room := w - gutter
	for need(shown, w) > room {
		drop := -1
		for i, s := range shown {
			if p := columns[s.column].Priority; p > 0 && (drop < 0 || p >= columns[shown[drop].column].Priority) {
				drop = i
			}
		}
		if drop < 0 {
			break
		}
		shown = append(shown[:drop], shown[drop+1:]...)
	}
	squeeze(&shown, room, w)
	stretch(shown, columns, room-need(shown, w))
	x := gutter
	for i := range shown {
		shown[i].x = x
		x += shown[i].w + gap(w)
	}
	return shown
}

// need is the width of the columns with their gaps.
func need(shown []slot, w int) int {
	sum := max(len(shown)-1, 0) * gap(w)
	for _, s := range shown {
		sum += s.w
	}
	return sum
}

// squeeze makes columns that may not leave fit all the same, from the right.
func squeeze(shown *[]slot, room, w int) {
	for len(*shown) > 0 {
		over := need(*shown, w) - room
		last := &(*shown)[len(*shown)-1]
		if over <= 0 {
			return
		}
		if last.w > over {
			last.w -= over
			return
		}
		*shown = (*shown)[:len(*shown)-1]
	}
}

// stretch gives the room that is left over to the weights.
func stretch(shown []slot, columns []Column, left int) {
	total := 0
	for _, s := range shown {
		total += max(columns[s.column].Weight, 0)
	}
	if total == 0 || left <= 0 {
		return
	}
	sum, given := 0, 0
	for i := range shown {
		sum += max(columns[shown[i].column].Weight, 0)
		share := left*sum/total - given
		shown[i].w += share
		given += share
	}
}

// ColumnAt is the column at cell x of the header, or -1.
func (t *Table) ColumnAt(x int) int {
	for _, s := range t.layout {
		if x >= s.x && x < s.x+s.w {
			return s.column
		}
	}
	return -1
}
