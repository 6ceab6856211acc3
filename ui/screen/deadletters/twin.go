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
	"orderops/workflow"
	"orderops/workflow/compare"
)

// twins are two messages that are compared.
type twins struct {
	a, b workflow.DeadLetter
	// changed is how many values differ.
	changed int
}

// compareAction shows how two marked messages differ.
func (s *Screen) compareAction() action.Action {
	a := action.Action{Binding: keys.New("compare two", "x"), Title: "show how the two marked messages differ", Quiet: true, Run: s.compare}
	switch {
	case s.grouped:
		a.Unavailable = "open the group and mark two messages"
	case s.list.MarkCount() != 2:
		a.Unavailable = "mark two messages with " + s.world.Key("mark") + " first"
	}
	return a
}

func (s *Screen) compare() tea.Cmd {
	letters := s.chosen()
	if len(letters) != 2 {
		return action.Send(action.Say{Text: "a marked message is not in the list any more: mark two again"})
	}
	if letters[1].Sent.Before(letters[0].Sent) {
		slices.Reverse(letters)
	}
	t := &twins{a: letters[0], b: letters[1]}
	bodies, attributes := compare.Bodies(t.a.Body, t.b.Body), compare.Attributes(t.a.Attributes, t.b.Attributes)
	t.changed = bodies.Changed() + attributes.Changed()
	lines := append([]string{"body"}, diffLines(bodies)...)
	lines = append(lines, "", "message attributes")
	if len(attributes.Lines) == 0 {
		lines = append(lines, "  neither has any")
	}
	s.diff.SetDiff(append(lines, diffLines(attributes)...))
	s.twins = t
	return nil
}

// twinActions are what can be done while two messages are compared.
func (s *Screen) twinActions() []action.Action {
	return []action.Action{
		{Binding: s.keys.Back, Title: "back to the list", Run: func() tea.Cmd { s.Back(); return nil }},
		s.wrapDiff(),
	}
}

func (s *Screen) wrapDiff() action.Action {
	return action.Action{Binding: keys.New("wrap or not", "w"), Title: "wrap long lines, or scroll them by ← and →", Quiet: true, Run: func() tea.Cmd { s.diff.Wrap(); return nil }}
}

// twinsView is the difference of two messages over the whole screen.
func (s *Screen) twinsView(w, h int) string {
	t := s.twins
	head := []string{
		s.twinLine("-", t.a), s.twinLine("+", t.b),
		s.theme.Paint(theme.Dim, text.Cut(" - only in the first · + only in the second · ~ differs", w-2)), "",
	}
	innerW, innerH := pane.Inner(w, h)
	s.diff.SetSize(innerW-1, max(1, innerH-len(head)))
	note := plural(t.changed, "difference")
	if t.changed == 0 {
		note = "no difference"
	}
	return pane.Frame(s.theme, "Two dead letters", note, slices.Concat(head, pane.Indent(s.diff.View())), w, h, true)
}

func (s *Screen) twinLine(sign string, d workflow.DeadLetter) string {
	glyph, tone := s.theme.Status(string(d.Verdict))
	return fmt.Sprintf(" %s %s  sent %s  %s", sign, text.Clean(string(d.ID)), text.Clock(d.Sent), s.theme.Paint(tone, glyph+" "+string(d.Verdict)))
}
