package vtscreen

import (
	"fmt"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

func (s *Screen) print(r rune) {
	g := string(r)
	w := ansi.StringWidthWc(g)
	if w == 0 { // combining mark, ZWJ, variation selector: joins the cell before
		px := s.x - 1
		if s.wrapNext {
			px = s.x
		}
		for px > 0 {
			if c := s.buf.CellAt(px, s.y); c != nil && c.Content != "" {
				break
			}
			px--
		}
		if c := s.buf.CellAt(px, s.y); px >= 0 && c != nil && c.Content != "" {
			n := *c
			n.Content += g
			s.buf.SetCell(px, s.y, &n)
		}
		return
	}
	s.put(g, w)
	s.lastPrint = g
}

func (s *Screen) put(g string, w int) {
	if s.wrapNext && s.modes[7] {
		s.x = 0
		s.linefeed()
	}
	s.wrapNext = false
	if s.x+w > s.w {
		if s.modes[7] {
			s.x = 0
			s.linefeed()
		} else {
			s.x = s.w - w
		}
	}
	s.buf.SetCell(s.x, s.y, &uv.Cell{Content: g, Width: w, Style: s.pen, Link: s.link})
	s.x += w
	if s.x >= s.w {
		s.x = s.w - 1
		s.wrapNext = true
	}
}

func (s *Screen) blank() *uv.Cell { // background colour erase
	c := uv.EmptyCell
	if s.pen.Bg != nil {
		c.Style.Bg = s.pen.Bg
	}
	return &c
}

func (s *Screen) region() uv.Rectangle { return uv.Rect(0, s.top, s.w, s.bot-s.top+1) }

func (s *Screen) scrollUp(n int) {
	s.buf.DeleteLineArea(s.top, min(n, s.bot-s.top+1), s.blank(), s.region())
}

func (s *Screen) scrollDown(n int) {
	s.buf.InsertLineArea(s.top, min(n, s.bot-s.top+1), s.blank(), s.region())
}

func (s *Screen) linefeed() {
	if s.y == s.bot {
		s.scrollUp(1)
	} else if s.y < s.h-1 {
		s.y++
	}
}

func (s *Screen) reverseIndex() {
	if s.y == s.top {
		s.scrollDown(1)
	} else if s.y > 0 {
		s.y--
	}
}

func (s *Screen) move(x, y int) {
	s.x, s.y = min(max(x, 0), s.w-1), min(max(y, 0), s.h-1)
	s.wrapNext = false
}

func (s *Screen) execute(b byte) {
	switch b {
	case '\r':
		s.move(0, s.y)
	case '\n', '\v', '\f':
		s.wrapNext = false
		s.linefeed()
	case '\b':
		s.move(s.x-1, s.y)
	case '\t':
		s.tab(1)
	case 0x84: // IND
		s.linefeed()
	case 0x85: // NEL
		s.x = 0
		s.linefeed()
	case 0x88: // HTS
		s.tabs[s.x] = true
	case 0x8d: // RI
		s.reverseIndex()
	}
}

func (s *Screen) tab(n int) {
	x := s.x
	for n = min(n, s.w); n > 0; n-- {
		for x++; x < s.w-1 && !s.tabs[x]; x++ {
		}
	}
	s.move(x, s.y)
}

func (s *Screen) backTab(n int) {
	x := s.x
	for n = min(n, s.w); n > 0; n-- {
		for x--; x > 0 && !s.tabs[x]; x-- {
		}
	}
	s.move(x, s.y)
}

func (s *Screen) esc(cmd ansi.Cmd) {
	if cmd.Intermediate() != 0 {
		return // charset selection and the like
	}
	switch cmd.Final() {
	case '7':
		s.save()
	case '8':
		s.restore()
	case 'D':
		s.linefeed()
	case 'E':
		s.x = 0
		s.linefeed()
	case 'H':
		s.tabs[s.x] = true
	case 'M':
		s.reverseIndex()
	case 'c':
		s.buf.Clear()
		s.pen, s.link = uv.Style{}, uv.Link{}
		s.top, s.bot = 0, s.h-1
		s.move(0, 0)
		s.resetTabs()
	case '=', '>', '\\':
	default:
		s.unk("ESC %q", string(rune(cmd.Final())))
	}
}

func (s *Screen) slot() *cursorState {
	if s.buf == s.alt {
		return &s.saved[1]
	}
	return &s.saved[0]
}

func (s *Screen) save() { *s.slot() = cursorState{s.x, s.y, s.pen, s.wrapNext} }
func (s *Screen) restore() {
	c := *s.slot()
	s.move(c.x, c.y)
	s.pen, s.wrapNext = c.pen, c.wrap
}

func (s *Screen) unk(f string, a ...any) {
	if len(s.unknown) < 100 {
		s.unknown = append(s.unknown, fmt.Sprintf(f, a...))
	}
}

func (s *Screen) answer(f string, a ...any) {
	if s.reply != nil {
		fmt.Fprintf(s.reply, f, a...)
	}
}
