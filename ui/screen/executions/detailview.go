package executions

import (
	"fmt"
	"time"

	"orderops/ui/action"
	"orderops/ui/component/pane"
	"orderops/ui/component/timeline"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// wide is from where the states stand beside the data, not above them.
const wide = 110

func (d *detail) view() string {
	e := d.execution()
	head := d.head(e)
	h := d.h - 1
	if d.w >= wide {
		left := d.w / 2
		return pane.Stack(head, pane.Columns(d.statesPane(left, h), d.dataPane(d.w-left, h)))
	}
	top := max(5, min(len(d.states)+2, h*3/5))
	return pane.Stack(head, d.statesPane(d.w, top), d.dataPane(d.w, h-top))
}

// head is the line that says whose execution this is and how it is doing.
func (d *detail) head(e monitor.Execution) string {
	now := d.world.Now
	glyph, tone := d.theme.Status(string(e.Status))
	line := d.theme.Paint(theme.Dim, " ◂ ") + text.Middle(text.Clean(e.Name), max(13, d.w/4-6))
	if e.Status == "" {
		line += "  " + d.theme.Paint(theme.Dim, "loading …")
	} else {
		line += "  " + d.theme.Paint(tone, glyph+" "+text.Clean(string(e.Status))) + " " + text.Duration(whole(e.Duration(now), e.Status))
	}
	if order := action.Order(e.UserID, e.Quantity, e.Restaurant); order != "" {
		line += "  " + text.Clean(order)
	}
	note := d.world.Note(monitor.HistoryFeed)
	if note == "" && !e.Status.Ended() && d.follows {
		note = "follows live"
	}
	note = " " + text.Clean(note) + " "
	if room := d.w - text.Width(note); room > 20 {
		return text.Pad(line, room) + d.theme.Paint(theme.Dim, note)
	}
	return text.Pad(line, d.w)
}

func (d *detail) statesPane(w, h int) string {
	innerW, innerH := pane.Inner(w, h)
	rows := make([]timeline.Row, 0, len(d.states))
	for _, s := range d.states {
		rows = append(rows, d.row(s))
	}
	lines := timeline.Lines(d.theme, rows, d.world.Now, innerW-3)
	for i := range lines {
		mark := "  "
		if i == d.cursor {
			mark = d.theme.Paint(theme.Accent, "▸ ")
		}
		lines[i] = mark + lines[i]
	}
	if len(lines) == 0 {
		lines = d.world.Empty(monitor.HistoryFeed, "no state entered yet")
		for i := range lines {
			lines[i] = " " + text.Clean(lines[i])
		}
	}
	d.scroll.Show(d.cursor, len(lines), innerH)
	return pane.Frame(d.theme, "States", "", d.scroll.View(d.theme, lines, innerW, innerH), w, h, false)
}

func (d *detail) row(s state) timeline.Row {
	row := timeline.Row{Label: text.Clean(s.State), Start: s.Entered, End: s.Exited}
	if s.ahead {
		row.Glyph, row.Tone = "·", theme.Dim
		return row
	}
	row.Glyph, row.Tone = d.glyph(s.Status)
	if s.Status != workflow.StepRunning && s.Exited.IsZero() {
		row.End = s.Entered
	}
	row.Expected = d.waitsUntil(s.Step)
	row.Note = d.stepNote(s.Step)
	return row
}

func (d *detail) glyph(status workflow.StepStatus) (string, theme.Tone) {
	word := map[workflow.StepStatus]workflow.ExecutionStatus{
		workflow.StepRunning:  workflow.Running,
		workflow.StepDone:     workflow.Succeeded,
		workflow.StepFailed:   workflow.Failed,
		workflow.StepAborted:  workflow.Aborted,
		workflow.StepTimedOut: workflow.TimedOut,
		workflow.StepCaught:   workflow.PendingRedrive,
	}[status]
	return d.theme.Status(string(word))
}

func (d *detail) stepNote(s workflow.Step) string {
	var note string
	switch {
	case s.Exited.IsZero() && d.waitsUntil(s).After(d.world.Now):
		note = seconds(d.waitsUntil(s).Sub(d.world.Now)) + " left"
	case s.Exited.IsZero() && s.Status == workflow.StepRunning:
		note = text.Duration(d.world.Now.Sub(s.Entered).Truncate(time.Second))
	case !s.Exited.IsZero():
		note = text.Duration(s.Exited.Sub(s.Entered))
	default:
		note = "end not read"
	}
	if s.Retries == 1 {
		note += " · 1 retry"
	} else if s.Retries > 1 {
		note += fmt.Sprintf(" · %d retries", s.Retries)
	}
	return note
}

// waitsUntil is when a Wait of fixed length ends; zero when it is none.
func (d *detail) waitsUntil(s workflow.Step) time.Time {
	_, machine := d.world.Store.Definition()
	if machine == nil || s.Kind != "Wait" {
		return time.Time{}
	}
	state, ok := machine.State(s.State)
	if !ok || state.WaitSeconds <= 0 {
		return time.Time{}
	}
	return s.Entered.Add(time.Duration(state.WaitSeconds * float64(time.Second)))
}

func (d *detail) dataPane(w, h int) string {
	right := ""
	if d.tab != eventsTab && len(d.states) > 0 {
		right = text.Clean(d.states[d.cursor].State)
	}
	innerW, innerH := pane.Inner(w, h)
	d.payload.SetSize(innerW-1, innerH)
	return pane.Frame(d.theme, pane.Choice(int(d.tab), tabTitles()...), right, pane.Indent(d.payload.View()), w, h, true)
}
