package timeline

import (
	"slices"
	"strings"
	"time"

	"orderops/ui/text"
	"orderops/ui/theme"
)

// scale maps time to cells. Stretches in which nothing begins or ends and that
// would leave no room for the others are folded to a few cells.
type scale struct {
	stretches []stretch
	w         int
}

// stretch is the time between two neighbouring events.
type stretch struct {
	from, to time.Time
	// folded stretches name their length, or the gap that they are.
	folded bool
	label  string
	// a and b are its cells.
	a, b int
}

func (s *stretch) length() time.Duration { return s.to.Sub(s.from) }

// foldWidth is the cells of a folded stretch.
const foldWidth = 7

// outweighs is how much longer than all others together a stretch must be to be
// folded.
const outweighs = 2

// newScale makes the scale of w cells.
func newScale(c *Chart, w int) scale {
	s := scale{w: w}
	edges := c.edges()
	for i := 1; i < len(edges); i++ {
		s.stretches = append(s.stretches, stretch{from: edges[i-1], to: edges[i]})
	}
	for _, gap := range c.Gaps {
		for i := range s.stretches {
			if part := &s.stretches[i]; !part.from.Before(gap.From) && !part.to.After(gap.To) && part.length() > 0 {
				part.folded, part.label = true, gap.Label
			}
		}
	}
	if w >= 16 {
		s.fold(c)
	}
	s.spread()
	return s
}

// edges are the times at which something begins or ends, in order.
func (c *Chart) edges() []time.Time {
	var edges []time.Time
	for i := range c.Rows {
		r := &c.Rows[i]
		if r.Start.IsZero() {
			continue
		}
		edges = append(edges, r.Start, end(r, c.Now))
		if r.End.IsZero() && r.Expected.After(c.Now) {
			edges = append(edges, r.Expected)
		}
		edges = append(edges, r.Retries...)
	}
	if len(edges) > 0 {
		for _, gap := range c.Gaps {
			edges = append(edges, gap.From, gap.To)
		}
	}
	slices.SortFunc(edges, time.Time.Compare)
	return slices.CompactFunc(edges, time.Time.Equal)
}

// fold folds the longest stretch as long as it outweighs all others. What still
// runs is never folded.
func (s *scale) fold(c *Chart) {
	var open time.Duration
	for i := range s.stretches {
		if !s.stretches[i].folded {
			open += s.stretches[i].length()
		}
	}
	for {
		longest := -1
		for i := range s.stretches {
			part := &s.stretches[i]
			if !part.folded && !c.running(part) && (longest < 0 || part.length() > s.stretches[longest].length()) {
				longest = i
			}
		}
		if longest < 0 {
			return
		}
		part := &s.stretches[longest]
		if rest := open - part.length(); rest <= 0 || part.length() <= outweighs*rest || part.length() < time.Second {
			return
		}
		part.folded, part.label = true, text.Duration(part.length())
		open -= part.length()
	}
}

// running tells that a row is at work in a stretch that ends now, or has now in it.
func (c *Chart) running(part *stretch) bool {
	return slices.ContainsFunc(c.Rows, func(r Row) bool {
		return !r.Start.IsZero() && r.End.IsZero() && !part.to.Before(c.Now)
	})
}

// spread gives each stretch its cells.
func (s *scale) spread() {
	var open time.Duration
	room, folds := s.w, 0
	for i := range s.stretches {
		if s.stretches[i].folded {
			folds++
		} else {
			open += s.stretches[i].length()
		}
	}
	width := max(1, min(foldWidth, s.w/(folds+2)))
	for i := range s.stretches {
		if s.stretches[i].folded {
			room -= width
		}
	}
	at, passed := 0, time.Duration(0)
	start := 0 // cells of the folds so far
	for i := range s.stretches {
		part := &s.stretches[i]
		part.a = at
		if part.folded {
			start += width
		} else {
			passed += part.length()
		}
		at = start
		if open > 0 {
			at += int(float64(max(room, 0)) * (float64(passed) / float64(open)))
		}
		at = min(at, s.w)
		part.b = at
	}
}

// cell is where a time stands.
func (s *scale) cell(t time.Time) int {
	for i := range s.stretches {
		part := &s.stretches[i]
		if t.After(part.to) {
			continue
		}
		if !t.After(part.from) {
			return part.a
		}
		return part.a + int(float64(part.b-part.a)*(float64(t.Sub(part.from))/float64(part.length())))
	}
	return s.w
}

// folds marks in a bar that was drawn where time is folded.
func (s *scale) folds(bar []rune) {
	for i := range s.stretches {
		part := &s.stretches[i]
		if !part.folded {
			continue
		}
		for x := part.a; x < min(part.b, len(bar)); x++ {
			if (bar[x] == done || bar[x] == going) && x > part.a && x < part.b-1 {
				bar[x] = '┄'
			}
		}
	}
}

// axis names the folded stretches in w cells, of which the scale begins at cell
// offset; "" when there are none. A name stands under its stretch where there is
// room, else beside it.
func (s *scale) axis(th *theme.Theme, offset, w int) string {
	var b strings.Builder
	at := 0
	for i := range s.stretches {
		part := &s.stretches[i]
		if !part.folded || part.b <= part.a {
			continue
		}
		label := text.Clean(head(part.label))
		from := max(at, min(offset+(part.a+part.b-text.Width(label))/2, w-text.Width(label)))
		label = text.Cut(label, w-from)
		b.WriteString(text.Space(from - at))
		b.WriteString(label + " ")
		at = from + text.Width(label) + 1
	}
	if at == 0 {
		return ""
	}
	return th.Paint(theme.Dim, text.Pad(b.String(), w))
}
