package planfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"

	"orderops/workflow"
)

const (
	// mostBytes bounds a file: a hundred thousand messages, or some edits of 1 MiB.
	mostBytes = 64 << 20
	// mostEntries bounds each list of a plan.
	mostEntries = 100_000
)

// Error is a mistake in a file, with the line and the field where it is.
type Error struct {
	Line          int
	Field, Reason string
}

// Error tells the mistake in one line.
func (e *Error) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("line %d: %s", e.Line, e.Reason)
	}
	return fmt.Sprintf("line %d, %s: %s", e.Line, e.Field, e.Reason)
}

// Load reads a plan from a file.
func Load(path string) (Plan, error) {
	file, err := os.Open(path)
	if err != nil {
		return Plan{}, unreadable(path, err)
	}
	defer func() { _ = file.Close() }() // it was only read
	p, err := Read(file)
	if err != nil {
		return p, unreadable(path, err)
	}
	return p, nil
}

func unreadable(path string, err error) error {
	reason := err.Error()
	if missing, ok := errors.AsType[*fs.PathError](err); ok {
		reason = missing.Err.Error()
	}
	return &workflow.Problem{
		Kind: workflow.Invalid, Operation: "read the plan", Target: path, Reason: reason, Err: err,
		Next: "Nothing was changed. Make the plan again: a command with --dry-run --plan FILE writes one.",
	}
}

// Read reads a plan and checks each of its fields. What it does not know it
// refuses: a field that is overlooked could be the one that matters.
func Read(r io.Reader) (Plan, error) {
	data, err := io.ReadAll(io.LimitReader(r, mostBytes+1))
	switch {
	case err != nil:
		return Plan{}, err
	case len(data) > mostBytes:
		return Plan{}, fmt.Errorf("it has more than %d MiB", mostBytes>>20)
	}
	in := &reader{data: data, decoder: json.NewDecoder(bytes.NewReader(data)), seen: map[string]bool{}, ids: map[string]bool{}}
	if at := firstInvalid(data); at >= 0 {
		return Plan{}, in.wrong(int64(at), "", "is no UTF-8")
	}
	if err := in.read(); err != nil {
		return Plan{}, err
	}
	return in.plan, in.whole()
}

func firstInvalid(data []byte) int {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// reader reads one plan, field by field.
type reader struct {
	data    []byte
	decoder *json.Decoder
	plan    Plan
	seen    map[string]bool // fields that were there
	ids     map[string]bool // of messages and executions
}

// wrong is a mistake at an offset.
func (in *reader) wrong(offset int64, field, reason string) error {
	offset = max(0, min(offset, int64(len(in.data))))
	return &Error{Line: 1 + bytes.Count(in.data[:offset], []byte("\n")), Field: field, Reason: reason}
}

// next is where the next value begins.
func (in *reader) next() int64 {
	at := in.decoder.InputOffset()
	for at < int64(len(in.data)) && strings.ContainsRune(" \t\r\n:,", rune(in.data[at])) {
		at++
	}
	return at
}

func (in *reader) read() error {
	if token, err := in.decoder.Token(); err != nil || token != json.Delim('{') {
		return in.wrong(0, "", "this is no plan of orderops: it is no JSON object")
	}
	for in.decoder.More() {
		at := in.next()
		token, err := in.decoder.Token()
		if err != nil {
			return in.damaged(err, "")
		}
		name, _ := token.(string) // More tells that a member follows
		switch {
		case len(in.seen) == 0 && name != "schema":
			return in.wrong(at, name, "this is no plan of orderops: its first field is not schema")
		case in.seen[name]:
			return in.wrong(at, name, "is there twice")
		}
		in.seen[name] = true
		if err := in.field(name); err != nil {
			return err
		}
	}
	if _, err := in.decoder.Token(); err != nil {
		return in.damaged(err, "")
	}
	if _, err := in.decoder.Token(); !errors.Is(err, io.EOF) {
		return in.wrong(in.next(), "", "something stands behind the plan")
	}
	return nil
}

// damaged is what the JSON reader does not take.
func (in *reader) damaged(err error, field string) error {
	at := in.decoder.InputOffset()
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		at = syntax.Offset
	}
	reason := strings.TrimPrefix(err.Error(), "json: ")
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		at, reason = int64(len(in.data)), "the file ends in the middle"
	}
	return in.wrong(at, field, reason)
}

// field reads the value of a field and checks it.
func (in *reader) field(name string) error {
	p := &in.plan
	switch name {
	case "queues":
		return entries(in, name, &p.Queues, func(Queue) string { return "" })
	case "facts":
		return entries(in, name, &p.Facts, func(Fact) string { return "" })
	case "messages":
		return entries(in, name, &p.Messages, in.message)
	case "executions":
		return entries(in, name, &p.Executions, in.execution)
	}
	target, ok := map[string]any{
		"schema": &p.Schema, "operation": &p.Operation, "made": &p.Made, "by": &p.By, "account": &p.Account, "region": &p.Region,
		"stack": &p.Stack, "queue": &p.Queue, "machine": &p.Machine, "to": &p.To, "filter": &p.Filter, "rest": &p.Rest, "include": &p.Include,
		"note": &p.Note, "rate": &p.Rate, "canary": &p.Canary, "threshold": &p.Threshold, "source": &p.Source,
	}[name]
	at := in.next()
	if !ok {
		return in.wrong(at, name, "is no field of "+Schema)
	}
	if err := in.value(name, target); err != nil {
		return err
	}
	if why := p.check(name); why != "" {
		return in.wrong(at, name, why)
	}
	return nil
}

// value reads one value, whose own fields must all be known.
func (in *reader) value(name string, target any) error {
	at := in.next()
	var raw json.RawMessage
	if err := in.decoder.Decode(&raw); err != nil {
		return in.damaged(err, name)
	}
	if string(raw) == "null" {
		return in.wrong(at, name, "is null")
	}
	strict := json.NewDecoder(bytes.NewReader(raw))
	strict.DisallowUnknownFields()
	err := strict.Decode(target)
	if err == nil {
		return nil
	}
	reason := strings.TrimPrefix(err.Error(), "json: ")
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		reason = "must not be a " + kind.Value
		if kind.Field != "" {
			name += "." + kind.Field
		}
	}
	return in.wrong(at+strict.InputOffset(), name, reason)
}

// entries reads a list and checks each entry.
func entries[T any](in *reader, name string, list *[]T, check func(T) string) error {
	at := in.next()
	if token, err := in.decoder.Token(); err != nil || token != json.Delim('[') {
		return in.wrong(at, name, "must be a list")
	}
	for i := 0; in.decoder.More(); i++ {
		at, field := in.next(), fmt.Sprintf("%s[%d]", name, i)
		if i == mostEntries {
			return in.wrong(at, field, fmt.Sprintf("is one too many: a list may have %d entries", mostEntries))
		}
		var entry T
		if err := in.value(field, &entry); err != nil {
			return err
		}
		if why := check(entry); why != "" {
			within, reason, _ := strings.Cut(why, " ")
			return in.wrong(at, field+"."+within, reason)
		}
		*list = append(*list, entry)
	}
	if _, err := in.decoder.Token(); err != nil {
		return in.damaged(err, name)
	}
	return nil
}
