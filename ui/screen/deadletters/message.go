package deadletters

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/pane"
	"orderops/ui/component/payload"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// view is how a message is shown.
type view int

const (
	bodyView view = iota
	attributesView
	rawView
	hexView
	viewCount
)

func viewTitles() []string { return []string{"body", "attributes", "raw", "hex"} }

// loaded is what the payload and the tree show, so that their place is kept.
type loaded struct {
	id   workflow.MessageID
	at   int64 // when it was received, in Unix nanoseconds
	view view
	tree bool
}

// treed tells that the message is open as a tree that can be folded and searched.
func (s *Screen) treed() bool { return s.zoomed && s.view == bodyView }

// messageActions open a message or close it, and show it in other ways.
func (s *Screen) messageActions(none string) (open action.Action, views []action.Action) {
	open = action.Action{Binding: s.keys.Open, Title: "open the message", Unavailable: none, Run: func() tea.Cmd {
		s.zoomed = true
		return nil
	}}
	if s.zoomed {
		open = action.Action{Binding: s.keys.Back, Title: "back to the list", Run: func() tea.Cmd { s.Back(); return nil }}
	}
	wrap := none
	if s.treed() {
		wrap = "the tree has no long lines"
	}
	return open, []action.Action{
		{Binding: keys.New("view", "tab"), Title: "show the message another way", Unavailable: none, Run: func() tea.Cmd {
			s.view = (s.view + 1) % viewCount
			return nil
		}},
		{Binding: keys.New("wrap or not", "w"), Title: "wrap long lines, or scroll them by ← and →", Quiet: true, Unavailable: wrap, Run: func() tea.Cmd { s.payload.Wrap(); return nil }},
	}
}

// message shows the selected dead letter: verdict first, then what it holds.
func (s *Screen) message(w, h int, focused bool) string {
	d, ok := s.selected()
	if !ok {
		return pane.Frame(s.theme, "", "", nil, w, h, false)
	}
	head := s.head(d, w, h)
	innerW, innerH := pane.Inner(w, h)
	s.load(d)
	var body string
	if s.treed() {
		s.tree.SetSize(innerW-1, max(1, innerH-len(head)))
		body = s.tree.View()
	} else {
		s.payload.SetSize(innerW-1, max(1, innerH-len(head)))
		body = s.payload.View()
	}
	lines := slices.Concat(head, pane.Indent(body))
	return pane.Frame(s.theme, text.Middle(text.Clean(string(d.ID)), 13), pane.Choice(int(s.view), viewTitles()...), lines, w, h, focused)
}

// head is what stands above a message, at most half of the height.
func (s *Screen) head(d *monitor.DeadLetter, w, h int) []string {
	_, innerH := pane.Inner(w, h)
	head := s.verdict(d, w-3)
	return head[:min(len(head), innerH/2)]
}

// load gives the payload or the tree the message, unless it shows it already.
func (s *Screen) load(d *monitor.DeadLetter) {
	want := loaded{d.ID, d.ReadAt.UnixNano(), s.view, s.treed()}
	if s.loaded == want {
		return
	}
	s.loaded = want
	switch s.view {
	case bodyView:
		if want.tree {
			s.tree.Set(payload.Document{Name: "body", Text: string(d.Body)})
			return
		}
		s.payload.SetJSON(string(d.Body))
	case attributesView:
		s.payload.SetLines(attributes(d.Message))
	case rawView:
		s.payload.SetLines(strings.Split(string(d.Body), "\n"))
	case hexView, viewCount:
		s.payload.SetBytes(d.Body)
	}
}

// treeCursor is the place of the text cursor of the search in the open message.
func (s *Screen) treeCursor() *tea.Cursor {
	c := s.tree.Cursor()
	d, ok := s.selected()
	if c == nil || !ok || !s.treed() {
		return nil
	}
	top := s.tasksHeight()
	c.X += 2
	c.Y += top + 1 + len(s.head(d, s.w, s.h-top))
	return c
}

// clickTree moves a click from the screen's corner to the tree's.
func (s *Screen) clickTree(msg tea.MouseClickMsg) {
	if d, ok := s.selected(); ok {
		top := s.tasksHeight()
		msg.X -= 2
		msg.Y -= top + 1 + len(s.head(d, s.w, s.h-top))
		s.tree.Update(msg)
	}
}

// verdict is what stands above a message: the verdict, how it was reached and
// when, and what it means for a redrive.
func (s *Screen) verdict(d *monitor.DeadLetter, w int) []string {
	glyph, tone := s.theme.Status(string(d.Verdict))
	said := glyph + " " + string(d.Verdict)
	switch {
	case d.Problem != nil:
		said += ": " + d.Problem.Error()
	case d.Why != "":
		said += ": " + d.Why
	default:
		said += ": our decoder accepts it; nothing else was looked up yet"
	}
	var lines []string
	for _, line := range text.Wrap(text.Clean(said), w) {
		lines = append(lines, " "+s.theme.Paint(tone, line))
	}
	for _, line := range text.Wrap("→ "+meaning(d.Verdict), w) {
		lines = append(lines, " "+s.theme.Paint(theme.Dim, line))
	}
	return append(lines, s.facts(d))
}

// meaning says what redriving a letter would do.
func meaning(v workflow.Verdict) string {
	switch v {
	case workflow.Malformed:
		return "a consumer that decodes as ours does would fail again"
	case workflow.Safe:
		return "redriving it should start its order; somebody else's tool may have moved a copy"
	case workflow.Processed:
		return "redriving it makes a second order, unless the consumer honours lineage"
	case workflow.Broken:
		return "redrive the execution instead, or submit it anew"
	case workflow.Bounced:
		return "it failed again the last time: find out why first"
	case workflow.Unchecked:
		return "redriving it may make a second order"
	case workflow.Readable:
	}
	return "whether it was processed is not known yet"
}

func (s *Screen) facts(d *monitor.DeadLetter) string {
	facts := fmt.Sprintf(" sent %s · %s bytes", text.Clock(d.Sent), text.Count(len(d.Body)))
	switch {
	case !d.CheckedAt.IsZero():
		facts += " · checked " + text.Clock(d.CheckedAt)
	case d.Problem != nil:
		facts += " · decoded " + text.Clock(d.ReadAt)
	}
	if n := len(d.Attributes); n > 0 {
		facts += " · " + plural(n, "attribute")
	}
	return s.theme.Paint(theme.Dim, facts)
}
