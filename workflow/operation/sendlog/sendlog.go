// Package sendlog remembers how far the orders of a file have been sent, so that
// after a crash each is sent once or named as in doubt. A log is a file of JSON
// lines that is only ever appended to. It holds order ids, no orders.
package sendlog

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"orderops/workflow"
	"orderops/workflow/operation/journal"
)

// Head is what is sent, and where to.
type Head struct {
	Version int       `json:"v"`
	SHA256  string    `json:"sha256"`
	Queue   string    `json:"queue"`
	Orders  int       `json:"orders"`
	At      time.Time `json:"at"`
}

// Span is the orders from First up to but not including End, counted from 0 in
// the order of the file.
type Span struct{ First, End int }

// Answer is what came of the orders of a span.
type Answer struct {
	Span
	// IDs are the message ids in the order of the file; "" for what was not taken.
	IDs []workflow.MessageID `json:"ids,omitempty"`
	// Unknown tells that the answer was lost: the orders may or may not be on the queue.
	Unknown bool `json:"unknown,omitempty"`
}

// entry is one line: exactly one of its members is set.
type entry struct {
	Head *Head `json:"head,omitempty"`
	// Sending is about to be sent.
	Sending *Span   `json:"sending,omitempty"`
	Answer  *Answer `json:"answer,omitempty"`
	// Settled was in doubt, and the operator says that it is to be sent again.
	Settled *Span `json:"settled,omitempty"`
}

// Log is one open log. It belongs to one goroutine.
type Log struct {
	file  *os.File
	head  Head
	state []fate // of each order: a byte, so that a million are a megabyte
	taken int
	// broken is why nothing is written any more; nil while it is. Behind half a line
	// another one could not be read.
	broken error
}

// fate is what is known of an order.
type fate byte

const (
	open fate = iota // not begun, or surely not taken
	doubtful
	taken
)

// Open takes up the log of a file's orders, or begins one. Again begins one
// anew, beside the old one. Another program that is at work on it is told as a
// Problem of the kind Refused.
func Open(folder string, head Head, again bool) (*Log, error) {
	head.Version = 1
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, problem(folder, err)
	}
	path := filepath.Join(folder, name(head))
	if again {
		if err := os.Rename(path, path+head.At.UTC().Format(".20060102T150405.000")); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, problem(path, err)
		}
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, problem(path, err)
	}
	l := &Log{file: file, head: head, state: make([]fate, head.Orders)}
	if err := l.takeUp(); err != nil {
		return nil, errors.Join(err, journal.Release(file))
	}
	return l, nil
}

// name is the file's name: what is sent, and where to.
func name(head Head) string {
	return head.SHA256[:min(len(head.SHA256), 32)] + "-" + filepath.Base(head.Queue) + ".jsonl"
}

// Orders is how many orders a file has, by its digest, when some log is about it:
// it was checked whole before that was begun.
func Orders(folder, sha256 string) (orders int, known bool) {
	paths, err := filepath.Glob(filepath.Join(folder, name(Head{SHA256: sha256, Queue: "*"})))
	if err != nil {
		return 0, false
	}
	for _, path := range paths {
		if head, ok := headOf(path); ok && head.SHA256 == sha256 {
			return head.Orders, true
		}
	}
	return 0, false
}

func headOf(path string) (Head, bool) {
	file, err := os.Open(path)
	if err != nil {
		return Head{}, false
	}
	defer func() { _ = file.Close() }() // it was only read
	line, err := bufio.NewReader(file).ReadBytes('\n')
	var e entry
	if err != nil || json.Unmarshal(line, &e) != nil || e.Head == nil {
		return Head{}, false
	}
	return *e.Head, true
}

func (l *Log) takeUp() error {
	path := l.file.Name()
	if err := journal.Claim(l.file); err != nil {
		return &workflow.Problem{
			Kind: workflow.Refused, Operation: "open the log of what was sent", Target: path, Err: err,
			Reason: "another program is sending this file", Next: "Wait for its end.",
		}
	}
	end, known, err := l.read()
	if err == nil {
		// The half of a line that a crash left is cut off.
		err = l.file.Truncate(end)
	}
	if err == nil {
		_, err = l.file.Seek(end, io.SeekStart)
	}
	if err != nil {
		return problem(path, err)
	}
	if known {
		return nil
	}
	return l.append(entry{Head: &l.head}, true)
}

