package executions

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/keys"
	"orderops/workflow/monitor"
)

// do makes the Run of an action that only changes what is shown.
func (d *detail) do(f func()) func() tea.Cmd {
	return func() tea.Cmd {
		f()
		d.refresh()
		return nil
	}
}

func (d *detail) actions() []action.Action {
	e := d.execution()
	_, known := d.world.Store.Executions().Get(d.arn)
	count := 0
	if known {
		count = 1
	}
	noEvents := ""
	if len(d.events) == 0 {
		noEvents = "no event was read yet"
	}
	actions := []action.Action{
		{Binding: keys.Binding{Keys: []string{"left", "h"}, Label: "←/→", Help: "step events"}, Title: "step back by one event", Unavailable: noEvents, Run: d.do(func() { d.step(-1) })},
		{Binding: keys.Binding{Keys: []string{"right", "l"}, Label: "→ l", Help: "next event"}, Title: "step on by one event", Quiet: true, Unavailable: noEvents, Run: d.do(func() { d.step(1) })},
		{Binding: keys.New("pane", "tab", "shift+tab"), Title: "move in the states, or in the data", Run: d.do(func() { d.onData = !d.onData })},
		{Binding: keys.New("events", "e"), Title: "list the events, or show the data", Run: d.do(func() { d.listed, d.log = !d.listed, nil })},
		d.logAction(),
		{Binding: keys.New("graph", "z"), Title: "show the graph over everything, or beside the rest", Run: d.do(func() { d.zoomed = !d.zoomed })},
		{Binding: keys.Binding{Keys: []string{"shift+up", "shift+down", "shift+left", "shift+right"}, Label: "shift+arrows", Help: "move the graph"}, Title: "move the graph", Quiet: true, Run: d.do(func() {})},
		{Binding: d.keys.Filter, Title: "search in the data", Quiet: true, Run: d.do(func() {
			d.listed, d.zoomed, d.onData = false, false, true
			d.tree.StartSearch()
		})},
		stopAction(d.world, e, known),
		d.screen.redriveAction(count, e, func() []*monitor.Execution { return []*monitor.Execution{e} }),
		d.screen.cancelAction(),
		{Binding: d.keys.Copy, Title: "copy the order id", Run: func() tea.Cmd {
			return action.Send(action.Copy{Text: e.Name, What: "order id"})
		}},
		{Binding: d.keys.CopyJSON, Title: "copy what is selected in the data", Run: func() tea.Cmd {
			key, raw := d.tree.Selected()
			return action.Send(action.Copy{Text: raw, What: key})
		}},
		consoleAction(d.world, d.arn, ""),
		{Binding: keys.New("its order", "u"), Title: "show the order of this execution", Quiet: true, Run: func() tea.Cmd {
			return action.Send(action.Open{Screen: action.Orders, Select: e.Name})
		}},
	}
	actions = slices.Concat(actions, d.screen.rerunActions(e, known), commandActions(d.world, e, known))
	return append(actions, action.Action{Binding: d.keys.Back, Title: "back to the list", Run: func() tea.Cmd { return nil }})
}

// back takes the search away, leaves the zoom, or the step; false when there is
// nothing to leave.
func (d *detail) back() bool {
	switch {
	case d.tree.ClearSearch():
	case d.zoomed:
		d.zoomed = false
	case d.log != nil:
		d.log = nil
	case d.stepping():
		d.at, d.follows = newest, true
	default:
		return false
	}
	d.refresh()
	return true
}
