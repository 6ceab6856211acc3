// Package executions is the screen of all executions and the detail of one.
package executions

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/list"
	"orderops/ui/component/table"
	"orderops/ui/keys"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// Screen is the executions screen.
type Screen struct {
	action.Calm

	world *action.World
	theme *theme.Theme
	keys  keys.Map
	list  *list.List
	rows  rows
	// detail is nil while the list is shown.
	detail *detail
	// batch is the redrive that is under way; nil is none.
	batch *batch
	// draft is the edited input of a run that was not started; nil is none.
	draft *draft
	// looking tells that a redrive is being planned.
	looking bool
	w, h    int
}

func columns() []list.Column {
	return []list.Column{
		{Column: table.Column{Title: "status", Min: 11}, Sort: "status"},
		{Column: table.Column{Title: "order", Min: 13}, Sort: "order"},
		{Column: table.Column{Title: "state", Min: 18, Weight: 3, Priority: 1}, Sort: "state"},
		{Column: table.Column{Title: "started", Min: 8, Priority: 2}, Sort: "started", Descending: true},
		{Column: table.Column{Title: "duration", Min: 9, Right: true}, Sort: "duration", Descending: true},
		{Column: table.Column{Title: "user", Min: 9, Weight: 2, Priority: 4}, Sort: "user"},
		{Column: table.Column{Title: "quantity", Min: 8, Right: true, Priority: 6}, Sort: "quantity"},
		{Column: table.Column{Title: "restaurant", Min: 10, Weight: 2, Priority: 5}, Sort: "restaurant"},
		{Column: table.Column{Title: "error", Min: 9, Weight: 4, Priority: 3}, Sort: "error"},
	}
}

// New makes the screen.
func New(world *action.World) *Screen {
	s := &Screen{world: world, theme: theme.New(true, true), keys: keys.Global()}
	source := action.Source[workflow.ExecutionARN, *monitor.Execution]{World: world, Index: s.index(), Key: func(e *monitor.Execution) workflow.ExecutionARN { return e.ARN }}
	s.rows = rows{source, s}
	s.list = list.New(s.theme, columns(), s.rows)
	s.list.SortBy("started", true)
	return s
}

// List is the list of executions.
func (s *Screen) List() *list.List { return s.list }

func (s *Screen) index() *monitor.ExecutionIndex { return s.world.Store.Executions() }

// SetTheme changes the styles.
func (s *Screen) SetTheme(th *theme.Theme) {
	s.theme = th
	s.list.SetTheme(th)
	if s.detail != nil {
		s.detail.setTheme(th)
	}
}

// SetSize sets the size in cells.
func (s *Screen) SetSize(w, h int) {
	s.w, s.h = w, h
	split := list.NewSplit(w, h, s.world.Preview)
	s.list.SetSize(split.ListW, split.ListH)
	if s.detail != nil {
		s.detail.setSize(w, h)
	}
}

// Show opens the list, or the detail of the execution that open selects.
func (s *Screen) Show(open action.Open) tea.Cmd {
	if open.Filter != "" {
		s.list.SetFilter(open.Filter)
	}
	if open.Select != "" {
		s.list.Refresh()
		s.list.Select(open.Select)
		s.detail = nil
	}
	if open.Detail {
		s.openDetail(workflow.ExecutionARN(open.Select))
	}
	return nil
}

func (s *Screen) openDetail(arn workflow.ExecutionARN) {
	s.detail = newDetail(s, arn)
	s.detail.setSize(s.w, s.h)
	s.detail.refresh()
}

// Refresh takes in what the store has learned.
func (s *Screen) Refresh() {
	s.list.Empty(s.world.Empty(monitor.ExecutionsFeed, "no executions yet", s.world.Key("go-submit")+" submits an order")...)
	s.list.Refresh()
	if s.detail != nil {
		s.detail.refresh()
	}
}

// Update handles what the actions did not.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	if cmd, ok := s.updateBatch(msg); ok {
		return cmd
	}
	if read, ok := msg.(inputRead); ok {
		return action.Send(s.editInput(read.arn, read.text))
	}
	if started, ok := msg.(rerunStarted); ok {
		s.draft = nil
		return action.Send(started.open)
	}
	if s.detail != nil {
		return s.detail.update(msg)
	}
	s.list.Update(msg)
	return nil
}

