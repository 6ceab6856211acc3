// Package timeline draws spans of time as bars under one another.
package timeline

import (
	"time"

	"orderops/ui/text"
	"orderops/ui/theme"
)

// Row is one span.
type Row struct {
	Label string
	Glyph string
	Tone  theme.Tone
	// Start zero: the span has not begun. End zero: it still runs.
	Start, End time.Time
	// Expected is when a running span is to end; zero when that is not known.
	// What is left of it is drawn lightly.
	Expected time.Time
	// Retries are when it was tried again.
	Retries []time.Time
	// Note is shown at the right end: how long, how often, what is left.
	Note string
}

// Gap is a time in which nothing happened, that is named instead of drawn.
type Gap struct {
	From, To time.Time
	Label    string
}

// Chart is rows over one scale of time.
type Chart struct {
	Rows []Row
	Gaps []Gap
	Now  time.Time
}

// Lines draws each row in exactly w cells: glyph, label, a bar on the scale that
// all rows share, and the note. A span too short for a cell gets one. folds is a
// line that names the folded stretches of time, "" when there are none.
func (c *Chart) Lines(th *theme.Theme, w int) (lines []string, folds string) {
	label, note := 0, 0
	for i := range c.Rows {
		label = max(label, text.Width(text.Clean(head(c.Rows[i].Label))))
		note = max(note, text.Width(text.Clean(head(c.Rows[i].Note))))
	}
	label, note = min(label, max(w*2/5, 0)), min(note, max(w/3, 0))
	bar := w - 2 - label - 1 - 1 - note
	if bar < 4 {
		note, bar = 0, max(w-2-label-1, 0)
	}
	s := newScale(c, bar)
	lines = make([]string, len(c.Rows))
	for i := range c.Rows {
		r := &c.Rows[i]
		line := th.Paint(r.Tone, text.Fit(r.Glyph, 1)) + " " + text.Fit(r.Label, label) + " " + th.Paint(r.Tone, s.draw(r, c.Now))
		if note > 0 {
			line += " " + th.Paint(theme.Dim, text.FitLeft(r.Note, note))
		}
		lines[i] = text.Pad(line, w)
	}
	return lines, s.axis(th, 3+label, w)
}

// head bounds the work on a hostile label.
func head(s string) string { return s[:min(len(s), 1024)] }

// end is when a span ended, or now; never before its start, whatever the
// clocks say.
func end(r *Row, now time.Time) time.Time {
	e := r.End
	if e.IsZero() {
		e = now
	}
	if e.Before(r.Start) {
		return r.Start
	}
	return e
}

const (
	done  = '▇'
	going = '▒'
)

// draw is a row's bar. A finished span is solid, a running one shaded.
func (s *scale) draw(r *Row, now time.Time) string {
	if s.w <= 0 {
		return ""
	}
	bar := []rune(text.Space(s.w))
	if r.Start.IsZero() {
		return string(bar)
	}
	a := max(min(s.cell(r.Start), s.w-1), 0)
	b := max(min(s.cell(end(r, now)), s.w), a+1)
	sign := done
	if r.End.IsZero() {
		sign = going
	}
	for x := a; x < b; x++ {
		bar[x] = sign
	}
	if r.End.IsZero() && r.Expected.After(now) {
		for x := b; x < s.cell(r.Expected); x++ {
			bar[x] = '·'
		}
	}
	s.folds(bar)
	for _, at := range r.Retries {
		if x := s.cell(at); x >= a && x < b {
			bar[x] = '↻'
		}
	}
	return string(bar)
}
