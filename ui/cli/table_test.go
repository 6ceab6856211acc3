package cli_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"orderops/ui/cli"
	"orderops/ui/text"
	"orderops/workflow"
)

// wideNames are an AWS whose users and causes are of characters that take two
// cells, or several code points for one.
func wideNames() *aws {
	a := ended()
	family := "\U0001F468\u200d\U0001F469\u200d\U0001F467"
	for i := range a.executions {
		e := &a.executions[i]
		e.Name = fmt.Sprintf("7c1e24a0-0c8a-4f4f-9f5e-1a8b9f0b8d1%d", i)
		e.ARN = workflow.ExecutionOf(machineARN, e.Name)
		e.Input = fmt.Sprintf(`{"user_id":"%s","restaurant_id":"Café","quantity":"3","id":%q}`, strings.Repeat("寿司"+family, 9), e.Name)
	}
	return a
}

// TestTablesFitTheTerminal wants no line wider than the terminal, every id whole,
// and to be told what had no room.
func TestTablesFitTheTerminal(t *testing.T) {
	t.Parallel()
	for _, width := range []int{20, 40, 80, 120, 200} {
		for _, args := range []string{"executions list", "executions history 7c1e24a0-0c8a-4f4f-9f5e-1a8b9f0b8d10", "executions watch", "orders list"} {
			t.Run(fmt.Sprintf("%s at %d", args, width), func(t *testing.T) {
				t.Parallel()
				w := &world{aws: wideNames(), terminal: true, width: width, environment: map[string]string{"TERM": "xterm"}}
				command := strings.Fields(args)
				if args == "executions watch" {
					w.aws.executions[0].Status = workflow.Running
					command = append(command, "--timeout", "50ms")
				}
				w.run(t, command...)
				if w.out.Len() == 0 {
					t.Fatalf("nothing was printed; errors %q", w.err.String())
				}
				for line := range strings.Lines(w.out.String()) {
					if n := text.Width(strings.TrimSuffix(ansi.Strip(line), "\n")); n > width {
						t.Errorf("%d cells in %q", n, line)
					}
				}
				if whole := strings.Contains(w.out.String(), "7c1e24a0-0c8a-4f4f-9f5e-1a8b9f0b8d10"); width >= 80 && !whole && strings.HasSuffix(args, "list") {
					t.Errorf("the id is not whole:\n%s", w.out.String())
				}
				if width == 80 && strings.HasSuffix(args, "list") && !strings.Contains(w.err.String(), "the terminal is too narrow for") {
					t.Errorf("said %q, want to be told what is left out", w.err.String())
				}
			})
		}
	}
}

// TestTablesInAPipeAreWhole wants nothing cut, and no colour, where no terminal is.
func TestTablesInAPipeAreWhole(t *testing.T) {
	t.Parallel()
	w := &world{aws: wideNames(), width: 40, environment: map[string]string{"TERM": "xterm"}}
	if code := w.run(t, "executions", "list", "-o", "table"); code != cli.ExitOK || w.err.Len() > 0 {
		t.Fatalf("exit code %d, errors %q", code, w.err.String())
	}
	if got := w.out.String(); strings.Contains(got, text.Ellipsis) || strings.Contains(got, "\x1b") || strings.Count(got, "寿司") != 18 {
		t.Errorf("printed %s", got)
	}
}

func TestTablesThatAreNarrow(t *testing.T) {
	t.Parallel()
	w := &world{aws: wideNames(), terminal: true, width: 80}
	w.run(t, "executions", "list")
	golden(t, "executions-at-80", w.out.Bytes())
	w = &world{aws: wideNames(), terminal: true, width: 60}
	w.run(t, "executions", "list", "--columns", "order,user,restaurant,quantity,status")
	golden(t, "executions-picked-at-60", w.out.Bytes())
	if w.err.Len() > 0 {
		t.Errorf("said %q of columns that were asked for", w.err.String())
	}
}

func TestColoursOfTables(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		environment map[string]string
		args        string
		want        string // how FAILED begins
	}{
		{map[string]string{"TERM": "xterm"}, "", "\x1b[31mFAILED"},
		{map[string]string{"TERM": "xterm"}, "--theme dark", "\x1b[38;2;"},
		{map[string]string{"TERM": "xterm", "NO_COLOR": "1"}, "", ""},
		{map[string]string{"TERM": "dumb"}, "--theme dark", ""},
	} {
		w := &world{aws: ended(), terminal: true, width: 200, environment: test.environment}
		w.run(t, append([]string{"executions", "list"}, strings.Fields(test.args)...)...)
		if got := w.out.String(); test.want == "" && strings.Contains(got, "\x1b") || !strings.Contains(got, test.want) || !strings.Contains(got, "FAILED") {
			t.Errorf("%v %q: printed %q", test.environment, test.args, got)
		}
	}
}
