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
// ended is what came of the operations that ended meanwhile and of leases that
// could not be given back, left how many operations are still under way: nobody
// sees their outcome on the screen any more.
func (m *Model) releaseLeases(ctx context.Context) (ended []workflow.Record, left int) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTimeout)
	defer cancel()
	inspection := m.held.Load()
	switch {
	case m.hurried.Load():
		cancel() // nothing is waited for, but what is under way and what is held is told
		if inspection != nil {
			if record, kept := inspection.Kept(); kept {
				m.kept.Store(&record)
			}
		}
	case inspection != nil:
		if record, err := inspection.Release(ctx); err != nil {
			m.kept.Store(&record)
		}
		m.held.CompareAndSwap(inspection, nil)
	}
	if desk := m.world.Desk; desk != nil {
		ended, left = desk.Drain(ctx)
	}
	if kept := m.kept.Load(); kept != nil {
		ended = append(ended, *kept)
	}
	return ended, left
}
