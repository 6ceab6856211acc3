package operation

import (
	"cmp"
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
	// line are the ids in the order in which they came, and inLine the same ids.
	// Some of them are held no more.
	line   []workflow.MessageID
	inLine map[workflow.MessageID]bool
	// hidden is when messages are visible again whose renewal has no answer.
	hidden time.Time
}

// atATime is how many leases are renewed in one go: those are not to be taken
// meanwhile.
const atATime = 8 * pageSize

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
		h.letters, h.inLine = map[workflow.MessageID]holding{}, map[workflow.MessageID]bool{}
	}
	if !h.inLine[letter.ID] {
		h.inLine[letter.ID] = true
		h.line = append(h.line, letter.ID)
	}
	h.letters[letter.ID] = holding{letter: letter, until: until}
}

// some are up to most letters that wanted accepts, in the order in which they
// came. Those whose lease has run out are dropped: their handles must not be used.
func (h *hold) some(most int, wanted func(workflow.DeadLetter) bool) []workflow.DeadLetter {
	h.mu.Lock()
	defer h.mu.Unlock()
	for len(h.line) > 0 {
		if _, held := h.letters[h.line[0]]; held {
			break
		}
		delete(h.inLine, h.line[0])
		h.line = h.line[1:]
	}
	now := wall()
	var letters []workflow.DeadLetter
	for _, id := range h.line {
		l, held := h.letters[id]
		switch {
		case !held:
		case !l.until.After(now):
			delete(h.letters, id)
		case !l.renewing && wanted(l.letter):
			if letters = append(letters, l.letter); len(letters) == most {
				return letters
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

// renew asks for whole leases, for some at a time, the first to end in front.
func (h *hold) renew(ctx context.Context) {
	for due := range slices.Chunk(h.due(), atATime) {
		if ctx.Err() != nil {
			return
		}
		h.renewThese(ctx, due)
	}
}

// due are the letters with less than half a lease left, the first to end in front.
func (h *hold) due() []workflow.MessageID {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.expire()
	now := wall()
	var ids []workflow.MessageID
	for id, l := range h.letters {
		if l.until.Sub(now) < h.lease/2 {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b workflow.MessageID) int {
		return cmp.Or(h.letters[a].until.Compare(h.letters[b].until), cmp.Compare(a, b))
	})
	return ids
}

func (h *hold) renewThese(ctx context.Context, due []workflow.MessageID) {
	h.mu.Lock()
	ids := map[string]workflow.MessageID{}
	var handles []string
	began := wall()
	for _, id := range due {
		if l, held := h.letters[id]; held && l.until.After(began) {
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
	asking, cancel := context.WithTimeout(ctx, h.lease/2)
	defer cancel()
	failed, err := h.queue.SetVisibility(asking, h.url, handles, h.lease)
	h.mu.Lock()
	defer h.mu.Unlock()
	if err != nil { // what it hides, if it did, comes back after a lease from now
		h.hidden = wall().Add(h.lease)
	}
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

// hiddenUntil is when messages come back at last whose renewal has no answer.
func (h *hold) hiddenUntil() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.hidden
}

// renewing tells that letters can't be taken now, but soon.
func (h *hold) renewing() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := wall()
	for _, l := range h.letters {
		if l.renewing && l.until.After(now) {
			return true
		}
	}
	return false
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
