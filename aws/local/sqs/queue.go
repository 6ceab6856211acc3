package sqs

import (
	"cmp"
	"slices"
	"time"
)

const (
	// maxInFlight is AWS's limit for a standard queue.
	maxInFlight = 120_000
	// maxVisibility is how long after a receive a message can stay hidden.
	maxVisibility = 12 * time.Hour
)

// queue is one queue. All methods need the service's lock and, apart from
// settle, a queue that was settled at the same instant.
type queue struct {
	name, arn, url    string
	settings          settings
	created, modified time.Time
	// purged is the time of the last purge; zero for none.
	purged  time.Time
	deleted bool

	messages map[string]*message // by id
	visible  pile                // oldest first
	delayed  pile                // sent with a delay that is not over
	inFlight pile                // received; their visibility timeouts run
	// observed are the counts as they were at observedAt.
	observed   counts
	observedAt time.Time
	// woken is closed, and replaced, when a message becomes visible or leaves room
	// in flight, or the queue goes; long polls wait on it.
	woken chan struct{}
	// The counts are of messages since the queue was made.
	sentCount, receivedCount, deletedCount int
	// tasks are the last move tasks out of this queue, newest last.
	tasks []*moveTask
}

// clear removes every message.
func (q *queue) clear() {
	for _, m := range q.messages {
		m.pile = nil
	}
	q.messages = make(map[string]*message)
	q.visible, q.delayed, q.inFlight = nil, nil, nil
	q.wake() // there is room in flight now
}

func (q *queue) wake() {
	close(q.woken)
	q.woken = make(chan struct{})
}

// settle brings the queue up to now: it shows what is due and drops what is past
// its retention, which is what is visible and oldest: see hide.
func (q *queue) settle(now time.Time) {
	for _, hidden := range []*pile{&q.delayed, &q.inFlight} {
		for m := hidden.first(); m != nil && !now.Before(m.due); m = hidden.first() {
			q.show(m)
		}
	}
	for m := q.visible.first(); m != nil && !now.Before(q.expiry(m)); m = q.visible.first() {
		q.remove(m)
	}
}

func (q *queue) expiry(m *message) time.Time {
	return m.sent.Add(q.settings.duration(messageRetentionPeriod))
}

// add puts in a message that is visible, or delayed when delay is above zero.
func (q *queue) add(m *message, now time.Time, delay time.Duration) {
	q.messages[m.id] = m
	if delay > 0 {
		q.hide(m, &q.delayed, now.Add(delay))
	} else {
		q.show(m)
	}
}

// remove takes a message out, wherever it lies.
func (q *queue) remove(m *message) {
	delete(q.messages, m.id)
	q.lift(m)
}

// lift takes a message off its pile, if it lies on one.
func (q *queue) lift(m *message) {
	switch m.pile {
	case nil:
		return
	case &q.inFlight:
		q.wake()
	}
	m.lift()
}

// show makes a message visible.
func (q *queue) show(m *message) {
	q.lift(m)
	q.visible.add(m, m.sent)
	q.wake()
}

// hide makes a message wait on a pile until then, at most until it expires.
func (q *queue) hide(m *message, where *pile, until time.Time) {
	q.lift(m)
	if expiry := q.expiry(m); expiry.Before(until) {
		until = expiry
	}
	where.add(m, until)
	if where.first() == m {
		q.wake() // it appears earlier than the long polls reckon with
	}
}

// nextChange is the earliest time up to limit at which a hidden message appears.
func (q *queue) nextChange(limit time.Time) time.Time {
	for _, hidden := range []*pile{&q.delayed, &q.inFlight} {
		if m := hidden.first(); m != nil && m.due.Before(limit) {
			limit = m.due
		}
	}
	return limit
}

// pile is messages in order, the one that is due first in front. A message lies
// in one pile.
type pile []*message

func order(a, b *message) int {
	return cmp.Or(a.due.Compare(b.due), cmp.Compare(a.serial, b.serial))
}

// add lays a message that lies nowhere into the pile.
func (p *pile) add(m *message, due time.Time) {
	m.pile, m.due = p, due
	at, _ := slices.BinarySearchFunc(*p, m, order)
	*p = slices.Insert(*p, at, m)
}

// lift takes the message out of its pile.
func (m *message) lift() {
	at, _ := slices.BinarySearchFunc(*m.pile, m, order)
	if at == 0 { // the usual case, and cheap
		*m.pile = (*m.pile)[1:]
	} else {
		*m.pile = slices.Delete(*m.pile, at, at+1)
	}
	m.pile = nil
}

// first is the message in front, nil when the pile is empty.
func (p pile) first() *message {
	if len(p) == 0 {
		return nil
	}
	return p[0]
}

// Load is what a queue holds and what it has done since it was made.
type Load struct {
	Queue                     string
	Visible, InFlight         int
	Oldest                    time.Duration
	Sent, Received, Deletions int
}

// Loads tells of every queue.
func (s *Service) Loads() []Load {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	loads := make([]Load, 0, len(s.queues))
	for name, q := range s.queues {
		q.settle(now)
		load := Load{Queue: name, Visible: len(q.visible), InFlight: len(q.inFlight), Sent: q.sentCount, Received: q.receivedCount, Deletions: q.deletedCount}
		for _, m := range q.messages {
			load.Oldest = max(load.Oldest, now.Sub(m.sent))
		}
		loads = append(loads, load)
	}
	return loads
}
