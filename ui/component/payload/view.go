package payload

import (
	"strings"

	"orderops/ui/component/pane"
	"orderops/ui/text"
	"orderops/ui/theme"
)

// layout cuts the lines into pieces of the width, once per width.
func (p *Payload) layout() []piece {
	w := max(p.w-1, 1) // the last column is for the scroll bar
	if p.wrapped == w {
		return p.pieces
	}
	p.pieces, p.wrapped = p.pieces[:0], w
	for i, l := range p.lines {
		if p.unwrap {
			p.pieces = append(p.pieces, piece{i, 0, len(l)})
			continue
		}
		from := 0
		for {
			n := text.Fits(l[from:], w)
			p.pieces = append(p.pieces, piece{i, from, from + n})
			from += n
			if from >= len(l) {
				break
			}
		}
	}
	return p.pieces
}

// View is exactly h lines of exactly w cells.
func (p *Payload) View() string {
	pieces := p.layout()
	p.move(0)
	w := max(p.w-1, 0)
	from, to := pane.Thumb(p.scroll.Top, len(pieces), p.h)
	var b strings.Builder
	b.Grow((p.w + 1) * p.h)
	for y := range p.h {
		if y > 0 {
			b.WriteByte('\n')
		}
		if i := p.scroll.Top + y; i < len(pieces) {
			b.WriteString(p.draw(pieces[i], w))
		} else {
			b.WriteString(text.Space(w))
		}
		switch {
		case p.w == 0:
		case y >= from && y < to:
			b.WriteString(p.theme.Paint(theme.Dim, "┃"))
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// draw is one piece in w cells, with the JSON key made visible.
func (p *Payload) draw(c piece, w int) string {
	s := p.lines[c.line][c.from:c.to]
	if p.unwrap {
		s = text.Slice(s, p.x, w)
	}
	if p.diff {
		return text.Pad(p.theme.Paint(signTone(p.lines[c.line]), s), w)
	}
	if p.json && c.from == 0 && p.x == 0 {
		if n := keyEnd(s); n > 0 {
			return text.Pad(p.theme.Paint(theme.Info, s[:n])+s[n:], w)
		}
	}
	return text.Pad(s, w)
}

// signTone is the tone of a line of a diff.
func signTone(line string) theme.Tone {
	switch {
	case strings.HasPrefix(line, "- "):
		return theme.Bad
	case strings.HasPrefix(line, "+ "):
		return theme.Good
	case strings.HasPrefix(line, "~ "):
		return theme.Warn
	case strings.HasPrefix(line, "  "):
		return theme.Dim
	}
	return theme.Text
}

// keyEnd is the length of the key, with its quotes and indent, at the start of
// a line of indented JSON; 0 when there is none.
func keyEnd(s string) int {
	i := 0
	for i < len(s) && s[i] == ' ' {
		i++
	}
	if i == len(s) || s[i] != '"' {
		return 0
	}
	for i++; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			if i+1 < len(s) && s[i+1] == ':' {
				return i + 1
			}
			return 0
		}
	}
	return 0
}
