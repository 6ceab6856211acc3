package aws

import (
	"sync"

	"orderops/workflow"
)

// logSize is how many calls the log remembers.
const logSize = 500

// CallLog remembers the last calls. It is safe for concurrent use. It holds
// neither credentials nor bodies.
type CallLog struct {
	mu   sync.Mutex
	ring []workflow.Call
	next int
}

// NewCallLog makes an empty log.
func NewCallLog() *CallLog { return &CallLog{} }

// Add remembers a call and forgets the oldest when there are more than 500.
func (l *CallLog) Add(call workflow.Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ring) < logSize {
		l.ring = append(l.ring, call)
		return
	}
	l.ring[l.next] = call
	l.next = (l.next + 1) % logSize
}

// Recent gives up to limit calls, newest first.
func (l *CallLog) Recent(limit int) []workflow.Call {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(max(limit, 0), len(l.ring))
	calls := make([]workflow.Call, n)
	for i := range calls {
		calls[i] = l.ring[(l.next-1-i+2*len(l.ring))%len(l.ring)]
	}
	return calls
}
