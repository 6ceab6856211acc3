package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// clock keeps one pending tick, however often it is asked. The zero value has none.
type clock struct {
	generation int
	at         time.Time
}

type ticked struct{ generation int }

// wake makes sure that a tick comes no later than d from now. A tick that is
// already on its way and early enough is kept; a later one is left to be ignored.
func (c *clock) wake(now time.Time, d time.Duration) tea.Cmd {
	d = max(d, time.Millisecond)
	at := now.Add(d)
	if !c.at.IsZero() && !c.at.After(at.Add(20*time.Millisecond)) {
		return nil
	}
	c.generation++
	c.at = at
	generation := c.generation
	return tea.Tick(d, func(time.Time) tea.Msg { return ticked{generation} })
}

// take says whether a tick is the one that was waited for.
func (c *clock) take(t ticked) bool {
	if t.generation != c.generation {
		return false
	}
	c.at = time.Time{}
	return true
}
