package operation

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"orderops/workflow"
)

// due are the handles whose leases end before limit, the first to end in front.
// It drops those that have ended already.
func (i *Inspection) due(limit time.Duration) (ids map[string]workflow.MessageID, handles []string, lost []workflow.MessageID) {
	i.mu.Lock()
	defer i.mu.Unlock()
	now := wall()
	lost = i.expire(now)
	ids = map[string]workflow.MessageID{}
	for id, l := range i.held {
		if l.until.Sub(now) < limit {
			ids[l.handle] = id
			handles = append(handles, l.handle)
		}
	}
	slices.SortFunc(handles, func(a, b string) int {
		return cmp.Or(i.held[ids[a]].until.Compare(i.held[ids[b]].until), cmp.Compare(a, b))
	})
	return ids, handles, lost
}

// Renew extends every lease of which less than half is left, and tells which
// messages were lost because theirs had run out or SQS refused.
func (i *Inspection) Renew(ctx context.Context) (lost []workflow.MessageID, err error) {
	if err := i.take(ctx); err != nil {
		return nil, err
	}
	defer i.leave()
	if !i.Open() {
		return nil, nil
	}
	ids, handles, lost := i.due(Lease / 2)
	if len(handles) == 0 {
		return lost, nil
	}
	began := wall()
	failed, err := i.queue.SetVisibility(inspecting(ctx), i.url, handles, Lease)
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, handle := range handles {
		id := ids[handle]
		_, bad := failed[handle]
		switch {
		case !bad && (err == nil || len(failed) > 0):
			i.keep(id, lease{handle: handle, until: began.Add(Lease)})
		case err == nil:
			i.drop(id)
			i.expired++
			lost = append(lost, id)
		}
		// After a lost answer the old end counts, as the earlier one.
	}
	return lost, err
}

// Release gives every lease back. It finishes also when ctx is cancelled,
// though not after a deadline that is still to come. A second call gives back
// only what the first could not.
func (i *Inspection) Release(ctx context.Context) (Record, error) {
	i.mu.Lock()
	i.closed = true
	i.mu.Unlock()
	at := wall()
	limit := releaseWithin
	if deadline, ok := ctx.Deadline(); ok {
		if left := time.Until(deadline); left > 0 {
			limit = min(limit, left)
		}
	}
	detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	if err := i.take(detached); err != nil {
		return record(at, "give back", nameOf(i.url), "", err), err
	}
	defer i.leave()
	given, err := i.giveBack(detached)
	detail := counted(given, "message") + " given back"
	i.mu.Lock()
	if i.expired > 0 {
		detail += ", " + counted(i.expired, "lease") + " had run out"
	}
	if n := len(i.held); n > 0 {
		detail += fmt.Sprintf(", %s will come back by %s", counted(n, "message"), i.last().Format(time.TimeOnly))
	}
	i.mu.Unlock()
	return record(at, "give back", nameOf(i.url), detail, err), err
}

// mostNamed is how many messages are named one by one on the shell.
const mostNamed = 5

// Kept tells of the messages that are held and that nobody waits for to be given
// back; false when there are none.
func (i *Inspection) Kept() (Record, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	now := wall()
	var ids []string
	for id, l := range i.held {
		if l.until.After(now) {
			ids = append(ids, string(id))
		}
	}
	if len(ids) == 0 {
		return Record{}, false
	}
	slices.Sort(ids)
	detail := fmt.Sprintf("%s may stay hidden from everybody else until %s: %s",
		counted(len(ids), "message"), i.last().Format(time.TimeOnly), strings.Join(ids[:min(len(ids), mostNamed)], ", "))
	if more := len(ids) - mostNamed; more > 0 {
		detail += fmt.Sprintf(" and %d more", more)
	}
	return Record{At: now, Verb: "give back", Target: nameOf(i.url), Outcome: workflow.Unknown, Detail: detail}, true
}

// last is when the last lease ends. The caller has locked mu.
func (i *Inspection) last() time.Time {
	var last time.Time
	for _, l := range i.held {
		if l.until.After(last) {
			last = l.until
		}
	}
	return last
}

// giveBack makes every held message visible. It tries again what was refused
// for now, until ctx ends.
func (i *Inspection) giveBack(ctx context.Context) (given int, err error) {
	for {
		ids, handles, _ := i.due(math.MaxInt64)
		if len(handles) == 0 {
			return given, nil
		}
		failed, callErr := i.queue.SetVisibility(inspecting(ctx), i.url, handles, 0)
		if callErr == nil || len(failed) > 0 {
			i.mu.Lock()
			for _, handle := range handles {
				if _, bad := failed[handle]; !bad {
					i.drop(ids[handle])
					given++
				}
			}
			i.mu.Unlock()
		}
		if callErr == nil {
			return given, i.notGiven(handles, failed)
		}
		if !again(ctx, callErr) {
			return given, callErr
		}
	}
}

// notGiven is the problem of the messages that SQS did not take back.
func (i *Inspection) notGiven(handles []string, failed map[string]string) error {
	for _, handle := range handles {
		if why, bad := failed[handle]; bad {
			return &workflow.Problem{
				Operation: "sqs:ChangeMessageVisibility", Target: i.url,
				Reason: counted(len(failed), "message") + " could not be given back: " + why,
				Next:   "They come back to the queue by themselves when their leases end.",
			}
		}
	}
	return nil
}
