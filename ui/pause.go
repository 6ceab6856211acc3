package ui

import "time"

// pauseOrGoOn freezes the picture, to read what would scroll away: nothing is
// polled until it goes on. What the operator does is still done.
func (m *Model) pauseOrGoOn() {
	if m.paused.IsZero() {
		m.paused = m.world.Now
		return
	}
	m.paused = time.Time{}
	m.refresh()
	m.inform("going on")
}
