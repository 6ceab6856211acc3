package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"orderops/workflow"
)

// left tells that nothing is held any more.
type left struct{}

// leave ends the program in good order: leases are given back and what was
// begun is finished first. The second time it ends at once; leases then run out
// by themselves.
func (m *Model) leave() tea.Cmd {
	if m.leaving {
		m.hurried.Store(true)
		m.next = "" // who can't wait wants to get out
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
//
// ended is what came of the operations that ended meanwhile, left how many are
// still under way: nobody sees their outcome on the screen any more.
func (m *Model) releaseLeases(ctx context.Context) (ended []workflow.Record, left int) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTimeout)
	defer cancel()
	if m.hurried.Load() {
		cancel() // nothing is waited for, but what is under way is told
	} else if inspection := m.held.Load(); inspection != nil {
		_, _ = inspection.Release(ctx)
		m.held.CompareAndSwap(inspection, nil)
	}
	if desk := m.world.Desk; desk != nil {
		return desk.Drain(ctx)
	}
	return nil, 0
}
