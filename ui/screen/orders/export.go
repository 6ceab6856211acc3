package orders

import (
	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/keys"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// exportAction writes what is marked, else all that passes the filter, to a file
// whose name is asked for. Nothing is asked of AWS.
func (s *Screen) exportAction() action.Action {
	a := action.Action{Binding: keys.New("export", "E"), Title: "export orders to a file: what is marked, else all that match", Quiet: true}
	if s.index().Len() == 0 {
		a.Unavailable = "there is nothing to export"
	}
	a.Run = func() tea.Cmd { return s.world.Export("orders", "orders-", s.export) }
	return a
}

func (s *Screen) export(name string) tea.Cmd {
	return action.ExportRows(s.world, name, "orders", s.rows.Take(s.list.Marked()), members())
}

// members are what a file tells of an order, by the names that
// `orderops orders list -o json` has for them.
func members() []action.Member[*monitor.Order] {
	type o = *monitor.Order
	ofRow := func(value func(r *workflow.Row) any) func(o) any {
		return func(x o) any {
			if x.Row == nil {
				return nil
			}
			return value(x.Row)
		}
	}
	return []action.Member[o]{
		{Name: "order", Value: func(x o) any { return string(x.ID) }},
		{Name: "where", Value: func(x o) any { return x.Where }},
		{Name: "status", Value: func(x o) any { return string(x.Status()) }},
		{Name: "row", Value: func(x o) any { return string(x.RowStatus()) }},
		{Name: "missing", Value: func(x o) any { return x.Missing }},
		{Name: "user", Value: func(x o) any { return x.UserID }},
		{Name: "quantity", Value: func(x o) any { return x.Quantity }},
		{Name: "restaurant", Value: func(x o) any { return x.Restaurant }},
		{Name: "submitted", Value: func(x o) any { return x.Submitted }},
		{Name: "created", Value: ofRow(func(r *workflow.Row) any { return r.CreatedText })},
		{Name: "message", Value: ofRow(func(r *workflow.Row) any { return string(r.MessageID) })},
		{Name: "error", Value: func(x o) any { return x.ErrorMessage() }},
		{Name: "arn", Value: func(x o) any {
			if x.Execution == nil {
				return nil
			}
			return string(x.Execution.ARN)
		}},
	}
}
