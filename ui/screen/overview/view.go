package overview

import (
	"fmt"
	"strings"

	"orderops/ui/action"
	"orderops/ui/component/pane"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// wide is from where the parts of the picture stand side by side.
const wide = 110

// View is the pipeline, what needs attention, and the rates.
func (s *Screen) View() string {
	pipeline := s.pipeline()
	h := len(pipeline) + 2
	top := pane.Frame(s.theme, "Pipeline", s.note(), pipeline, s.w, h, false)
	rows, rest := s.share(len(pipeline))
	newest := ""
	if rows > 0 {
		newest = s.newest(rows)
	}
	if s.w >= wide {
		left := s.w * 3 / 5
		return pane.Stack(top, pane.Columns(s.attention(left, rest), s.rates(s.w-left, rest)), newest)
	}
	if rest >= ratesFrom {
		return pane.Stack(top, s.attention(s.w, rest-ratesHeight), s.rates(s.w, ratesHeight), newest)
	}
	return pane.Stack(top, s.attention(s.w, rest), newest)
}

const ratesHeight = 5

// attentionHeight is what the findings get at least before the newest
// executions get any room.
const attentionHeight = 9

// ratesFrom is the height from which on findings and rates stand below each other.
const ratesFrom = 10

// share is how many of the newest executions there is room for below a pipeline
// of so many lines, and the height that this leaves the findings and the rates.
func (s *Screen) share(pipeline int) (newest, rest int) {
	rest = s.h - (pipeline + 2)
	if newest = rest - attentionHeight - 2; newest < 3 {
		return 0, rest
	}
	return newest, attentionHeight
}

// newestRows is how many of the newest executions are shown.
func (s *Screen) newestRows() int {
	newest, _ := s.share(len(s.pipeline()))
	return newest
}

// newest are the newest executions, a line each.
func (s *Screen) newest(n int) string {
	innerW, _ := pane.Inner(s.w, n+2)
	var lines []string
	for _, e := range s.world.Store.Newest(n) {
		glyph, tone := s.theme.Status(string(e.Status))
		order := action.Order(e.UserID, e.Quantity, e.Restaurant)
		line := " " + s.theme.Paint(theme.Dim, text.Clock(e.Started)) + "  " + s.theme.Paint(tone, text.Pad(glyph+" "+text.Clean(string(e.Status)), 12)) + "  " +
			text.Fit(e.State, 24) + "  " + text.Fit(order, max(0, innerW-67)) + "  " + s.theme.Paint(theme.Dim, text.Middle(text.Clean(e.Name), 13))
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		for _, line := range s.world.Empty(monitor.ExecutionsFeed, "no executions yet; "+s.world.Key("overview.submit")+" submits an order") {
			lines = append(lines, s.theme.Paint(theme.Dim, " "+text.Clean(line)))
		}
	}
	return pane.Frame(s.theme, "Newest executions", s.world.Key("go-executions")+" lists all", lines, s.w, n+2, false)
}

func (s *Screen) note() string {
	for _, feed := range []monitor.Feed{monitor.OrderQueueFeed, monitor.DeadLetterQueueFeed, monitor.ExecutionsFeed, monitor.DefinitionFeed} {
		if note := s.world.Note(feed); note != "" {
			return note
		}
	}
	return ""
}

// pipeline draws the way of an order as lines of the screen's inner width.
func (s *Screen) pipeline() []string {
	if s.w >= wide {
		return s.widePipeline()
	}
	lines := s.narrowPipeline()
	if _, rest := s.share(len(lines)); rest < ratesFrom {
		lines[len(lines)-2] = s.briefRates() // the blank line above the dead letters
	}
	return lines
}

func (s *Screen) widePipeline() []string {
	inner := s.w - 2
	const leftW, rightW, arrow = 30, 34, "  ──▶  "
	middleW := inner - leftW - rightW - 2*text.Width(arrow)
	left := s.queueLines()
	middle := s.machineLines(middleW)
	right := s.outcomeLines(rightW)
	n := max(len(left), len(middle), len(right))
	for len(left) > 2 && len(left) < n { // the way down goes on to the dead letters
		left = append(left, s.theme.Paint(theme.Dim, "    │"))
	}
	lines := make([]string, 0, n+2)
	for i := range n {
		gap := text.Space(text.Width(arrow))
		if i == 1 {
			gap = s.theme.Paint(theme.Dim, arrow)
		}
		lines = append(lines, text.Pad(at(left, i), leftW)+gap+text.Pad(at(middle, i), middleW)+gap+text.Pad(at(right, i), rightW))
	}
	return append(lines, s.deadLetterLines()...)
}

func (s *Screen) narrowPipeline() []string {
	lines := s.queueLines()[:2]
	lines[0] += "  " + s.consumerLine()
	lines[1] += s.oldest(" · ") + s.theme.Paint(theme.Dim, "  ──▶")
	lines = append(lines, "")
	for _, line := range s.machineLines(s.w - 6) {
		lines = append(lines, "  "+line)
	}
	lines = append(lines, "")
	line := ""
	for _, outcome := range s.outcomeLines(s.w - 4) {
		if line != "" && text.Width(line)+2+text.Width(outcome) > s.w-4 {
			lines = append(lines, " "+line)
			line = ""
		}
		if line != "" {
			line += "  "
		}
		line += outcome
	}
	lines = append(lines, " "+line, "")
	return append(lines, s.deadLetterLines()[1:]...)
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// queueLines are the order queue: its name, what is in it, what it does with
// what cannot be processed.
func (s *Screen) queueLines() []string {
	q, freshness := s.world.Store.Queue(monitor.OrderQueue)
	if freshness.ReadAt.IsZero() {
		return []string{" " + s.theme.Paint(theme.Strong, "order queue"), " " + s.unknown(freshness)}
	}
	line := fmt.Sprintf(" %s waiting · %s in flight", text.Count(q.Visible), text.Count(q.InFlight))
	if q.Delayed > 0 {
		line += fmt.Sprintf(" · %s delayed", text.Count(q.Delayed))
	}
	lines := []string{" " + s.theme.Paint(theme.Strong, text.Clean(q.Name)), line}
	if supply := s.supplyLine(); supply != "" {
		lines = append(lines, supply)
	}
	if consumer := s.consumerLine(); consumer != "" {
		lines = append(lines, consumer)
	}
	if q.MaxReceives > 0 {
		lines = append(lines, s.theme.Paint(theme.Dim, fmt.Sprintf("    │ after %d receives", q.MaxReceives)))
	}
	return lines
}

func (s *Screen) unknown(f monitor.Freshness) string {
	switch f.Condition() {
	case monitor.Failing:
		return s.theme.Paint(theme.Bad, "not answered")
	case monitor.NoPermission:
		return s.theme.Paint(theme.Bad, "no permission")
	case monitor.Loading, monitor.Current, monitor.Stale:
	}
	return s.theme.Paint(theme.Dim, "loading …")
}

// machineLines are the state machine: how many run, and in which states.
func (s *Screen) machineLines(w int) []string {
	name, machine := s.world.Store.Definition()
	counts := s.world.Store.Counts()
	running := counts.Executions[workflow.Running] + counts.Executions[workflow.PendingRedrive]
	title := s.theme.Paint(theme.Strong, text.Clean(name))
	if name == "" {
		title = s.theme.Paint(theme.Strong, "state machine")
	}
	lines := []string{title + " · " + s.number(running, theme.Info) + " running"}
	if machine == nil {
		return append(lines, s.unknown(s.world.Store.Freshness(monitor.DefinitionFeed)))
	}
	line := ""
	for i, state := range machine.States {
		word := text.Clean(state.Name)
		if n := counts.States[state.Name]; n > 0 {
			word = s.theme.Paint(theme.Info, word+" "+text.Count(n))
		} else {
			word = s.theme.Paint(theme.Dim, word)
		}
		if i > 0 {
			word = s.theme.Paint(theme.Dim, "▸ ") + word
		}
		if line != "" && text.Width(line)+1+text.Width(word) > w {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	lines = append(lines, line)
	if located := s.locatedLine(counts.States[""], running); located != "" {
		lines = append(lines, located)
	}
	if spread := s.world.Store.Spread(); spread.Count > 0 {
		lines = append(lines, s.theme.Paint(theme.Dim, "took p50 "+text.Duration(spread.P50)+" · p95 "+text.Duration(spread.P95)))
	}
	return lines
}

func (s *Screen) number(n int, tone theme.Tone) string {
	if n == 0 {
		return "0"
	}
	return s.theme.Paint(tone, text.Count(n))
}

// outcomeLines are how the executions that are known have ended, of w cells at most.
func (s *Screen) outcomeLines(w int) []string {
	counts := s.world.Store.Counts()
	line := func(status workflow.ExecutionStatus) string {
		n := counts.Executions[status]
		glyph, tone := s.theme.Status(string(status))
		if n == 0 {
			tone = theme.Dim
		}
		return s.theme.Paint(tone, fmt.Sprintf("%s %s %s", glyph, text.Count(n), strings.ToLower(string(status))))
	}
	lines := []string{line(workflow.Succeeded), line(workflow.Failed)}
	if counts.Executions[workflow.TimedOut] > 0 {
		lines = append(lines, line(workflow.TimedOut))
	}
	if counts.Executions[workflow.Aborted] > 0 {
		lines = append(lines, line(workflow.Aborted))
	}
	if s.world.Store.MoreExecutions() {
		lines = append(lines, s.theme.Paint(theme.Dim, "of the newest executions"))
	}
	lines = append(lines, s.rowsRead(counts.Rows, w)...)
	if checked, of := s.world.Store.Checked(); of > 0 {
		lines = append(lines, s.theme.Paint(theme.Dim, fmt.Sprintf("rows checked %s of %s", text.Count(checked), text.Count(of))))
	}
	if topic, freshness := s.world.Store.Topic(); !freshness.ReadAt.IsZero() {
		mail := fmt.Sprintf("✉ %d confirmed", topic.Confirmed)
		if topic.Pending > 0 {
			mail += s.theme.Paint(theme.Warn, fmt.Sprintf(" · %d unconfirmed", topic.Pending))
		}
		lines = append(lines, mail)
	}
	return lines
}

// rowsRead counts the rows that were looked at by their status, on further lines
// what w cells can't hold.
func (s *Screen) rowsRead(rows map[workflow.OrderStatus]int, w int) []string {
	var lines []string
	line := s.theme.Paint(theme.Dim, "rows read: ")
	between := ""
	for _, part := range []struct {
		status workflow.OrderStatus
		tone   theme.Tone
	}{{workflow.Success, theme.Dim}, {workflow.Failure, theme.Bad}, {workflow.Pending, theme.Dim}} {
		n := rows[part.status]
		if n == 0 {
			continue
		}
		word := s.theme.Paint(part.tone, text.Count(n)+" "+strings.ToLower(string(part.status)))
		if between != "" && text.Width(line+between+word) > w {
			lines, line, between = append(lines, line), text.Space(len("rows read: ")), ""
		}
		line += between + word
		between = s.theme.Paint(theme.Dim, " · ")
	}
	if between == "" {
		return nil
	}
	return append(lines, line)
}

// deadLetterLines are what came out at the bottom.
func (s *Screen) deadLetterLines() []string {
	q, freshness := s.world.Store.Queue(monitor.DeadLetterQueue)
	arrow := s.theme.Paint(theme.Dim, "    ▼")
	if freshness.ReadAt.IsZero() {
		return []string{arrow, " ☠ " + s.unknown(freshness)}
	}
	total := q.Total()
	glyph, tone := s.theme.Status("dead letter")
	word := "dead letters"
	if total == 1 {
		word = "dead letter"
	}
	line := fmt.Sprintf(" %s %s %s", glyph, text.Count(total), word)
	if total == 0 {
		return []string{arrow, s.theme.Paint(theme.Dim, line) + s.theme.Paint(theme.Dim, "  "+text.Clean(q.Name))}
	}
	note := "  " + text.Clean(q.Name)
	if q.InFlight > 0 {
		note += fmt.Sprintf(" · %s of them in flight", text.Count(q.InFlight))
	}
	return []string{arrow, s.theme.Paint(tone, line) + s.theme.Paint(theme.Dim, note)}
}

// attention lists the findings, what is lost first at the top.
func (s *Screen) attention(w, h int) string {
	if h < 3 {
		return pane.Block(nil, w, max(0, h))
	}
	findings := s.findings()
	innerW, innerH := pane.Inner(w, h)
	lineW := innerW
	if len(findings) > innerH {
		lineW-- // the scroll bar's
	}
	var lines []string
	cursor := 0
	for i, f := range findings {
		if i == s.cursor {
			cursor = len(lines)
		}
		spare := innerH - len(lines) - (len(findings) - i)
		lines = append(lines, s.findingLines(f, i == s.cursor, lineW, 1+spare)...)
	}
	title := fmt.Sprintf("Needs attention (%d)", len(findings))
	if len(findings) == 0 {
		title = "Needs attention"
		lines = []string{s.theme.Paint(theme.Dim, " "+s.calm())}
	}
	s.scroll.Show(cursor, len(lines), innerH)
	return pane.Frame(s.theme, title, "", s.scroll.View(s.theme, lines, innerW, innerH), w, h, true)
}

// calm says why there is nothing to see: all is well, or nothing is known yet.
func (s *Screen) calm() string {
	if s.world.Desk == nil {
		return "connecting …"
	}
	if s.world.Store.Freshness(monitor.ExecutionsFeed).ReadAt.IsZero() {
		if why := s.world.Note(monitor.ExecutionsFeed); why != "" {
			return text.Clean(why)
		}
		return "looking …"
	}
	return "nothing, as far as is known"
}

// mostFindingLines is how many lines one finding takes at most.
const mostFindingLines = 3

// findingLines are a finding in words, on one line or on up to most where it is
// longer and all others still have theirs.
func (s *Screen) findingLines(f monitor.Finding, selected bool, w, most int) []string {
	glyph, tone := s.theme.Status(string(f.Kind))
	mark := "  "
	if selected {
		mark = s.theme.Paint(theme.Accent, "▸ ")
	}
	age := ""
	if f.Age > 0 {
		age = " " + text.Age(f.Age) + " "
	}
	const indent = 4 // the mark and the glyph
	room := max(w-indent-text.Width(age), 1)
	first, rest := text.Clean(f.Text), []string(nil)
	if most = min(most, mostFindingLines); most > 1 && text.Width(first) > room {
		wrapped := text.Wrap(first, room)
		first, rest = wrapped[0], wrapped[1:]
		if len(rest) >= most {
			rest = append(rest[:most-2], strings.Join(rest[most-2:], " "))
		}
	}
	lines := []string{mark + s.theme.Paint(tone, glyph) + " " + text.Pad(first, room) + s.theme.Paint(theme.Dim, age)}
	for _, line := range rest {
		lines = append(lines, text.Space(indent)+text.Cut(line, room))
	}
	return lines
}
