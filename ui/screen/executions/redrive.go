package executions

import (
	"context"
	"errors"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/keys"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
)

// batch is a redrive of several executions under way: one call after the other,
// on this screen or another, until it is done or cancelled.
type batch struct {
	prospects []operation.Prospect
	// next is the one that is asked for now.
	next         int
	done, failed int
	cancelled    bool
	// pausing tells that the API's budget is used up for the moment.
	pausing bool
}

// looked brings the plan, or why there is none; redriveAgreed begins a batch;
// redriveTurn asks for the next one; redriven is the outcome of one.
type (
	looked        struct{ answer tea.Msg }
	redriveAgreed struct{ prospects []operation.Prospect }
	redriveTurn   struct{}
	redriven      struct {
		record operation.Record
		err    error
	}
)

// redriveAction plans the redrive of n executions, of which one is shown: those
// that are marked, or just that one. They are looked up when it runs: this is
// asked for after every message.
func (s *Screen) redriveAction(n int, shown *monitor.Execution, chosen func() []*monitor.Execution) action.Action {
	a := action.Action{Binding: keys.New("redrive", "R"), Title: "redrive what ended without success", Changes: true}
	switch {
	case n == 0:
		a.Unavailable = "no execution is selected"
	case s.batch != nil:
		a.Unavailable = "a redrive is under way; " + s.world.Key("executions.cancel-redrive") + " cancels it"
	case s.looking:
		a.Unavailable = "the executions are being looked at; the plan comes by itself"
	case n == 1 && !shown.Status.Broken():
		a.Unavailable = "only what failed, timed out or was aborted can be redriven"
	case s.world.Desk == nil:
		a.Unavailable = s.world.NotConnected()
	}
	a.Run = func() tea.Cmd {
		desk, list := s.world.Desk, chosen()
		prospects := make([]operation.Prospect, 0, len(list))
		for i := range list {
			prospects = append(prospects, desk.Prospect(list[i].Execution(), list[i].State, list[i].StateKind))
		}
		// Within the budget it may take half a minute to look at all of them.
		s.looking = true
		say := action.Send(action.Say{Text: fmt.Sprintf("looking whether %d can be redriven …", len(list))})
		return tea.Batch(say, s.world.Do(func(ctx context.Context) tea.Msg {
			prospects := desk.Look(ctx, prospects)
			plan, err := desk.PlanRedriveExecutions(prospects)
			if err != nil {
				return looked{action.Say{Err: err}}
			}
			return looked{action.Ask{Plan: plan, Apply: func(context.Context, int) tea.Msg {
				return redriveAgreed{operation.Eligible(prospects)}
			}}}
		}))
	}
	return a
}

// cancelAction ends a batch after the execution that is asked for now.
func (s *Screen) cancelAction() action.Action {
	a := action.Action{Binding: keys.New("cancel the redrive", "X"), Title: "cancel the redrive that is under way", Quiet: s.batch == nil, Run: func() tea.Cmd {
		s.batch.cancelled = true
		return nil
	}}
	if s.batch == nil {
		a.Unavailable = "no redrive is under way"
	}
	return a
}

// updateBatch takes in what happens to the batch; false for any other message.
func (s *Screen) updateBatch(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case looked:
		s.looking = false
		return action.Send(msg.answer), true
	case redriveAgreed:
		s.batch = &batch{prospects: msg.prospects}
		return s.redriveNext(), true
	case redriveTurn:
		if s.batch == nil {
			return nil, true
		}
		return s.redriveNext(), true
	case redriven:
		if s.batch == nil {
			return nil, true
		}
		return s.redriven(msg), true
	}
	return nil, false
}

// redriveNext asks for the next one, or ends the batch.
func (s *Screen) redriveNext() tea.Cmd {
	b := s.batch
	b.pausing = false
	if b.cancelled || b.next >= len(b.prospects) {
		return s.endBatch()
	}
	desk, prospect := s.world.Desk, b.prospects[b.next]
	return s.world.Do(func(ctx context.Context) tea.Msg {
		record, err := desk.RedriveExecution(ctx, prospect)
		return redriven{record, err}
	})
}

// redriven takes in one outcome. A call that the budget did not allow is made
// again when it does.
func (s *Screen) redriven(msg redriven) tea.Cmd {
	b := s.batch
	if kind := workflow.KindOf(msg.err); kind == workflow.Throttled || kind == workflow.OverBudget {
		b.pausing = true
		return tea.Tick(pauseOf(msg.err), func(time.Time) tea.Msg { return redriveTurn{} })
	}
	b.next++
	done := action.Done{Record: msg.record, Err: msg.err}
	if msg.err != nil {
		b.failed++
		if kind := workflow.KindOf(msg.err); kind == workflow.Refused || kind == workflow.Forbidden || kind == workflow.Unauthenticated {
			b.cancelled = true // the others would fare no better
		}
	} else {
		b.done++
	}
	done.Then = redriveTurn{}
	return action.Send(done)
}

// pauseOf is how long to wait after a refusal for now.
func pauseOf(err error) time.Duration {
	if p, ok := errors.AsType[*workflow.Problem](err); ok && p.RetryAfter > 0 {
		return p.RetryAfter
	}
	return time.Second
}

// endBatch says what came of the batch.
func (s *Screen) endBatch() tea.Cmd {
	b := s.batch
	s.batch = nil
	s.list.ClearMarks()
	say := fmt.Sprintf("redriven %d of %d", b.done, len(b.prospects))
	if b.failed > 0 {
		say += fmt.Sprintf(", %d refused: ! tells why", b.failed)
	}
	if rest := len(b.prospects) - b.next; rest > 0 {
		say += fmt.Sprintf(", %d left as they were", rest)
	}
	return action.Send(action.Done{
		Say: say, Touch: []monitor.Feed{monitor.ExecutionsFeed, monitor.HistoryFeed, monitor.DetailsFeed, monitor.PositionsFeed},
	})
}

// progress tells how far the batch is, "" when there is none.
func (s *Screen) progress() string {
	b := s.batch
	switch {
	case b == nil:
		return ""
	case b.cancelled:
		return "cancelling the redrive"
	case b.pausing:
		return fmt.Sprintf("redriven %d of %d, waiting for the API's budget", b.done, len(b.prospects))
	}
	return fmt.Sprintf("redriven %d of %d · %s cancels", b.done, len(b.prospects), s.world.Key("executions.cancel-redrive"))
}
