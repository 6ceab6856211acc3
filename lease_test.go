package main

import (
	"os"
	"syscall"
	"testing"

	"orderops/ui/termtest/ptytest"
)

// However the dashboard ends, the dead letters that it holds are visible to
// others at once and not only when their lease of a minute has run out, and
// the terminal is as it was.
func TestTerminalGivesLeasesBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		env  []string
		end  func(p *ptytest.Term)
		code int
	}{
		"ctrl+c":            {hermetic("1"), func(p *ptytest.Term) { p.Key("ctrl+c") }, 0},
		"another screen, q": {hermetic("1"), func(p *ptytest.Term) { p.Key("1", "q") }, 0},
		"SIGTERM":           {hermetic("1"), func(p *ptytest.Term) { p.Signal(syscall.SIGTERM) }, 0},
		"SIGHUP":            {hermetic("1"), func(p *ptytest.Term) { p.Signal(syscall.SIGHUP) }, 0},
		"a panic": {bombed(), func(p *ptytest.Term) {
			p.Signal(syscall.SIGUSR1)
			p.Key("down")
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serveLocal(t, "127.0.0.1:0", predictable()...)
			p := holdsADeadLetter(t, s, c.env)
			c.end(p)
			endsWell(t, p, c.code)
			s.givenBack(t)
		})
	}
}

// A terminal that is closed, or whose connection is lost, takes the program with
// it, but not the dead letters that it holds.
func TestTerminalHangsUp(t *testing.T) {
	t.Parallel()
	s := serveLocal(t, "127.0.0.1:0", predictable()...)
	p := holdsADeadLetter(t, s, hermetic("1"))
	p.HangUp()
	p.WaitExit()
	s.givenBack(t)
}

// holdsADeadLetter starts a dashboard that holds the only dead letter.
func holdsADeadLetter(t *testing.T, s *server, environment []string) *ptytest.Term {
	t.Helper()
	s.send(t, deadLetterQueue, malformed, nil)
	p := ptytest.Start(t, ptytest.Options{Cols: 80, Rows: 24, Timeout: patience, Env: environment}, os.Args[0], "--endpoint-url", s.url)
	p.WaitFor("Overview") // what is typed before the terminal is taken over is lost
	p.Key("4")
	p.WaitMatch(`Dead letters 1\b`)
	p.Key("i")
	p.WaitFor("[ cancel ]")
	p.Key("y")
	p.WaitFor("malformed")
	if got := s.counts(t, deadLetterQueue); got != (counts{0, 1}) {
		t.Errorf("while it is held: %+v", got)
	}
	return p
}

// givenBack waits until the only dead letter is visible to others.
func (s *server) givenBack(t *testing.T) {
	t.Helper()
	eventually(t, "message that is visible again", func() bool { return s.counts(t, deadLetterQueue) == counts{1, 0} })
}
