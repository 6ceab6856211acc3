package operation

import (
	"context"
	"fmt"
	"slices"
	"sync"
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
	MostLetters = 10_000
	// MostHeldBytes is how much their bodies and attributes may take in memory:
	// an inspection stops when it has passed this.
	MostHeldBytes = 64 << 20

	// pageSize is the most that one receive brings (SQS ReceiveMessage).
	pageSize = 10
	// emptyAnswers are needed to believe that a queue is empty.
	emptyAnswers = 2
	// releaseWithin bounds the giving back of all leases.
	releaseWithin = 30 * time.Second
	// tryAgain is how long to wait after a refusal that tells no time.
	tryAgain = time.Second
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
type Inspection struct {
	queue       Queue
	url         string
	order, dead workflow.Queue

	// turn is taken by whoever calls SQS. It is no mutex, so that waiting for it
	// ends with the context.
	turn chan struct{}

	// mu guards what follows; it is never held during a call.
	mu      sync.Mutex
	held    map[workflow.MessageID]lease
	counted leases
	seen    map[workflow.MessageID]bool
	bytes   int // of all messages that were received
	empty   int
	why     string // why there is nothing more to receive; "" while there may be
	closed  bool
	used    time.Time
	expired int
}

// lease is the hold on one message.
type lease struct {
	handle string
	// until is the wall-clock time at which it ends, counted from before the call.
	until time.Time
}

// leases is how many leases run and when the first of them ends. It holds until
// then, or until one is taken or dropped: nobody counts thousands at each frame.
type leases struct {
	fresh bool
	runs  int
	first time.Time
}

func newInspection(queue Queue, url string, order, dead workflow.Queue) *Inspection {
	return &Inspection{
		queue: queue, url: url, order: order, dead: dead,
		turn: make(chan struct{}, 1),
		held: map[workflow.MessageID]lease{}, seen: map[workflow.MessageID]bool{},
		used: wall(),
	}
}

// take waits for the turn.
func (i *Inspection) take(ctx context.Context) error {
	if ctx.Err() != nil {
		return &workflow.Problem{Operation: "inspect", Target: i.url, Err: ctx.Err(), Reason: "it was cancelled"}
	}
	select {
	case i.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return &workflow.Problem{
			Operation: "inspect", Target: i.url, Err: ctx.Err(),
			Reason: "an earlier call did not come back in time",
			Next:   "What is held comes back to the queue by itself when its lease ends.",
		}
	}
}

// inspecting names the plan that a call is part of, unless it is part of another:
// a move or a run gives leases back too.
func inspecting(ctx context.Context) context.Context {
	if workflow.PlanOf(ctx) != "" {
		return ctx
	}
	return workflow.WithPlan(ctx, inspectTitle)
}

func (i *Inspection) leave() { <-i.turn }

// Next receives the next page. After Done it returns an empty page. An empty
// page that is not Done means: ask again. A refusal for now, by AWS or by our
// own budget, is waited out while ctx allows.
func (i *Inspection) Next(ctx context.Context) (Page, error) {
	for {
		page, err := i.next(ctx)
		// The turn is not kept while waiting: leases go on to be renewed.
		if err == nil || !again(ctx, err) {
			return page, err
		}
	}
}

func (i *Inspection) next(ctx context.Context) (Page, error) {
	if err := i.take(ctx); err != nil {
		return Page{}, err
	}
	defer i.leave()
	// A receive that nobody waits for hides its messages all the same.
	ctx, cancel := begun(ctx)
	defer cancel()
	most, why, closed := i.room()
	if closed {
		return Page{}, &workflow.Problem{Kind: workflow.Refused, Operation: "inspect", Target: i.url, Reason: "the inspection is over", Next: "Inspect anew."}
	}
	if why != "" {
		return Page{Done: true, Why: why}, nil
	}
	began := wall()
	messages, err := i.queue.Receive(inspecting(ctx), i.url, most, Lease)
	if err != nil {
		return Page{}, err
	}
	page, over := i.accept(messages, began.Add(Lease))
	if over {
		// Release came meanwhile and may have given up waiting for this answer.
		_, err = i.giveBack(context.WithoutCancel(ctx))
	}
	return page, err
}

// room is how many messages may still be received.
func (i *Inspection) room() (most int, why string, closed bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.used = wall()
	return min(pageSize, MostLetters-len(i.seen)), i.why, i.closed
}

// accept takes messages in; over tells that the inspection was ended meanwhile.
func (i *Inspection) accept(messages []workflow.Message, until time.Time) (page Page, over bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, m := range messages {
		if i.seen[m.ID] {
			i.why = "a message came a second time, so all were seen"
		}
		i.seen[m.ID] = true
		i.bytes += workflow.Outgoing{Body: m.Body, Attributes: m.Attributes}.Size()
		// Only the newest handle of a message is good.
		i.keep(m.ID, lease{handle: m.ReceiptHandle, until: until})
		page.Letters = append(page.Letters, workflow.Judge(m, i.order, i.dead))
	}
	if len(messages) == 0 {
		i.empty++
	} else {
		i.empty = 0
	}
	switch {
	case i.why != "":
	case i.empty >= emptyAnswers:
		i.why = "the queue has no more visible messages"
	case len(i.seen) >= MostLetters:
		i.why = fmt.Sprintf("stopped after %d messages", MostLetters)
	case i.bytes >= MostHeldBytes:
		i.why = fmt.Sprintf("stopped after %d MiB of messages", MostHeldBytes>>20)
	}
	page.Done, page.Why = i.why != "", i.why
	page.Lost = i.expire(wall())
	return page, i.closed
}

// expire drops the leases that have ended: their handles must not be used any
// more, since somebody else may hold the message now. The caller has locked mu.
func (i *Inspection) expire(now time.Time) []workflow.MessageID {
	var lost []workflow.MessageID
	for id, l := range i.held {
		if !l.until.After(now) {
			i.drop(id)
			lost = append(lost, id)
		}
	}
	i.expired += len(lost)
	slices.Sort(lost)
	return lost
}

// Until is when the first lease runs out, by the wall clock, counted from
// before the call that took it. Zero means that nothing is held.
func (i *Inspection) Until() time.Time {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.count().first
}

// Held is how many messages are held under a lease that still runs.
func (i *Inspection) Held() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.count().runs
}

