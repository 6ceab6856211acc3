// Package vtscreen is a small in-memory terminal screen: it parses the output
// of a full-screen program and keeps the grid of cells a user would see.
//
// It covers what the Bubble Tea v2 / ultraviolet renderer emits (and the usual
// xterm subset around it), including wide and zero-width runes, scroll regions,
// insert/delete, REP, tab stops, alternate screen, synchronized output
// (DECSET 2026), OSC 8 links, OSC 52 clipboard, OSC 0/2 title, OSC 9;4 progress
// and the queries a program sends at start (DA1, DECRQM, OSC 10/11, CPR, kitty).
package vtscreen

import (
	"io"
	"sync"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// Replies says which queries the screen answers; a zero value answers none,
// like a dumb pipe. DefaultReplies is a modern dark terminal.
type Replies struct {
	Sync       bool   // DECRQM 2026: supported (program then uses synchronized output)
	Background string // OSC 11 answer, e.g. "rgb:1e1e/1e1e/2e2e"; "" = no answer
	Kitty      bool   // CSI ? u answer
	DA1        bool
}

// DefaultReplies is what most current terminals say.
func DefaultReplies() Replies {
	return Replies{Sync: true, Background: "rgb:1e1e/1e1e/2e2e", DA1: true}
}

// Screen is safe for concurrent use.
type Screen struct {
	mu      sync.Mutex
	w, h    int
	main    *uv.Buffer
	alt     *uv.Buffer
	buf     *uv.Buffer // main or alt
	p       *ansi.Parser
	reply   io.Writer
	replies Replies

	x, y      int
	wrapNext  bool
	pen       uv.Style
	link      uv.Link
	top, bot  int // scroll region, inclusive
	tabs      map[int]bool
	saved     [2]cursorState
	modes     map[int]bool // DEC private modes that are set
	lastPrint string
	title     string
	clipboard string
	progress  string
	frames    int // completed synchronized updates
	gen       uint64
	last      *uv.Buffer // picture at the last complete frame
	unknown   []string
	changed   chan struct{}
}

type cursorState struct {
	x, y int
	pen  uv.Style
	wrap bool
}

// New makes a w x h screen. reply (may be nil) receives the answers to queries.
func New(w, h int, reply io.Writer, r Replies) *Screen {
	s := &Screen{w: w, h: h, reply: reply, replies: r, modes: map[int]bool{7: true, 25: true}, changed: make(chan struct{})}
	s.main, s.alt = uv.NewBuffer(w, h), uv.NewBuffer(w, h)
	s.buf = s.main
	s.bot = h - 1
	s.resetTabs()
	s.p = ansi.NewParser()
	s.p.SetParamsSize(32)
	s.p.SetDataSize(1 << 20)
	s.p.SetHandler(ansi.Handler{
		Print:     s.print,
		Execute:   s.execute,
		HandleCsi: s.csi,
		HandleEsc: s.esc,
		HandleOsc: s.osc,
	})
	return s
}

func (s *Screen) resetTabs() {
	s.tabs = map[int]bool{}
	for i := 8; i < 1000; i += 8 {
		s.tabs[i] = true
	}
}

// Write feeds program output. A partial escape sequence or rune at the end of b
// is kept for the next call.
func (s *Screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	s.p.Parse(b) // the parser keeps its state (also inside a UTF-8 rune)
	s.gen++
	if !s.modes[2026] {
		s.last = nil
	}
	close(s.changed)
	s.changed = make(chan struct{})
	s.mu.Unlock()
	return len(b), nil
}

// Resize changes the size (send SIGWINCH / pty.Setsize separately).
func (s *Screen) Resize(w, h int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.w, s.h = w, h
	s.main.Resize(w, h)
	s.alt.Resize(w, h)
	s.top, s.bot = 0, h-1
	s.x, s.y = min(s.x, w-1), min(s.y, h-1)
	s.wrapNext = false
}
