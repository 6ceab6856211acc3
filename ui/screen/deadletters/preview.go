package deadletters

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/pane"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow/compare"
	"orderops/workflow/operation"
)

// preview is what an edit would do to all chosen messages, shown one by one.
// Nothing is sent by it.
type preview struct {
	// by is what edits: a jq expression, or the operator.
	by    string
	edits operation.Edits
	// outcome is which of the edits are paged through, and at which of them.
	outcome outcome
	at      int
	// shown is the edit that the diff is of.
	shown *operation.Edited
}

// outcome is a kind of edits.
type outcome int

const (
	edited outcome = iota
	rejected
	unchanged
	failed
	notEligible
	outcomes
)

// previewed is what came of trying an edit.
type previewed struct {
	trying *trying
	by     string
	edits  operation.Edits
	err    error
}

// trying is an edit that is being tried on all chosen messages.
type trying struct{ stop func() }

// of are the edits with an outcome.
func (p *preview) of(o outcome) []*operation.Edited {
	var list []*operation.Edited
	for i := range p.edits.All {
		if e := &p.edits.All[i]; outcomeOf(e) == o {
			list = append(list, e)
		}
	}
	return list
}

func outcomeOf(e *operation.Edited) outcome {
	switch {
	case e.NotJSON:
		return notEligible
	case e.Err != nil:
		return failed
	case !e.Changed():
		return unchanged
	case e.Rejected != nil:
		return rejected
	}
	return edited
}

// counts are how many edits there are of each outcome.
func (p *preview) counts() [outcomes]int {
	e := &p.edits
	return [outcomes]int{e.Accepted, e.Changed - e.Accepted, e.Same, e.Failed, e.NotJSON}
}

// titles are the outcomes with their counts.
func (p *preview) titles() []string {
	titles := make([]string, 0, outcomes)
	for i, word := range []string{"edited", "rejected", "unchanged", "failed", "not JSON"} {
		titles = append(titles, word+" "+text.Count(p.counts()[i]))
	}
	return titles
}

// previewed opens the preview, unless it was given up meanwhile.
func (s *Screen) previewed(msg previewed) tea.Cmd {
	if msg.trying != s.trying {
		return nil
	}
	s.trying = nil
	if msg.err != nil {
		return action.Send(action.Say{Err: msg.err})
	}
	s.preview = &preview{by: msg.by, edits: msg.edits}
	s.turn(0)
	if s.preview.shown == nil {
		s.nextOutcome()
	}
	return nil
}

// turn goes n messages on among those of the outcome; behind the last comes the first.
func (s *Screen) turn(n int) {
	p := s.preview
	list := p.of(p.outcome)
	if len(list) == 0 {
		p.shown = nil
		s.diff.SetLines(nil)
		return
	}
	p.at = (p.at + n + len(list)) % len(list)
	p.shown = list[p.at]
	if !p.shown.Changed() {
		s.diff.SetJSON(string(p.shown.Letter.Body))
		return
	}
	s.diff.SetDiff(diffLines(compare.Bodies(p.shown.Letter.Body, p.shown.Body)))
}

// nextOutcome goes on to the next outcome that there are messages of.
func (s *Screen) nextOutcome() {
	p := s.preview
	for range outcomes {
		if p.outcome = (p.outcome + 1) % outcomes; p.counts()[p.outcome] > 0 {
			break
		}
	}
	p.at = 0
	s.turn(0)
}

// previewActions are what can be done while an edit is looked at.
func (s *Screen) previewActions() []action.Action {
	p := s.preview
	turn := func(n int) func() tea.Cmd { return func() tea.Cmd { s.turn(n); return nil } }
	redrive := action.Action{
		Binding: keys.New(fmt.Sprintf("redrive %s edited", text.Count(p.edits.Accepted)), "enter"), Title: "redrive the edited messages as new orders",
		Changes: true, Unavailable: s.busy(), Run: func() tea.Cmd { return s.plan(p.edits.Selection(false, p.by)) },
	}
	if p.edits.Accepted == 0 {
		redrive.Unavailable = "no edited body is accepted by our decoder"
	}
	none := ""
	if p.shown == nil {
		none = "there is none of these"
	}
	return []action.Action{
		redrive,
		{Binding: keys.Binding{Keys: []string{"right"}, Label: "←/→", Help: "page"}, Title: "show what the edit does to the next message", Unavailable: none, Run: turn(1)},
		{Binding: keys.New("previous", "left"), Title: "show what the edit does to the message before", Quiet: true, Unavailable: none, Run: turn(-1)},
		{Binding: keys.New("outcome", "tab"), Title: "show the messages of the next outcome: edited, rejected, unchanged, failed, not JSON", Run: func() tea.Cmd { s.nextOutcome(); return nil }},
		s.jqAction(),
		{Binding: s.keys.CopyJSON, Title: "copy the edited body", Unavailable: none, Quiet: true, Run: func() tea.Cmd {
			body := p.shown.Body
			if body == nil {
				body = p.shown.Letter.Body
			}
			return action.Send(action.Copy{Text: string(body), What: "body"})
		}},
		{Binding: s.keys.Back, Title: "leave the edit; nothing was changed", Run: func() tea.Cmd { s.Back(); return nil }},
	}
}

// previewView is the edit over the whole screen.
func (s *Screen) previewView(w, h int) string {
	p := s.preview
	head := []string{text.Pad(" "+text.Clean(p.edits.String()), w-2)}
	choice := pane.Choice(int(p.outcome), p.titles()...)
	head = append(head, s.theme.Paint(theme.Dim, " "+text.Cut(choice, w-3)), "")
	note := "nothing is sent yet"
	if p.shown == nil {
		head = append(head, s.theme.Paint(theme.Dim, " none"))
	} else {
		note = fmt.Sprintf("%s of %s", text.Count(p.at+1), text.Count(p.counts()[p.outcome]))
		head = append(head, s.editHead(p.shown, w-3)...)
	}
	innerW, innerH := pane.Inner(w, h)
	head = head[:min(len(head), innerH-1)]
	s.diff.SetSize(innerW-1, max(1, innerH-len(head)))
	return pane.Frame(s.theme, "Edit by "+text.Clean(p.by), note, slices.Concat(head, pane.Indent(s.diff.View())), w, h, true)
}

// editHead says which message it is, and what would come of its edit.
func (s *Screen) editHead(e *operation.Edited, w int) []string {
	glyph, tone := s.theme.Status(string(e.Letter.Verdict))
	lines := []string{" " + text.Clean(string(e.Letter.ID)) + "  " + s.theme.Paint(tone, glyph+" "+string(e.Letter.Verdict))}
	said, tone := "✓ our decoder accepts it; it goes as a new order, with an order id of its own", theme.Good
	switch outcomeOf(e) {
	case edited:
	case rejected:
		said, tone = "✗ not sent: "+e.Why(), theme.Bad
	case unchanged:
		said, tone = "the edit changes nothing: it stays where it is", theme.Dim
	default:
		said, tone = "✗ not sent: "+e.Why(), theme.Warn
	}
	for _, line := range text.Wrap(text.Clean(said), w) {
		lines = append(lines, " "+s.theme.Paint(tone, line))
	}
	return append(lines, "")
}
