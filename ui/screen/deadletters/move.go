package deadletters

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/pane"
	"orderops/ui/component/spark"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
	"orderops/workflow/operation/planfile"
)

// moveActions move the whole queue by a move task of SQS.
func (s *Screen) moveActions() []action.Action {
	back := action.Action{Binding: keys.New("move all", "m"), Title: "redrive all dead letters by SQS, unmodified and whatever their verdict", Changes: true, Run: s.redrive, Unavailable: s.immovable()}
	elsewhere := action.Action{Binding: keys.New("move all elsewhere", "M"), Title: "move all dead letters to another queue by SQS", Changes: true, Quiet: true, Run: s.redriveElsewhere, Unavailable: s.immovable()}
	return []action.Action{back, elsewhere}
}

// immovable is why no move task can begin now; "" when one can.
func (s *Screen) immovable() string {
	dead, freshness := s.world.Store.Queue(monitor.DeadLetterQueue)
	switch {
	case s.moves():
		return "a move task is running"
	case s.ran.under():
		return "a run is under way and takes the same messages"
	case s.planning:
		return "the plan is being made"
	case freshness.Condition() == monitor.Current && dead.Total() == 0:
		return "the dead-letter queue is empty"
	}
	return ""
}

// planned is the plan of a redrive, or why there is none.
type planned struct {
	ask action.Ask
	err error
}

// planned shows the plan, unless the operator has gone elsewhere meanwhile: a
// question must not come up among keys that are meant for something else.
func (s *Screen) planned(msg planned) tea.Cmd {
	s.planning = false
	switch {
	case msg.err != nil:
		return action.Send(action.Say{Err: msg.err})
	case s.hidden:
		return action.Send(action.Say{Text: "not redriven: the dead letters were left before the plan was made"})
	}
	return action.Send(msg.ask)
}

func (s *Screen) redrive() tea.Cmd { return s.redriveTo("") }

// redriveElsewhere asks for another queue than those that the messages came from.
func (s *Screen) redriveElsewhere() tea.Cmd {
	return action.Send(action.Edit{
		Title: "Move all dead letters to another queue", Label: "to", Verb: "plan", Hint: "its name, URL or ARN",
		Check: queueNamed,
		Then:  func(to string) tea.Cmd { return s.redriveTo(strings.TrimSpace(to)) },
	})
}

// queueNamed refuses an answer that names no queue.
func queueNamed(to string) error {
	if strings.TrimSpace(to) == "" {
		return errors.New("a name, URL or ARN")
	}
	return nil
}

func (s *Screen) redriveTo(to string) tea.Cmd {
	desk, known := s.world.Desk, s.received()
	s.planning = true
	return s.world.Do(func(ctx context.Context) tea.Msg {
		if to != "" {
			url, err := desk.FindQueue(ctx, to)
			if err != nil {
				return planned{err: err}
			}
			to = url
		}
		plan, err := desk.PlanRedriveAll(ctx, known, operation.DefaultRate, to)
		return planned{err: err, ask: s.moveQuestion(desk, plan)}
	})
}

// received are all letters that were received.
func (s *Screen) received() []workflow.DeadLetter {
	var known []workflow.DeadLetter
	for d := range s.index().All() {
		known = append(known, d.DeadLetter)
	}
	return known
}

// moveQuestion is the question whether SQS is to move the whole queue.
func (s *Screen) moveQuestion(desk *operation.Desk, plan operation.MovePlan) action.Ask {
	at := func(rate int) operation.MovePlan {
		plan := plan
		plan.Rate = rate
		return plan
	}
	return action.Ask{
		Plan: plan.Plan,
		Number: &action.Number{
			Label: "rate", Value: plan.Rate, Least: operation.LeastRate, Most: operation.MostRate, Unit: "per second",
		},
		Apply: func(ctx context.Context, rate int) tea.Msg { return s.move(ctx, desk, at(rate)) },
		Save: func(ctx context.Context, file string, rate int) error {
			return planfile.Save(file, desk.SavedMove(ctx, at(rate)))
		},
	}
}

// move gives back what is held at this moment, not what was held when the plan
// was made, and starts the move task. It runs beside the program.
func (s *Screen) move(ctx context.Context, desk *operation.Desk, plan operation.MovePlan) tea.Msg {
	inspection := s.current.Load()
	_, record, err := desk.RedriveAll(ctx, plan, inspection)
	done := action.Done{
		Record: record, Err: err, Say: fmt.Sprintf("SQS is moving the dead letters back at %d/s", plan.Rate),
		Touch: []monitor.Feed{monitor.MovesFeed, monitor.DeadLetterQueueFeed, monitor.OrderQueueFeed},
	}
	switch {
	case err == nil: // what was seen is where it was no more
		done.Changes, done.Then = []monitor.Change{monitor.InspectionForgotten{}}, moved{inspection}
	case inspection != nil && !inspection.Open():
		done.Then = released{inspection, err}
	}
	return done
}

