package main

import (
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// While the picture is frozen nothing is polled; going on asks
// once for what is in view.
func TestPausePollsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{fps: calm, running: 3, wait: 24 * time.Hour})
		s.pass(time.Minute)
		s.press("1", "P")
		s.pass(5 * time.Second) // what was under way is answered
		s.shows("PAUSED since")
		s.start(2)
		if asked := s.calls(func() { s.press("r"); s.pass(10 * time.Minute) }); len(asked) > 0 {
			t.Errorf("asked while paused: %v", asked)
		}
		s.shows("3 running", "PAUSED since")
		s.press("P")
		for action, n := range s.calls(func() { s.pass(900 * time.Millisecond) }) {
			if n > 2 {
				t.Errorf("going on asked %d × %s at once", n, action)
			}
		}
		s.pass(10 * time.Second)
		s.hides("PAUSED")
		s.shows("5 running")
		s.shows("as of")
	})
}

// An order that was sent here is told of when it ends, and dead letters when
// they grow; each once.
func TestNewsAreTold(t *testing.T) {
	t.Parallel()
	for how, want := range map[string]struct{ told, bells int }{"osc9": {2, 0}, "bell": {0, 2}, "": {0, 2}, "off": {0, 0}} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := open(t, setting{fps: calm, notify: how})
				s.pass(10 * time.Second)
				s.press("5")
				for _, value := range []string{"Burger_20", "3", "Restaurant 4"} {
					s.enter(value)
					s.press("tab")
				}
				s.press("enter", "enter") // the plan, and yes
				s.shows("accepted as")
				s.press("2")
				s.pass(2 * time.Minute)
				s.send(malformed)
				s.pass(5 * time.Minute)
				told := s.notifications()
				if len(told) != want.told || s.bells() != want.bells {
					t.Fatalf("told %q and rang %d times, want %d and %d", told, s.bells(), want.told, want.bells)
				}
				if want.told > 0 && (!strings.HasSuffix(told[0], " succeeded") || told[1] != "dead letters: 1 more, now 1") {
					t.Errorf("told %q", told)
				}
			})
		})
	}
}

// The shell gets its terminal back, and the program goes on where it was.
func TestTerminalSuspends(t *testing.T) {
	t.Parallel()
	p := start(t, 80, 24, predictable("--local", "--wait", "600s")...)
	p.WaitFor("OrderStateMachine")
	p.Key("3")
	p.WaitFor("Executions")
	p.Key("ctrl+z")
	p.WaitUntil("the alternate screen is left", func() bool { return !p.State().AltScreen })
	stop := make(chan struct{})
	defer close(stop)
	go func() { // what comes before the program listens to it is lost
		for {
			select {
			case <-stop:
				return
			case <-time.After(100 * time.Millisecond):
				p.Signal(syscall.SIGCONT)
			}
		}
	}()
	p.WaitUntil("the dashboard is back", func() bool { return p.State().AltScreen && strings.Contains(p.Text(), "as of") })
	straight(t, p)
	quits(t, p)
}
