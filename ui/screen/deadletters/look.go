package deadletters

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/keys"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
)

// The first press of the key receives pageLimit messages, each further one as
// many as moreLimit: whoever wants thousands has seen the first by then.
const (
	pageLimit = 100
	moreLimit = 1000
)

// renewEvery is how often the leases are looked after. A lease is renewed when
// less than half of it is left.
const renewEvery = operation.Lease / 4

// look is the inspection that is under way. The zero value is none.
type look struct {
	inspection *operation.Inspection
	// reading tells that a page is being received, upTo how many are wanted.
	reading bool
	upTo    int
	// opening tells that an inspection is about to begin.
	opening bool
	// done and why tell that there is nothing more to receive, failed why
	// receiving stopped before that.
	done   bool
	why    string
	failed error
	// adrift tells that the last renewal failed: the leases run out.
	adrift bool
	// left tells, without an inspection, that the last one could not give
	// everything back.
	left bool
	// lost counts messages whose lease ran out.
	lost int
	// timer numbers the one chain of renewals.
	timer   int
	judging judging
}

func (l *look) held() bool { return l.inspection != nil && l.inspection.Held() > 0 }

// Messages of an inspection. Each carries the inspection that it belongs to, so
// that one that was left cannot disturb the next.
type (
	opened struct{ inspection *operation.Inspection }
	// refused tells that none could be opened; the one before is over, and err
	// is why it could not give everything back.
	refused struct {
		before *operation.Inspection
		err    error
	}
	page struct {
		inspection *operation.Inspection
		page       operation.Page
		err        error
		at         time.Time
	}
	renewDue struct{ timer int }
	renewed  struct {
		inspection *operation.Inspection
		lost       int
		err        error
	}
	released struct {
		inspection *operation.Inspection
		err        error
	}
	// moved tells that a move task was started; the leases were given back first.
	moved struct{ inspection *operation.Inspection }
)

// inspectAction receives dead letters under a lease, after saying what it costs.
func (s *Screen) inspectAction() action.Action {
	a := action.Action{Binding: keys.New("inspect", "i"), Title: "inspect the dead letters", Changes: true, Run: s.inspect}
	switch {
	case s.look.reading, s.look.opening:
		a.Unavailable = "already receiving"
	case s.moves():
		a.Unavailable = "a move task is running and would miss what is held"
	case s.look.inspection != nil && !s.look.done:
		a.Binding.Help, a.Title = "inspect more", "inspect more dead letters"
	case s.look.inspection != nil:
		a.Binding.Help, a.Title = "inspect again", "inspect the dead letters again"
	}
	return a
}

func (s *Screen) inspect() tea.Cmd {
	if s.look.inspection != nil && s.look.inspection.Open() && !s.look.done {
		s.look.upTo = s.look.inspection.Held() + moreLimit
		return s.receive()
	}
	dead, _ := s.world.Store.Queue(monitor.DeadLetterQueue)
	desk, before := s.world.Desk, s.look.inspection
	plan := desk.PlanInspect(dead)
	apply := func(ctx context.Context, _ int) tea.Msg {
		if before != nil { // what is held must be visible again to be found again
			if record, err := before.Release(ctx); err != nil {
				return action.Done{Record: record, Err: err, Then: refused{before, err}}
			}
		}
		inspection, record, err := desk.Inspect(ctx)
		if err != nil {
			return action.Done{Record: record, Err: err, Then: refused{before, nil}}
		}
		return action.Done{Record: record, Then: opened{inspection}}
	}
	if plan.Risk == operation.None {
		s.look.opening = true
		return s.world.Do(func(ctx context.Context) tea.Msg { return apply(ctx, 0) })
	}
	return action.Send(action.Ask{Plan: plan, Apply: apply})
}

// receive asks for the next page of ten.
func (s *Screen) receive() tea.Cmd {
	inspection := s.look.inspection
	s.look.reading, s.look.failed = true, nil
	return s.world.Do(func(ctx context.Context) tea.Msg {
		at := time.Now()
		p, err := inspection.Next(ctx)
		return page{inspection, p, err, at}
	})
}

