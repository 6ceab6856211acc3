// Package ptytest runs a full-screen terminal program under a pseudo-terminal
// in a Go test, and lets the test press keys and look at the screen.
package ptytest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"orderops/ui/termtest/vtscreen"
)

// Options says how a program is started; zero values mean the default in brackets.
type Options struct {
	Cols, Rows int               // [100x30]
	Term       string            // [xterm-256color]
	Env        []string          // added to a clean environment
	Dir        string            //
	Timeout    time.Duration     // for every Wait [5s, x4 under -race or CI=slow]
	Replies    *vtscreen.Replies // [vtscreen.DefaultReplies]
	RawLog     io.Writer         // copy of the program's output
}

// Term is a running program and its screen.
type Term struct {
	*vtscreen.Screen
	t    testing.TB
	pty  *os.File
	cmd  *exec.Cmd
	opt  Options
	done chan struct{} // output drained and process reaped
	err  error
	in   chan []byte
	raw  bytes.Buffer
	mu   sync.Mutex
}

// cleanEnv keeps only what a program needs, so that a test means the same in a
// developer's tmux, over SSH and in CI.
func cleanEnv() []string {
	var env []string
	for _, k := range []string{"PATH", "HOME", "TMPDIR", "GOCOVERDIR", "USER", "SYSTEMROOT"} {
		if v, ok := os.LookupEnv(k); ok {
			env = append(env, k+"="+v)
		}
	}
	return append(env, "LANG=C.UTF-8", "COLORTERM=truecolor")
}

// Start runs name under a pty; the test ends it if it is still alive at cleanup.
func Start(tb testing.TB, opt Options, name string, args ...string) *Term {
	tb.Helper()
	if opt.Cols == 0 {
		opt.Cols, opt.Rows = 100, 30
	}
	if opt.Term == "" {
		opt.Term = "xterm-256color"
	}
	if opt.Timeout == 0 {
		opt.Timeout = 5 * time.Second
	}
	rep := vtscreen.DefaultReplies()
	if opt.Replies != nil {
		rep = *opt.Replies
	}
	cmd := exec.CommandContext(context.Background(), name, args...) // ended by Cleanup, gently first
	cmd.Dir = opt.Dir
	cmd.Env = append(append(cleanEnv(), "TERM="+opt.Term), opt.Env...)
	f, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: cells(opt.Rows), Cols: cells(opt.Cols)})
	if err != nil {
		tb.Fatalf("start %s: %v", name, err)
	}
	p := &Term{t: tb, pty: f, cmd: cmd, opt: opt, done: make(chan struct{}), in: make(chan []byte, 256)}
	p.Screen = vtscreen.New(opt.Cols, opt.Rows, writerFunc(p.write), rep)
	go func() { // one writer: keys and query answers keep their order
		for {
			select {
			case b := <-p.in:
				if _, err := f.Write(b); err != nil {
					return
				}
			case <-p.done:
				return
			}
		}
	}()
	go func() {
		buf := make([]byte, 32<<10)
		for {
			n, err := f.Read(buf)
			if n > 0 {
				p.mu.Lock()
				p.raw.Write(buf[:n])
				p.mu.Unlock()
				if opt.RawLog != nil {
					_, _ = opt.RawLog.Write(buf[:n]) // the test goes on without its log
				}
				_, _ = p.Write(buf[:n]) // never fails
			}
			if err != nil { // EIO on Linux when the program has gone
				break
			}
		}
		p.err = cmd.Wait()
		close(p.done)
	}()
	tb.Cleanup(func() {
		if tb.Failed() { // before the program is ended
			tb.Logf("screen at the end:\n%s", p.Dump())
			if dir := os.Getenv("PTYTEST_ARTIFACTS"); dir != "" {
				base := filepath.Join(dir, strings.ReplaceAll(tb.Name(), "/", "_"))
				keep(tb, base+".svg", []byte(vtscreen.SVG(p.Snapshot(), vtscreen.SVGOptions{})))
				keep(tb, base+".raw", p.Raw())
			}
		}
		select {
		case <-p.done:
		default:
			_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended meanwhile
			select {
			case <-p.done:
			case <-time.After(2 * time.Second):
				_ = cmd.Process.Kill()
				_ = f.Close()
				<-p.done
			}
		}
		_ = f.Close()
	})
	return p
}

// keep writes a file that helps to understand a failed test.
func keep(tb testing.TB, file string, b []byte) {
	tb.Helper()
	if err := os.WriteFile(file, b, 0o600); err != nil { //nolint:gosec // whoever runs the test names the folder
		tb.Logf("artifact: %v", err)
	}
}

// cells is a size as the kernel counts it.
func cells(n int) uint16 { return uint16(min(max(n, 1), 4096)) }

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func (p *Term) write(b []byte) (int, error) { p.send(b); return len(b), nil }

// send queues input for the program.
func (p *Term) send(b []byte) {
	select {
	case p.in <- append([]byte(nil), b...):
	default: // the program does not read; never block the screen
	}
}

// Raw is all output so far.
func (p *Term) Raw() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return bytes.Clone(p.raw.Bytes())
}

