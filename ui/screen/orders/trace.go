package orders

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/pane"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
)

// trace is the life of one order as one timeline.
type trace struct {
	id     workflow.OrderID
	scroll pane.Scroll
}

// mostRuns is how many later runs of an order are looked for in what is known.
const mostRuns = 50

// life is what the store knows of an order.
func (s *Screen) life(id workflow.OrderID) workflow.Life {
	l := workflow.Life{ID: id}
	if o, ok := s.index().Get(id); ok {
		l.Submission, l.Row, l.RowMissing, l.DeadLetter = o.Submission, o.Row, o.Missing, o.DeadLetter
	}
	names := []string{string(id)}
	for n := 1; n <= mostRuns; n++ {
		names = append(names, workflow.RerunName(id, n))
	}
	for _, name := range names {
		e, ok := s.world.Store.Executions().Get(workflow.ExecutionOf(s.world.Deployment.StateMachineARN, name))
		if !ok {
			continue
		}
		events, _ := s.world.Store.History(e.ARN)
		l.Runs = append(l.Runs, workflow.Run{Execution: e.Execution(), Events: events})
	}
	return l
}

// openTrace shows the trace of an order.
func (s *Screen) openTrace(id workflow.OrderID) { s.trace = &trace{id: id} }

func (s *Screen) updateTrace(msg tea.Msg) {
	t := s.trace
	const page, far = 10, 1 << 20
	total := far // Scroll.View bounds it by what there is
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		if msg.Button == tea.MouseWheelUp {
			t.scroll.Move(-3, total, 0)
		} else {
			t.scroll.Move(3, total, 0)
		}
	case tea.KeyPressMsg:
		switch k := &s.keys; {
		case k.Up.Match(msg):
			t.scroll.Move(-1, total, 0)
		case k.Down.Match(msg):
			t.scroll.Move(1, total, 0)
		case k.PageUp.Match(msg), k.HalfUp.Match(msg):
			t.scroll.Move(-page, total, 0)
		case k.PageDown.Match(msg), k.HalfDown.Match(msg):
			t.scroll.Move(page, total, 0)
		case k.Top.Match(msg):
			t.scroll.Move(-far, total, 0)
		case k.Bottom.Match(msg):
			t.scroll.Move(far, total, 0)
		}
	}
}

// traceView is the timeline, and where the order is now.
func (s *Screen) traceView() string {
	l := s.life(s.trace.id)
	moments, now := workflow.Trace(l)
	o, known := s.index().Get(s.trace.id)
	if !known {
		o = &monitor.Order{ID: s.trace.id}
	}
	innerW, innerH := pane.Inner(s.w, s.h)
	lines := []string{
		" " + s.theme.Paint(theme.Strong, text.Clean("now: "+now)),
		" " + text.Clean(action.Order(o.UserID, o.Quantity, o.Restaurant)),
		"",
	}
	head := len(lines)
	for _, m := range moments {
		lines = append(lines, s.moment(m, innerW-1))
	}
	body := append(lines[:head:head], s.trace.scroll.View(s.theme, lines[head:], innerW, innerH-head)...)
	return pane.Frame(s.theme, "Order "+text.Clean(string(s.trace.id)), s.world.Note(monitor.HistoryFeed), body, s.w, s.h, true)
}

// moment is one line: when, where, what, how long.
func (s *Screen) moment(m workflow.Moment, w int) string {
	at := "–"
	switch {
	case m.At.IsZero() && m.Unrecorded:
		at = "not recorded"
	case !m.At.IsZero():
		at = m.At.Local().Format("01-02 15:04:05.000")
	}
	glyph, tone := "•", theme.Text
	switch {
	case m.Unrecorded:
		glyph, tone = "?", theme.Dim
	case m.Status != "":
		glyph, tone = s.theme.Status(string(m.Status))
	}
	what := text.Clean(m.Text)
	took := ""
	if m.Took > 0 {
		took = text.Duration(m.Took)
	}
	room := max(1, w-1-18-2-11-2-2-9)
	return " " + s.theme.Paint(theme.Dim, text.Pad(at, 18)) + "  " + text.Pad(string(m.Place), 11) + "  " +
		s.theme.Paint(tone, glyph+" "+text.Pad(what, room)) + s.theme.Paint(theme.Dim, text.PadLeft(took, 9))
}

// traceActions are what can be done at a trace.
func (s *Screen) traceActions() []action.Action {
	o, _ := s.index().Get(s.trace.id)
	noExecution := ""
	if o == nil || o.Execution == nil {
		noExecution = "no execution of this order is known"
	}
	return []action.Action{
		{Binding: keys.New("its execution", "e"), Title: "open the order's execution", Unavailable: noExecution, Run: func() tea.Cmd {
			return action.Send(action.Open{Screen: action.Executions, Select: string(o.Execution.ARN), Detail: true})
		}},
		s.findAction(),
		{Binding: s.keys.Copy, Title: "copy the order id", Run: func() tea.Cmd {
			return action.CopyIDs([]string{string(s.trace.id)}, "order id")
		}},
		{Binding: s.keys.Back, Title: "back to the list", Run: func() tea.Cmd { return nil }},
	}
}

// findAction looks an order up that is not in the list.
func (s *Screen) findAction() action.Action {
	return action.Action{
		Binding: keys.New("find", "f"), Title: "trace an order by its id, execution, message or user", Unavailable: s.world.NotConnected(),
		Run: func() tea.Cmd {
			return action.Send(action.Edit{
				Title: "Trace an order", Label: "of", Verb: "find", Hint: "order id, execution, message id or user", Then: s.find,
			})
		},
	}
}

// found is what a search brought.
type found struct {
	what string
	operation.Found
}

// find looks in what is known first, then asks AWS, with one call or two.
func (s *Screen) find(what string) tea.Cmd {
	if id, ok := s.known(what); ok {
		s.openTrace(id)
		return nil
	}
	desk := s.world.Desk
	return s.world.Do(func(ctx context.Context) tea.Msg {
		f, err := desk.Find(ctx, what)
		if err != nil {
			return action.Say{Err: err}
		}
		return found{what, f}
	})
}

// known is the order in the store that has this id, execution or message.
func (s *Screen) known(what string) (workflow.OrderID, bool) {
	if id := (workflow.Execution{Name: what}).OrderID(); what != "" {
		if _, ok := s.index().Get(id); ok {
			return id, true
		}
	}
	message := workflow.MessageID(what)
	for o := range s.index().All() {
		if o.Row != nil && o.Row.MessageID == message || o.DeadLetter != nil && o.DeadLetter.ID == message ||
			o.Submission != nil && o.Submission.MessageID == message {
			return o.ID, what != ""
		}
	}
	return "", false
}

// takeFound shows what a search brought: the trace of one order, or the list of
// a user's.
func (s *Screen) takeFound(f found) tea.Cmd {
	if f.Execution != nil {
		s.openTrace(f.Execution.OrderID())
		return action.Send(action.Done{Changes: []monitor.Change{monitor.ExecutionRead{Execution: *f.Execution, At: s.world.Now}}})
	}
	s.trace = nil
	s.list.SetFilter(`user:="` + strings.ReplaceAll(f.what, `"`, "") + `"`)
	say := text.Count(len(f.Rows)) + " orders of this user"
	if len(f.Rows) == 1 {
		say = "1 order of this user"
	}
	if f.More {
		say = "the first " + say + "; there are more"
	}
	return action.Send(action.Done{Changes: []monitor.Change{monitor.RowsPage{Rows: f.Rows, At: s.world.Now}}, Say: say})
}