// answer takes in the messages of an inspection.
func (s *Screen) answer(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case opened:
		return s.opened(msg.inspection), true
	case refused:
		s.look.opening = false
		if msg.before != nil {
			s.released(released{msg.before, msg.err})
		}
		return nil, true
	case page:
		return s.paged(msg), true
	case renewDue:
		if msg.timer != s.look.timer || s.look.inspection == nil {
			return nil, true
		}
		return s.renew(), true
	case renewed:
		return s.renewed(msg), true
	case released:
		s.released(msg)
		return nil, true
	case suspected:
		return s.suspected(msg), true
	case judged:
		return s.judged(msg), true
	case monitor.DeadLettersRead:
		return s.judge(), true
	case planned:
		return s.planned(msg), true
	case previewed:
		return s.previewed(msg), true
	case action.Unfinished, started, runTick, asked, ended, followed:
		return s.runAnswer(msg)
	case archived, agreed, putBack:
		return s.restoreAnswer(msg)
	case moved:
		s.zoomed, s.grouped = false, false
		s.released(released{msg.inspection, nil})
		return nil, true
	}
	return nil, false
}

// opened takes an inspection into use. It holds nothing yet, so that one too
// many, or one that nobody waits for any more, can be forgotten.
func (s *Screen) opened(inspection *operation.Inspection) tea.Cmd {
	s.look.opening = false
	if s.look.inspection != nil && s.look.inspection.Open() {
		return nil
	}
	s.look = look{timer: s.look.timer + 1}
	if s.hidden {
		return action.Send(action.Say{Text: "not inspected: the dead letters were left"})
	}
	s.list.Settle() // "all" were those of the last look: what nobody has seen is not marked
	s.look.inspection, s.look.upTo, s.zoomed = inspection, pageLimit, false
	s.current.Store(inspection)
	s.world.Hold(inspection)
	started := action.Send(action.Done{Changes: []monitor.Change{monitor.InspectionStarted{At: s.world.Now}}})
	return tea.Batch(tea.Sequence(started, s.receive()), s.renewLater())
}

func (s *Screen) paged(msg page) tea.Cmd {
	if msg.inspection != s.look.inspection {
		return nil
	}
	s.look.reading = false
	if !msg.inspection.Open() {
		return nil // what came is given back already
	}
	s.look.done, s.look.why, s.look.failed = msg.page.Done, msg.page.Why, msg.err
	s.look.lost += len(msg.page.Lost)
	read := monitor.DeadLettersRead{Letters: msg.page.Letters, At: msg.at}
	took := action.Send(action.Done{Err: msg.err, Changes: []monitor.Change{read}, Then: read})
	if msg.err != nil || msg.page.Done || msg.inspection.Held() >= s.look.upTo || s.hidden {
		return took
	}
	return tea.Batch(took, s.receive())
}

func (s *Screen) renewLater() tea.Cmd {
	timer := s.look.timer
	return tea.Tick(renewEvery, func(time.Time) tea.Msg { return renewDue{timer} })
}

// renew extends the leases while the operator is here, and gives them back when
// nobody has touched a key for long.
func (s *Screen) renew() tea.Cmd {
	inspection := s.look.inspection
	if !inspection.Open() {
		return nil
	}
	if s.world.Now.Sub(s.world.LastInput) < renewEvery {
		inspection.Touch()
	}
	if inspection.IdleFor() >= operation.IdleLimit {
		idle := action.Send(action.Say{Text: "given back after ten idle minutes; " + s.world.Key("dead-letters.inspect") + " inspects again"})
		return tea.Batch(s.release(), idle)
	}
	return tea.Batch(s.renewLater(), s.world.Do(func(ctx context.Context) tea.Msg {
		lost, err := inspection.Renew(ctx)
		return renewed{inspection, len(lost), err}
	}))
}

func (s *Screen) renewed(msg renewed) tea.Cmd {
	if msg.inspection != s.look.inspection {
		return nil
	}
	s.look.lost += msg.lost
	s.look.adrift = msg.err != nil
	if msg.err != nil {
		return action.Send(action.Say{Err: msg.err})
	}
	return nil
}

// release gives every lease back.
func (s *Screen) release() tea.Cmd {
	inspection := s.look.inspection
	if inspection == nil || !inspection.Open() {
		return nil
	}
	return s.world.Do(func(ctx context.Context) tea.Msg {
		record, err := inspection.Release(ctx)
		return action.Done{
			Record: record, Err: err, Then: released{inspection, err},
			Touch: []monitor.Feed{monitor.DeadLetterQueueFeed},
		}
	})
}

func (s *Screen) released(msg released) {
	if s.look.inspection != msg.inspection {
		return
	}
	s.world.Hold(nil)
	s.current.Store(nil)
	s.look = look{timer: s.look.timer + 1, left: msg.err != nil}
}