// cancelAction stops the run, or else the receiving, or else the move task.
func (s *Screen) cancelAction() action.Action {
	a := action.Action{Binding: keys.New("cancel move", "c"), Title: "cancel the move task", Changes: true}
	if s.ran.under() {
		return action.Action{Binding: keys.New("cancel the run", "c"), Title: "cancel the run: what was begun is finished, the rest stays", Run: func() tea.Cmd {
			return s.tellRun((*operation.Run).Cancel)
		}}
	}
	if s.restore != nil {
		cancel := s.restore.cancel
		return action.Action{Binding: keys.New("stop putting back", "c"), Title: "stop putting messages back; the rest can be put back later", Run: func() tea.Cmd {
			cancel()
			return nil
		}}
	}
	if s.look.reading {
		return action.Action{Binding: keys.New("stop receiving", "c"), Title: "stop receiving: what was received stays on the list", Run: func() tea.Cmd {
			s.look.upTo = 0
			return nil
		}}
	}
	running := s.running()
	switch {
	case running == nil:
		a.Unavailable = "no move task is running"
	case running.Status == workflow.MoveCancelling:
		a.Unavailable = "it is being cancelled already"
	case running.Handle == "":
		a.Unavailable = "SQS has told no handle of it"
	}
	desk := s.world.Desk
	a.Run = func() tea.Cmd {
		task := *running
		return action.Send(action.Ask{
			Plan: desk.PlanCancelMove(task),
			Apply: func(ctx context.Context, _ int) tea.Msg {
				moved, record, err := desk.CancelMove(ctx, task)
				return action.Done{
					Record: record, Err: err, Say: fmt.Sprintf("cancelling; %s moved so far", text.Count(int(moved))),
					Touch: []monitor.Feed{monitor.MovesFeed, monitor.DeadLetterQueueFeed},
				}
			},
		})
	}
	return a
}

// tasksShown is how many move tasks are listed: at most an eighth of the screen.
func (s *Screen) tasksShown() int { return max(3, s.h/8) }

func (s *Screen) tasksHeight() int {
	n := len(s.world.Store.Moves())
	runs := len(s.runLines())
	if n == 0 && s.world.Note(monitor.MovesFeed) == "" {
		if runs == 0 {
			return 0
		}
		return runs + 2
	}
	return runs + max(1, min(n, s.tasksShown())) + 2
}

// tasks lists the newest move tasks with how far they are.
func (s *Screen) tasks(w int) string {
	lines := s.runLines()
	runs := len(lines)
	all := s.world.Store.Moves()
	shown := all[:min(len(all), s.tasksShown())]
	for _, task := range shown {
		lines = append(lines, s.taskLine(task))
	}
	note := s.world.Note(monitor.MovesFeed)
	title := "Move tasks"
	if len(shown) < len(all) && note == "" {
		note = fmt.Sprintf("newest %d of %d · orderops dlq moves", len(shown), len(all))
	}
	switch {
	case len(lines) == runs && note != "":
		lines = append(lines, " "+text.Clean(note))
		note = ""
	case len(lines) == runs:
		title = "Runs"
	case runs > 0:
		title = "Runs and move tasks"
	}
	return pane.Frame(s.theme, title, note, lines, w, len(lines)+2, false)
}

func (s *Screen) taskLine(task workflow.MoveTask) string {
	glyph, tone := s.theme.Status(string(task.Status))
	part := 0.0
	if task.ToMove > 0 {
		part = min(1, float64(task.Moved)/float64(task.ToMove))
	}
	line := " " + s.theme.Paint(tone, text.Pad(glyph+" "+text.Clean(string(task.Status)), 13))
	if !task.Status.Ended() {
		line += " " + spark.Bar(part, 12)
	}
	line += fmt.Sprintf(" %s of about %s moved", text.Count(int(task.Moved)), text.Count(int(task.ToMove)))
	if task.Rate > 0 {
		line += fmt.Sprintf(" · %d/s", task.Rate)
	}
	if !task.Started.IsZero() {
		line += " · started " + text.Clock(task.Started)
	}
	if task.DestinationARN != "" {
		line += " · to " + text.Clean(action.ShortName(task.DestinationARN))
	}
	if task.FailureReason != "" {
		line += " · " + s.theme.Paint(theme.Bad, text.Clean(task.FailureReason))
	}
	return line
}
