package main

import (
	"os"
	"testing"

	"orderops/ui/termtest/ptytest"
)

// ctrl+c during a redrive gives back what was not sent, tells what was done and
// how it goes on; the terminal showed how far it was, a pipe gets none of that.
func TestTerminalInterruptsARedrive(t *testing.T) {
	t.Parallel()
	s := serveLocal(t, "127.0.0.1:0", predictable("--wait", "1h")...)
	environment := hermetic("1")
	redrives := func(told, more string, flags ...string) {
		t.Helper()
		args := append([]string{"dlq", "redrive", "--filter", "verdict:safe", "--yes", "--endpoint-url", s.url}, flags...)
		p := ptytest.Start(t, ptytest.Options{Cols: 120, Rows: 24, Timeout: patience, Env: environment}, os.Args[0], args...)
		p.WaitFor(told)
		p.Key("ctrl+c")
		p.WaitFor(more)
		if got := p.WaitExit(); got != 4 {
			t.Errorf("exit code %d\n%s", got, p.Dump())
		}
	}

	s.send(t, deadLetterQueue, order("a", 3, "Restaurant 4"), nil)
	if got := commandIn(t, environment, "dlq", "inspect", "--endpoint-url", s.url); got.code != 0 || got.stderr != "" {
		t.Errorf("without a terminal: exit code %d, told %q", got.code, got.stderr)
	}
	redrives("following the orders to their end", "interrupted: 1 of 1 done, and nothing is left to send")
	if got := s.counts(t, deadLetterQueue); got != (counts{}) {
		t.Errorf("the dead letters: %+v", got)
	}

	for _, user := range []string{"b", "c", "d"} {
		s.send(t, deadLetterQueue, order(user, 3, "Restaurant 4"), nil)
	}
	redrives("redrive: 1 of 3", "Finish it with orderops dlq finish ", "--canary", "1")
	if got := s.counts(t, deadLetterQueue); got != (counts{2, 0}) {
		t.Errorf("the dead letters: %+v", got)
	}
}
