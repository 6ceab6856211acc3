package cli_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"orderops/config"
	"orderops/ui/cli"
	"orderops/workflow"
	"orderops/workflow/operation/journal"
)

// completes is what a shell is offered behind the words; the directive is left out.
func (w *world) completes(t *testing.T, words ...string) []string {
	t.Helper()
	w.out.Reset()
	if code := w.run(t, append([]string{"__complete"}, words...)...); code != cli.ExitOK {
		t.Errorf("%q: exit code %d", words, code)
	}
	lines := strings.Split(strings.TrimRight(w.out.String(), "\n"), "\n")
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, ":") {
		t.Fatalf("%q: the last line is %q, want a directive", words, last)
	}
	var names []string
	for _, line := range lines[:len(lines)-1] {
		name, _, _ := strings.Cut(line, "\t")
		names = append(names, name)
	}
	return names
}

// shell is a world with names to complete.
func shell(t *testing.T) *world {
	t.Helper()
	home := t.TempDir()
	write(t, filepath.Join(home, ".config", "orderops", "config.yaml"), "contexts:\n  - name: shop\n  - name: shop-eu\n")
	w := &world{environment: map[string]string{"HOME": home}, aws: ended()}
	w.names = names{
		over:   make(chan struct{}),
		stacks: []string{"orders-a", "orders-b"},
		runs:   []journal.State{{Head: journal.Head{ID: "20261127T140000.000Z", Verb: "redrive"}}, {Head: journal.Head{ID: "20261127T150000.000Z", Verb: "delete"}}},
	}
	return w
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ words, want string }{
		{"executions show |", "9a2b 7c1e"},
		{"executions show 7|", "7c1e"},
		{"executions show 7c1e |", ""},
		{"executions redrive 7c1e |", "9a2b"},
		{"orders show |", "9a2b 7c1e"},
		{"trace |", "9a2b 7c1e"},
		{"dlq finish |", "20261127T150000.000Z 20261127T140000.000Z"},
		{"dlq journal |", "prune 20261127T150000.000Z 20261127T140000.000Z"},
		{"config use |", "shop shop-eu"},
		{"iam |", "read-only operator admin"},
		{"--context |", "shop shop-eu"},
		{"executions list --stack |", "orders-a orders-b"},
		{"executions list -o |", "table json jsonl csv"},
		{"submit -o |", "table json jsonl csv"},
		{"status -o |", "table json"},
		{"status --theme |", "auto dark light"},
		{"executions list --columns st|", "status state started stopped"},
		{"executions list --columns status,st|", "status,state status,started status,stopped"},
		{"executions list --sort st|", "started status state"},
		{"executions list --filter st|", "started: status: state:"},
		{"executions list --filter !st|", "!started: !status: !state:"},
		{"executions list --filter status:f|", "status:failed"},
		{"orders list --filter row:|", "row:pending row:success row:failure"},
	} {
		t.Run(test.words, func(t *testing.T) {
			t.Parallel()
			words := strings.Split(strings.TrimSuffix(test.words, "|"), " ")
			if got := shell(t).completes(t, words...); strings.Join(got, " ") != test.want {
				t.Errorf("offered %q, want %q", got, test.want)
			}
		})
	}
}

// TestCompletionOfFilters has a blank in what was typed.
func TestCompletionOfFilters(t *testing.T) {
	t.Parallel()
	got := shell(t).completes(t, "executions", "list", "--filter", "status:failed us")
	if len(got) != 1 || got[0] != "status:failed user:" {
		t.Errorf("offered %q", got)
	}
}

// TestCompletionReceivesNoDeadLetter offers those that the last inspection printed.
func TestCompletionReceivesNoDeadLetter(t *testing.T) {
	t.Parallel()
	w := shell(t)
	if got := w.completes(t, "dlq", "show", ""); len(got) > 0 {
		t.Errorf("offered %q before an inspection", got)
	}
	write(t, config.StatePath(func(name string) (string, bool) { v, ok := w.environment[name]; return v, ok }, "completion-letters.json"),
		`{"at":"`+time.Now().Format(time.RFC3339)+`","letters":[{"id":"5e0a","verdict":"safe"},{"id":"77\u001b[2J","verdict":"safe"},{"id":"6f1b","verdict":"malformed"}]}`)
	if got := w.completes(t, "dlq", "redrive", "5e0a", ""); !slices.Equal(got, []string{"6f1b"}) {
		t.Errorf("offered %q", got)
	}
	if w.ran != "" {
		t.Errorf("ran %q to complete dead letters", w.ran)
	}
}

