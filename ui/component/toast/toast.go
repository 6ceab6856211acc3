// Package toast shows the last news on one line and keeps every error, in full,
// until it has been read.
package toast

import (
	"slices"
	"time"

	"orderops/ui/component/pane"
	"orderops/ui/text"
	"orderops/ui/theme"
)

// Level is how much a message matters.
type Level int

// The levels.
const (
	Info Level = iota
	Good
	Error
)

// How long a toast stays, and how many errors are kept.
const (
	stay      = 4 * time.Second
	stayError = 12 * time.Second
	keep      = 200
)

// Entry is one message.
type Entry struct {
	At    time.Time
	Level Level
	// Text is the line of the toast.
	Text string
	// Detail is the whole story, of several lines; shown in the error log.
	Detail string
	// Times is how often the same error came in a row.
	Times int
}

// Toasts holds the current toast and the error log. The zero value is empty.
type Toasts struct {
	current Entry
	until   time.Time
	log     []Entry
	unread  int
}

// Show replaces the toast. Errors also go to the log; the same one again only
// counts there.
func (t *Toasts) Show(e Entry) {
	e.Times = 1
	d := stay
	if e.Level == Error {
		d = stayError
		t.unread++
		if n := len(t.log); n > 0 && t.log[n-1].Text == e.Text && t.log[n-1].Detail == e.Detail {
			e.Times += t.log[n-1].Times
			t.log = t.log[:n-1]
		}
		t.log = append(t.log, e)
		if len(t.log) > keep {
			t.log = append(t.log[:0], t.log[len(t.log)-keep:]...)
		}
	}
	t.current, t.until = e, e.At.Add(d)
}

// Visible reports whether a toast is shown at now.
func (t *Toasts) Visible(now time.Time) bool { return now.Before(t.until) }

// Dismiss takes the toast away; the log keeps it.
func (t *Toasts) Dismiss() { t.until = time.Time{} }

// Unread is the number of errors since the log was last opened.
func (t *Toasts) Unread() int { return t.unread }

// Log is every kept error, oldest first.
func (t *Toasts) Log() []Entry { return t.log }

// MarkRead sets the unread count to zero.
func (t *Toasts) MarkRead() { t.unread = 0 }

// glyph and tone of a level.
func (l Level) look() (string, theme.Tone) {
	switch l {
	case Good:
		return "✓", theme.Good
	case Error:
		return "✗", theme.Bad
	case Info:
	}
	return "·", theme.Info
}

// View is one line of exactly w cells, or "" when there is no toast.
func (t *Toasts) View(th *theme.Theme, now time.Time, w int) string {
	if !t.Visible(now) || w <= 0 {
		return ""
	}
	glyph, tone := t.current.Level.look()
	more := ""
	if t.current.Level == Error && w > 40 {
		more = "  ! in full "
	}
	return th.Paint(tone, text.Fit(" "+glyph+" "+text.Fit(t.current.Text, max(w-3-len(more), 0)), w-len(more))) + th.Paint(theme.Dim, more)
}

// LogLines is the log in full, newest first, wrapped to w cells.
func (t *Toasts) LogLines(th *theme.Theme, w int) []string {
	var out []string
	for _, e := range slices.Backward(t.log) {
		glyph, tone := e.Level.look()
		times := ""
		if e.Times > 1 {
			times = text.Count(e.Times) + " times, last "
		}
		out = append(out, th.Paint(theme.Dim, text.Fit(times+text.Clock(e.At), w)))
		for _, l := range text.Wrap(glyph+" "+text.Clean(e.Text), w) {
			out = append(out, th.Paint(tone, text.Pad(l, w)))
		}
		if e.Detail != "" {
			for _, p := range text.Lines(e.Detail) {
				for _, l := range text.Wrap(p, max(w-2, 1)) {
					out = append(out, text.Pad("  "+l, w))
				}
			}
		}
		out = append(out, text.Space(w))
	}
	return out
}

// LogView is the log as a box of w cells and as many lines as it needs, h at most.
func (t *Toasts) LogView(th *theme.Theme, s *pane.Scroll, w, h int) string {
	in, rows := pane.Inner(w, h)
	lines := t.LogLines(th, max(in-3, 0))
	h, rows = min(h, len(lines)+2), min(rows, len(lines))
	for i, l := range lines {
		lines[i] = " " + l + " "
	}
	return pane.Frame(th, "Errors", text.Count(len(t.log)), s.View(th, lines, in, rows), w, h, true)
}