// Dump draws the screen with a frame, for failure messages.
func (p *Term) Dump() string {
	var sb strings.Builder
	bar := "+" + strings.Repeat("-", p.opt.Cols) + "+\n"
	sb.WriteString(bar)
	for _, l := range p.Lines() {
		sb.WriteString("|" + l + "\n")
	}
	sb.WriteString(bar)
	st := p.State()
	fmt.Fprintf(&sb, "cursor %d,%d visible=%v alt=%v title=%q unknown=%q\n", st.X, st.Y, st.CursorVisible, st.AltScreen, st.Title, st.Unknown)
	return sb.String()
}

// WaitUntil waits for ok to hold on a complete frame.
func (p *Term) WaitUntil(what string, ok func() bool) {
	p.t.Helper()
	deadline := time.NewTimer(p.opt.Timeout)
	defer deadline.Stop()
	for {
		ch := p.Changed()
		if ok() {
			return
		}
		select {
		case <-ch:
		case <-p.done:
			if !ok() {
				p.t.Fatalf("program ended (%v) before %s\n%s", p.err, what, p.Dump())
			}
			return
		case <-deadline.C:
			p.t.Fatalf("no %s after %v\n%s", what, p.opt.Timeout, p.Dump())
		}
	}
}

// WaitFor waits until text is on the screen.
func (p *Term) WaitFor(text string) {
	p.t.Helper()
	p.WaitUntil(fmt.Sprintf("text %q", text), func() bool { return strings.Contains(p.Text(), text) })
}

// WaitGone waits until text is not on the screen.
func (p *Term) WaitGone(text string) {
	p.t.Helper()
	p.WaitUntil(fmt.Sprintf("end of text %q", text), func() bool { return !strings.Contains(p.Text(), text) })
}

// WaitMatch waits until the screen matches re and returns the groups.
func (p *Term) WaitMatch(re string) []string {
	p.t.Helper()
	r := regexp.MustCompile(re)
	var m []string
	p.WaitUntil("match of "+re, func() bool { m = r.FindStringSubmatch(p.Text()); return m != nil })
	return m
}

// WaitExit waits for the end of the program and returns its exit code.
func (p *Term) WaitExit() int {
	p.t.Helper()
	select {
	case <-p.done:
	case <-time.After(p.opt.Timeout):
		p.t.Fatalf("program still runs after %v\n%s", p.opt.Timeout, p.Dump())
	}
	if ended, ok := errors.AsType[*exec.ExitError](p.err); ok {
		return ended.ExitCode()
	}
	return 0
}

// Signal sends sig to the program.
func (p *Term) Signal(sig os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil {
		p.t.Fatal(err)
	}
}

// HangUp takes the terminal away, as a window that is closed or a lost
// connection does: the kernel sends SIGHUP, and nothing can be read or written
// any more.
func (p *Term) HangUp() {
	p.t.Helper()
	if err := p.pty.Close(); err != nil {
		p.t.Fatal(err)
	}
}

// sequences are the legacy encodings of named keys.
func sequences() map[string]string {
	return map[string]string{
		"enter": "\r", "esc": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "space": " ", "backspace": "\x7f",
		"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
		"home": "\x1b[H", "end": "\x1b[F", "pgup": "\x1b[5~", "pgdown": "\x1b[6~", "insert": "\x1b[2~", "delete": "\x1b[3~",
		"f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~",
		"shift+up": "\x1b[1;2A", "shift+down": "\x1b[1;2B", "ctrl+up": "\x1b[1;5A", "ctrl+down": "\x1b[1;5B",
	}
}

// Key sends named keys ("down", "ctrl+p", "alt+x", "q").
func (p *Term) Key(names ...string) {
	keys := sequences()
	for _, n := range names {
		switch {
		case keys[n] != "":
			p.send([]byte(keys[n]))
		case strings.HasPrefix(n, "ctrl+") && len(n) == 6:
			p.send([]byte{n[5] & 0x1f})
		case strings.HasPrefix(n, "alt+"):
			p.send([]byte("\x1b" + n[4:]))
		default:
			p.send([]byte(n))
		}
		if n == "esc" { // a lone ESC is only told from a sequence by time
			time.Sleep(80 * time.Millisecond)
		}
	}
}

// Type sends text as it is.
func (p *Term) Type(text string) { p.send([]byte(text)) }

// Paste sends text as a bracketed paste.
func (p *Term) Paste(text string) { p.send([]byte("\x1b[200~" + text + "\x1b[201~")) }

// Click presses and releases the left button on a cell (SGR mouse, 0-based).
func (p *Term) Click(x, y int) {
	p.send(fmt.Appendf(nil, "\x1b[<0;%d;%dM\x1b[<0;%d;%dm", x+1, y+1, x+1, y+1))
}

// WheelDown turns the wheel one notch over a cell.
func (p *Term) WheelDown(x, y int) { p.send(fmt.Appendf(nil, "\x1b[<65;%d;%dM", x+1, y+1)) }

// FocusIn tells the program that the terminal has or lost the focus.
func (p *Term) FocusIn(in bool) {
	if in {
		p.send([]byte("\x1b[I"))
	} else {
		p.send([]byte("\x1b[O"))
	}
}

// Resize changes the size of the terminal (the program gets SIGWINCH).
func (p *Term) Resize(cols, rows int) {
	p.t.Helper()
	p.Screen.Resize(cols, rows)
	p.opt.Cols, p.opt.Rows = cols, rows
	if err := pty.Setsize(p.pty, &pty.Winsize{Rows: cells(rows), Cols: cells(cols)}); err != nil {
		p.t.Fatal(err)
	}
}
