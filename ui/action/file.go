package action

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"orderops/workflow"
)

// Export asks for the name of a file, beginning with stem, and goes on with it.
func (w *World) Export(what, stem string, then func(name string) tea.Cmd) tea.Cmd {
	return Send(Edit{
		Title: "Export " + what, Label: "file", Verb: "write", Hint: "ends in .jsonl or .csv; no file is written over",
		Value: stem + w.Now.Local().Format("20060102-150405") + ".jsonl", Check: CheckExport, Then: then,
	})
}

// CheckExport says what is wrong with the name of a file to export to.
func CheckExport(name string) error {
	switch filepath.Ext(name) {
	case ".jsonl", ".csv":
		return nil
	}
	return errors.New("must end in .jsonl or .csv")
}

// WriteFile writes n things, called what, to a new file beside the program: as
// CSV or as JSON lines, as its name says. Only its owner may read it. No file is
// written over, and none is left that was not written whole.
func (w *World) WriteFile(name, what string, n int, asCSV, asLines func(io.Writer) error) tea.Cmd {
	write := asLines
	if filepath.Ext(name) == ".csv" {
		write = asCSV
	}
	return w.Do(func(context.Context) tea.Msg {
		if err := writeNew(name, write); err != nil {
			return Say{Err: &workflow.Problem{
				Kind: workflow.Invalid, Operation: "export", Target: name, Reason: err.Error(), Err: err, Next: "Choose another file.",
			}}
		}
		return Say{Text: strconv.Itoa(n) + " " + what + " written to " + name}
	})
}

func writeNew(name string, write func(io.Writer) error) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	if err = errors.Join(write(w), w.Flush(), file.Sync(), file.Close()); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}