// count counts the leases that run; one that has run out may still wait to be
// noticed. The caller has locked mu.
func (i *Inspection) count() leases {
	now := wall()
	if i.counted.fresh && (i.counted.runs == 0 || i.counted.first.After(now)) {
		return i.counted
	}
	i.counted = leases{fresh: true}
	for _, l := range i.held {
		if !l.until.After(now) {
			continue
		}
		i.counted.runs++
		if i.counted.first.IsZero() || l.until.Before(i.counted.first) {
			i.counted.first = l.until
		}
	}
	return i.counted
}

// keep and drop change what is held. The caller has locked mu.
func (i *Inspection) keep(id workflow.MessageID, l lease) {
	i.held[id] = l
	i.counted.fresh = false
}

func (i *Inspection) drop(id workflow.MessageID) {
	delete(i.held, id)
	i.counted.fresh = false
}

// Open tells whether Release has not been called.
func (i *Inspection) Open() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return !i.closed
}

// Touch tells that the operator is looking.
func (i *Inspection) Touch() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.used = wall()
}

// IdleFor is how long nobody was looking.
func (i *Inspection) IdleFor() time.Duration {
	i.mu.Lock()
	defer i.mu.Unlock()
	return max(0, wall().Sub(i.used))
}

// hand gives the leases of some letters to somebody else, who renews them and
// gives them back. What is not held any more is left out.
func (i *Inspection) hand(ctx context.Context, letters []workflow.DeadLetter) []holding {
	if err := i.take(ctx); err != nil { // a renewal that is under way comes first
		return nil
	}
	defer i.leave()
	i.mu.Lock()
	defer i.mu.Unlock()
	i.expire(wall())
	var given []holding
	for _, letter := range letters {
		l, ok := i.held[letter.ID]
		if !ok {
			continue
		}
		i.drop(letter.ID)
		letter.ReceiptHandle = l.handle
		given = append(given, holding{letter: letter, until: l.until})
	}
	return given
}
