package main

import (
	"fmt"
	"os"
	"testing"

	"orderops/ui/termtest/ptytest"
	"orderops/ui/termtest/vtscreen"
)

// Terminals that tell keys apart more finely (kitty's protocol, xterm's
// modifyOtherKeys) send them in other forms; a key means the same in all of them,
// with the number lock on, too.
func TestTerminalKeysInOtherForms(t *testing.T) {
	t.Parallel()
	const numLock = 128
	for name, form := range map[string]func(code rune, mod int) string{
		"kitty":           func(code rune, mod int) string { return fmt.Sprintf("\x1b[%d;%du", code, 1+mod) },
		"kitty, num lock": func(code rune, mod int) string { return fmt.Sprintf("\x1b[%d;%du", code, 1+mod+numLock) },
		"xterm":           func(code rune, mod int) string { return fmt.Sprintf("\x1b[27;%d;%d~", 1+mod, code) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const shift, ctrl = 1, 4
			replies := vtscreen.DefaultReplies()
			replies.Kitty = true
			p := ptytest.Start(t, ptytest.Options{Cols: 80, Rows: 24, Timeout: patience, Env: hermetic("1"), Replies: &replies}, os.Args[0],
				predictable("--local")...)
			p.WaitFor("OrderStateMachine")
			p.Type(form('4', 0))
			p.WaitFor("no dead letters")
			p.Type(form('p', ctrl)) // contexts, of which there are none
			p.WaitFor("no other context")
			p.Type(form('?', shift))
			p.WaitFor("Dead letters keys")
			p.Type(form(27, 0))
			p.WaitGone("Dead letters keys")
			p.Type(form('5', 0))
			p.WaitFor("New order")
			p.Type(form('B', shift))
			p.Type(form('u', 0))
			p.WaitFor(`"Bu"`)
			p.Type(form(9, 0)) // tab
			p.Type(form('7', 0))
			p.WaitFor(`"quantity":"7"`)
			p.Type(form('c', ctrl))
			endsWell(t, p, 0)
		})
	}
}
