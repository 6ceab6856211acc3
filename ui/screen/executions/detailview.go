package executions

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/pane"
	"orderops/ui/component/timeline"
	"orderops/ui/machine"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// wide is from where the graph stands beside the rest.
const wide = 110

// rect is where a pane stands in the screen, frame included.
type rect struct{ x, y, w, h int }

func (r rect) shown() bool { return r.w > 0 && r.h > 0 }

func (r rect) holds(x, y int) bool { return x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h }

// places are where the panes stand; what is not shown has no size.
type places struct{ graph, states, data rect }

// arrange gives the panes their places: the graph at the left when wide, else in
// place of the others on demand.
func (d *detail) arrange() {
	h := max(d.h-1, 0)
	d.place = places{}
	switch {
	case d.zoomed:
		d.place.graph = rect{0, 1, d.w, h}
	case d.w >= wide:
		left := min(d.w*11/20, max(d.w/3, d.drawingWidth()+2))
		top := max(4, min(len(d.states)+3, h*2/5))
		d.place.graph = rect{0, 1, left, h}
		d.place.states = rect{left, 1, d.w - left, top}
		d.place.data = rect{left, 1 + top, d.w - left, h - top}
	default:
		top := max(5, min(len(d.states)+3, h*3/5))
		d.place.states = rect{0, 1, d.w, top}
		d.place.data = rect{0, 1 + top, d.w, h - top}
	}
	w, gh := pane.Inner(d.place.graph.w, d.place.graph.h)
	d.graph.SetSize(w, gh)
	w, dh := pane.Inner(d.place.data.w, d.place.data.h)
	d.tree.SetSize(w-1, dh)
}

func (d *detail) drawingWidth() int {
	if d.chart.layout == nil {
		return 0
	}
	return d.chart.layout.W
}

func (d *detail) view() string {
	head := d.head(d.execution())
	switch {
	case d.zoomed:
		return pane.Stack(head, d.graphPane())
	case d.place.graph.shown():
		return pane.Stack(head, pane.Columns(d.graphPane(), pane.Stack(d.statesPane(), d.dataPane())))
	}
	return pane.Stack(head, d.statesPane(), d.dataPane())
}

// head is the line that says whose execution this is and how it is doing.
func (d *detail) head(e *monitor.Execution) string {
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
	if e.RedriveCount > 0 {
		line += fmt.Sprintf("  redriven %d×", e.RedriveCount)
	}
	note := d.world.Note(monitor.HistoryFeed)
	switch {
	case d.screen.progress() != "":
		note = d.screen.progress()
	case note != "":
	case d.stepping():
		note = "stepping: " + d.stepOnKey() + " to the newest"
	case !e.Status.Ended() && d.follows:
		note = "follows live"
	}
	note = " " + text.Clean(note) + " "
	if room := d.w - text.Width(note); room > 20 {
		return text.Pad(line, room) + d.theme.Paint(theme.Dim, note)
	}
	return text.Pad(line, d.w)
}

// stepOnKey steps to the next event; arrows are drawn as such.
func (d *detail) stepOnKey() string {
	if key := d.world.Key("executions.step-on"); key != "right" {
		return key
	}
	return "→"
}

func (d *detail) graphPane() string {
	r := d.place.graph
	var lines []string
	title := "Graph"
	if d.chart.layout == nil {
		lines = d.world.Empty(monitor.DefinitionFeed, "the definition can't be drawn: it is empty, or has more than 2,000 states")
		for i := range lines {
			lines[i] = " " + text.Clean(lines[i])
		}
	} else {
		lines = strings.Split(d.graph.View(), "\n")
		title += " " + d.graph.More()
	}
	return pane.Frame(d.theme, strings.TrimSpace(title), "", lines, r.w, r.h, d.zoomed)
}

