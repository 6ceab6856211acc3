package submit

import (
	"context"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
)

// queue counts what it takes; err is its answer.
type queue struct {
	operation.Queue
	sent int
	err  error
}

func (q *queue) Send(_ context.Context, _ string, body []byte, _ map[string]workflow.Attribute) (workflow.Sent, error) {
	q.sent++
	return workflow.Sent{MessageID: "m", BodyMD5: workflow.BodyMD5(body)}, q.err
}

// newStage is the screen with an order typed into it.
func newStage(t *testing.T, q *queue) *Screen {
	t.Helper()
	world := &action.World{Store: monitor.NewStore(), Context: t.Context(), Now: time.Now()}
	world.Desk = operation.NewDesk(workflow.Deployment{QueueURL: "q"}, q, nil, operation.Options{})
	s := New(world)
	s.SetSize(100, 30)
	s.form.SetValues("Burger_20", "3", "Restaurant 4")
	return s
}

// enter is what the key asks the program for.
func enter(s *Screen) tea.Msg { return s.Update(tea.KeyPressMsg{Code: tea.KeyEnter})() }

func plan(t *testing.T, msg tea.Msg) action.Ask {
	t.Helper()
	ask, ok := msg.(action.Ask)
	if !ok {
		t.Fatalf("got %#v, want a plan", msg)
	}
	return ask
}

// take delivers an outcome as the root model does.
func take(s *Screen, msg tea.Msg) {
	if done, ok := msg.(action.Done); ok {
		s.world.Store.Apply(done.Changes...)
		s.Update(done.Then)
	}
}

// An impatient enter while an order is on its way must not send it again.
func TestOneOrderAtATime(t *testing.T) {
	t.Parallel()
	q := &queue{}
	s := newStage(t, q)
	first, second := plan(t, enter(s)), plan(t, enter(s))
	outcome := first.Apply(t.Context(), 0)
	if said, ok := enter(s).(action.Say); !ok || said.Text != stillSending {
		t.Errorf("a plan while one is on its way: %+v", said)
	}
	if said, ok := second.Apply(t.Context(), 0).(action.Say); !ok || said.Text != stillSending || q.sent != 1 {
		t.Errorf("sent %d times: %+v", q.sent, said)
	}
	take(s, outcome)
	s.form.SetValues("Burger_21", "3", "Restaurant 4")
	s.typing = true
	take(s, plan(t, enter(s)).Apply(t.Context(), 0))
	if q.sent != 2 {
		t.Errorf("the next order: sent %d", q.sent)
	}
}

func TestALostAnswerIsRememberedInThePlan(t *testing.T) {
	t.Parallel()
	q := &queue{err: &workflow.Problem{Kind: workflow.OutcomeUnknown}}
	s := newStage(t, q)
	take(s, plan(t, enter(s)).Apply(t.Context(), 0))
	s.typing = true
	again := plan(t, enter(s)).Plan
	if again.Risk != operation.Ask || !strings.Contains(again.Warning, "may be on the queue already") {
		t.Errorf("the same order again: %+v", again)
	}
	s.form.SetValues("Burger_21", "3", "Restaurant 4")
	if other := plan(t, enter(s)).Plan; other.Risk != operation.None || other.Warning != "" {
		t.Errorf("another order: %+v", other)
	}
}

func TestAnAnswerKeepsWhatIsTypedMeanwhile(t *testing.T) {
	t.Parallel()
	s := newStage(t, &queue{})
	outcome := plan(t, enter(s)).Apply(t.Context(), 0)
	s.form.SetValues("Burger_21", "3", "Restaurant 4")
	take(s, outcome)
	if got := s.form.Values()[0]; got != "Burger_21" || !s.typing {
		t.Errorf("user id %q, typing %v", got, s.typing)
	}
}
