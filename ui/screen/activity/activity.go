// Package activity is the screen of what was done and what was asked of AWS.
package activity

import (
	"cmp"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/pane"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation/journal"
)

// Screen is the activity screen.
type Screen struct {
	action.Calm

	world *action.World
	theme *theme.Theme
	keys  keys.Map
	// calls shows the newest calls in place of the use by API.
	calls bool
	// runs are the runs over dead letters in place of the calls; nil shows the
	// calls. runText is how they are shown.
	runs    []journal.State
	runText []string

	done   pane.Scroll
	asked  pane.Scroll
	w, h   int
	toward bool // the lower pane has the focus
}

// New makes the screen.
func New(world *action.World) *Screen {
	return &Screen{world: world, theme: theme.New(true, true), keys: keys.Global()}
}

// SetTheme changes the styles.
func (s *Screen) SetTheme(th *theme.Theme) {
	s.theme = th
	if s.runs != nil {
		s.runText = s.runLines()
	}
}

// SetSize sets the size in cells.
func (s *Screen) SetSize(w, h int) { s.w, s.h = w, h }

// Update scrolls the pane that has the focus.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	n := 0
	switch msg := msg.(type) {
	case read:
		return s.take(msg)
	case tea.KeyPressMsg:
		switch {
		case s.keys.Up.Match(msg):
			n = -1
		case s.keys.Down.Match(msg):
			n = 1
		case s.keys.PageUp.Match(msg):
			n = -10
		case s.keys.PageDown.Match(msg):
			n = 10
		}
	case tea.MouseWheelMsg:
		n = 3
		if msg.Button == tea.MouseWheelUp {
			n = -3
		}
	}
	if n == 0 {
		return nil
	}
	upper := s.upper()
	if s.toward {
		s.asked.Move(n, len(s.lower()), s.h-upper-2)
	} else {
		s.done.Move(n, len(s.records()), upper-2)
	}
	return nil
}

// Shown is nothing beyond the queues.
func (s *Screen) Shown() monitor.Shown { return monitor.Shown{} }

// Actions are what can be done here.
func (s *Screen) Actions() []action.Action {
	return []action.Action{
		{Binding: s.keys.NextPane, Title: "the other pane", Run: func() tea.Cmd { s.toward = !s.toward; return nil }},
		{Binding: keys.New("by API / newest calls", "a"), Title: "show use by API or the newest calls", Run: func() tea.Cmd {
			s.calls = !s.calls
			s.asked = pane.Scroll{}
			return nil
		}},
		s.runsAction(),
		{Binding: s.keys.Errors, Title: "errors in full", Run: func() tea.Cmd { return nil }},
	}
}

func (s *Screen) upper() int { return s.h * 2 / 5 }

// View is what was done above what was asked of AWS.
func (s *Screen) View() string {
	upper := s.upper()
	title, note := "AWS calls by API, since the start", s.usageNote()
	switch {
	case s.runs != nil:
		title, note = "Runs over dead letters, newest first", "kept for 30 days"
	case s.calls:
		title = "AWS calls, newest first"
	}
	return pane.Stack(
		s.pane("Done in this session", "", s.records(), &s.done, upper, !s.toward),
		s.pane(title, note, s.lower(), &s.asked, s.h-upper, s.toward),
	)
}

// lower is what the lower pane shows.
func (s *Screen) lower() []string {
	if s.runs != nil {
		return s.runText
	}
	return s.usage()
}

// usageNote says what all of it costs, at list prices.
func (s *Screen) usageNote() string {
	note := "polling may use 10 % of a quota, asking 25 %"
	if s.world.Usage == nil {
		return note
	}
	total := 0.0
	for _, a := range s.world.Usage.APIs() {
		total += a.CostPerHour
	}
	return fmt.Sprintf("about $%.3f an hour · %s", total, note)
}

func (s *Screen) pane(title, note string, lines []string, scroll *pane.Scroll, h int, focused bool) string {
	w, inner := pane.Inner(s.w, h)
	return pane.Frame(s.theme, title, note, scroll.View(s.theme, lines, w, inner), s.w, h, focused)
}

