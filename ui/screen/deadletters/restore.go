package deadletters

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/spark"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
	"orderops/workflow/operation/journal"
	"orderops/workflow/operation/planfile"
)

// restoring is a restore or an import that is under way.
type restoring struct {
	plan   operation.RestorePlan
	cancel context.CancelFunc
	done   atomic.Int64
}

// Messages of a restore.
type (
	// archived are the deletions whose messages the journal still has.
	archived struct {
		runs []journal.State
		err  error
	}
	// agreed tells that a restore is to begin.
	agreed struct{ plan operation.RestorePlan }
	// putBack tells that it has ended.
	putBack struct {
		restore *restoring
		record  operation.Record
	}
)

// restoreAction sends messages that were deleted to the dead-letter queue again.
func (s *Screen) restoreAction() action.Action {
	a := action.Action{Binding: keys.New("restore deleted", "u"), Title: "restore the messages that a run has deleted", Changes: true, Quiet: true, Unavailable: s.cannotRestore()}
	desk := s.world.Desk
	a.Run = func() tea.Cmd {
		return s.world.Do(func(context.Context) tea.Msg {
			runs, err := desk.Deletions()
			return archived{runs, err}
		})
	}
	return a
}

// importAction sends the messages of an exported file to the dead-letter queue.
func (s *Screen) importAction() action.Action {
	a := action.Action{Binding: keys.New("import", "L"), Title: "import dead letters from an exported file", Changes: true, Quiet: true, Unavailable: s.cannotRestore()}
	a.Run = func() tea.Cmd {
		return action.Send(action.Edit{
			Title: "Import dead letters", Label: "file", Verb: "read", Hint: "ends in .jsonl, as E writes it; a plan is shown first",
			Check: func(name string) error {
				if filepath.Ext(name) != ".jsonl" {
					return errors.New("must end in .jsonl")
				}
				return nil
			},
			Then: s.planImport,
		})
	}
	return a
}

func (s *Screen) cannotRestore() string {
	switch {
	case s.restore != nil:
		return "messages are being put back"
	case s.planning:
		return "the plan is being made"
	}
	return s.world.NotConnected()
}

// choose asks which deletion to restore; the newest is the first offer.
func (s *Screen) choose(msg archived) tea.Cmd {
	if len(msg.runs) == 0 {
		if msg.err != nil {
			return action.Send(action.Say{Err: msg.err})
		}
		return action.Send(action.Say{Text: "the journal has no messages that were deleted"})
	}
	newest := msg.runs[0]
	hint := "the newest: " + plural(len(newest.Items), "message")
	if n := len(msg.runs) - 1; n > 0 {
		hint += fmt.Sprintf(", %d before", n)
	}
	return action.Send(action.Edit{
		Title: "Restore deleted messages", Label: "run", Verb: "plan", Value: newest.Head.ID, Hint: hint,
		Check: func(id string) error {
			if !slices.ContainsFunc(msg.runs, func(run journal.State) bool { return run.Head.ID == id }) {
				return errors.New("is no deletion of the journal; Activity lists them under h")
			}
			return nil
		},
		Then: func(id string) tea.Cmd {
			desk := s.world.Desk
			return s.planAgain(func(ctx context.Context) (operation.RestorePlan, planfile.Source, error) {
				plan, err := desk.PlanRestore(ctx, id)
				return plan, planfile.Source{}, err
			})
		},
	})
}

func (s *Screen) planImport(name string) tea.Cmd {
	desk := s.world.Desk
	var present []workflow.MessageID
	for d := range s.index().All() {
		present = append(present, d.ID)
	}
	return s.planAgain(func(ctx context.Context) (operation.RestorePlan, planfile.Source, error) {
		messages, source, err := planfile.Letters(name)
		if err != nil {
			return operation.RestorePlan{}, source, err
		}
		plan, err := desk.PlanImport(ctx, filepath.Base(name), messages, present)
		return plan, source, err
	})
}

func (s *Screen) planAgain(plan func(context.Context) (operation.RestorePlan, planfile.Source, error)) tea.Cmd {
	s.planning = true
	return s.world.Do(func(ctx context.Context) tea.Msg {
		p, source, err := plan(ctx)
		return planned{err: err, ask: s.restoreQuestion(s.world.Desk, p, source)}
	})
}

// restoreQuestion is the question whether messages are to be put back.
func (s *Screen) restoreQuestion(desk *operation.Desk, p operation.RestorePlan, source planfile.Source) action.Ask {
	return action.Ask{
		Plan: p.Plan,
		Number: &action.Number{
			Label: "rate", Value: p.Rate, Least: operation.LeastRate, Most: operation.MostRunRate, Unit: "per second",
		},
		Apply: func(_ context.Context, rate int) tea.Msg {
			p := p
			p.Rate = rate
			return agreed{p}
		},
		Save: func(ctx context.Context, file string, rate int) error {
			p := p
			p.Rate = rate
			return planfile.Save(file, desk.SavedRestore(ctx, p, source))
		},
	}
}

// begin puts the messages back beside the program. It outlives the screen, not
// the program.
func (s *Screen) begin(plan operation.RestorePlan) tea.Cmd {
	if s.restore != nil {
		return action.Send(action.Say{Text: "not begun: messages are being put back"})
	}
	ctx, cancel := context.WithCancel(s.world.Context)
	restore := &restoring{plan: plan, cancel: cancel}
	s.restore = restore
	desk := s.world.Desk
	return func() tea.Msg {
		defer cancel()
		record, err := desk.Restore(ctx, plan, func(done int) { restore.done.Store(int64(done)) })
		return action.Done{
			Record: record, Err: err, Say: record.Detail, Then: putBack{restore, record},
			Touch: []monitor.Feed{monitor.DeadLetterQueueFeed},
		}
	}
}

// restoreAnswer takes in the messages of a restore.
func (s *Screen) restoreAnswer(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case archived:
		return s.choose(msg), true
	case agreed:
		return s.begin(msg.plan), true
	case putBack:
		if s.restore == msg.restore {
			s.restore, s.restored = nil, msg.record
		}
		return nil, true
	}
	return nil, false
}

// restoreLine tells how far the restore is, or what came of the last one; ""
// when there was none.
func (s *Screen) restoreLine() string {
	if s.restore == nil {
		if s.restored.Verb == "" {
			return ""
		}
		glyph, tone := "✓", theme.Good
		if s.restored.Outcome != workflow.Done {
			glyph, tone = "✗", theme.Bad
		}
		return " " + s.theme.Paint(tone, text.Pad(glyph+" "+s.restored.Verb, 19)) + " " + text.Clean(s.restored.Detail)
	}
	done, total := int(s.restore.done.Load()), s.restore.plan.Total()
	return fmt.Sprintf(" %s %s %d of %d put back · %d/s", s.theme.Paint(theme.Info, text.Pad("▷ "+string(s.restore.plan.Do), 19)),
		spark.Bar(float64(done)/float64(max(1, total)), 12), done, total, s.restore.plan.Rate)
}
