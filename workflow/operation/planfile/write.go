package planfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf16"

	"orderops/workflow"
)

// Save writes a plan to a new file, which only its owner may read. No file is
// written over, and none is left that was not written whole.
func Save(path string, p Plan) error {
	problem := func(err error) error {
		next := "Choose another file."
		if errors.Is(err, os.ErrExist) {
			next = "No file is written over: choose another one, or take that one away."
		}
		return &workflow.Problem{Kind: workflow.Invalid, Operation: "save the plan", Target: path, Reason: err.Error(), Next: next, Err: err}
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return problem(err)
	}
	if err := errors.Join(Write(file, p), file.Sync(), file.Close()); err != nil {
		return problem(errors.Join(err, os.Remove(path)))
	}
	return nil
}

// Write writes a plan: a field a line, and a line for each entry of a list.
func Write(w io.Writer, p Plan) error {
	p.Schema = Schema
	head, err := encode(p)
	if err != nil {
		return err
	}
	var members []json.RawMessage
	var names []string
	decoder := json.NewDecoder(strings.NewReader(head))
	if _, err := decoder.Token(); err != nil {
		return err
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return err
		}
		text, _ := name.(string) // between members there is nothing else
		names, members = append(names, text), append(members, value)
	}
	var b bytes.Buffer
	b.WriteString("{")
	for i, name := range names {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n  \"" + name + "\": ")
		if err := writeValue(&b, members[i]); err != nil {
			return err
		}
	}
	b.WriteString("\n}\n")
	_, err = io.WriteString(w, plain(b.String()))
	return err
}

// plain escapes what is not ASCII, which JSON has in strings only: nothing in a
// plan acts on the terminal that it is looked at in.
func plain(document string) string {
	var b strings.Builder
	for _, r := range document {
		if r < unicode.MaxASCII {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

// writeValue writes a list of objects with a line for each.
func writeValue(b *bytes.Buffer, value json.RawMessage) error {
	if !bytes.HasPrefix(value, []byte("[{")) {
		b.Write(value)
		return nil
	}
	var entries []json.RawMessage
	if err := json.Unmarshal(value, &entries); err != nil {
		return err
	}
	for i, entry := range entries {
		b.WriteString([]string{"[\n    ", ",\n    "}[min(i, 1)])
		b.Write(entry)
	}
	b.WriteString("\n  ]")
	return nil
}

// encode is a value as JSON in which < and & stay as they are.
func encode(value any) (string, error) {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return b.String(), err
}
