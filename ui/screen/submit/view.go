package submit

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/component/pane"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow"
)

const (
	// formHeight is three fields of two lines.
	formHeight = 6
	// bodyHeight is the frame of the body.
	bodyHeight = 7
	// sentShown is how many submissions are listed.
	sentShown = 20
	// wide is from where what was sent stands beside the form.
	wide = 110
)

func formWidth(w int) int {
	if w >= wide {
		return w / 2
	}
	return w
}

// View is the form, the exact body, and what was sent in this session.
func (s *Screen) View() string {
	w := formWidth(s.w)
	left := pane.Stack(s.formPane(w), s.bodyPane(w))
	used := formHeight + 2 + bodyHeight
	if w < s.w {
		rest := pane.Block(nil, w, max(0, s.h-used))
		if s.h > used {
			left = pane.Stack(left, rest)
		}
		return pane.Columns(left, s.sentPane(s.w-w, s.h))
	}
	return pane.Stack(left, s.sentPane(w, s.h-used))
}

func (s *Screen) formPane(w int) string {
	s.form.SetFocused(s.typing)
	title, body := "New order", s.form.View()
	if s.raw {
		title = "New order: raw body"
		line, _ := s.rawBody.View(s.theme, w-4, s.typing)
		body = "\n" + line + "\n\n" + s.theme.Paint(theme.Dim, "sent as it stands below; pasted line breaks and tabs are spaces")
	}
	return pane.Frame(s.theme, title, "", pane.Indent(body), w, formHeight+2, s.typing)
}

// bodyPane shows the bytes that would be sent, and what our decoder says.
func (s *Screen) bodyPane(w int) string {
	body := s.body()
	lines := chop(text.Clean(string(body)), w-4, 2)
	for i := range lines {
		lines[i] = " " + lines[i]
	}
	for len(lines) < 2 {
		lines = append(lines, "")
	}
	said := s.theme.Paint(theme.Good, "our decoder accepts it")
	if !s.raw && strings.Join(s.form.Values(), "") == "" {
		said = s.theme.Paint(theme.Dim, "nothing is typed yet")
	} else if _, err := workflow.DecodeBody(body); err != nil {
		said = s.theme.Paint(theme.Warn, "our decoder rejects it: "+text.Clean(err.Error()))
	}
	lines = append(lines, "", " "+said, s.theme.Paint(theme.Dim, fmt.Sprintf(" %d bytes · MD5 %s", len(body), workflow.BodyMD5(body))))
	return pane.Frame(s.theme, "Body", "exactly as it is sent", lines, w, bodyHeight, false)
}

// chop cuts s into at most most lines of w cells; the last one ends in an
// ellipsis when there is more.
func chop(s string, w, most int) []string {
	var lines []string
	for text.Width(s) > w && len(lines) < most-1 {
		cut := cells(s, w)
		lines = append(lines, s[:cut])
		s = s[cut:]
	}
	return append(lines, text.Cut(s, w))
}

// cells is the number of bytes of the longest prefix of s that fits w cells.
func cells(s string, w int) int {
	at, used := 0, 0
	for i, r := range s {
		used += text.Width(string(r))
		if used > w {
			return i
		}
		at = i + len(string(r))
	}
	return at
}

// idWidth keeps room for where the order is.
func idWidth(w int) int {
	if w >= 80 {
		return 36
	}
	return 13
}

// sentPane lists what was sent, newest first, and where it is now.
func (s *Screen) sentPane(w, h int) string {
	if h < 3 {
		return pane.Block(nil, w, max(0, h))
	}
	var lines []string
	for i, sent := range s.world.Store.Submissions() {
		if i == sentShown {
			break
		}
		glyph, tone := "✓", theme.Good
		id, where := string(sent.OrderID), "accepted"
		if sent.Outcome == workflow.Unknown {
			glyph, tone, id, where = "?", theme.Warn, "MD5 "+sent.BodyMD5, "not known: the answer was lost"
		}
		if o, ok := s.world.Store.Orders().Get(sent.OrderID); ok {
			where = o.Where
		}
		lines = append(lines, " "+text.Clock(sent.At)+" "+s.theme.Paint(tone, glyph)+" "+text.Middle(text.Clean(id), idWidth(w))+"  "+text.Clean(where))
	}
	if len(lines) == 0 {
		lines = []string{s.theme.Paint(theme.Dim, " nothing sent in this session")}
	}
	return pane.Frame(s.theme, "Sent in this session", "", lines, w, h, !s.typing)
}

// Cursor is where the form or the raw body is typed.
func (s *Screen) Cursor() *tea.Cursor {
	if !s.typing {
		return nil
	}
	if s.raw {
		_, x := s.rawBody.View(s.theme, formWidth(s.w)-4, true)
		return tea.NewCursor(x+2, 2)
	}
	c := s.form.Cursor()
	if c == nil {
		return nil
	}
	moved := *c
	moved.X, moved.Y = c.X+2, c.Y+1
	return &moved
}
