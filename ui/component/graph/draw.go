package graph

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"orderops/ui/text"
	"orderops/ui/theme"
)

// cell is one place of the window: a text, or the strokes that meet in it.
type cell struct {
	up, right, down, left uint8 // 0 none, 1 light, 2 heavy
	tone                  theme.Tone
	// text is a grapheme; covered cells are the right half of a wide one.
	text    string
	covered bool
}

// strokes are the box-drawing characters by the weights up, right, down, left.
const strokes = " ╴╸╷┐┑╻┒┓╶─╾┌┬┭┎┰┱╺╼━┍┮┯┏┲┳" +
	"╵┘┙│┤┥╽┧┪└┴┵├┼┽┟╁╅┕┶┷┝┾┿┢╆╈" +
	"╹┚┛╿┦┩┃┨┫┖┸┹┞╀╃┠╂╉┗┺┻┡╄╇┣╊╋"

// draw makes the window's lines.
func (g *Graph) draw() string {
	n := g.w * g.h
	if cap(g.cells) < n {
		g.cells = make([]cell, n)
	}
	g.cells = g.cells[:n]
	clear(g.cells)
	for i := range g.picture.Lines {
		if !g.picture.Lines[i].Heavy {
			g.line(&g.picture.Lines[i])
		}
	}
	for i := range g.picture.Lines {
		if g.picture.Lines[i].Heavy {
			g.line(&g.picture.Lines[i])
		}
	}
	for i := range g.picture.Labels {
		l := &g.picture.Labels[i]
		g.write(l.X, l.Y, l.W, l.Text, l.Tone)
	}
	for i := range g.picture.Boxes {
		if b := &g.picture.Boxes[i]; g.sees(b.X, b.Y, b.W+8, b.H) {
			g.box(b)
		}
	}
	for i := range g.picture.Lines {
		if l := &g.picture.Lines[i]; l.Arrow && len(l.Points) > 0 {
			end := l.Points[len(l.Points)-1]
			g.write(end.X, end.Y, 1, "▼", l.Tone)
		}
	}
	return g.lines()
}

// left is how far a small picture is moved to stand in the middle.
func (g *Graph) left() int { return max(0, (g.w-g.picture.W)/2) }

// sees tells whether any of a rectangle may be in the window.
func (g *Graph) sees(x, y, w, h int) bool {
	x += g.left()
	return x < g.x+g.w && x+w > g.x && y < g.y+g.h && y+h > g.y
}

// at is the cell of a place in the picture, nil when it is not in the window.
func (g *Graph) at(x, y int) *cell {
	x, y = x-g.x+g.left(), y-g.y
	if x < 0 || y < 0 || x >= g.w || y >= g.h {
		return nil
	}
	return &g.cells[y*g.w+x]
}

// line strokes along the points.
func (g *Graph) line(l *Line) {
	weight := uint8(1)
	if l.Heavy {
		weight = 2
	}
	for i := 1; i < len(l.Points); i++ {
		a, b := l.Points[i-1], l.Points[i]
		if a.Y == b.Y {
			g.across(min(a.X, b.X), max(a.X, b.X), a.Y, weight, l.Tone)
		} else {
			g.down(a.X, min(a.Y, b.Y), max(a.Y, b.Y), weight, l.Tone)
		}
	}
}

func (g *Graph) across(from, to, y int, weight uint8, tone theme.Tone) {
	if y < g.y || y >= g.y+g.h {
		return
	}
	for x := max(from, g.x-g.left()); x <= min(to, g.x+g.w); x++ {
		if c := g.at(x, y); c != nil {
			if x > from {
				c.left = max(c.left, weight)
			}
			if x < to {
				c.right = max(c.right, weight)
			}
			c.tone = tone
		}
	}
}

func (g *Graph) down(x, from, to int, weight uint8, tone theme.Tone) {
	for y := max(from, g.y); y <= min(to, g.y+g.h); y++ {
		if c := g.at(x, y); c != nil {
			if y > from {
				c.up = max(c.up, weight)
			}
			if y < to {
				c.down = max(c.down, weight)
			}
			c.tone = tone
		}
	}
}