// read takes in every whole line; end is behind the last one.
func (l *Log) read() (end int64, known bool, err error) {
	lines := bufio.NewReader(l.file)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return end, known, nil
		}
		if err != nil {
			return end, known, err
		}
		var e entry
		if json.Unmarshal(line, &e) != nil {
			return end, known, fmt.Errorf("the line at byte %d is damaged", end)
		}
		if e.Head != nil {
			known = true
			if l.head.Orders != e.Head.Orders {
				return end, known, fmt.Errorf("it is about %d orders, the file has %d", e.Head.Orders, l.head.Orders)
			}
			l.head = *e.Head
		}
		l.take(e)
		end += int64(len(line))
	}
}

func (l *Log) take(e entry) {
	switch {
	case e.Sending != nil:
		l.mark(*e.Sending, doubtful)
	case e.Settled != nil:
		l.mark(*e.Settled, open)
	case e.Answer != nil && !e.Answer.Unknown:
		for i, id := range e.Answer.IDs {
			at := e.Answer.First + i
			if id == "" {
				l.mark(Span{at, at + 1}, open)
				continue
			}
			l.mark(Span{at, at + 1}, taken)
		}
	}
}

func (l *Log) mark(s Span, f fate) {
	for i := max(0, s.First); i < min(s.End, len(l.state)); i++ {
		if l.state[i] == taken {
			l.taken--
		}
		if l.state[i] = f; f == taken {
			l.taken++
		}
	}
}

func (l *Log) append(e entry, durable bool) error {
	if l.broken != nil {
		return l.broken
	}
	line, err := json.Marshal(e)
	if err == nil {
		_, err = l.file.Write(append(line, '\n'))
	}
	if err == nil && durable {
		err = l.file.Sync()
	}
	if err != nil {
		l.broken = problem(l.file.Name(), err)
		return l.broken
	}
	l.take(e)
	return nil
}

// Head is what the log is about, with the time at which it was begun.
func (l *Log) Head() Head { return l.head }

// Sending tells that a span is sent next. It is on the disk when it returns nil,
// together with every answer before.
func (l *Log) Sending(s Span) error { return l.append(entry{Sending: &s}, true) }

// Answered tells what came of a span. It outlives the program, and the machine
// as well by the next Sending; until then its orders would be named as in doubt.
func (l *Log) Answered(a Answer) error { return l.append(entry{Answer: &a}, false) }

// Settle tells that what is in doubt is to be sent again.
func (l *Log) Settle() error {
	for _, s := range l.Doubtful() {
		if err := l.append(entry{Settled: &s}, true); err != nil {
			return err
		}
	}
	return nil
}

// Open tells whether order i has to be sent: it was not begun, or surely not taken.
func (l *Log) Open(i int) bool { return i < len(l.state) && l.state[i] == open }

// InDoubt tells whether order i may or may not be on the queue.
func (l *Log) InDoubt(i int) bool { return i < len(l.state) && l.state[i] == doubtful }

// Taken is how many orders are on the queue for sure.
func (l *Log) Taken() int { return l.taken }

// Doubtful are the orders that may or may not be on the queue.
func (l *Log) Doubtful() []Span {
	var spans []Span
	for i, f := range l.state {
		if f != doubtful {
			continue
		}
		if last := len(spans) - 1; last >= 0 && spans[last].End == i {
			spans[last].End++
			continue
		}
		spans = append(spans, Span{i, i + 1})
	}
	return spans
}

// Close lets the file go.
func (l *Log) Close() error { return journal.Release(l.file) }

func problem(path string, err error) error {
	return &workflow.Problem{
		Operation: "keep the log of what was sent", Target: path, Reason: err.Error(), Err: err,
		Next: "Make room for it, or set XDG_STATE_HOME to where there is. Nothing is sent without it.",
	}
}
