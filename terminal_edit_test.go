package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"orderops/ui/termtest/ptytest"
)

// scriptedEditor is an editor that waits for a line of the terminal and does what
// the cases of a shell say for it: from the text in $last it makes a file new. The
// program with env keeps its temporary files in home.
func scriptedEditor(t *testing.T, cases string) (home string, env []string) {
	t.Helper()
	home = t.TempDir()
	editor := filepath.Join(home, "editor")
	program := `cd "$1" && last="$2"
stty sane
printf 'EDITING\r\n'
read key
case "$key" in
` + cases + `
esac
cat new >"$last"
`
	if err := os.WriteFile(editor, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	return home, append(hermetic("1"), "TMPDIR="+home, `EDITOR=sh "`+editor+`" `+home)
}

// An order is run again with an input that was edited in the operator's editor:
// one that breaks it off changes nothing, a mistake is not lost, and the plan
// says what was changed.
func TestTerminalEditor(t *testing.T) {
	t.Parallel()
	// First it gives up, then it forgets a quote, then it mends that.
	home, env := scriptedEditor(t, `give-up) exit 1 ;;
break) sed 's/"3"/"5/' "$last" >new ;;
mend) sed 's/"5,/"5",/' "$last" >new ;;`)
	p := ptytest.Start(t, ptytest.Options{Cols: 120, Rows: 40, Timeout: patience, Env: env}, os.Args[0], predictable("--local", "--wait", "1s")...)
	p.WaitFor("OrderStateMachine")
	submitsAnOrder(t, p)
	p.Key("3")
	p.WaitFor("SUCCEEDED")
	p.Key("enter")
	p.WaitFor("✓ OrderSuccess")

	edit := func(do string) {
		p.WaitUntil("the editor in the terminal", func() bool { return !p.State().AltScreen })
		p.WaitFor("EDITING")
		p.Type(do + "\n")
		p.WaitUntil("the dashboard in the terminal", func() bool { return p.State().AltScreen })
	}
	p.Key("N")
	edit("give-up")
	p.WaitFor("the editor gave up (exit status 1): nothing was changed")
	p.Key("N")
	edit("break")
	p.WaitFor("This can't be used yet")
	p.WaitMatch(`input\.json: line \d+, column \d+: invalid character`)
	straight(t, p)
	p.Key("enter")
	edit("mend")
	p.WaitFor("Make a new order of one that succeeded")
	p.WaitFor(`quantity: "3" → "5"`)
	straight(t, p)
	p.Key("y")
	p.WaitFor("started ")
	p.WaitFor("5 × Restaurant 4")
	if names, _ := filepath.Glob(filepath.Join(home, "orderops-[0-9]*")); len(names) > 0 {
		t.Errorf("what was edited is still there: %s", strings.Join(names, " "))
	}
	p.Key("6")
	p.WaitFor("run again")
	quits(t, p)
}
