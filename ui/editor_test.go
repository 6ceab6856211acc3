package ui

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orderops/ui/action"
	"orderops/workflow"
)

// script is an editor that does what body says with the file "$last"; its command
// line has a blank in its path and an argument of its own.
func script(t *testing.T, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "my editor")
	if err := os.WriteFile(path, []byte("for last; do :; done\n"+body+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	// Not started itself: Linux refuses a file that a child of another test still
	// has open for writing.
	return `sh "` + path + `" --wait`
}

func edits(t *testing.T, command, text string) (*editing, error) {
	t.Helper()
	e := &editing{ctx: t.Context(), command: command, name: "input.json", text: text}
	e.SetStdin(strings.NewReader(""))
	e.SetStdout(io.Discard)
	e.SetStderr(io.Discard)
	return e, e.Run()
}

func TestEditing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ body, text, want string }{
		"changed":                   {`printf '{"a":2}\n' >"$last"`, `{"a":1}`, `{"a":2}`},
		"changed, no line break":    {`printf '{"a":2}' >"$last"`, `{"a":1}`, `{"a":2}`},
		"left alone":                {`:`, `{"a":1}`, `{"a":1}`},
		"left alone, line break":    {`:`, "a\n", "a\n"},
		"line break added":          {`printf '\n' >>"$last"`, `a`, "a\n"},
		"written over by another":   {`printf b >"$last.new"; mv "$last.new" "$last"`, `a`, "b"},
		"control characters stay":   {`:`, "\x1b[2J\u202e\xff", "\x1b[2J\u202e\xff"},
		"opens on what it is given": {`grep -q secret "$last" && printf seen >"$last"`, "secret", "seen"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, err := edits(t, script(t, c.body), c.text)
			if err != nil || e.text != c.want {
				t.Errorf("got %q, %v, want %q", e.text, err, c.want)
			}
		})
	}
}

// What is edited is an order: nobody else may read it, and nothing of it stays.
func TestEditingKeepsTheTextToItself(t *testing.T) {
	t.Parallel()
	told := filepath.Join(t.TempDir(), "told")
	body := `ls -l "$last" >` + told + `; ls -ld "$(dirname "$last")" >>` + told + `; echo "$last" >>` + told + `; echo swap >"$last.swp"`
	if _, err := edits(t, script(t, body), "text"); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(told)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(b), "\n")
	if !strings.HasPrefix(lines[0], "-rw-------") || !strings.HasPrefix(lines[1], "drwx------") {
		t.Errorf("file and folder can be read by others:\n%s", b)
	}
	if _, err := os.Stat(filepath.Dir(lines[2])); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
}

func TestEditingThatFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ command, operation string }{
		"not there":  {"/no/such/editor", "start the editor"},
		"not closed": {`vi "`, "start the editor"},
		"empty":      {" ", "start the editor"},
		"took it":    {script(t, `rm "$last"`), "read what was edited"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := edits(t, c.command, "text")
			if p, ok := errors.AsType[*workflow.Problem](err); !ok || p.Operation != c.operation || p.Next == "" {
				t.Errorf("got %v", err)
			}
		})
	}
	e, err := edits(t, script(t, `echo broken >"$last"; exit 3`), "text")
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 3 || e.text != "text" {
		t.Errorf("an editor that gives up: got %v, %q", err, e.text)
	}
}

func TestCommandWords(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][]string{
		"vi":                              {"vi"},
		" code  --wait ":                  {"code", "--wait"},
		`"/my apps/ed it" -c 'set ft=js'`: {"/my apps/ed it", "-c", "set ft=js"},
		`/my\ apps/ed -x ""`:              {"/my apps/ed", "-x", ""},
		`a'b"c'"d'e"`:                     {`ab"cd'e`},
		`$HOME/ed`:                        {"$HOME/ed"},
	} {
		if got, err := commandWords(line); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %q, %v", line, got, err)
		}
	}
	for _, line := range []string{"", "  ", `""`, `a "b`, `a 'b`, `a\`} {
		if got, err := commandWords(line); err == nil {
			t.Errorf("%q: got %q", line, got)
		}
	}
}

// What comes back from the editor goes on only when it is another text, and right.
func TestEditedText(t *testing.T) {
	t.Parallel()
	var went string
	edit := action.EditText{
		Name: "input.json", Text: "first", Most: 9,
		Check: func(text string) error {
			if text == "wrong" {
				return errors.New("line 1 is wrong")
			}
			return nil
		},
		Then: func(text string) tea.Cmd { went = text; return nil },
	}
	m := New(t.Context(), Options{Editor: "vi"})
	shows := func(msg textEdited, want string) {
		t.Helper()
		went, m.overlay = "", nil
		m.textEdited(msg)
		if went != "" {
			t.Errorf("%+v went on with %q", msg, went)
		}
		frame := ""
		if m.overlay != nil {
			frame = ansi.Strip(m.overlay.View(100, 30))
		} else if line := m.toasts.View(m.theme, m.world.Now, 100); line != "" {
			frame = ansi.Strip(line)
		}
		if !strings.Contains(frame, want) {
			t.Errorf("want %q, shows\n%s", want, frame)
		}
	}
	shows(textEdited{edit, "first", nil}, "nothing was changed")
	shows(textEdited{edit, "second", &exec.ExitError{ProcessState: &os.ProcessState{}}}, "the editor gave up")
	shows(textEdited{edit, "second", errors.New("no terminal")}, "no terminal")
	shows(textEdited{edit, "ten letters", nil}, "11 bytes; at most 9")
	shows(textEdited{edit, "wrong", nil}, "line 1 is wrong")
	cmd, closed := m.overlay.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
	if !closed || cmd == nil {
		t.Fatal("the editor is not opened again")
	}
	again, ok := cmd().(action.EditText)
	if !ok || again.Text != "wrong" || again.Before() != "first" {
		t.Fatalf("opens again on %+v", again)
	}
	shows(textEdited{again, "first", nil}, "nothing was changed")
	m.textEdited(textEdited{again, "right", nil})
	if went != "right" {
		t.Errorf("went on with %q", went)
	}
}

func TestWithoutEditor(t *testing.T) {
	t.Parallel()
	m := New(t.Context(), Options{})
	if cmd := m.editText(action.EditText{Name: "a", Text: "b"}); cmd != nil {
		t.Error("an editor is started that is not set")
	}
	if line := ansi.Strip(m.toasts.View(m.theme, m.world.Now, 100)); !strings.Contains(line, "EDITOR=vi") {
		t.Errorf("says %q", line)
	}
}
