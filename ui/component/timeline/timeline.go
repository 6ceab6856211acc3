// Package timeline draws spans of time as bars under one another.
package timeline

import (
	"strings"
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
	// Note is shown at the right end: how long, how often, what is left.
	Note string
}

// Lines draws each row in exactly w cells: glyph, label, a bar in proportion to
// the whole time from the first start to the last end (now for what runs), and
// the note. A span too short for a cell gets one.
func Lines(th *theme.Theme, rows []Row, now time.Time, w int) []string {
	from, to := extent(rows, now)
	label, note := 0, 0
	for i := range rows {
		label = max(label, text.Width(text.Clean(head(rows[i].Label))))
		note = max(note, text.Width(text.Clean(head(rows[i].Note))))
	}
	label, note = min(label, max(w*2/5, 0)), min(note, max(w/3, 0))
	bar := w - 2 - label - 1 - 1 - note
	if bar < 4 {
		note, bar = 0, max(w-2-label-1, 0)
	}
	out := make([]string, len(rows))
	for i := range rows {
		r := &rows[i]
		line := th.Paint(r.Tone, text.Fit(r.Glyph, 1)) + " " + text.Fit(r.Label, label) + " " + th.Paint(r.Tone, draw(r, from, to, now, bar))
		if note > 0 {
			line += " " + th.Paint(theme.Dim, text.FitLeft(r.Note, note))
		}
		out[i] = text.Pad(line, w)
	}
	return out
}

// head bounds the work on a hostile label.
func head(s string) string { return s[:min(len(s), 1024)] }

// extent is the time that all rows share.
func extent(rows []Row, now time.Time) (from, to time.Time) {
	for i := range rows {
		r := &rows[i]
		if r.Start.IsZero() {
			continue
		}
		end := end(r, now)
		if r.End.IsZero() && r.Expected.After(end) {
			end = r.Expected
		}
		if from.IsZero() || r.Start.Before(from) {
			from = r.Start
		}
		if to.IsZero() || end.After(to) {
			to = end
		}
	}
	return from, to
}

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

// draw is a bar within w cells. A finished span is solid, a running one shaded.
func draw(r *Row, from, to, now time.Time, w int) string {
	if w <= 0 {
		return ""
	}
	if r.Start.IsZero() {
		return text.Space(w)
	}
	whole := max(float64(to.Sub(from)), 1)
	cell := func(t time.Time) int { return int(float64(w) * (float64(t.Sub(from)) / whole)) }
	a := max(min(cell(r.Start), w-1), 0)
	b := max(min(cell(end(r, now)), w), a+1)
	if !r.End.IsZero() {
		return text.Space(a) + strings.Repeat("▇", b-a) + text.Space(w-b)
	}
	left := max(min(cell(r.Expected), w)-b, 0)
	return text.Space(a) + strings.Repeat("▒", b-a) + strings.Repeat("·", left) + text.Space(w-b-left)
}
