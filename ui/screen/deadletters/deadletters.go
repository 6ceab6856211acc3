// Package deadletters is the screen of the dead-letter queue: inspecting it
// under a lease, judging what is in it, and moving it back.
package deadletters

import (
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/list"
	"orderops/ui/component/payload"
	"orderops/ui/component/table"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
)

// Screen is the dead letters screen.
type Screen struct {
	world *action.World
	theme *theme.Theme
	keys  keys.Map
	list  *list.List
	look  look
	// current is the inspection of look, for an operation that is under way.
	current atomic.Pointer[operation.Inspection]
	// planning tells that the plan of a redrive is being made.
	planning bool
	ran      running
	// restore puts messages back; nil while none are.
	restore *restoring
	// restored is what came of the last restore; zero when there was none.
	restored operation.Record

	// zoomed shows one message over the whole screen.
	zoomed  bool
	view    view
	payload *payload.Payload
	loaded  loaded // what the payload shows, so that its place is kept
	hidden  bool
	w, h    int
}

// view is how a message is shown.
type view int

const (
	bodyView view = iota
	attributesView
	rawView
	views
)

func viewTitles() []string { return []string{"body", "attributes", "raw"} }

type loaded struct {
	id   workflow.MessageID
	at   time.Time // when it was received
	view view
}

func columns() []list.Column {
	return []list.Column{
		{Column: table.Column{Title: "verdict", Min: 19}, Sort: "verdict"},
		{Column: table.Column{Title: "sent", Min: 6}, Sort: "sent", Descending: true},
		{Column: table.Column{Title: "deleted in", Min: 11}, Sort: "deleted"},
		{Column: table.Column{Title: "receives", Min: 8, Priority: 3}, Sort: "receives", Descending: true},
		{Column: table.Column{Title: "order", Min: 13, Priority: 1}, Sort: "order"},
		{Column: table.Column{Title: "user", Min: 9, Weight: 2, Priority: 2}, Sort: "user"},
		{Column: table.Column{Title: "restaurant", Min: 10, Weight: 2, Priority: 4}, Sort: "restaurant"},
		{Column: table.Column{Title: "size", Min: 5, Priority: 5, Right: true}, Sort: "size", Descending: true},
		{Column: table.Column{Title: "cause", Min: 18, Weight: 4}, Sort: "cause"},
	}
}

// New makes the screen.
func New(world *action.World) *Screen {
	s := &Screen{world: world, theme: theme.New(true, true), keys: keys.Global(), hidden: true}
	s.payload = payload.New(s.theme)
	source := action.Source[workflow.MessageID, *monitor.DeadLetter]{World: world, Index: s.index(), Key: func(d *monitor.DeadLetter) workflow.MessageID { return d.ID }}
	s.list = list.New(s.theme, columns(), rows{source, s})
	s.list.SortBy("deleted", false)
	return s
}

func (s *Screen) index() *monitor.DeadLetterIndex { return s.world.Store.DeadLetters() }

// SetTheme changes the styles.
func (s *Screen) SetTheme(th *theme.Theme) {
	s.theme = th
	s.list.SetTheme(th)
	s.payload.SetTheme(th)
}

// SetSize sets the size in cells.
func (s *Screen) SetSize(w, h int) { s.w, s.h = w, h }

// Show opens the list.
func (s *Screen) Show(open action.Open) tea.Cmd {
	s.hidden = false
	if open.Filter != "" {
		s.list.SetFilter(open.Filter)
	}
	return nil
}

// Hide gives the leases back: nobody is looking any more.
func (s *Screen) Hide() tea.Cmd {
	s.hidden = true
	return s.release()
}

// Refresh takes in what the store has learned.
func (s *Screen) Refresh() {
	s.list.Empty(s.empty()...)
	s.list.Refresh()
}

// Update handles what the actions did not.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	if cmd, ok := s.answer(msg); ok {
		return cmd
	}
	if s.zoomed {
		s.payload.Update(msg)
		return nil
	}
	if click, ok := msg.(tea.MouseMsg); ok {
		s.mouse(click)
		return nil
	}
	s.list.Update(msg)
	return nil
}

func (s *Screen) mouse(msg tea.MouseMsg) {
	top := s.tasksHeight()
	switch msg := msg.(type) {
	case tea.MouseClickMsg:
		msg.Y -= top
		s.list.Update(msg)
	case tea.MouseWheelMsg:
		msg.Y -= top
		s.list.Update(msg)
	}
}

// Back closes the message, then clears the filter.
func (s *Screen) Back() bool {
	if s.zoomed {
		s.zoomed = false
		return true
	}
	return s.list.ClearFilter()
}

