// Package submit is the screen that sends an order to the deployed queue.
package submit

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/form"
	"orderops/ui/component/input"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
)

// Screen is the submit screen. It is either typing into the form or the raw
// body, or, after esc or a submission, at rest, so that other keys work.
type Screen struct {
	action.Calm

	world  *action.World
	theme  *theme.Theme
	keys   keys.Map
	own    ownKeys
	form   *form.Form
	typing bool
	// raw edits the body itself, for what the form would not let through.
	raw     bool
	rawBody *input.Input
	// sending tells that an order is on its way, until its outcome is taken in.
	sending atomic.Bool
	w, h    int
}

type ownKeys struct{ review, raw, rest, edit, order keys.Binding }

// New makes the screen.
func New(world *action.World) *Screen {
	s := &Screen{
		world: world, theme: theme.New(true, true), keys: keys.Global(), typing: true, rawBody: input.New(""),
		own: ownKeys{
			review: keys.New("review and send", "enter"),
			raw:    keys.Binding{Keys: []string{"ctrl+r"}, Help: "raw body / form"},
			rest:   keys.New("stop typing", "esc"),
			edit:   keys.New("edit", "e"),
			order:  keys.New("go to the order", "enter"),
		},
	}
	s.form = newForm(s.theme)
	return s
}

func newForm(th *theme.Theme) *form.Form {
	return form.New(
		th,
		form.Field{Label: "user id", Hint: "who orders, such as Burger_20", Check: workflow.CheckUserID},
		form.Field{Label: "quantity", Hint: "a whole number from 1 to 999", Check: workflow.CheckQuantity},
		form.Field{Label: "restaurant id", Hint: "such as Restaurant 4", Check: workflow.CheckRestaurantID},
	)
}

// body is exactly what would be sent.
func (s *Screen) body() []byte {
	if s.raw {
		return []byte(s.rawBody.Value())
	}
	v := s.form.Values()
	return workflow.EncodeBody(workflow.Order{UserID: v[0], Quantity: v[1], RestaurantID: v[2]})
}

// SetTheme changes the styles.
func (s *Screen) SetTheme(th *theme.Theme) {
	s.theme = th
	s.form.SetTheme(th)
}

// SetSize sets the size in cells.
func (s *Screen) SetSize(w, h int) {
	s.w, s.h = w, h
	s.form.SetSize(formWidth(w)-4, formHeight)
}

// Show begins to type.
func (s *Screen) Show(action.Open) tea.Cmd {
	s.typing = true
	return nil
}

// Update types, or handles the keys of the form.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	if sent, ok := msg.(submitted); ok {
		s.sending.Store(false)
		if string(s.body()) != string(sent.body) {
			return nil // another order is being typed already
		}
		s.typing = false
		if sent.outcome == workflow.Done {
			s.form = newForm(s.theme)
			s.SetSize(s.w, s.h)
			s.rawBody.SetValue("")
			s.raw = false
		}
		return nil
	}
	key, isKey := msg.(tea.KeyPressMsg)
	switch {
	case !s.typing:
		return nil
	case isKey && s.own.rest.Match(key):
		s.typing = false
		return nil
	case isKey && s.own.raw.Match(key):
		return s.toggleRaw()
	case isKey && s.own.review.Match(key):
		return s.review()
	case s.raw:
		s.rawBody.Update(msg)
	default:
		if click, ok := msg.(tea.MouseClickMsg); ok {
			click.X, click.Y = click.X-2, click.Y-1
			msg = click
		}
		s.form.Update(msg)
	}
	return nil
}

// toggleRaw goes from the form to its body as text, and back. It stays with a
// body that the form can't hold, since going back would lose it.
func (s *Screen) toggleRaw() tea.Cmd {
	if !s.raw {
		s.rawBody.SetValue(string(s.body()))
		s.raw = true
		return nil
	}
	if s.rawBody.Value() != "" {
		o, err := workflow.DecodeBody(s.body())
		if err != nil || len(o.Extra) > 0 {
			return action.Send(action.Say{Text: "the form can't hold this body; ctrl+u clears it"})
		}
		s.form.SetValues(o.UserID, o.Quantity, o.RestaurantID)
	}
	s.raw = false
	return nil
}

// submitted tells what came of a submission.
type submitted struct {
	outcome workflow.Outcome
	body    []byte
}

