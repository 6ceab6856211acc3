// Package letterfile keeps dead letters in files: as JSON lines, which can be
// read back byte for byte, and as CSV, for people.
package letterfile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"orderops/workflow"
)

// Limits of a file and of what SQS takes.
const (
	// MostLetters is how many messages one file may have.
	MostLetters = 100_000
	// longestLine bounds a line: a message of 1 MiB, escaped, and its attributes.
	longestLine    = 16 << 20
	mostAttributes = 10
	mostBytes      = 1 << 20
)

// line is one message in a file. Of the body there is one form: text when it is
// UTF-8, else base64.
type line struct {
	Message    workflow.MessageID   `json:"message"`
	Order      workflow.OrderID     `json:"order,omitempty"`
	Verdict    workflow.Verdict     `json:"verdict,omitempty"`
	Cause      string               `json:"cause,omitempty"`
	Sent       time.Time            `json:"sent,omitzero"`
	Receives   int                  `json:"receives,omitempty"`
	Source     string               `json:"source,omitempty"`
	Trace      string               `json:"trace_header,omitempty"`
	Body       *string              `json:"body,omitempty"`
	Base64     []byte               `json:"body_base64,omitempty"`
	Attributes map[string]attribute `json:"attributes,omitempty"`
}

// attribute is a message attribute; binary is in base64.
type attribute struct {
	Type   string `json:"type"`
	Text   string `json:"text,omitempty"`
	Binary []byte `json:"binary,omitempty"`
}

// WriteLines writes letters as JSON lines. Read gives them back as they were.
func WriteLines(w io.Writer, letters []workflow.DeadLetter) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for _, letter := range letters {
		l, err := lineOf(letter)
		if err == nil {
			err = encoder.Encode(l)
		}
		if err != nil {
			return fmt.Errorf("message %s: %w", letter.ID, err)
		}
	}
	return nil
}

func lineOf(d workflow.DeadLetter) (line, error) {
	l := line{
		Message: d.ID, Order: d.OrderID(), Verdict: d.Verdict, Cause: d.Cause(), Sent: d.Sent, Receives: d.Receives,
		Source: d.SourceARN, Trace: d.TraceHeader,
	}
	if utf8.Valid(d.Body) {
		text := string(d.Body)
		l.Body = &text
	} else {
		l.Base64 = d.Body
	}
	for name, a := range d.Attributes {
		if !utf8.ValidString(name + a.DataType + a.Text) {
			return l, errors.New("the attribute " + name + " is no UTF-8 and would be changed")
		}
		if l.Attributes == nil {
			l.Attributes = map[string]attribute{}
		}
		l.Attributes[name] = attribute{a.DataType, a.Text, a.Binary}
	}
	return l, nil
}

// Read reads a file of JSON lines. It takes all of it or nothing: the error
// names the line that SQS would not take, or that is damaged.
func Read(r io.Reader) ([]workflow.Message, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, longestLine)
	var messages []workflow.Message
	at := map[workflow.MessageID]int{}
	n := 0
	for lines.Scan() {
		n++
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		m, err := parse(lines.Bytes())
		if err == nil && at[m.ID] > 0 {
			err = fmt.Errorf("has the message id of line %d again", at[m.ID])
		}
		if err == nil && len(messages) == MostLetters {
			err = fmt.Errorf("is one too many: a file may have %d messages", MostLetters)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d %w", n, err)
		}
		at[m.ID] = n
		messages = append(messages, m)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("line %d: %w", n+1, err)
	}
	if len(messages) == 0 {
		return nil, errors.New("no message is in it")
	}
	return messages, nil
}

func parse(text []byte) (workflow.Message, error) {
	var l line
	// The reader of JSON replaces what is no UTF-8 without a word.
	if !utf8.Valid(text) {
		return workflow.Message{}, errors.New("is no UTF-8")
	}
	if err := json.Unmarshal(text, &l); err != nil {
		return workflow.Message{}, fmt.Errorf("can't be read: %w", err)
	}
	m := workflow.Message{ID: l.Message, Sent: l.Sent, ReceiveCount: l.Receives, SourceARN: l.Source, TraceHeader: l.Trace, Body: l.Base64}
	switch {
	case l.Message == "":
		return m, errors.New("names no message")
	case (l.Body != nil) == (l.Base64 != nil):
		return m, errors.New("must have either body or body_base64")
	case l.Body != nil:
		m.Body = []byte(*l.Body)
	}
	for name, a := range l.Attributes {
		if err := a.check(); err != nil {
			return m, fmt.Errorf("has the attribute %q, which %w", name, err)
		}
		if m.Attributes == nil {
			m.Attributes = map[string]workflow.Attribute{}
		}
		m.Attributes[name] = workflow.Attribute{DataType: a.Type, Text: a.Text, Binary: a.Binary}
	}
	size := workflow.Outgoing{Body: m.Body, Attributes: m.Attributes}.Size()
	switch {
	case len(m.Body) == 0:
		return m, errors.New("has an empty body, which SQS does not take")
	case len(m.Attributes) > mostAttributes:
		return m, fmt.Errorf("has %d attributes; SQS takes %d", len(m.Attributes), mostAttributes)
	case size > mostBytes:
		return m, fmt.Errorf("has %d bytes; SQS takes %d", size, mostBytes)
	}
	return m, nil
}

func (a attribute) check() error {
	kind, _, _ := strings.Cut(a.Type, ".")
	switch kind {
	case "String", "Number":
		if a.Text == "" || len(a.Binary) > 0 {
			return errors.New("must have a text")
		}
	case "Binary":
		if len(a.Binary) == 0 || a.Text != "" {
			return errors.New("must have a binary value")
		}
	default:
		return fmt.Errorf("has the type %q", a.Type)
	}
	return nil
}
