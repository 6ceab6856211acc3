package table

import (
	tea "charm.land/bubbletea/v2"
)

// wheelStep is the number of rows that one notch of the wheel scrolls.
const wheelStep = 3

// beyond is how many rows under the screen are remembered as well, so that the
// row on the last line has neighbours too.
const beyond = 8

// Update handles the movement, marking and mouse messages of a list and says
// whether it used msg. Mouse positions are relative to the table's own corner.
func (t *Table) Update(msg tea.Msg) bool {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return t.move(msg) || t.markKey(msg)
	case tea.MouseClickMsg:
		return t.click(msg)
	case tea.MouseWheelMsg:
		return t.wheel(msg)
	}
	return false
}

func (t *Table) move(msg tea.KeyPressMsg) bool {
	page := max(t.body(), 1)
	to := t.index
	switch k := &t.keys; {
	case k.Up.Match(msg):
		to--
	case k.Down.Match(msg):
		to++
	case k.PageUp.Match(msg):
		to -= page
	case k.PageDown.Match(msg):
		to += page
	case k.HalfUp.Match(msg):
		to -= max(page/2, 1)
	case k.HalfDown.Match(msg):
		to += max(page/2, 1)
	case k.Top.Match(msg):
		to = 0
	case k.Bottom.Match(msg):
		to = t.rows.Len() - 1
	default:
		return false
	}
	t.moveTo(to)
	return true
}

func (t *Table) click(msg tea.MouseClickMsg) bool {
	i := t.top + msg.Y - 1
	if msg.Button != tea.MouseLeft || msg.X < 0 || msg.X >= t.w || msg.Y < 1 || msg.Y > t.body() || i >= t.rows.Len() {
		return false
	}
	t.moveTo(i)
	if msg.Mod.Contains(tea.ModCtrl) {
		t.toggle(t.cursor)
	}
	return true
}

// wheel scrolls the rows; the cursor moves only to stay on the screen.
func (t *Table) wheel(msg tea.MouseWheelMsg) bool {
	n := t.rows.Len()
	switch {
	case n == 0:
		return false
	case msg.Button == tea.MouseWheelUp:
		t.top -= wheelStep
	case msg.Button == tea.MouseWheelDown:
		t.top += wheelStep
	default:
		return false
	}
	t.top = max(min(t.top, n-t.body()), 0)
	t.moveTo(max(min(t.index, t.top+t.body()-1), t.top))
	return true
}

// moveTo puts the cursor on row i, or on the nearest row there is.
func (t *Table) moveTo(i int) {
	n := t.rows.Len()
	if n == 0 {
		return
	}
	t.index = max(min(i, n-1), 0)
	t.cursor = t.rows.ID(t.index)
	t.scroll()
}

// scroll brings the cursor onto the screen and remembers who is there with it,
// for the day the row under the cursor goes away.
func (t *Table) scroll() {
	t.dirty = true
	n, body := t.rows.Len(), t.body()
	if t.index < 0 || body == 0 {
		return
	}
	t.top = max(min(t.top, n-body), 0)
	t.top = min(max(t.top, t.index-body+1), t.index)
	t.near, t.nearAt = t.near[:0], t.top
	for i := t.top; i < min(t.top+body+beyond, n); i++ {
		t.near = append(t.near, t.rows.ID(i))
	}
}