// box draws a frame and what stands in its first row.
func (g *Graph) box(b *Box) {
	if b.Frameless {
		start := ""
		if b.Start {
			start = "● "
		}
		g.write(b.X+1, b.Y, b.W-2, b.words(start, b.W-2), b.toned())
		return
	}
	weight := uint8(1)
	if b.Heavy {
		weight = 2
	}
	right, bottom := b.X+b.W-1, b.Y+b.H-1
	g.across(b.X, right, b.Y, weight, b.Tone)
	g.across(b.X, right, bottom, weight, b.Tone)
	g.down(b.X, b.Y, bottom, weight, b.Tone)
	g.down(right, b.Y, bottom, weight, b.Tone)
	if b.Start {
		g.write(b.Port, b.Y, 1, "●", b.Tone)
	}
	if b.End {
		g.write(b.Port, bottom, 1, "◉", b.Tone)
	}
	g.write(b.X+1, b.Y+1, b.W-2, " "+b.words("", b.W-4)+" ", b.toned())
	if b.Beside != "" {
		g.across(right, right+1, b.Y+1, 1, b.Tone)
		g.write(right+1, b.Y+1, 4, b.Beside, b.Tone)
	}
}

func (b *Box) toned() theme.Tone {
	if b.Selected {
		return theme.Selected
	}
	return b.Tone
}

// words is the text of a box in w cells: in the middle, or with its note at the
// right end.
func (b *Box) words(start string, w int) string {
	head := start
	if b.Glyph != "" {
		head += b.Glyph + " "
	}
	note := ""
	if b.Note != "" {
		note = " " + text.Clean(b.Note)
	}
	room := w - text.Width(head) - text.Width(note)
	return text.Centre(head+text.Cut(text.Clean(bound(b.Label)), room)+note, w)
}

// bound keeps the work on a hostile text small.
func bound(s string) string { return s[:min(len(s), 1024)] }

// write puts at most w cells of a text over what is there. Half of a wide
// character at the window's edge is a blank.
func (g *Graph) write(x, y, w int, s string, tone theme.Tone) {
	if s == "" || g.at(g.x-g.left(), y) == nil {
		return
	}
	s = text.Cut(text.Clean(bound(s)), w)
	for s != "" {
		grapheme, gw := s[:1], 1
		if s[0] >= 0x80 || len(s) > 1 && s[1] >= 0x80 {
			grapheme, gw = ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
		}
		s = s[len(grapheme):]
		g.split(x, y)
		g.split(x+gw, y)
		whole := g.at(x, y) != nil && g.at(x+gw-1, y) != nil
		for i := range gw {
			c := g.at(x+i, y)
			switch {
			case c == nil:
			case !whole:
				*c = cell{text: " ", tone: tone}
			case i == 0:
				*c = cell{text: grapheme, tone: tone}
			default:
				*c = cell{covered: true, tone: tone}
			}
		}
		x += gw
	}
}

// split blanks a wide character whose right half begins at a cell, before the
// cell or the one left of it is written over.
func (g *Graph) split(x, y int) {
	right := g.at(x, y)
	if right == nil || !right.covered {
		return
	}
	right.covered, right.text = false, " "
	if left := g.at(x-1, y); left != nil {
		left.text = " "
	}
}

// lines writes the cells, a style for each run of a tone.
func (g *Graph) lines() string {
	stroke := []rune(strokes)
	var b strings.Builder
	b.Grow(len(g.cells) + len(g.cells)/4)
	for y := range g.h {
		if y > 0 {
			b.WriteByte('\n')
		}
		open := theme.Text
		for x := range g.w {
			c := &g.cells[y*g.w+x]
			if c.covered {
				continue
			}
			sign := c.up | c.right | c.down | c.left
			if tone := c.tone; (c.text != "" || sign != 0 || open == theme.Selected) && tone != open {
				if g.theme.Open(open) != "" {
					b.WriteString(theme.Close)
				}
				b.WriteString(g.theme.Open(tone))
				open = tone
			}
			if c.text != "" {
				b.WriteString(c.text)
				continue
			}
			b.WriteRune(stroke[int(c.up)*27+int(c.right)*9+int(c.down)*3+int(c.left)])
		}
		if g.theme.Open(open) != "" {
			b.WriteString(theme.Close)
		}
	}
	return b.String()
}
