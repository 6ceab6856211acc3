package executions

import (
	"fmt"
	"time"

	"orderops/ui/action"
	"orderops/ui/component/list"
	"orderops/ui/component/pane"
	"orderops/ui/component/table"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// rows shows the store's executions in a table.
type rows struct {
	action.Source[workflow.ExecutionARN, *monitor.Execution]
	screen *Screen
}

// Cells are one execution.
func (r rows) Cells(i int, dst []table.Cell) []table.Cell {
	e, now := r.Index.At(i), r.World.Now
	glyph, tone := r.screen.theme.Status(string(e.Status))
	state := table.Cell{Text: e.State}
	if !e.WaitUntil().IsZero() && !e.Status.Ended() {
		if left := e.WaitUntil().Sub(now); left > 0 {
			state.Text += " " + seconds(left)
		}
		state.Tone = theme.Info
	}
	if e.Status == workflow.Succeeded {
		state.Tone = theme.Dim
	}
	return append(
		dst,
		table.Cell{Text: glyph + " " + string(e.Status), Tone: tone},
		table.Cell{Text: text.Middle(text.Clean(e.Name), 13)},
		state,
		table.Cell{Text: text.Clock(e.Started), Tone: theme.Dim},
		table.Cell{Text: text.Duration(whole(e.Duration(now), e.Status))},
		table.Cell{Text: e.UserID},
		table.Cell{Text: e.Quantity},
		table.Cell{Text: e.Restaurant},
		table.Cell{Text: failure(e.Error, e.Cause), Tone: theme.Bad},
	)
}

// whole leaves out the part of a second that would only flicker while running.
func whole(d time.Duration, status workflow.ExecutionStatus) time.Duration {
	if status.Ended() {
		return d
	}
	return d.Truncate(time.Second)
}

// seconds is a countdown: what is left, rounded up.
func seconds(left time.Duration) string {
	return fmt.Sprintf("%d s", int((left+time.Second-1)/time.Second))
}

func failure(name, cause string) string {
	switch {
	case name == "":
		return cause
	case cause == "":
		return name
	}
	return name + ": " + cause
}

// View is the list with the preview of its row, or the detail.
func (s *Screen) View() string {
	if s.detail != nil {
		return s.detail.view()
	}
	split := list.NewSplit(s.w, s.h, s.world.Preview)
	title := "Executions"
	if s.world.Store.MoreExecutions() {
		title = "Newest executions"
	}
	frame := s.list.View(title, s.note())
	if split.PreviewW == 0 {
		return frame
	}
	return split.Join(frame, s.preview(split.PreviewW, split.PreviewH))
}

func (s *Screen) note() string {
	if progress := s.progress(); progress != "" {
		return progress
	}
	if note := s.world.Note(monitor.ExecutionsFeed); note != "" {
		return note
	}
	if note := s.world.Note(monitor.PositionsFeed); note != "" {
		return note
	}
	return s.world.PositionNote()
}

func (s *Screen) preview(w, h int) string {
	e, ok := s.selected()
	if !ok {
		return pane.Frame(s.theme, "", "", nil, w, h, false)
	}
	glyph, tone := s.theme.Status(string(e.Status))
	lines := []string{
		" " + s.theme.Paint(tone, glyph+" "+text.Clean(string(e.Status))) + "  " + text.Duration(whole(e.Duration(s.world.Now), e.Status)),
		"",
	}
	for _, f := range facts(e, s.world.Now) {
		lines = append(lines, fact(s.theme, f[0], f[1]))
	}
	if e.Error != "" || e.Cause != "" {
		lines = append(lines, "", " "+s.theme.Paint(theme.Bad, text.Clean(e.Error)))
		for _, line := range text.JSON(e.Cause) {
			lines = append(lines, " "+line)
		}
	}
	return pane.Frame(s.theme, text.Clean(e.Name), "", lines, w, h, false)
}

func facts(e *monitor.Execution, now time.Time) [][2]string {
	facts := [][2]string{
		{"user", e.UserID},
		{"order", action.What(e.Quantity, e.Restaurant)},
		{"started", text.Clock(e.Started) + " · " + text.Age(now.Sub(e.Started)) + " ago"},
	}
	if !e.Stopped.IsZero() {
		facts = append(facts, [2]string{"ended", text.Clock(e.Stopped)})
	}
	if e.State != "" {
		facts = append(facts, [2]string{"state", e.State})
	}
	if e.RedriveCount > 0 {
		facts = append(facts, [2]string{"redriven", fmt.Sprintf("%d ×", e.RedriveCount)})
	}
	if e.UserID == "" {
		facts[0][1], facts[1][1] = "not read yet", "not read yet"
	}
	return facts
}

func fact(th *theme.Theme, label, value string) string {
	return " " + th.Paint(theme.Dim, text.Pad(label, 9)) + text.Clean(value)
}
