package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"
)

// left tells that nothing is held any more.
type left struct{}

// leave ends the program in good order: leases are given back first. The second
// time it ends at once; the leases then run out by themselves.
func (m *Model) leave() tea.Cmd {
	if m.leaving {
		m.held.Store(nil)
		return tea.Quit
	}
	m.leaving = true
	if m.held.Load() == nil {
		return tea.Quit
	}
	m.inform("giving back the dead letters; ctrl+c again leaves at once")
	ctx := m.world.Context
	return func() tea.Msg {
		m.releaseLeases(ctx)
		return left{}
	}
}

// releaseLeases gives back what an inspection holds. It may be called from any
// goroutine, and does nothing when nothing is held. What cannot be given back
// comes back by itself when its lease runs out.
func (m *Model) releaseLeases(ctx context.Context) {
	inspection := m.held.Swap(nil)
	if inspection == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTimeout)
	defer cancel()
	_, _ = inspection.Release(ctx)
}