func (s *Screen) records() []string {
	var lines []string
	for _, r := range s.world.Store.Activity() {
		glyph, tone := mark(r.Outcome)
		target := text.Clean(action.ShortName(r.Target))
		if s.w < roomy && text.Width(target) > 2*shortID { // what came of it is worth more than the whole id
			target = text.Middle(target, shortID)
		}
		line := " " + s.theme.Paint(theme.Dim, text.Clock(r.At)) + " " + s.theme.Paint(tone, text.Pad(glyph+" "+string(r.Outcome), 10)) +
			" " + text.Clean(r.Verb) + " " + target
		if r.Detail != "" {
			line += s.theme.Paint(theme.Dim, " · "+text.Clean(r.Detail))
		}
		if r.RequestID != "" {
			line += s.theme.Paint(theme.Dim, " · request "+text.Clean(r.RequestID))
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return []string{s.theme.Paint(theme.Dim, " nothing was done yet")}
	}
	return lines
}

func mark(outcome workflow.Outcome) (string, theme.Tone) {
	switch outcome {
	case workflow.Done:
		return "✓", theme.Good
	case workflow.Unknown:
		return "?", theme.Warn
	case workflow.Denied:
		return "■", theme.Warn
	case workflow.Undone:
	}
	return "✗", theme.Bad
}

func (s *Screen) usage() []string {
	if s.world.Usage == nil {
		return []string{s.theme.Paint(theme.Dim, " not connected yet")}
	}
	if s.calls {
		return s.newest()
	}
	name := s.nameWidth()
	row := func(api, calls, throttled, held, share, p50, p99, perHour string) string {
		line := fmt.Sprintf(" %s %7s %9s", text.Pad(api, name), calls, throttled)
		if s.w >= roomy {
			line += fmt.Sprintf(" %6s", held)
		}
		return line + fmt.Sprintf(" %6s %8s %8s %7s", share, p50, p99, perHour)
	}
	lines := []string{s.theme.Paint(theme.Title, row("API", "calls", "throttled", "held", "share", "p50", "p99", "$/h"))}
	for _, a := range s.world.Usage.APIs() {
		line := row(text.Clean(a.Operation), text.Count(a.Calls), text.Count(a.Throttles), text.Count(a.Refused),
			fmt.Sprintf("%.0f%%", a.Share*100), text.Duration(a.P50), text.Duration(a.P99), cost(a.CostPerHour))
		if a.Throttles > 0 {
			line = s.theme.Paint(theme.Warn, line)
		}
		lines = append(lines, line)
	}
	return lines
}

// shortID is how wide an id is in a narrow line.
const shortID = 13

// roomy is from where on there is room for how many calls our own budget held back.
const roomy = 90

// cost is in US dollars; what is free has none.
func cost(dollars float64) string {
	if dollars == 0 {
		return "–"
	}
	return fmt.Sprintf("%.4f", dollars)
}

// nameWidth leaves the numbers their room.
func (s *Screen) nameWidth() int { return max(20, min(36, s.w-55)) }

func (s *Screen) newest() []string {
	name := s.nameWidth()
	target, requestID := s.callRoom(name)
	line := func(at, api, purpose, took, outcome, on, id string) string {
		line := fmt.Sprintf(" %-8s  %s %-7s %9s  %s", at, text.Pad(api, name), purpose, took, text.Pad(outcome, outcomeWidth))
		if target > 0 {
			line += "  " + text.Pad(text.Middle(on, target), target)
		}
		if requestID {
			line += "  " + id
		}
		return line
	}
	lines := []string{s.theme.Paint(theme.Title, line("at", "API", "for", "took", "outcome", "on", "request id, if it failed"))}
	for _, c := range newestFirst(s.world.Usage.Calls()) {
		purpose, tone, id := "you", theme.Dim, ""
		if c.Polling {
			purpose = "polling"
		}
		if c.Outcome != "ok" {
			tone, id = theme.Warn, c.RequestID
		}
		lines = append(lines, line(text.Clock(c.At), text.Clean(c.Operation), purpose, text.Duration(c.Duration),
			s.theme.Paint(tone, text.Clean(c.Outcome)), text.Clean(action.ShortName(c.Target)), text.Clean(id)))
	}
	return lines
}

// newestFirst orders calls by when they began; the log has them as they ended.
func newestFirst(calls []workflow.Call) []workflow.Call {
	return slices.SortedStableFunc(slices.Values(calls), func(a, b workflow.Call) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Target, b.Target))
	})
}

// outcomeWidth is the longest outcome: "outcome unknown".
const outcomeWidth = 15

// callRoom is how wide the target of a call is shown, 0 where there is no room
// for it, and whether AWS's id of the request fits behind it.
func (s *Screen) callRoom(name int) (target int, requestID bool) {
	const before, uuid, least = 48, 36, 13 // before is all in front of the target but the API's name
	room := s.w - 3 - before - name
	switch {
	case room < least:
		return 0, false
	case room < least+2+uuid:
		return min(uuid, room), false
	}
	return min(uuid, room-2-uuid), true
}
