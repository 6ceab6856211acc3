package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"orderops/config"
	"orderops/ui/text"
	"orderops/workflow"
)

// The formats of data.
const (
	formatTable     = "table"
	formatJSON      = "json"
	formatJSONLines = "jsonl"
)

// format is the one that was asked for, else what suits the output.
func (p *program) format(asked string) string {
	switch {
	case asked != "":
		return asked
	case p.streams.OutTerminal:
		return formatTable
	default:
		return formatJSON
	}
}

// print writes data. A failed write has no one left to tell: the reader is gone,
// and the command ends.
func (p *program) print(format string, arguments ...any) {
	if p.closed.Load() {
		return
	}
	if _, err := fmt.Fprintf(p.streams.Out, format, arguments...); err != nil {
		p.closed.Store(true)
		p.gone()
	}
}

// say tells something beside the data.
func (p *program) say(format string, arguments ...any) {
	_, _ = fmt.Fprintln(p.streams.Err, "orderops: "+text.Clean(fmt.Sprintf(format, arguments...)))
}

// progress shows how far a command is, when somebody looks. An empty text
// takes it away.
func (p *program) progress(format string, arguments ...any) {
	if p.streams.ErrTerminal {
		_, _ = fmt.Fprint(p.streams.Err, "\r\x1b[K"+text.Clean(fmt.Sprintf(format, arguments...)))
	}
}

// printJSON writes one JSON document in which nothing acts on a terminal.
func (p *program) printJSON(value any) error {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	p.print("%s", text.EscapeJSON(b.String()))
	return nil
}

// printProblem tells a failure: what failed, why, what to do next.
func (p *program) printProblem(err error) { writeProblem(p.streams.Err, err) }

func writeProblem(w io.Writer, err error) {
	headline, problem := headline(err)
	var b strings.Builder
	fmt.Fprintf(&b, "orderops: %s\n", text.Clean(headline))
	for _, line := range []struct{ label, text string }{
		{"why ", problem.Reason}, {"next", problem.Next}, {"request id", problem.RequestID},
	} {
		if line.text != "" {
			fmt.Fprintf(&b, "  %s  %s\n", line.label, text.Clean(line.text))
		}
	}
	_, _ = io.WriteString(w, b.String())
}

// headline says what failed; the problem has the rest.
func headline(err error) (string, *workflow.Problem) {
	if wrong, ok := errors.AsType[*config.SettingError](err); ok {
		return wrong.Setting + " " + wrong.Reason, &workflow.Problem{Next: wrong.Next}
	}
	if wrong, ok := errors.AsType[*config.FileError](err); ok {
		return wrong.Place() + ": " + wrong.Reason, &workflow.Problem{Next: wrong.Next}
	}
	problem, ok := errors.AsType[*workflow.Problem](err)
	if !ok {
		return err.Error(), &workflow.Problem{}
	}
	text := "could not " + problem.Operation
	if strings.Contains(problem.Operation, ":") { // an AWS action
		text = problem.Operation + " failed"
	}
	if problem.Target != "" {
		text += " (" + problem.Target + ")"
	}
	return text, problem
}

// printUsageError tells a mistake in the arguments of a command, which cobra found.
func (p *program) printUsageError(command string, err error) {
	next := "See " + command + " --help"
	if strayed, ok := errors.AsType[*strayError](err); ok && strayed.meant != "" {
		next = "Did you mean " + command + " " + strayed.meant + "? " + next
	}
	_, _ = fmt.Fprintf(p.streams.Err, "orderops: %s\n  next  %s\n", text.Clean(err.Error()), next)
}