func (d *detail) statesPane() string {
	r := d.place.states
	innerW, innerH := pane.Inner(r.w, r.h)
	chart := timeline.Chart{Now: d.now()}
	for _, s := range d.states {
		chart.Rows = append(chart.Rows, d.row(s))
	}
	shown := d.events
	if d.stepping() {
		shown = shown[:d.at+1]
	}
	for _, p := range workflow.Pauses(shown) {
		chart.Gaps = append(chart.Gaps, timeline.Gap{From: p.From, To: p.To, Label: text.Age(p.To.Sub(p.From)) + " until redrive " + fmt.Sprint(p.Redrive)})
	}
	lines, folds := chart.Lines(d.theme, innerW-3)
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
	foot := 0
	if folds != "" && innerH > 1 {
		foot = 1
	}
	d.statesScroll.Show(d.cursor, len(lines), innerH-foot)
	body := d.statesScroll.View(d.theme, lines, innerW, innerH-foot)
	if foot > 0 {
		body = append(body, "  "+folds)
	}
	return pane.Frame(d.theme, "Timeline", "", body, r.w, r.h, !d.onData)
}

func (d *detail) row(s state) timeline.Row {
	row := timeline.Row{Label: text.Clean(s.State), Start: s.Entered, End: s.Exited}
	if s.ahead {
		row.Glyph, row.Tone = "·", theme.Dim
		return row
	}
	row.Glyph, row.Tone = machine.Glyph(d.theme, s.Status)
	if s.Status != workflow.StepRunning && s.Exited.IsZero() {
		row.End = s.Entered
	}
	if len(s.Attempts) > 1 {
		row.Retries = s.Attempts[1:]
	}
	row.Expected = d.waitsUntil(s.Step)
	row.Note = d.stepNote(s.Step)
	return row
}

func (d *detail) stepNote(s workflow.Step) string {
	var note string
	switch {
	case d.left(s) != "":
		note = d.left(s) + " left"
	case s.Exited.IsZero() && s.Status == workflow.StepRunning:
		note = text.Duration(d.now().Sub(s.Entered).Truncate(time.Second))
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

func (d *detail) dataPane() string {
	r := d.place.data
	innerW, innerH := pane.Inner(r.w, r.h)
	title, right := text.Clean(d.selected().State), d.usual()
	if e, ok := d.event(); ok && d.stepping() {
		title = fmt.Sprintf("Event %d of %d · %s", d.at+1, len(d.events), text.Clean(e.Type))
		right = e.Time.Local().Format("15:04:05.000")
	}
	if d.log != nil {
		title, right = d.log.title()
	}
	if d.listed {
		if !d.stepping() {
			title = fmt.Sprintf("Events · %d", len(d.events))
		}
		return pane.Frame(d.theme, title, right, d.eventLines(innerW, innerH), r.w, r.h, d.onData)
	}
	return pane.Frame(d.theme, title, right, pane.Indent(d.tree.View()), r.w, r.h, d.onData)
}

// usual tells how long the selected step took and how long executions stay in its
// state; "" while too few were seen.
func (d *detail) usual() string {
	s := d.selected()
	spread := d.world.Store.StateSpread(s.State)
	if s.ahead || !spread.Settled() {
		return ""
	}
	took := ""
	switch {
	case !s.Exited.IsZero():
		took = "took " + text.Duration(s.Exited.Sub(s.Entered)) + " · "
	case s.Status == workflow.StepRunning:
		took = text.Duration(d.now().Sub(s.Entered).Truncate(time.Second)) + " so far · "
	}
	return took + "usually " + text.Duration(spread.P50) + ", p99 " + text.Duration(spread.P99)
}

// eventLines are the events in view, the one of the moment marked.
func (d *detail) eventLines(w, h int) []string {
	at := len(d.events) - 1
	if d.stepping() {
		at = d.at
	}
	lines := make([]string, len(d.events))
	d.eventsScroll.Show(max(at, 0), len(lines), h)
	for i := d.eventsScroll.Top; i < min(d.eventsScroll.Top+h, len(lines)); i++ {
		lines[i] = " " + text.Cut(d.eventLine(i), w-2)
		if i == at {
			lines[i] = d.theme.Paint(theme.Selected, lines[i])
		}
	}
	if len(lines) == 0 {
		return []string{" no event read yet"}
	}
	return d.eventsScroll.View(d.theme, lines, w, h)
}

// cursorAt is where the search is typed.
func (d *detail) cursorAt() *tea.Cursor {
	c := d.tree.Cursor()
	if c == nil || d.listed || !d.place.data.shown() {
		return nil
	}
	c.X += d.place.data.x + 2
	c.Y += d.place.data.y + 1
	return c
}
