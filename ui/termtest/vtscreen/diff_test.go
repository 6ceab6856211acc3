package vtscreen

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

var (
	words = []string{"ord_000123", "SHIPPED", "FAILED", "│", "──────", "╭", "╯", "", " ", "   ", "日本語", "テスト", "é", "e\u0301", "🚀", "✓", "⚠", "한국", "aaaaaaaaaaaaaaaaaaaa", "................", "▁▂▃▅▇", "x"}
	sgrs  = []string{"", "", "", "\x1b[1m", "\x1b[31m", "\x1b[38;2;95;255;135m", "\x1b[48;5;24m", "\x1b[7m", "\x1b[4m", "\x1b[4:3m", "\x1b[58;2;255;0;0m\x1b[4m", "\x1b[2;3m"}
)

func randLine(r *rand.Rand, w int, ws []string) string {
	var sb strings.Builder
	n := 0
	for n < w && r.IntN(12) > 0 {
		word := ws[r.IntN(len(ws))]
		ww := ansi.StringWidthWc(word)
		if n+ww > w {
			break
		}
		if sg := sgrs[r.IntN(len(sgrs))]; sg != "" && word != "" {
			sb.WriteString(sg + word + "\x1b[m")
		} else {
			sb.WriteString(word)
		}
		n += ww
	}
	return sb.String()
}

func mutate(r *rand.Rand, ls []string, w int, ws []string) []string {
	ls = append([]string(nil), ls...)
	switch r.IntN(5) {
	case 0: // scroll up
		k := 1 + r.IntN(5)
		for i := range ls {
			if i+k < len(ls) {
				ls[i] = ls[i+k]
			} else {
				ls[i] = randLine(r, w, ws)
			}
		}
	case 1: // scroll down
		k := 1 + r.IntN(5)
		for i := len(ls) - 1; i >= 0; i-- {
			if i >= k {
				ls[i] = ls[i-k]
			} else {
				ls[i] = randLine(r, w, ws)
			}
		}
	case 2: // scroll a region in the middle (a pane)
		a, b := 3, len(ls)-3
		for i := a; i < b-1; i++ {
			ls[i] = ls[i+1]
		}
		ls[b-1] = randLine(r, w, ws)
	default:
		for range 1 + r.IntN(6) {
			ls[r.IntN(len(ls))] = randLine(r, w, ws)
		}
	}
	return ls
}

func flush(tr *uv.TerminalRenderer) {
	if err := tr.Flush(); err != nil {
		panic(err) // a bytes.Buffer does not fail
	}
}

// scenario renders frames with the same renderer Bubble Tea v2 uses.
func scenario(seed int64, term string, frames, w, h int, ws []string, tabs bool) (out []byte, want []string) {
	r := newRand(seed)
	var buf bytes.Buffer
	tr := uv.NewTerminalRenderer(&buf, []string{"TERM=" + term, "COLORTERM=truecolor"})
	tr.SetScrollOptim(true)
	tr.SetFullscreen(true)
	tr.SetRelativeCursor(false)
	tr.Resize(w, h)
	if tabs {
		tr.SetTabStops(w)
		tr.SetBackspace(true)
	}
	tr.Erase()
	sb := uv.NewScreenBuffer(w, h)
	ls := make([]string, h)
	for i := range ls {
		ls[i] = randLine(r, w, ws)
	}
	out = append(out, "\x1b[?1049h\x1b[?25l\x1b[?5W\x1b[>4;2m\x1b[>1u\x1b[?u"...)
	for range frames {
		sb.Clear()
		uv.NewStyledString(strings.Join(ls, "\n")).Draw(sb, sb.Bounds())
		tr.Render(sb.RenderBuffer)
		flush(tr)
		out = append(out, "\x1b[?2026h"...)
		out = append(out, buf.Bytes()...)
		out = append(out, "\x1b[?2026l"...)
		buf.Reset()
		ls = mutate(r, ls, w, ws)
	}
	return out, lines(sb.Buffer)
}

func newRand(seed int64) *rand.Rand { return rand.New(rand.NewPCG(uint64(seed), 1)) }

func chunks(r *rand.Rand, b []byte, f func([]byte)) {
	for len(b) > 0 {
		n := min(1+r.IntN(700), len(b))
		f(b[:n])
		b = b[n:]
	}
}

func write(t *testing.T, s *Screen, b []byte) {
	t.Helper()
	if n, err := s.Write(b); err != nil || n != len(b) {
		t.Fatalf("wrote %d of %d bytes: %v", n, len(b), err)
	}
}

func diff(t *testing.T, got, want []string) int {
	t.Helper()
	bad := 0
	for i := range want {
		if got[i] != want[i] {
			bad++
			if bad <= 2 {
				t.Logf("row %d\n got  %q\n want %q", i, got[i], want[i])
			}
		}
	}
	return bad
}

var terms = []string{"xterm-256color", "tmux-256color", "xterm-kitty", "screen-256color", "alacritty", "linux", "dumb"}

func TestScreenMatchesRenderer(t *testing.T) {
	t.Parallel()
	for _, term := range terms {
		for _, tabs := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/tabs=%v", term, tabs), func(t *testing.T) {
				t.Parallel()
				for seed := range int64(8) {
					out, want := scenario(seed, term, 12, 100, 30, words, tabs)
					s := New(100, 30, nil, Replies{})
					chunks(newRand(seed), out, func(b []byte) { write(t, s, b) })
					if n := diff(t, s.Lines(), want); n > 0 {
						t.Fatalf("seed %d: %d rows differ; unknown %q", seed, n, s.State().Unknown)
					}
					if u := s.State().Unknown; len(u) > 0 {
						t.Fatalf("unknown sequences %q", u)
					}
				}
			})
		}
	}
}

// a pane with wide text on the left; only a counter on the right changes.
func TestWidePaneThenCounter(t *testing.T) {
	t.Parallel()
	run := func(term string) (out []byte, want []string) {
		var buf bytes.Buffer
		tr := uv.NewTerminalRenderer(&buf, []string{"TERM=" + term})
		tr.SetFullscreen(true)
		tr.SetRelativeCursor(false)
		tr.Resize(60, 4)
		tr.Erase()
		sb := uv.NewScreenBuffer(60, 4)
		for i := range 5 {
			sb.Clear()
			uv.NewStyledString(fmt.Sprintf("│ 注文テスト 🚀 %-20s │ n=%03d │\n│ plain %26s │ m=%03d │", "", i, "", i*7)).Draw(sb, sb.Bounds())
			tr.Render(sb.RenderBuffer)
			flush(tr)
		}
		return buf.Bytes(), lines(sb.Buffer)
	}
	for _, term := range []string{"xterm-256color", "linux"} {
		out, want := run(term)
		s := New(60, 4, nil, Replies{})
		write(t, s, out)
		if n := diff(t, s.Lines(), want); n > 0 {
			t.Errorf("screen wrong")
		}
	}
}
