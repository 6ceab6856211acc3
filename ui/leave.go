package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"
)

// left tells that nothing is held any more.
type left struct{}

// leave ends the program in good order: leases are given back and what was
// begun is finished first. The second time it ends at once; leases then run out
// by themselves.
func (m *Model) leave() tea.Cmd {
	if m.leaving {
		m.hurried.Store(true)
		return tea.Quit
	}
	m.leaving = true
	busy := m.world.Desk != nil && m.world.Desk.Busy()
	switch {
	case busy:
		m.inform("finishing what was begun; ctrl+c again leaves at once")
	case m.held.Load() != nil:
		m.inform("giving back the dead letters; ctrl+c again leaves at once")
	default:
		return tea.Quit
	}
	ctx := m.world.Context
	return func() tea.Msg {
		m.releaseLeases(ctx)
		return left{}
	}
}

// releaseLeases gives back what an inspection holds and lets what changes AWS
// come to its end. It may be called from any goroutine, and does nothing when
// nothing is held or under way. Who calls it while another does waits as well.
// What cannot be given back comes back by itself when its lease runs out.
func (m *Model) releaseLeases(ctx context.Context) {
	if m.hurried.Load() {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTimeout)
	defer cancel()
	if inspection := m.held.Load(); inspection != nil {
		_, _ = inspection.Release(ctx)
		m.held.CompareAndSwap(inspection, nil)
	}
	if desk := m.world.Desk; desk != nil {
		desk.Drain(ctx)
	}
}
