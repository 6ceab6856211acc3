package executions

import tea "charm.land/bubbletea/v2"

// mouse moves and selects in the pane under it.
func (d *detail) mouse(msg tea.MouseMsg) {
	at := msg.Mouse()
	switch p := &d.place; {
	case p.graph.holds(at.X, at.Y):
		d.mouseOnGraph(msg)
	case p.states.holds(at.X, at.Y):
		if wheel, ok := msg.(tea.MouseWheelMsg); ok {
			d.move(wheelBy(wheel))
		} else if _, ok := msg.(tea.MouseClickMsg); ok {
			d.onData = false
			d.move(d.statesScroll.Top + at.Y - p.states.y - 1 - d.cursor)
		}
	case p.data.holds(at.X, at.Y):
		d.mouseOnData(msg)
	}
}

func (d *detail) mouseOnGraph(msg tea.MouseMsg) {
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		by := 3 * wheelBy(msg)
		if msg.Mod.Contains(tea.ModShift) {
			d.graph.Move(2*by, 0)
		} else {
			d.graph.Move(0, by)
		}
	case tea.MouseClickMsg:
		name, ok := d.graph.At(msg.X-d.place.graph.x-1, msg.Y-d.place.graph.y-1)
		for i, s := range d.states {
			if ok && s.State == name {
				d.move(i - d.cursor)
			}
		}
	}
}

func (d *detail) mouseOnData(msg tea.MouseMsg) {
	d.onData = true
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		if d.listed {
			d.step(wheelBy(msg))
		} else {
			d.tree.Update(msg)
		}
	case tea.MouseClickMsg:
		msg.X, msg.Y = msg.X-d.place.data.x-2, msg.Y-d.place.data.y-1
		if !d.listed {
			d.tree.Update(msg)
		}
	}
}

func wheelBy(msg tea.MouseWheelMsg) int {
	switch msg.Button {
	case tea.MouseWheelUp:
		return -1
	case tea.MouseWheelDown:
		return 1
	default:
		return 0
	}
}