// Typing tells that keys go into the filter.
func (s *Screen) Typing() bool { return !s.zoomed && s.list.Typing() }

// Cursor is where the filter is typed.
func (s *Screen) Cursor() *tea.Cursor {
	if s.zoomed {
		return nil
	}
	c := s.list.Cursor()
	if c != nil {
		c.Y += s.tasksHeight()
	}
	return c
}

// Moving tells that a lease or a move task is on the screen.
func (s *Screen) Moving() bool {
	return s.look.held() || s.running() != nil || s.ran.under() || s.restore != nil
}

// Shown are the move tasks; messages are never polled.
func (s *Screen) Shown() monitor.Shown { return monitor.Shown{Moves: true} }

// empty is what stands in place of the messages: that none came yet, none came
// for a reason, and there are none are different things.
func (s *Screen) empty() []string {
	switch {
	case s.look.reading:
		return []string{"receiving …"}
	case s.look.failed != nil:
		return []string{"nothing could be received: " + action.Headline(s.look.failed), s.world.Key("dead-letters.inspect") + " tries again"}
	}
	if dead, _ := s.world.Store.Queue(monitor.DeadLetterQueue); dead.InFlight > 0 {
		return []string{
			fmt.Sprintf("nothing to receive: %s of %s in flight, held by somebody else", text.Count(dead.InFlight), text.Count(dead.Total())),
			"they come back when they are given back or their lease ends; " + s.world.Key("dead-letters.inspect") + " looks again",
		}
	}
	return []string{"nothing was found", s.world.Key("dead-letters.inspect") + " looks again"}
}

func (s *Screen) running() *workflow.MoveTask {
	for _, task := range s.world.Store.Moves() {
		if !task.Status.Ended() {
			return &task
		}
	}
	return nil
}

// moves tells that a move task is at work, as the newest answer says. An old
// answer must not stand in the way: what is done checks again.
func (s *Screen) moves() bool {
	return s.running() != nil && s.world.Store.Freshness(monitor.MovesFeed).Condition() == monitor.Current
}

// Actions are what can be done here.
func (s *Screen) Actions() []action.Action {
	selected, ok := s.selected()
	none := ""
	if !ok {
		none = "no message is selected; " + s.world.Key("dead-letters.inspect") + " inspects the queue"
	}
	listed := s.index().Total() > 0
	noFilter := ""
	if s.zoomed {
		noFilter = "close the message first"
	}
	open := action.Action{Binding: s.keys.Open, Title: "open the message", Unavailable: none, Run: func() tea.Cmd {
		s.zoomed = true
		return nil
	}}
	if s.zoomed {
		open = action.Action{Binding: s.keys.Back, Title: "back to the list", Run: func() tea.Cmd { s.zoomed = false; return nil }}
	}
	return slices.Concat([]action.Action{s.inspectAction(), open}, s.runActions(), []action.Action{
		s.moveAction(),
		s.cancelAction(),
		s.editAction(),
		s.exportAction(),
		s.importAction(),
		s.restoreAction(),
		{Binding: keys.New("view", "tab"), Title: "show the message another way", Unavailable: none, Run: func() tea.Cmd {
			s.view = (s.view + 1) % views
			return nil
		}},
		{Binding: keys.New("wrap or not", "w"), Title: "wrap long lines, or scroll them by ← and →", Quiet: true, Unavailable: none, Run: func() tea.Cmd { s.payload.Wrap(); return nil }},
		{Binding: s.keys.Filter, Title: "filter the dead letters", Quiet: !listed, Unavailable: noFilter, Run: func() tea.Cmd { s.list.StartFilter(); return nil }},
		{Binding: s.keys.Sort, Title: "sort by the next column", Quiet: true, Run: func() tea.Cmd { s.list.SortNext(); return nil }},
		{Binding: s.keys.SortReverse, Title: "turn the sort round", Quiet: true, Run: func() tea.Cmd { s.list.SortReverse(); return nil }},
		{Binding: s.keys.Copy, Title: "copy the message id", Unavailable: none, Run: func() tea.Cmd {
			return action.CopyIDs(s.list.Chosen(), "message id")
		}},
		{Binding: s.keys.CopyJSON, Title: "copy the body as it came", Unavailable: none, Run: func() tea.Cmd {
			return action.Send(action.Copy{Text: string(selected.Body), What: "body"})
		}},
	})
}

func (s *Screen) selected() (*monitor.DeadLetter, bool) {
	id, ok := s.list.Table.Cursor()
	if !ok {
		return &monitor.DeadLetter{}, false
	}
	d, ok := s.index().Get(workflow.MessageID(id))
	if !ok {
		return &monitor.DeadLetter{}, false
	}
	return d, true
}
