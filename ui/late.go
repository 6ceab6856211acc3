package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
)

// silence is how long no key must have come before a dialog that opened by itself
// takes one for an answer: whoever types has to see it first.
const silence = 500 * time.Millisecond

// asking is where something was last asked for whose plan is to be agreed to.
type asking struct {
	// screen is 0 when nothing was.
	screen action.Screen
	// inputs is how many inputs there had been by then.
	inputs int
}

// asks notes that what was just pressed may lead to a plan.
func (m *Model) asks() { m.asking = asking{m.open, m.inputs} }

// meanwhile tells that the operator has done something since asking, and unseen
// that a plan for it would come where nobody looks for it: on another screen, or
// in the middle of a word.
func (m *Model) meanwhile() (something, unseen bool) {
	if m.asking.screen == 0 {
		return false, false
	}
	something = m.inputs != m.asking.inputs
	return something, m.open != m.asking.screen || something && m.current().Typing()
}

// tooSoon tells that a key came too soon after the dialog had opened by itself to
// be meant for it. Esc is always meant.
func (q *question) tooSoon(msg tea.Msg) bool {
	if q.silentSince.IsZero() {
		return false
	}
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		if msg.String() == "esc" {
			return false
		}
	case tea.PasteMsg, tea.MouseClickMsg:
	default:
		return false
	}
	if q.world.Now.Sub(q.silentSince) >= silence {
		q.silentSince = time.Time{}
		return false
	}
	q.silentSince = q.world.Now
	return true
}
