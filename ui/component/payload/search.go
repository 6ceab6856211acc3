package payload

import (
	"strings"

	"orderops/ui/text"
	"orderops/ui/theme"
)

// Search looks for a text in all lines, whatever the case of its ASCII letters,
// goes to the first match from the top of the screen on, and returns the number
// of lines that match. Empty ends the search.
func (p *Payload) Search(query string) int {
	p.query = lower(query)
	p.find()
	if len(p.hits) == 0 {
		return 0
	}
	top := 0
	if pieces := p.layout(); p.scroll.Top < len(pieces) {
		top = pieces[p.scroll.Top].line
	}
	for p.hit < len(p.hits)-1 && p.hits[p.hit] < top {
		p.hit++
	}
	p.show()
	return len(p.hits)
}

func (p *Payload) find() {
	p.hits, p.hit = p.hits[:0], 0
	if p.query == "" {
		return
	}
	for i, l := range p.lines {
		if strings.Contains(lower(l), p.query) {
			p.hits = append(p.hits, i)
		}
	}
}

// Next goes n matches further, round the end.
func (p *Payload) Next(n int) {
	if len(p.hits) == 0 {
		return
	}
	p.hit = ((p.hit+n)%len(p.hits) + len(p.hits)) % len(p.hits)
	p.show()
}

// Matches is the number of the current match, from 1, and of all; 0, 0 without.
func (p *Payload) Matches() (at, of int) {
	if len(p.hits) == 0 {
		return 0, 0
	}
	return p.hit + 1, len(p.hits)
}

// show scrolls to the piece in which the current match begins.
func (p *Payload) show() {
	line := p.hits[p.hit]
	at := strings.Index(lower(p.lines[line]), p.query)
	for i, c := range p.layout() {
		if c.line == line && at < max(c.to, 1) {
			p.scroll.Show(i, len(p.pieces), p.h)
			return
		}
	}
}

// mark paints every match in s; false when there is none.
func (p *Payload) mark(s string) (string, bool) {
	low := lower(s)
	next := strings.Index(low, p.query)
	if next < 0 {
		return s, false
	}
	hit := func(from, to int) bool {
		for next >= 0 && next+len(p.query) <= from {
			more := strings.Index(low[next+len(p.query):], p.query)
			if more < 0 {
				next = -1
				return false
			}
			next += len(p.query) + more
		}
		return next >= 0 && next < to
	}
	return text.Highlight(s, hit, func(part string) string { return p.theme.Paint(theme.Selected, part) }), true
}

// lower changes only ASCII letters, so that byte positions stay.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}
