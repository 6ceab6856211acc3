package vtscreen

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"strings"
	"unicode/utf8"

	uv "github.com/charmbracelet/ultraviolet"
)

func (s *Screen) setMode(m int, on bool) {
	switch m {
	case 47, 1047, 1049:
		if on && s.buf != s.alt {
			if m == 1049 {
				s.save()
			}
			s.buf = s.alt
			s.alt.Clear()
		} else if !on && s.buf == s.alt {
			s.buf = s.main
			if m == 1049 {
				s.restore()
			}
		}
	case 2026:
		if on && !s.modes[2026] {
			s.last = s.buf.Clone()
		} else if !on && s.modes[2026] {
			s.frames++
		}
	}
	s.modes[m] = on
}

func (s *Screen) osc(cmd int, data []byte) {
	_, rest, _ := bytes.Cut(data, []byte(";"))
	switch cmd {
	case 0, 2:
		s.title = string(rest)
	case 8:
		uv.ReadLink(data, &s.link)
	case 9:
		s.progress = string(rest)
	case 10, 11, 12:
		if string(rest) == "?" && cmd == 11 && s.replies.Background != "" {
			s.answer("\x1b]11;%s\x1b\\", s.replies.Background)
		}
	case 52:
		parts := strings.SplitN(string(rest), ";", 2)
		if len(parts) == 2 && parts[1] != "?" {
			if b, err := base64.StdEncoding.DecodeString(parts[1]); err == nil && utf8.Valid(b) {
				s.clipboard = string(b)
			}
		}
	case 4, 104, 110, 111, 112, 22, 133, 777, 7501, 66, 1, 7:
	default:
		s.unk("OSC %s", strconv.Itoa(cmd))
	}
}
