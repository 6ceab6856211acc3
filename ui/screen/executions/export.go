package executions

import (
	"strconv"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/keys"
	"orderops/workflow/monitor"
)

// exportAction writes what is marked, else all that passes the filter, to a file
// whose name is asked for.
func (s *Screen) exportAction() action.Action {
	a := action.Action{Binding: keys.New("export", "E"), Title: "export to a file: what is marked, else all that match", Quiet: true}
	if s.index().Len() == 0 {
		a.Unavailable = "there is nothing to export"
	}
	a.Run = func() tea.Cmd { return s.world.Export("executions", "executions-", s.export) }
	return a
}

func (s *Screen) export(name string) tea.Cmd {
	return action.ExportRows(s.world, name, "executions", s.rows.Take(s.list.Marked()), members())
}

// members are what a file tells of an execution.
func members() []action.Member[*monitor.Execution] {
	type e = *monitor.Execution
	return []action.Member[e]{
		{Name: "order", Value: func(x e) any { return string(x.OrderID()) }},
		{Name: "execution", Value: func(x e) any { return x.Name }},
		{Name: "arn", Value: func(x e) any { return string(x.ARN) }},
		{Name: "status", Value: func(x e) any { return string(x.Status) }},
		{Name: "state", Value: func(x e) any { return x.State }},
		{Name: "started", Value: func(x e) any { return x.Started }},
		{Name: "stopped", Value: func(x e) any { return x.Stopped }},
		{Name: "seconds", Value: func(x e) any {
			if x.Stopped.IsZero() {
				return nil
			}
			return strconv.FormatFloat(x.Stopped.Sub(x.Started).Seconds(), 'f', 3, 64)
		}},
		{Name: "user", Value: func(x e) any { return x.UserID }},
		{Name: "quantity", Value: func(x e) any { return x.Quantity }},
		{Name: "restaurant", Value: func(x e) any { return x.Restaurant }},
		{Name: "redrives", Value: func(x e) any { return x.RedriveCount }},
		{Name: "error", Value: func(x e) any { return x.Error }},
		{Name: "cause", Value: func(x e) any { return x.Cause }},
	}
}
