package vtscreen

import (
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

func (s *Screen) csi(cmd ansi.Cmd, params ansi.Params) {
	arg := func(i, def int) int { // an explicit 0 means the default too
		v, _, ok := params.Param(i, def)
		if !ok || v == 0 {
			return def
		}
		return v
	}
	arg0 := func(i int) int { v, _, _ := params.Param(i, 0); return v }
	switch cmd.Prefix() {
	case '?':
		switch {
		case cmd.Intermediate() == '$' && cmd.Final() == 'p': // DECRQM
			m := arg0(0)
			v := 0 // not recognised
			if m == 2026 && s.replies.Sync {
				v = 2
			}
			s.answer("\x1b[?%d;%d$y", m, v)
		case cmd.Final() == 'h', cmd.Final() == 'l':
			for i := range params {
				s.setMode(arg0(i), cmd.Final() == 'h')
			}
		case cmd.Final() == 'u':
			if s.replies.Kitty {
				s.answer("\x1b[?0u")
			}
		case cmd.Final() == 'W': // DECST8C
			s.resetTabs()
		case cmd.Final() == 'J' || cmd.Final() == 'K' || cmd.Final() == 'n' || cmd.Final() == 'm':
		default:
			s.unk("CSI ? %d %c", arg0(0), cmd.Final())
		}
		return
	case '>', '<', '=': // modifyOtherKeys, kitty push/pop/set, XTVERSION, DA2
		switch cmd.Final() {
		case 'm', 'u', 'q', 'c':
		default:
			s.unk("CSI %c %c", cmd.Prefix(), cmd.Final())
		}
		return
	}
	if cmd.Intermediate() != 0 {
		switch {
		case cmd.Intermediate() == ' ' && cmd.Final() == 'q': // DECSCUSR
		case cmd.Intermediate() == '!' && cmd.Final() == 'p': // DECSTR
			s.pen = uv.Style{}
			s.top, s.bot = 0, s.h-1
		default:
			s.unk("CSI %c %c", cmd.Intermediate(), cmd.Final())
		}
		return
	}
	switch cmd.Final() {
	case 'm':
		uv.ReadStyle(params, &s.pen)
	case 'H', 'f':
		s.move(arg(1, 1)-1, arg(0, 1)-1)
	case 'A':
		s.move(s.x, max(s.y-arg(0, 1), cond(s.y >= s.top, s.top, 0)))
	case 'B', 'e':
		s.move(s.x, min(s.y+arg(0, 1), cond(s.y <= s.bot, s.bot, s.h-1)))
	case 'C', 'a':
		s.move(s.x+arg(0, 1), s.y)
	case 'D':
		s.move(s.x-arg(0, 1), s.y)
	case 'E':
		s.move(0, s.y+arg(0, 1))
	case 'F':
		s.move(0, s.y-arg(0, 1))
	case 'G', '`':
		s.move(arg(0, 1)-1, s.y)
	case 'd':
		s.move(s.x, arg(0, 1)-1)
	case 'I':
		s.tab(arg(0, 1))
	case 'Z':
		s.backTab(arg(0, 1))
	case 'J':
		switch arg0(0) {
		case 0:
			s.fill(s.x, s.y, s.w-s.x, 1)
			s.fill(0, s.y+1, s.w, s.h-s.y-1)
		case 1:
			s.fill(0, 0, s.w, s.y)
			s.fill(0, s.y, s.x+1, 1)
		case 2:
			s.fill(0, 0, s.w, s.h)
		}
	case 'K':
		switch arg0(0) {
		case 0:
			s.fill(s.x, s.y, s.w-s.x, 1)
		case 1:
			s.fill(0, s.y, s.x+1, 1)
		case 2:
			s.fill(0, s.y, s.w, 1)
		}
	case 'X':
		s.fill(s.x, s.y, min(arg(0, 1), s.w-s.x), 1)
	case '@':
		s.buf.InsertCellArea(s.x, s.y, min(arg(0, 1), s.w-s.x), s.blank(), uv.Rect(0, s.y, s.w, 1))
		s.wrapNext = false
	case 'P':
		s.buf.DeleteCellArea(s.x, s.y, min(arg(0, 1), s.w-s.x), s.blank(), uv.Rect(0, s.y, s.w, 1))
		s.wrapNext = false
	case 'L', 'M':
		if s.y < s.top || s.y > s.bot {
			return
		}
		n := min(arg(0, 1), s.bot-s.y+1)
		if cmd.Final() == 'L' {
			s.buf.InsertLineArea(s.y, n, s.blank(), s.region())
		} else {
			s.buf.DeleteLineArea(s.y, n, s.blank(), s.region())
		}
		s.move(0, s.y)
	case 'S':
		s.scrollUp(arg(0, 1))
	case 'T':
		s.scrollDown(arg(0, 1))
	case 'b': // REP
		if s.lastPrint != "" {
			w := ansi.StringWidthWc(s.lastPrint)
			for range min(arg(0, 1), s.w*s.h) {
				s.put(s.lastPrint, w)
			}
		}
	case 'r':
		t, b := arg(0, 1)-1, arg(1, s.h)-1
		if t < b && b < s.h {
			s.top, s.bot = t, b
			s.move(0, 0)
		}
	case 's':
		s.save()
	case 'u':
		s.restore()
	case 'g':
		switch arg0(0) {
		case 0:
			delete(s.tabs, s.x)
		case 3:
			s.tabs = map[int]bool{}
		}
	case 'n':
		switch arg0(0) {
		case 5:
			s.answer("\x1b[0n")
		case 6:
			s.answer("\x1b[%d;%dR", s.y+1, s.x+1)
		}
	case 'c':
		if s.replies.DA1 {
			s.answer("\x1b[?62;22c")
		}
	case 't', 'h', 'l', 'q':
	default:
		s.unk("CSI %v %c", params, cmd.Final())
	}
}

func cond(b bool, x, y int) int {
	if b {
		return x
	}
	return y
}

func (s *Screen) fill(x, y, w, h int) {
	if w > 0 && h > 0 {
		s.buf.FillArea(s.blank(), uv.Rect(x, y, w, h))
	}
	s.wrapNext = false
}
