package activity

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/pane"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow/operation/journal"
)

// read are the runs that the journal keeps.
type read struct {
	runs []journal.State
	err  error
}

// runsAction shows what became of redriven messages, also in earlier starts.
func (s *Screen) runsAction() action.Action {
	a := action.Action{Binding: keys.New("runs over dead letters", "h"), Title: "show runs over dead letters and what became of each message", Unavailable: s.world.NotConnected()}
	if s.runs != nil {
		a.Binding.Help = "AWS calls"
	}
	a.Run = func() tea.Cmd {
		if s.runs != nil {
			s.runs, s.asked = nil, pane.Scroll{}
			return nil
		}
		desk := s.world.Desk
		return s.world.Do(func(context.Context) tea.Msg {
			runs, err := desk.History()
			return read{runs, err}
		})
	}
	return a
}

func (s *Screen) take(msg read) tea.Cmd {
	s.runs = append([]journal.State{}, msg.runs...) // not nil: it is shown
	s.toward, s.asked = true, pane.Scroll{}
	s.runText = s.runLines()
	if msg.err != nil {
		return action.Send(action.Say{Err: msg.err})
	}
	return nil
}

// runLines are the runs, newest first, each with its messages.
func (s *Screen) runLines() []string {
	if len(s.runs) == 0 {
		return []string{s.theme.Paint(theme.Dim, " the journal holds no run over these dead letters")}
	}
	var lines []string
	for i := range s.runs {
		run := &s.runs[i]
		state := "not finished"
		if !run.Ended.IsZero() {
			state = cmp.Or(run.Note, "closed")
		}
		head := fmt.Sprintf(" %s %s · %s · %s", text.Clean(run.Head.Began.Local().Format("2006-01-02 15:04:05")), text.Clean(run.Head.Verb), state,
			messages(len(run.Items)))
		if run.Head.Reason != "" {
			head += " · " + text.Clean(run.Head.Reason)
		}
		if run.Head.EditedBy != "" {
			head += " · edited by " + text.Clean(run.Head.EditedBy)
		}
		if run.Damaged > 0 {
			head += s.theme.Paint(theme.Bad, fmt.Sprintf(" · %d lines of its journal are damaged", run.Damaged))
		}
		lines = append(lines, s.theme.Paint(theme.Title, head))
		// What needs a person comes first.
		items := slices.SortedStableFunc(slices.Values(run.Items), func(a, b journal.Item) int { return cmp.Compare(rank(a), rank(b)) })
		for _, item := range items {
			lines = append(lines, s.itemLine(item))
		}
	}
	return lines
}

func messages(n int) string {
	if n == 1 {
		return "1 message"
	}
	return text.Count(n) + " messages"
}

func rank(i journal.Item) int {
	switch {
	case i.Named():
		return 0
	case !i.Stage.Finished():
		return 1
	case i.Stage == journal.Refused:
		return 2
	}
	return 3
}

func (s *Screen) itemLine(i journal.Item) string {
	tone, stage := theme.Dim, string(i.Stage)
	if i.Named() {
		tone, stage = theme.Warn, "may exist twice"
	}
	line := "   " + s.theme.Paint(tone, text.Pad(stage, 18)) + " " + text.Clean(string(i.OrderID))
	if i.NewID != "" {
		line += s.theme.Paint(theme.Dim, " · message "+text.Clean(string(i.NewID)))
	}
	if i.Outcome != "" {
		line += " · " + text.Clean(i.Outcome)
	}
	if i.Why != "" {
		line += s.theme.Paint(theme.Dim, " · "+text.Clean(i.Why))
	}
	return line
}
