package main

import (
	"os"
	"testing"

	"orderops/ui/termtest/ptytest"
)

// mender is the environment of a program with an editor for bodies of dead letters.
func mender(t *testing.T) []string {
	t.Helper()
	_, env := scriptedEditor(t, `give-up) exit 1 ;;
spoil) sed 's/three/four/' "$last" >new ;;
mend) sed 's/"three"/"3"/; s/"four"/"3"/' "$last" >new ;;`)
	return env
}

// A dead letter is mended in the operator's editor: giving up changes nothing, a
// body that is still wrong is not lost, the difference is seen before the plan, and
// what is sent is a new order.
func TestTerminalMendsADeadLetter(t *testing.T) {
	t.Parallel()
	s := serveLocal(t, "127.0.0.1:0", predictable("--wait", "1s")...)
	p := holdsADeadLetter(t, s, mender(t))
	edit := func(do string) {
		p.WaitUntil("the editor in the terminal", func() bool { return !p.State().AltScreen })
		p.WaitFor("EDITING")
		p.Type(do + "\n")
		p.WaitUntil("the dashboard in the terminal", func() bool { return p.State().AltScreen })
	}
	p.Key("ctrl+e")
	edit("give-up")
	p.WaitFor("the editor gave up (exit status 1): nothing was changed")
	p.Key("ctrl+e")
	edit("spoil")
	p.WaitFor("This can't be used yet")
	p.WaitFor(`data.quantity is "four"`)
	straight(t, p)
	p.Key("enter")
	edit("mend")
	p.WaitFor("Edit by hand")
	p.WaitFor(`"three" → "3"`)
	straight(t, p)
	if got := s.counts(t, deadLetterQueue); got != (counts{0, 1}) {
		t.Errorf("an edit that was not agreed to has changed something: %+v", got)
	}
	p.Key("enter")
	p.WaitFor("Redrive 1 message")
	p.WaitFor("[ cancel ]")
	straight(t, p)
	p.Key("y")
	p.WaitMatch(`redrive done.*1 succeeded`)
	if got := s.counts(t, deadLetterQueue); got != (counts{}) {
		t.Errorf("afterwards: %+v", got)
	}
	p.Key("ctrl+c")
	endsWell(t, p, 0)
}

// The command does the same on a terminal that stays one of lines.
func TestTerminalCommandMendsADeadLetter(t *testing.T) {
	t.Parallel()
	s := serveLocal(t, "127.0.0.1:0", predictable("--wait", "1s")...)
	id := *s.send(t, deadLetterQueue, malformed, nil).MessageId
	p := ptytest.Start(t, ptytest.Options{Cols: 100, Rows: 40, Timeout: patience, Env: mender(t)}, os.Args[0], "dlq", "edit", id, "--endpoint-url", s.url)
	p.WaitFor("EDITING")
	p.Type("spoil\n")
	p.WaitFor(`data.quantity is "four"`)
	p.WaitFor("edit again? [Y/n]")
	p.Type("\n")
	p.WaitUntil("the editor once more", func() bool { return rows(p, "EDITING") == 2 })
	p.Type("mend\n")
	p.WaitFor(`"three" → "3"`)
	p.WaitMatch(`edited by +hand`)
	p.WaitMatch(`\[y/N\]`)
	if got := s.counts(t, deadLetterQueue); got.visible+got.inFlight != 1 {
		t.Errorf("before it was agreed to: %+v", got)
	}
	p.Type("y\n")
	endsWell(t, p, 0)
	if got := s.counts(t, deadLetterQueue); got != (counts{}) {
		t.Errorf("afterwards: %+v", got)
	}
}
