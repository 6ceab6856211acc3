package ptytest_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/termtest/ptytest"
	"orderops/ui/termtest/vtscreen"
)

// The test binary is also the program: no build step, and -race applies to it.
func TestMain(m *testing.M) {
	if os.Getenv("BE_PROGRAM") == "1" {
		if _, err := tea.NewProgram(program{}).Run(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(3)
	}
	os.Exit(m.Run())
}

// program shows what it hears.
type program struct {
	w, h  int
	heard string
}

func (p program) Init() tea.Cmd { return nil }

func (p program) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		p.w, p.h = msg.Width, msg.Height
	case tea.KeyPressMsg:
		p.heard = "key " + msg.String()
		switch msg.String() {
		case "q":
			return p, tea.Quit
		case "y":
			return p, tea.SetClipboard("copied 日本")
		case "P":
			panic("boom")
		}
	case tea.PasteMsg:
		p.heard = "paste " + msg.Content
	case tea.MouseClickMsg:
		p.heard = fmt.Sprintf("click %d,%d", msg.X, msg.Y)
	case tea.MouseWheelMsg:
		p.heard = fmt.Sprintf("wheel %d,%d", msg.X, msg.Y)
	case tea.FocusMsg:
		p.heard = "focus"
	case tea.BlurMsg:
		p.heard = "blur"
	}
	return p, nil
}

func (p program) View() tea.View {
	v := tea.NewView(fmt.Sprintf("size %dx%d\nheard: %s\n日本語 | behind wide letters", p.w, p.h, p.heard))
	v.AltScreen, v.ReportFocus, v.MouseMode, v.WindowTitle = true, true, tea.MouseModeCellMotion, "orders demo"
	return v
}

func start(t *testing.T, o ptytest.Options) *ptytest.Term {
	t.Helper()
	o.Env = append(o.Env, "BE_PROGRAM=1")
	p := ptytest.Start(t, o, os.Args[0])
	p.WaitFor("behind wide letters")
	return p
}

func TestInputArrives(t *testing.T) {
	t.Parallel()
	kitty := vtscreen.DefaultReplies()
	kitty.Kitty = true
	for name, o := range map[string]ptytest.Options{
		"a modern terminal": {},
		"a kitty":           {Replies: &kitty},
		"a silent one":      {Replies: &vtscreen.Replies{}, Term: "linux"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, o)
			for _, k := range []string{"down", "ctrl+k", "shift+tab", "esc", "enter", "pgup", "?"} {
				p.Key(k)
				p.WaitFor("heard: key " + k)
			}
			p.Paste("two words")
			p.WaitFor("heard: paste two words")
			p.Click(4, 2)
			p.WaitFor("heard: click 4,2")
			p.WheelDown(5, 1)
			p.WaitFor("heard: wheel 5,1")
			p.FocusIn(false)
			p.WaitFor("heard: blur")
		})
	}
}

func TestScreenIsSeen(t *testing.T) {
	t.Parallel()
	p := start(t, ptytest.Options{Cols: 80, Rows: 24})
	p.WaitFor("size 80x24")
	if x, y, ok := p.Find("| behind"); !ok || x != 7 || y != 2 {
		t.Errorf("found at %d,%d, %v", x, y, ok)
	}
	p.Resize(120, 40)
	p.WaitFor("size 120x40")
	p.WaitGone("size 80x24")
	p.Key("y")
	p.WaitUntil("clipboard", func() bool { return p.State().Clipboard == "copied 日本" })
	if st := p.State(); st.Title != "orders demo" || !st.AltScreen || !st.Mouse || len(st.Unknown) > 0 {
		t.Errorf("state %+v", st)
	}
	if m := p.WaitMatch(`size (\d+)x`); m[1] != "120" {
		t.Errorf("match %q", m)
	}
}

func TestExitRestoresTheTerminal(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]int{"q": 3, "P": 1} {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			p := start(t, ptytest.Options{})
			p.Key(key)
			if got := p.WaitExit(); got != want {
				t.Errorf("exit code %d, want %d", got, want)
			}
			if st := p.State(); st.AltScreen || !st.CursorVisible || st.Mouse || st.Paste || st.Focus {
				t.Errorf("terminal not restored: %+v", st)
			}
		})
	}
}

func TestPicture(t *testing.T) {
	t.Parallel()
	p := start(t, ptytest.Options{Cols: 40, Rows: 5})
	svg := vtscreen.SVG(p.Snapshot(), vtscreen.SVGOptions{Title: "a < b"})
	for _, want := range []string{"<svg ", "a &lt; b", "size 40x5", "日", "</svg>"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the picture lacks %q", want)
		}
	}
	frames := []vtscreen.Frame{{Buf: p.Snapshot(), For: 1}, {Buf: p.Snapshot(), For: 2}, {Buf: p.Snapshot(), For: 1}}
	if n := strings.Count(vtscreen.Animation(frames, vtscreen.SVGOptions{}), "<animate "); n != len(frames) {
		t.Errorf("%d animated frames, want %d", n, len(frames))
	}
}
