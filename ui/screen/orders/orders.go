// Package orders is the screen of orders: what was submitted, the execution
// that carries it out and its row, joined by the order id.
package orders

import (
	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/list"
	"orderops/ui/component/table"
	"orderops/ui/keys"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// Screen is the orders screen.
type Screen struct {
	action.Calm

	world *action.World
	theme *theme.Theme
	keys  keys.Map
	list  *list.List
	rows  rows
	split list.Split
	// wanted is an order to select as soon as it is known; "" is none.
	wanted workflow.OrderID
	pages  pages
	// trace is nil while the list is shown.
	trace *trace
	w, h  int
}

func columns() []list.Column {
	return []list.Column{
		{Column: table.Column{Title: "order", Min: 13}, Sort: "order"},
		{Column: table.Column{Title: "where", Min: 22, Weight: 4}, Sort: "where"},
		{Column: table.Column{Title: "row", Min: 9}, Sort: "row"},
		{Column: table.Column{Title: "user", Min: 9, Weight: 3}, Sort: "user"},
		{Column: table.Column{Title: "quantity", Min: 8, Right: true, Priority: 4}, Sort: "quantity"},
		{Column: table.Column{Title: "restaurant", Min: 10, Weight: 3, Priority: 3}, Sort: "restaurant"},
		{Column: table.Column{Title: "submitted", Min: 10, Priority: 2}, Sort: "submitted", Descending: true},
		{Column: table.Column{Title: "error", Min: 10, Weight: 4, Priority: 1}, Sort: "error"},
	}
}

// New makes the screen.
func New(world *action.World) *Screen {
	s := &Screen{world: world, theme: theme.New(true, true), keys: keys.Global()}
	source := action.Source[workflow.OrderID, *monitor.Order]{World: world, Index: s.index(), Key: func(o *monitor.Order) workflow.OrderID { return o.ID }}
	s.rows = rows{source, s}
	s.list = list.New(s.theme, columns(), s.rows)
	s.list.SortBy("submitted", true)
	return s
}

// List is the list of orders.
func (s *Screen) List() *list.List { return s.list }

func (s *Screen) index() *monitor.OrderIndex { return s.world.Store.Orders() }

// SetTheme changes the styles.
func (s *Screen) SetTheme(th *theme.Theme) {
	s.theme = th
	s.list.SetTheme(th)
}

// SetSize sets the size in cells.
func (s *Screen) SetSize(w, h int) {
	s.w, s.h = w, h
	s.split = list.NewSplit(w, h, s.world.Preview)
	s.list.SetSize(s.split.ListW, s.split.ListH)
}

// Show selects the order that open names, now or when it becomes known, or shows
// its trace.
func (s *Screen) Show(open action.Open) tea.Cmd {
	if open.Filter != "" {
		s.list.SetFilter(open.Filter)
	}
	if open.Select != "" {
		s.wanted, s.trace = workflow.OrderID(open.Select), nil
	}
	if open.Detail {
		s.openTrace(workflow.OrderID(open.Select))
	}
	return nil
}

// Refresh takes in what the store has learned.
func (s *Screen) Refresh() {
	s.list.Empty(s.world.Empty(monitor.ExecutionsFeed, "no orders yet", s.world.Key("go-submit")+" submits one · "+s.world.Key("orders.read-older")+" reads the table")...)
	s.list.Refresh()
	if s.wanted != "" && s.list.Select(string(s.wanted)) {
		s.wanted = ""
	}
}

// Update handles what the actions did not.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tableSized:
		return s.takeSize(msg)
	case pageRead:
		return s.takePage(msg)
	case found:
		return s.takeFound(msg)
	}
	if s.trace != nil {
		s.updateTrace(msg)
		return nil
	}
	s.list.Update(msg)
	return nil
}

// Back closes the trace, then clears the filter.
func (s *Screen) Back() bool {
	if s.trace != nil {
		s.trace = nil
		return true
	}
	return s.list.ClearFilter()
}

// Typing tells that keys go into the filter.
func (s *Screen) Typing() bool { return s.trace == nil && s.list.Typing() }

// Cursor is where the filter is typed.
func (s *Screen) Cursor() *tea.Cursor {
	if s.trace != nil {
		return nil
	}
	return s.list.Cursor()
}

// Moving tells that a running order is on the screen.
func (s *Screen) Moving() bool {
	from, to := s.list.Visible()
	for i := from; i < min(to, s.index().Len()); i++ {
		if !s.index().At(i).Status().Ended() {
			return true
		}
	}
	return false
}

// Shown are the orders in view.
func (s *Screen) Shown() monitor.Shown {
	shown := monitor.Shown{Executions: true, Definition: true}
	if s.trace != nil {
		shown.VisibleOrders = []workflow.OrderID{s.trace.id}
		if o, ok := s.index().Get(s.trace.id); ok && o.Execution != nil {
			shown.Open = o.Execution.ARN
		}
		return shown
	}
	from, to := s.list.Visible()
	for i := from; i < min(to, s.index().Len()); i++ {
		o := s.index().At(i)
		shown.VisibleOrders = append(shown.VisibleOrders, o.ID)
		if o.Execution != nil {
			shown.VisibleExecutions = append(shown.VisibleExecutions, o.Execution.ARN)
		}
	}
	return shown
}

// Actions are what can be done here.
func (s *Screen) Actions() []action.Action {
	if s.trace != nil {
		return s.traceActions()
	}
	selected, ok := s.selected()
	none := ""
	if !ok {
		none = "no order is selected"
	}
	noExecution := none
	if ok && selected.Execution == nil {
		noExecution = "no execution of this order is known: " + selected.Where
	}
	return []action.Action{
		{Binding: keys.New("trace", "enter"), Title: "trace the order: everything that happened to it", Unavailable: none, Run: func() tea.Cmd {
			s.openTrace(selected.ID)
			return nil
		}},
		{Binding: keys.New("its execution", "e"), Title: "open the order's execution", Unavailable: noExecution, Run: func() tea.Cmd {
			return action.Send(action.Open{Screen: action.Executions, Select: string(selected.Execution.ARN), Detail: true})
		}},
		{Binding: s.keys.Filter, Title: "filter orders", Run: func() tea.Cmd { s.list.StartFilter(); return nil }},
		{Binding: s.keys.Sort, Title: "sort by the next column", Run: func() tea.Cmd { s.list.SortNext(); return nil }},
		{Binding: s.keys.SortReverse, Title: "turn the sort round", Quiet: true, Run: func() tea.Cmd { s.list.SortReverse(); return nil }},
		s.findAction(),
		s.olderAction(),
		{Binding: s.keys.Copy, Title: "copy the order id", Unavailable: none, Run: func() tea.Cmd {
			return action.CopyIDs(s.list.Chosen(), "order id")
		}},
		s.exportAction(),
	}
}

func (s *Screen) selected() (*monitor.Order, bool) {
	id, ok := s.list.Table.Cursor()
	if !ok {
		return &monitor.Order{}, false
	}
	o, ok := s.index().Get(workflow.OrderID(id))
	if !ok {
		return &monitor.Order{}, false
	}
	return o, true
}