// review shows the plan. The form must be right; a raw body may be anything,
// and the plan says what is wrong with it.
func (s *Screen) review() tea.Cmd {
	if why := s.world.NoChange(); why != "" {
		return action.Send(action.Say{Text: "submit: " + why})
	}
	if n := s.rawBody.Dropped(); s.raw && n > 0 {
		return action.Send(action.Say{Text: fmt.Sprintf("not sent: %d characters did not fit here; ctrl+u clears it", n)})
	}
	if !s.raw && !s.form.Valid() {
		s.form.ShowErrors()
		return action.Send(action.Say{Text: "not sent: the form has errors"})
	}
	if s.sending.Load() {
		return action.Send(action.Say{Text: stillSending})
	}
	body, desk := s.body(), s.world.Desk
	return action.Send(action.Ask{
		Plan:  s.plan(desk, body),
		Apply: func(ctx context.Context, _ int) tea.Msg { return s.send(ctx, desk, body) },
	})
}

const stillSending = "not sent: the order before is still on its way"

// plan says also when this very body may be on the queue already.
func (s *Screen) plan(desk *operation.Desk, body []byte) operation.Plan {
	plan := desk.PlanSubmit(body)
	for _, sent := range s.world.Store.Submissions() {
		if sent.Outcome == workflow.Unknown && string(sent.Body) == string(body) {
			plan.Risk = operation.Ask
			plan.Warning = strings.TrimSpace("This order was sent at " + text.Clock(sent.At) +
				" and the answer was lost: it may be on the queue already. " + plan.Warning)
			break
		}
	}
	return plan
}

// send sends one order at a time. It runs beside the program.
func (s *Screen) send(ctx context.Context, desk *operation.Desk, body []byte) tea.Msg {
	if !s.sending.CompareAndSwap(false, true) {
		return action.Say{Text: stillSending}
	}
	submission, record, err := desk.Submit(ctx, body)
	done := action.Done{
		Record: record, Err: err, Say: "accepted as " + string(submission.OrderID), Then: submitted{submission.Outcome, body},
		Touch: []monitor.Feed{monitor.OrderQueueFeed, monitor.ExecutionsFeed},
	}
	if submission.Outcome == workflow.Done || submission.Outcome == workflow.Unknown {
		done.Changes = []monitor.Change{monitor.Submitted{Submission: submission}}
	}
	return done
}

// Typing tells that keys go into the form.
func (s *Screen) Typing() bool { return s.typing }

// Moving tells that a submission is young enough for its age to be read.
func (s *Screen) Moving() bool {
	newest := s.world.Store.Submissions()
	return len(newest) > 0 && s.world.Now.Sub(newest[0].At) < time.Minute
}

// Shown is what became of the newest submission.
func (s *Screen) Shown() monitor.Shown {
	shown := monitor.Shown{}
	for i, sent := range s.world.Store.Submissions() {
		if i == sentShown {
			break
		}
		shown.Executions = true
		shown.VisibleOrders = append(shown.VisibleOrders, sent.OrderID)
	}
	return shown
}

// Actions are what can be done here. While typing they only tell the keys.
func (s *Screen) Actions() []action.Action {
	if s.typing {
		return []action.Action{
			{Binding: s.own.review, Title: "review and send the order", Changes: true, Run: s.review},
			{Binding: s.keys.NextPane, Title: "next field", Quiet: true, Run: func() tea.Cmd { return nil }},
			{Binding: s.own.raw, Title: "edit the raw body", Run: s.toggleRaw},
			{Binding: s.own.rest, Title: "stop typing", Run: func() tea.Cmd { s.typing = false; return nil }},
		}
	}
	sent := s.world.Store.Submissions()
	none := ""
	if len(sent) == 0 || sent[0].OrderID == "" {
		none = "nothing was accepted yet"
	}
	return []action.Action{
		{Binding: s.own.order, Title: "go to the newest order", Unavailable: none, Run: func() tea.Cmd {
			return action.Send(action.Open{Screen: action.Orders, Select: string(sent[0].OrderID)})
		}},
		{Binding: s.own.edit, Title: "type an order", Run: func() tea.Cmd { s.typing = true; return nil }},
		{Binding: s.keys.Copy, Title: "copy the newest order id", Unavailable: none, Run: func() tea.Cmd {
			return action.Send(action.Copy{Text: string(sent[0].OrderID), What: "order id"})
		}},
	}
}
