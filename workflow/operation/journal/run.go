package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"sync"
	"time"

	"orderops/workflow"
)

// Run is one run that is being written. It is safe for concurrent use.
type Run struct {
	mu    sync.Mutex
	file  *os.File
	end   int64 // of the last whole entry
	state State
	// broken is why nothing can be written any more; nil while it can.
	broken error
}

// ID names the run.
func (r *Run) ID() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state.Head.ID
}

// Append puts an entry onto the disk. When it returns nil, the entry outlives
// the program and the machine. When it does not, the entry is as if it had
// never been.
func (r *Run) Append(e Entry) error {
	if e.At.IsZero() {
		e.At = time.Now().Round(0)
	}
	line, err := encode(e)
	if err != nil {
		return problem(r.file.Name(), err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.broken != nil {
		return r.broken
	}
	if _, err = r.file.WriteAt(line, r.end); err == nil {
		err = r.file.Sync()
	}
	if err != nil {
		// A torn entry must not stand before the next one.
		if cut := r.file.Truncate(r.end); cut != nil {
			r.broken = problem(r.file.Name(), errors.Join(err, cut))
		}
		return problem(r.file.Name(), err)
	}
	r.end += int64(len(line))
	r.state.take(e)
	return nil
}

// Each goes through the messages of the run.
func (r *Run) Each(visit func(Item)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, item := range r.state.Items {
		visit(item)
	}
}

// Learn takes in an entry that was appended to the file by another way.
func (r *Run) Learn(e Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.state.take(e)
}

// State is what the run has come to.
func (r *Run) State() State {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.state
	s.Items = append([]Item(nil), s.Items...)
	s.index = make(map[workflow.MessageID]int, len(s.Items))
	for i, item := range s.Items {
		s.index[item.ID] = i
	}
	return s
}

// Close lets the file go, for another program to take up.
func (r *Run) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.broken == nil {
		r.broken = problem(r.file.Name(), os.ErrClosed)
	}
	return Release(r.file)
}

// encode is one line: a checksum of what follows, a space, JSON, a line feed.
func encode(e Entry) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(e); err != nil {
		return nil, err
	}
	text := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	return fmt.Appendf(nil, "%08x %s\n", crc32.ChecksumIEEE(text), text), nil
}

var errTorn = errors.New("the line is damaged")

func decode(line []byte) (Entry, error) {
	const prefix = 9
	var e Entry
	if len(line) <= prefix || line[len(line)-1] != '\n' || line[prefix-1] != ' ' {
		return e, errTorn
	}
	text := line[prefix : len(line)-1]
	if fmt.Sprintf("%08x", crc32.ChecksumIEEE(text)) != string(line[:prefix-1]) {
		return e, errTorn
	}
	return e, json.Unmarshal(text, &e)
}

// read follows every whole entry and gives the end of the last one. A torn line
// at the end is what a crash leaves; one in the middle is damage, and counted.
func read(from io.Reader, each func(Entry)) (end int64, damaged int, err error) {
	lines := bufio.NewReaderSize(from, 64<<10)
	var at int64
	bad := 0
	for {
		line, err := lines.ReadBytes('\n')
		at += int64(len(line))
		if e, torn := decode(line); torn == nil {
			each(e)
			end = at
			damaged += bad
			bad = 0
		} else if len(line) > 0 {
			bad++
		}
		if errors.Is(err, io.EOF) {
			return end, damaged, nil
		}
		if err != nil {
			return end, damaged, err
		}
	}
}
