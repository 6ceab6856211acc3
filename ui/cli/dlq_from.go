package cli

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"orderops/workflow"
)

// longestLine bounds a line of --from: a message of 1 MiB whose body is escaped
// twice, and its attributes.
const longestLine = 16 << 20

// named is a line of --from.
type named struct {
	Message workflow.MessageID `json:"message"`
	Body    *string            `json:"body"`
	Base64  *string            `json:"body_base64"`
}

// wanted are the messages that are named, and the bodies that they are to have.
// Nil means that a filter chooses.
func (p *program) wanted(f runFlags, args []string) (map[workflow.MessageID]bool, map[workflow.MessageID][]byte, error) {
	wanted, bodies := map[workflow.MessageID]bool{}, map[workflow.MessageID][]byte{}
	switch {
	case len(args) > 0:
		for _, id := range args {
			wanted[workflow.MessageID(id)] = true
		}
		if f.body == "" {
			return wanted, nil, nil
		}
		body, err := p.readText(f.body)
		if err != nil {
			return nil, nil, err
		}
		bodies[workflow.MessageID(args[0])] = []byte(body)
		return wanted, bodies, nil
	case f.from == "":
		return nil, nil, nil
	}
	in := p.streams.In
	if f.from != "-" {
		file, err := os.Open(f.from)
		if err != nil {
			return nil, nil, misread(f.from, err)
		}
		defer func() { _ = file.Close() }() // it was only read
		in = file
	}
	if err := readNamed(in, func(n named) error {
		wanted[n.Message] = true
		if !f.edited {
			return nil
		}
		body, err := n.body()
		if body != nil {
			bodies[n.Message] = body
		}
		return err
	}); err != nil {
		return nil, nil, misread(f.from, err)
	}
	if len(wanted) == 0 {
		return nil, nil, misread(f.from, errEmpty)
	}
	return wanted, bodies, nil
}

func misread(path string, err error) error {
	if path == "-" {
		path = "the standard input"
	}
	return &workflow.Problem{
		Kind: workflow.Invalid, Operation: "read the messages", Target: path, Reason: err.Error() + "; nothing was changed",
		Next: "Give a message id a line, or the objects of orderops dlq inspect -o jsonl.", Err: err,
	}
}

// body is the body that a line gives; nil when it gives none.
func (n named) body() ([]byte, error) {
	switch {
	case n.Body != nil:
		return []byte(*n.Body), nil
	case n.Base64 != nil:
		return base64.StdEncoding.DecodeString(*n.Base64)
	}
	return nil, nil
}

// readNamed reads ids, and JSON objects, texts or arrays of them, a line each or
// as one document.
func readNamed(in io.Reader, take func(named) error) error {
	reader := bufio.NewReader(io.LimitReader(in, 1<<30))
	first, err := firstRune(reader)
	if err != nil {
		return err
	}
	if first == '{' || first == '[' || first == '"' {
		return readDocuments(json.NewDecoder(reader), take)
	}
	lines := bufio.NewScanner(reader)
	lines.Buffer(nil, longestLine)
	for n := 1; lines.Scan(); n++ {
		id := strings.TrimSpace(lines.Text())
		if id == "" {
			continue
		}
		if strings.ContainsAny(id, " \t,;{}\"") {
			return fmt.Errorf("line %d is no message id", n)
		}
		if err := take(named{Message: workflow.MessageID(id)}); err != nil {
			return err
		}
	}
	return lines.Err()
}

// firstRune looks at what comes first behind white space; 0 is nothing.
func firstRune(reader *bufio.Reader) (rune, error) {
	for {
		r, _, err := reader.ReadRune()
		switch {
		case errors.Is(err, io.EOF):
			return 0, nil
		case err != nil:
			return 0, err
		}
		if !strings.ContainsRune(" \t\r\n", r) {
			return r, reader.UnreadRune()
		}
	}
}

func readDocuments(decoder *json.Decoder, take func(named) error) error {
	for n := 1; ; n++ {
		var document json.RawMessage
		err := decoder.Decode(&document)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("document %d: %w", n, err)
		}
		if err := readDocument(document, take); err != nil {
			return fmt.Errorf("document %d: %w", n, err)
		}
	}
}

func readDocument(document json.RawMessage, take func(named) error) error {
	switch document[0] {
	case '[':
		var list []json.RawMessage
		if err := json.Unmarshal(document, &list); err != nil {
			return err
		}
		for _, one := range list {
			if err := readDocument(one, take); err != nil {
				return err
			}
		}
		return nil
	case '"':
		var id workflow.MessageID
		if err := json.Unmarshal(document, &id); err != nil {
			return err
		}
		return takeNamed(named{Message: id}, take)
	}
	var n named
	if err := json.Unmarshal(document, &n); err != nil {
		return err
	}
	return takeNamed(n, take)
}

func takeNamed(n named, take func(named) error) error {
	if n.Message == "" {
		return errors.New("it has no member \"message\" with a message id")
	}
	return take(n)
}
