package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/dialog"
	"orderops/workflow"
)

// editText hands the terminal to the operator's editor. Bubble Tea takes in no
// message until the editor ends.
func (m *Model) editText(edit action.EditText) tea.Cmd {
	if why := m.world.NoEditor(); why != "" {
		m.inform(why)
		return nil
	}
	e := &editing{ctx: m.world.Context, command: m.world.Editor, name: edit.Name, text: edit.Text}
	return tea.Exec(e, func(err error) tea.Msg { return textEdited{edit, e.text, err} })
}

// Edit opens a text in an editor, which gets the terminal, and gives what stood in
// the file when it ended. command is a line such as `code --wait`, name the file's.
func Edit(ctx context.Context, command, name, text string, in io.Reader, out, errs io.Writer) (string, error) {
	e := &editing{ctx: ctx, command: command, name: name, text: text, in: in, out: out, errs: errs}
	err := e.Run()
	return e.text, err
}

// textEdited is what the operator's editor left behind.
type textEdited struct {
	edit action.EditText
	text string
	err  error
}

// textEdited goes on with a text that was changed and is right. One that is
// wrong is not lost: the editor opens on it again, if that is wanted.
func (m *Model) textEdited(msg textEdited) tea.Cmd {
	m.world.LastInput = m.world.Now
	if exit, ok := errors.AsType[*exec.ExitError](msg.err); ok {
		m.inform("the editor gave up (" + exit.Error() + "): nothing was changed")
		return nil
	}
	if msg.err != nil {
		m.complain(msg.err)
		return nil
	}
	if msg.text == msg.edit.Before() {
		m.inform("nothing was changed")
		return nil
	}
	if err := msg.edit.Wrong(msg.text); err != nil {
		m.overlay = newMistake(m, msg, err)
		return nil
	}
	return msg.edit.Then(msg.text)
}

// mistake says what is wrong with an edited text.
type mistake struct {
	*dialog.Dialog

	again action.EditText
}

func newMistake(m *Model, msg textEdited, wrong error) *mistake {
	return &mistake{again: msg.edit.Again(msg.text), Dialog: dialog.New(m.theme, dialog.Spec{
		Title: "This can't be used yet", Warning: msg.edit.Name + ": " + wrong.Error(),
		Facts: []dialog.Fact{{Text: "The editor opens on it again as you left it. To cancel forgets what you wrote."}}, Action: "edit again",
	})}
}

// Update opens the editor again when that was agreed to.
func (q *mistake) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch q.Dialog.Update(msg) {
	case dialog.Cancelled:
		return nil, true
	case dialog.Confirmed:
		return action.Send(q.again), true
	case dialog.Pending:
	}
	return nil, false
}

// editing is one use of an editor on a text: a file that only the operator may
// read, in a folder that is gone afterwards with all that the editor left there.
type editing struct {
	ctx     context.Context
	command string
	name    string
	// text is what the file begins with, and what stood in it in the end.
	text string

	in        io.Reader
	out, errs io.Writer
}

// SetStdin, SetStdout and SetStderr give the editor the terminal.
func (e *editing) SetStdin(r io.Reader) { e.in = r }

// SetStdout is where the editor draws.
func (e *editing) SetStdout(w io.Writer) { e.out = w }

// SetStderr is where it complains.
func (e *editing) SetStderr(w io.Writer) { e.errs = w }

// Run edits the text, until the editor ends.
func (e *editing) Run() (err error) {
	folder, err := os.MkdirTemp("", "orderops-") // only its owner may look into it
	if err != nil {
		return editProblem("make a file to edit", os.TempDir(), err, "Set TMPDIR to a folder that can be written to.")
	}
	defer func() {
		if left := os.RemoveAll(folder); left != nil {
			err = errors.Join(err, editProblem("remove what was edited", folder, left, "Remove it yourself: it holds the text of an order."))
		}
	}()
	path := filepath.Join(folder, filepath.Base(e.name))
	// Editors end a file with a line break; a text that has none is given one, and
	// loses it again.
	ending := ""
	if !strings.HasSuffix(e.text, "\n") {
		ending = "\n"
	}
	if err := os.WriteFile(path, []byte(e.text+ending), 0o600); err != nil {
		return editProblem("make a file to edit", path, err, "Set TMPDIR to a folder that can be written to.")
	}
	if err := e.edit(path); err != nil {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return editProblem("read what was edited", path, err, "Let the editor write the file where it found it.")
	}
	e.text = strings.TrimSuffix(string(text), ending)
	return nil
}

// killAfter is how long an editor has to end when the program is told to.
const killAfter = 2 * time.Second

func (e *editing) edit(path string) error {
	words, err := commandWords(e.command)
	if err != nil {
		return editProblem("start the editor", e.command, err, "Set VISUAL or EDITOR to a command, such as vi.")
	}
	cmd := exec.CommandContext(e.ctx, words[0], append(words[1:], path)...) //nolint:gosec // the operator's own choice
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = killAfter
	cmd.Stdin, cmd.Stdout, cmd.Stderr = e.in, e.out, e.errs
	err = cmd.Run()
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		return editProblem("start the editor", e.command, err, "Set VISUAL or EDITOR to an editor that can be started, such as vi.")
	}
	return err
}

func editProblem(operation, target string, err error, next string) error {
	return &workflow.Problem{Kind: workflow.Invalid, Operation: operation, Target: target, Reason: err.Error(), Next: next, Err: err}
}

// commandWords are the command and the arguments of a line such as `code --wait`,
// with quotes and backslashes as a shell takes them. Nothing is expanded.
func commandWords(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	inWord, quote, escaped := false, rune(0), false
	for _, r := range line {
		switch {
		case escaped:
			word.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'':
			inWord, escaped = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			inWord, quote = true, r
		case quote == 0 && unicode.IsSpace(r):
			if inWord {
				words = append(words, word.String())
			}
			word.Reset()
			inWord = false
		default:
			inWord = true
			word.WriteRune(r)
		}
	}
	if quote != 0 || escaped {
		return nil, fmt.Errorf("%q is not closed", line)
	}
	if inWord {
		words = append(words, word.String())
	}
	if len(words) == 0 || words[0] == "" {
		return nil, errors.New("no command is named")
	}
	return words, nil
}