// Back goes back inside the detail, closes it, then clears the filter.
func (s *Screen) Back() bool {
	if s.detail != nil {
		if !s.detail.back() {
			s.detail = nil
		}
		return true
	}
	return s.list.ClearFilter()
}

// Typing tells that keys go into the filter.
func (s *Screen) Typing() bool {
	if s.detail != nil {
		return s.detail.tree.Typing()
	}
	return s.list.Typing()
}

// Cursor is where the filter is typed.
func (s *Screen) Cursor() *tea.Cursor {
	if s.detail != nil {
		return s.detail.cursorAt()
	}
	return s.list.Cursor()
}

// Moving tells that durations or a countdown are on the screen.
func (s *Screen) Moving() bool {
	if s.detail != nil {
		return s.detail.moving()
	}
	from, to := s.list.Visible()
	for i := from; i < to && i < s.index().Len(); i++ {
		if !s.index().At(i).Status.Ended() {
			return true
		}
	}
	return false
}

// Shown are the rows in view, or the open execution.
func (s *Screen) Shown() monitor.Shown {
	shown := monitor.Shown{Executions: true, Definition: true}
	if s.detail != nil {
		shown.Open = s.detail.arn
		return shown
	}
	from, to := s.list.Visible()
	for i := from; i < to && i < s.index().Len(); i++ {
		shown.VisibleExecutions = append(shown.VisibleExecutions, s.index().At(i).ARN)
	}
	return shown
}

// Actions are what can be done here.
func (s *Screen) Actions() []action.Action {
	if s.detail != nil {
		return s.detail.actions()
	}
	selected, ok := s.selected()
	none := ""
	if !ok {
		none = "no execution is selected"
	}
	actions := []action.Action{
		{Binding: s.keys.Open, Title: "open the execution", Unavailable: none, Run: func() tea.Cmd {
			s.openDetail(selected.ARN)
			return nil
		}},
		{Binding: s.keys.Filter, Title: "filter executions", Run: func() tea.Cmd { s.list.StartFilter(); return nil }},
		{Binding: s.keys.Sort, Title: "sort by the next column", Run: func() tea.Cmd { s.list.SortNext(); return nil }},
		{Binding: s.keys.SortReverse, Title: "turn the sort round", Quiet: true, Run: func() tea.Cmd { s.list.SortReverse(); return nil }},
		s.redriveAction(s.choices(ok), selected, s.chosen),
		s.cancelAction(),
		stopAction(s.world, selected, ok),
		{Binding: s.keys.Copy, Title: "copy the order id", Unavailable: none, Run: func() tea.Cmd {
			ids := s.list.Chosen()
			for i, arn := range ids {
				ids[i] = action.ShortName(arn)
			}
			return action.CopyIDs(ids, "order id")
		}},
		consoleAction(s.world, selected.ARN, none),
	}
	return slices.Concat(actions, []action.Action{s.exportAction()}, s.rerunActions(selected, ok), commandActions(s.world, selected, ok))
}

// choices is 0 when nothing could be redriven, 1 for the row under the cursor,
// more when rows are marked.
func (s *Screen) choices(ok bool) int {
	switch {
	case s.list.MarkCount() > 0:
		return 2
	case ok:
		return 1
	}
	return 0
}

// chosen are the marked executions, else the one under the cursor.
func (s *Screen) chosen() []*monitor.Execution {
	var list []*monitor.Execution
	for _, id := range s.list.Chosen() {
		if e, ok := s.index().Get(workflow.ExecutionARN(id)); ok {
			list = append(list, e)
		}
	}
	return list
}

func (s *Screen) selected() (*monitor.Execution, bool) {
	id, ok := s.list.Table.Cursor()
	if !ok {
		return monitor.NewExecution(""), false
	}
	e, ok := s.index().Get(workflow.ExecutionARN(id))
	if !ok {
		return monitor.NewExecution(""), false
	}
	return e, true
}
