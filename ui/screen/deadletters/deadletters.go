// Package deadletters is the screen of the dead-letter queue: inspecting it
// under a lease, judging what is in it, and moving it back.
package deadletters

import (
	"fmt"
	"slices"
	"sync/atomic"

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
	tree    *payload.Tree
	loaded  loaded

	// grouped lists the groups of verdict and cause in place of the messages.
	grouped   bool
	groups    *list.List
	groupRows *groupRows

	// twins are two messages that are compared, preview is an edit that is looked
	// at, trying one that is being worked out; nil when there is none. diff shows
	// either of the first two.
	twins   *twins
	preview *preview
	trying  *trying
	diff    *payload.Payload
	// expression is the last one that was used to edit.
	expression string

	hidden bool
	w, h   int
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
	s.payload, s.diff, s.tree = payload.New(s.theme), payload.New(s.theme), payload.NewTree(s.theme)
	source := action.Source[workflow.MessageID, *monitor.DeadLetter]{World: world, Index: s.index(), Key: func(d *monitor.DeadLetter) workflow.MessageID { return d.ID }}
	s.list = list.New(s.theme, columns(), rows{source, s})
	s.list.SortBy("deleted", false)
	s.groupRows = &groupRows{screen: s, sort: "count", descending: true}
	s.groups = list.New(s.theme, groupColumns(), s.groupRows)
	return s
}

// List is the list of what was received.
func (s *Screen) List() *list.List { return s.list }

func (s *Screen) index() *monitor.DeadLetterIndex { return s.world.Store.DeadLetters() }

// SetTheme changes the styles.
func (s *Screen) SetTheme(th *theme.Theme) {
	s.theme = th
	s.list.SetTheme(th)
	s.groups.SetTheme(th)
	s.payload.SetTheme(th)
	s.diff.SetTheme(th)
	s.tree.SetTheme(th)
}

// SetSize sets the size in cells.
func (s *Screen) SetSize(w, h int) { s.w, s.h = w, h }

// Show opens the list.
func (s *Screen) Show(open action.Open) tea.Cmd {
	s.hidden = false
	if open.Filter != "" {
		s.zoomed, s.grouped = false, false
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
	if s.grouped {
		s.groupRows.refresh()
		s.groups.SetEmpty(s.empty()...)
		s.groups.Refresh()
		return
	}
	s.list.Empty(s.empty()...)
	s.list.Refresh()
}

// Update handles what the actions did not.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	if cmd, ok := s.answer(msg); ok {
		return cmd
	}
	switch {
	case s.preview != nil, s.twins != nil:
		s.diff.Update(msg)
	case s.treed():
		if click, ok := msg.(tea.MouseClickMsg); ok {
			s.clickTree(click)
			break
		}
		s.tree.Update(msg)
	case s.zoomed:
		s.payload.Update(msg)
	default:
		s.updateList(msg)
	}
	return nil
}

// updateList hands a message to the list that is shown.
func (s *Screen) updateList(msg tea.Msg) {
	shown := s.list
	if s.grouped {
		shown = s.groups
	}
	switch m := msg.(type) {
	case tea.MouseClickMsg:
		m.Y -= s.tasksHeight()
		msg = m
	case tea.MouseWheelMsg:
		m.Y -= s.tasksHeight()
		msg = m
	}
	shown.Update(msg)
}

// Back goes one step back: out of what is being tried, looked at or compared, out
// of the search and the message, then out of the filter or the groups.
func (s *Screen) Back() bool {
	switch {
	case s.trying != nil:
		s.trying.stop()
		s.trying = nil
	case s.preview != nil:
		s.preview = nil
	case s.twins != nil:
		s.twins = nil
	case s.treed() && s.tree.ClearSearch():
	case s.zoomed:
		s.zoomed = false
	case s.grouped:
		s.grouped = false
	default:
		return s.list.ClearFilter()
	}
	return true
}

// listed tells that a list is on the screen, not a message or a difference.
func (s *Screen) listed() bool { return !s.zoomed && s.twins == nil && s.preview == nil }

// Typing tells that keys go into the filter or the search.
func (s *Screen) Typing() bool {
	if s.listed() {
		return !s.grouped && s.list.Typing()
	}
	return s.preview == nil && s.twins == nil && s.treed() && s.tree.Typing()
}

// Cursor is where the filter or the search is typed.
func (s *Screen) Cursor() *tea.Cursor {
	switch {
	case !s.Typing():
		return nil
	case s.zoomed:
		return s.treeCursor()
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
	again := s.world.Key("dead-letters.inspect") + " looks again"
	switch dead, _ := s.world.Store.Queue(monitor.DeadLetterQueue); {
	case dead.InFlight > 0:
		return []string{
			fmt.Sprintf("nothing to receive: %s of %s in flight, held by somebody else", text.Count(dead.InFlight), text.Count(dead.Total())),
			"they come back when they are given back or their lease ends; " + again,
		}
	case dead.Total() > 0: // they came since, or what was received was dealt with
		return []string{"none is left here; the queue has about " + text.Count(dead.Total()) + " now, as SQS counts", again}
	}
	return []string{"nothing was found", again}
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
	switch {
	case s.preview != nil:
		return s.previewActions()
	case s.twins != nil:
		return s.twinActions()
	}
	selected, ok := s.selected()
	none := ""
	if !ok {
		none = "no message is selected; " + s.world.Key("dead-letters.inspect") + " inspects the queue"
	}
	single := none
	open, shown := s.messageActions(none)
	openGroup, toggle := s.groupActions()
	if s.grouped {
		single, open, shown = "open the group first", openGroup, nil
	}
	if !s.zoomed {
		shown = append([]action.Action{toggle}, shown...)
	}
	return slices.Concat([]action.Action{s.inspectAction(), open}, s.runActions(), s.moveActions(), []action.Action{
		s.cancelAction(),
	}, shown, s.editActions(), []action.Action{
		s.compareAction(),
		s.exportAction(),
		s.importAction(),
		s.restoreAction(),
		s.findAction(),
		{Binding: s.keys.Sort, Title: "sort by the next column", Quiet: true, Run: func() tea.Cmd { s.shownList().SortNext(); return nil }},
		{Binding: s.keys.SortReverse, Title: "turn the sort round", Quiet: true, Run: func() tea.Cmd { s.shownList().SortReverse(); return nil }},
		{Binding: s.keys.Copy, Title: "copy the message id", Unavailable: single, Run: func() tea.Cmd {
			return action.CopyIDs(s.list.Chosen(), "message id")
		}},
		{Binding: s.keys.CopyJSON, Title: "copy the body as it came", Unavailable: single, Run: func() tea.Cmd {
			return action.Send(action.Copy{Text: string(selected.Body), What: "body"})
		}},
	})
}

func (s *Screen) shownList() *list.List {
	if s.grouped {
		return s.groups
	}
	return s.list
}

// findAction filters the list, or searches in the open message.
func (s *Screen) findAction() action.Action {
	if s.zoomed {
		a := action.Action{Binding: s.keys.Filter, Title: "search in the body", Run: func() tea.Cmd { s.tree.StartSearch(); return nil }}
		a.Binding.Help = "search"
		if !s.treed() {
			a.Unavailable = s.world.Key("next-pane") + " shows the body, which can be searched"
		}
		return a
	}
	a := action.Action{Binding: s.keys.Filter, Title: "filter the dead letters", Quiet: s.index().Total() == 0, Run: func() tea.Cmd { s.list.StartFilter(); return nil }}
	if s.grouped {
		a.Unavailable = "the groups are not filtered: enter lists the messages of one"
	}
	return a
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
