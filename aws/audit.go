package aws

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"orderops/workflow"
)

// auditVersion is the version of the fields of a workflow.AuditEntry.
const auditVersion = 1

// Audit is an append-only file of workflow.AuditEntry, one JSON object a line. It is
// safe for concurrent use, also by several programs at once: a line is written
// by one call.
type Audit struct {
	mu   sync.Mutex
	file *os.File
	err  error // of the first line that could not be written
}

// OpenAudit opens the audit file for appending, readable by its owner only.
func OpenAudit(path string) (*Audit, error) {
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	var file *os.File
	if err == nil {
		file, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	}
	if err != nil {
		return nil, &workflow.Problem{
			Kind: workflow.Invalid, Operation: "open the audit file", Target: path, Reason: leaf(err).Error(),
			Next: "Make its folder writable, set XDG_STATE_HOME to one that is, or only look, with --read-only.", Err: err,
		}
	}
	return &Audit{file: file}, nil
}

// Close closes the file.
func (a *Audit) Close() error { return a.file.Close() }

// Err is why a line could not be written; nil when all could.
func (a *Audit) Err() error {
	if a == nil {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.err
}

func (a *Audit) write(entry workflow.AuditEntry) {
	line, err := json.Marshal(entry)
	a.mu.Lock()
	defer a.mu.Unlock()
	if err == nil {
		_, err = a.file.Write(append(line, '\n'))
	}
	if err != nil && a.err == nil {
		a.err = &workflow.Problem{
			Operation: "write the audit file", Target: a.file.Name(), Reason: leaf(err).Error(),
			Next: "Free some space. CloudTrail has the calls all the same.", Err: err,
		}
	}
}

// auditor writes the calls of one session.
type auditor struct {
	*Audit
	context, account, region, identity string
}

// write adds a call; reason is what the session was unlocked for, plan what the
// call is part of.
func (a *auditor) write(call workflow.Call, reason, plan string) {
	if a == nil || a.Audit == nil {
		return
	}
	a.Audit.write(workflow.AuditEntry{
		Version: auditVersion, At: call.At.UTC(), Context: a.context, Account: a.account, Region: a.region, Identity: a.identity,
		Reason: reason, Plan: plan, Action: call.Operation, Target: call.Target, Outcome: call.Outcome, RequestID: call.RequestID,
		Milliseconds: call.Duration.Milliseconds(),
	})
}

// ReadAudit gives the entries of an audit file since a time, oldest first, to
// yield, until it returns false. A file that does not exist has none. What can't
// be read, such as the half of a line after a crash, is counted in broken.
func ReadAudit(path string, since time.Time, yield func(workflow.AuditEntry) bool) (broken int, err error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the audit file: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	lines := bufio.NewReader(file)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var entry workflow.AuditEntry
			switch {
			case json.Unmarshal(line, &entry) != nil || entry.Version == 0:
				broken++
			case !entry.At.Before(since) && !yield(entry):
				return broken, nil
			}
		}
		if errors.Is(err, io.EOF) {
			return broken, nil
		}
		if err != nil {
			return broken, fmt.Errorf("read the audit file: %w", err)
		}
	}
}
