// Package payload shows long text from outside: a body, a cause, a history
// event. Only what is on the screen is drawn, so a megabyte costs nothing to
// look at.
package payload

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/component/pane"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/ui/theme"
)

// sideStep is how many cells left and right scroll when lines are not wrapped.
const sideStep = 8

// Payload is a scrollable view of lines. It belongs to one goroutine.
type Payload struct {
	theme   *theme.Theme
	keys    keys.Map
	lines   []string // cleaned
	json    bool
	diff    bool
	w, h    int
	unwrap  bool
	x       int // first visible cell when not wrapped
	scroll  pane.Scroll
	pieces  []piece
	wrapped int // width that pieces were made for; 0 means they are stale
}

// piece is a part of a line that fits the width, in bytes.
type piece struct{ line, from, to int }

// New makes an empty viewer.
func New(th *theme.Theme) *Payload { return &Payload{theme: th, keys: keys.Global()} }

// SetTheme changes the styles.
func (p *Payload) SetTheme(th *theme.Theme) { p.theme = th }

// SetSize sets the size in cells.
func (p *Payload) SetSize(w, h int) {
	if w != p.w {
		p.wrapped = 0
	}
	p.w, p.h = max(w, 0), max(h, 0)
}

// SetJSON shows s as indented JSON, or as it is when it is not JSON.
func (p *Payload) SetJSON(s string) {
	p.set(text.JSON(s))
	p.json = true
}

// SetBytes shows b as a hex view.
func (p *Payload) SetBytes(b []byte) { p.set(strings.Split(text.Bytes(b), "\n")) }

// SetLines shows lines, which are cleaned.
func (p *Payload) SetLines(lines []string) {
	clean := make([]string, len(lines))
	for i, l := range lines {
		clean[i] = text.Clean(l)
	}
	p.set(clean)
}

// SetDiff shows lines, which are cleaned, in the colours of their signs: those
// that begin with -, + or ~ are gone, new or different.
func (p *Payload) SetDiff(lines []string) {
	p.SetLines(lines)
	p.diff = true
}

// set shows clean lines. The place is kept when the text is the same, as it is
// when a poll brings nothing new.
func (p *Payload) set(lines []string) {
	same := len(lines) == len(p.lines)
	for i := 0; same && i < len(lines); i++ {
		same = lines[i] == p.lines[i]
	}
	p.json, p.diff = false, false
	if same {
		return
	}
	p.lines, p.wrapped, p.x = lines, 0, 0
	p.scroll.Top = 0
}

// Wrap turns the wrapping of long lines off, and on again. Those that are not
// wrapped are scrolled sideways.
func (p *Payload) Wrap() {
	p.unwrap, p.wrapped, p.x = !p.unwrap, 0, 0
	p.move(0)
}

// Update handles scrolling, and says whether it used msg.
func (p *Payload) Update(msg tea.Msg) bool {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return p.key(msg)
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			p.move(-3)
		case tea.MouseWheelDown:
			p.move(3)
		default:
			return false
		}
		return true
	}
	return false
}

func (p *Payload) key(msg tea.KeyPressMsg) bool {
	page := max(p.h, 1)
	switch k := &p.keys; {
	case k.Up.Match(msg):
		p.move(-1)
	case k.Down.Match(msg):
		p.move(1)
	case k.PageUp.Match(msg):
		p.move(-page)
	case k.PageDown.Match(msg):
		p.move(page)
	case k.HalfUp.Match(msg):
		p.move(-max(page/2, 1))
	case k.HalfDown.Match(msg):
		p.move(max(page/2, 1))
	case k.Top.Match(msg):
		p.scroll.Top = 0
	case k.Bottom.Match(msg):
		p.move(len(p.layout()))
	default:
		return p.sideways(msg.String())
	}
	return true
}

// sideways scrolls lines that are not wrapped.
func (p *Payload) sideways(key string) bool {
	if !p.unwrap {
		return false
	}
	switch key {
	case "left":
		p.x = max(p.x-sideStep, 0)
	case "right":
		p.x = min(p.x+sideStep, max(p.widest()-p.w+1, 0))
	default:
		return false
	}
	return true
}

func (p *Payload) move(n int) { p.scroll.Move(n, len(p.layout()), p.h) }

// widest is the width of the widest line on the screen.
func (p *Payload) widest() int {
	w := 0
	pieces := p.layout()
	for i := p.scroll.Top; i < min(p.scroll.Top+p.h, len(pieces)); i++ {
		w = max(w, text.Width(p.lines[pieces[i].line]))
	}
	return w
}
