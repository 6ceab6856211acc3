package orders

import (
	"orderops/ui/action"
	"orderops/ui/component/pane"
	"orderops/ui/component/table"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// rows shows the store's orders in a table.
type rows struct {
	action.Source[workflow.OrderID, *monitor.Order]
	screen *Screen
}

// Cells are one order.
func (r rows) Cells(i int, dst []table.Cell) []table.Cell {
	o, th := r.Index.At(i), r.screen.theme
	glyph, tone := th.Status(string(o.Status()))
	if o.Execution == nil {
		glyph, tone = "•", theme.Dim
	}
	row := table.Cell{Text: "–", Tone: theme.Dim}
	if status := o.RowStatus(); status != "" {
		g, t := th.Status(string(status))
		row = table.Cell{Text: g + " " + string(status), Tone: t}
	} else if o.Missing {
		row.Text = "no row"
	}
	return append(
		dst,
		table.Cell{Text: text.Middle(text.Clean(string(o.ID)), 13)},
		table.Cell{Text: glyph + " " + o.Where, Tone: tone},
		row,
		table.Cell{Text: o.UserID},
		table.Cell{Text: o.Quantity},
		table.Cell{Text: o.Restaurant},
		table.Cell{Text: text.Clock(o.Submitted), Tone: theme.Dim},
		table.Cell{Text: o.ErrorMessage(), Tone: theme.Bad},
	)
}

// View is the list with the preview of its row, or the trace of one order.
func (s *Screen) View() string {
	if s.trace != nil {
		return s.traceView()
	}
	note := s.world.Note(monitor.ExecutionsFeed)
	if note == "" {
		note = s.world.Note(monitor.RowsFeed)
	}
	if note == "" {
		note = s.pagesNote()
	}
	frame := s.list.View("Orders", note)
	if s.split.PreviewW == 0 {
		return frame
	}
	return s.split.Join(frame, s.preview(s.split.PreviewW, s.split.PreviewH))
}

func (s *Screen) preview(w, h int) string {
	o, ok := s.selected()
	if !ok {
		return pane.Frame(s.theme, "", "", nil, w, h, false)
	}
	line := func(label, value string) string {
		return " " + s.theme.Paint(theme.Dim, text.Pad(label, 11)) + text.Clean(value)
	}
	lines := []string{
		" " + s.theme.Paint(theme.Strong, text.Clean(o.Where)), "",
		line("user", o.UserID), line("order", action.What(o.Quantity, o.Restaurant)),
	}
	if o.Submission != nil {
		lines = append(lines, line("submitted", text.Clock(o.Submission.At)+" by you"))
	}
	lines = append(lines, "", " "+s.theme.Paint(theme.Title, "execution"))
	if e := o.Execution; e != nil {
		glyph, tone := s.theme.Status(string(e.Status))
		lines = append(lines, " "+s.theme.Paint(tone, glyph+" "+text.Clean(string(e.Status)))+"  "+text.Clean(e.State), line("started", text.Clock(e.Started)))
		if !e.Stopped.IsZero() {
			lines = append(lines, line("ended", text.Clock(e.Stopped)))
		}
	} else {
		lines = append(lines, line("", "none known"))
	}
	lines = append(lines, "", " "+s.theme.Paint(theme.Title, "row"))
	lines = append(lines, s.rowLines(o, line)...)
	return pane.Frame(s.theme, text.Clean(string(o.ID)), "", lines, w, h, false)
}

func (s *Screen) rowLines(o *monitor.Order, line func(label, value string) string) []string {
	if o.Row == nil {
		if o.Missing {
			return []string{line("", "the table has no row for this order")}
		}
		return []string{line("", "not read yet")}
	}
	glyph, tone := s.theme.Status(string(o.Row.Status))
	lines := []string{" " + s.theme.Paint(tone, glyph+" "+text.Clean(string(o.Row.Status)))}
	if o.Row.ErrorMessage != "" {
		lines = append(lines, line("message", o.Row.ErrorMessage))
	}
	lines = append(lines, line("created", o.Row.CreatedText))
	if o.Row.MessageID != "" {
		lines = append(lines, line("message id", string(o.Row.MessageID)))
	}
	return lines
}
