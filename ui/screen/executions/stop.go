package executions

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/keys"
	"orderops/workflow/monitor"
)

// stopAction aborts an execution, after a plan.
func stopAction(world *action.World, e *monitor.Execution, ok bool) action.Action {
	a := action.Action{Binding: keys.New("stop", "x"), Title: "stop the execution", Changes: true}
	switch {
	case !ok:
		a.Unavailable = "no execution is selected"
	case e.Status.Ended():
		a.Unavailable = "it has ended"
	case world.Desk == nil:
		a.Unavailable = world.NotConnected()
	}
	execution, desk := e.Execution(), world.Desk
	a.Run = func() tea.Cmd {
		return action.Send(action.Ask{
			Plan: desk.PlanStop(execution),
			Apply: func(ctx context.Context, _ int) tea.Msg {
				record, err := desk.Stop(ctx, execution)
				return action.Done{
					Record: record, Err: err, Say: "stopped " + execution.Name,
					Touch: []monitor.Feed{monitor.ExecutionsFeed, monitor.HistoryFeed, monitor.DetailsFeed},
				}
			},
		})
	}
	return a
}
