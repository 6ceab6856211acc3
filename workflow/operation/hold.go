package operation

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"orderops/workflow"
)

// hold are the dead letters that a run has under lease. It is safe for
// concurrent use.
type hold struct {
	queue Queue
	url   string
	lease time.Duration

	mu      sync.Mutex
	letters map[workflow.MessageID]holding
}

// holding is one letter under its newest handle.
type holding struct {
	letter workflow.DeadLetter
	until  time.Time
	// renewing keeps the letter from being taken while its lease is asked for.
	renewing bool
}

func (h *hold) put(letter workflow.DeadLetter, until time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.letters == nil {
		h.letters = map[workflow.MessageID]holding{}
	}
	h.letters[letter.ID] = holding{letter: letter, until: until}
}

// some are up to most letters that wanted accepts, in the order of their ids.
// Those whose lease has run out are dropped: their handles must not be used.
func (h *hold) some(most int, wanted func(workflow.DeadLetter) bool) []workflow.DeadLetter {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.expire()
	var letters []workflow.DeadLetter
	for _, id := range slices.Sorted(maps.Keys(h.letters)) {
		if l := h.letters[id]; !l.renewing && wanted(l.letter) {
			if letters = append(letters, l.letter); len(letters) == most {
				break
			}
		}
	}
	return letters
}

// expire drops what is ours no more. The caller has locked mu.
func (h *hold) expire() {
	now := wall()
	maps.DeleteFunc(h.letters, func(_ workflow.MessageID, l holding) bool { return !l.until.After(now) })
}

// take removes a letter and gives it with the end of its lease; false when it
// is not held any more.
func (h *hold) take(id workflow.MessageID) (holding, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	l, ok := h.letters[id]
	if !ok || l.renewing || !l.until.After(wall()) {
		return holding{}, false
	}
	delete(h.letters, id)
	return l, true
}

// update takes in a new verdict.
func (h *hold) update(letter workflow.DeadLetter) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if l, ok := h.letters[letter.ID]; ok && l.letter.ReceiptHandle == letter.ReceiptHandle {
		l.letter = letter
		h.letters[letter.ID] = l
	}
}

func (h *hold) size() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.letters)
}

// keep renews the leases that are half over, until ctx ends.
func (h *hold) keep(ctx context.Context) {
	for pause(ctx, h.lease/6) == nil {
		h.renew(ctx)
	}
}

func (h *hold) renew(ctx context.Context) {
	h.mu.Lock()
	h.expire()
	ids := map[string]workflow.MessageID{}
	var handles []string
	for id, l := range h.letters {
		if l.until.Sub(wall()) < h.lease/2 {
			l.renewing = true
			h.letters[id] = l
			ids[l.letter.ReceiptHandle] = id
			handles = append(handles, l.letter.ReceiptHandle)
		}
	}
	h.mu.Unlock()
	if len(handles) == 0 {
		return
	}
	began := wall()
	failed, err := h.queue.SetVisibility(ctx, h.url, handles, h.lease)
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, handle := range handles {
		l, ok := h.letters[ids[handle]]
		if !ok || l.letter.ReceiptHandle != handle {
			continue
		}
		l.renewing = false
		switch _, bad := failed[handle]; {
		case !bad:
			l.until = began.Add(h.lease)
		case err == nil: // SQS refused this one
			delete(h.letters, ids[handle])
			continue
		}
		h.letters[ids[handle]] = l // after a lost answer the old end counts
	}
}

// release gives back everything. What can't be given back comes back by itself
// when its lease ends.
func (h *hold) release(ctx context.Context) {
	h.mu.Lock()
	h.expire()
	var handles []string
	for _, l := range h.letters {
		handles = append(handles, l.letter.ReceiptHandle)
	}
	clear(h.letters)
	h.mu.Unlock()
	if len(handles) == 0 {
		return
	}
	_, _ = h.queue.SetVisibility(ctx, h.url, handles, 0)
}