// TestCompletionAsksOnce keeps who presses the key ten times from ten calls.
func TestCompletionAsksOnce(t *testing.T) {
	t.Parallel()
	w := shell(t)
	for range 10 {
		w.completes(t, "executions", "show", "")
	}
	if w.names.asked != 1 {
		t.Errorf("asked %d times", w.names.asked)
	}
	if w.completes(t, "executions", "show", "--stack", "orders-b", ""); w.names.asked != 2 {
		t.Errorf("asked %d times, want once more for another stack", w.names.asked)
	}
	if !w.settings.ReadOnly {
		t.Error("completion was not read-only")
	}
}

// TestCompletionIsSilent offers nothing, and says nothing of its own, when AWS
// fails, hangs, or the settings are wrong.
func TestCompletionIsSilent(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(t *testing.T, w *world) []string{
		"a failure": func(_ *testing.T, w *world) []string {
			w.failure = &workflow.Problem{Kind: workflow.Forbidden, Operation: "states:ListExecutions", Reason: "no permission"}
			return []string{"executions", "show", ""}
		},
		"no stacks": func(_ *testing.T, w *world) []string {
			w.failure = errors.New("no network")
			return []string{"status", "--stack", ""}
		},
		"a hanging network": func(_ *testing.T, w *world) []string {
			w.names.hang = true
			return []string{"executions", "show", ""}
		},
		"a broken configuration": func(t *testing.T, w *world) []string {
			t.Helper()
			write(t, filepath.Join(w.environment["HOME"], ".config", "orderops", "config.yaml"), "contexts: {")
			return []string{"executions", "show", ""}
		},
		"contexts of a broken configuration": func(t *testing.T, w *world) []string {
			t.Helper()
			write(t, filepath.Join(w.environment["HOME"], ".config", "orderops", "config.yaml"), "contexts: {")
			return []string{"config", "use", ""}
		},
		"wrong flags": func(*testing.T, *world) []string {
			return []string{"executions", "show", "--endpoint-url", "nonsense", ""}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := shell(t)
				words := spoil(t, w)
				began := time.Now()
				if got := w.completes(t, words...); len(got) > 0 {
					t.Errorf("offered %q", got)
				}
				if took := time.Since(began); took > 2*time.Second {
					t.Errorf("it took %v", took)
				}
				// Cobra itself tells the directive in words, which every shell's script throws away.
				said := strings.Split(strings.TrimSpace(w.err.String()), "\n")
				if len(said) != 1 || !strings.HasPrefix(said[0], "Completion ended with directive") {
					t.Errorf("said %q", said)
				}
				w.names.release()
			})
		})
	}
}

// TestCompletionScripts wants a script for each shell.
func TestCompletionScripts(t *testing.T) {
	t.Parallel()
	for shell, want := range map[string]string{"bash": "complete -o default", "zsh": "#compdef orderops", "fish": "complete -c orderops"} {
		w := &world{}
		if code := w.run(t, "completion", shell); code != cli.ExitOK || !strings.Contains(w.out.String(), want) || !strings.Contains(w.out.String(), "__complete") {
			t.Errorf("%s: exit code %d, printed %d bytes", shell, code, w.out.Len())
		}
	}
}

// names answer completion.
type names struct {
	stacks []string
	runs   []journal.State
	asked  int
	hang   bool
	over   chan struct{}
}

// release lets what hangs end.
func (n *names) release() { close(n.over) }

func (w *world) newest(_ context.Context, s config.Settings) ([]workflow.Execution, error) {
	w.names.asked++
	w.settings = s
	if w.names.hang {
		<-w.names.over // whatever its context says
	}
	return w.aws.executions, w.failure
}
