package operation

import (
	"context"
	"time"

	"orderops/workflow"
)

// Limits of an inspection.
const (
	// Lease is for how long received messages are hidden from everybody else.
	Lease = 60 * time.Second
	// IdleLimit is after how long without use the caller gives the leases back.
	IdleLimit = 10 * time.Minute
	// MostLetters is how many messages one inspection looks at.
	MostLetters = 1000
)

// Page is what one look brought.
type Page struct {
	Letters []workflow.DeadLetter
	// Done tells that there is nothing more to receive, and Why.
	Done bool
	Why  string
	// Lost are messages whose lease ran out: somebody else may have them.
	Lost []workflow.MessageID
}

// Inspection holds received dead letters under leases. Its methods may be
// called from many goroutines; calls to SQS are made one after another.
type Inspection struct{}

// Next receives the next page. After Done it returns an empty page.
func (i *Inspection) Next(ctx context.Context) (Page, error) { _ = ctx; return Page{Done: true}, nil }

// Renew extends every lease of which less than half is left, and tells which
// messages were lost because theirs had run out.
func (i *Inspection) Renew(ctx context.Context) (lost []workflow.MessageID, err error) {
	_ = ctx
	return nil, nil
}

// Release gives every lease back. It finishes also when ctx is cancelled, and
// does nothing the second time.
func (i *Inspection) Release(ctx context.Context) (Record, error) {
	_ = ctx
	return Record{}, nil
}

// Until is when the first lease runs out, by the wall clock, counted from
// before the call that took it. Zero means that nothing is held.
func (i *Inspection) Until() time.Time { return time.Time{} }

// Held is how many messages are held.
func (i *Inspection) Held() int { return 0 }

// Open tells whether Release has not been called.
func (i *Inspection) Open() bool { return true }

// Touch tells that the operator is looking.
func (i *Inspection) Touch() {}

// IdleFor is how long nobody was looking.
func (i *Inspection) IdleFor() time.Duration { return 0 }
