package sqs

import "time"

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
	tags              map[string]string
	created, modified time.Time
	// purged is the time of the last purge; zero for none.
	purged  time.Time
	deleted bool

	messages map[string]*message // by id
	age      pile
	visible  pile
	hidden   pile
	inFlight int // of the hidden ones; the rest is delayed
	// observed are the counts as they were at observedAt.
	observed   counts
	observedAt time.Time
	// full is set while a receive waits for room among the messages in flight.
	full bool
	// woken is closed, and replaced, when a message becomes visible or the queue
	// goes; long polls wait on it.
	woken chan struct{}
	// The counts are of messages since the queue was made.
	sentCount, receivedCount, deletedCount int
	// tasks are the last move tasks out of this queue, newest last.
	tasks []*moveTask
}

func newQueue(name, arn, url string, now time.Time) *queue {
	q := &queue{name: name, arn: arn, url: url, created: now, modified: now, woken: make(chan struct{})}
	q.clear()
	return q
}

// clear removes every message.
func (q *queue) clear() {
	q.messages = make(map[string]*message)
	q.age = pile{slot: pileAge, before: older}
	q.visible = pile{slot: pileVisible, before: older}
	q.hidden = pile{slot: pileHidden, before: sooner}
	q.inFlight = 0
}

func (q *queue) wake() {
	close(q.woken)
	q.woken = make(chan struct{})
}

// settle brings the queue up to now: it drops what is past its retention and
// shows what is due.
func (q *queue) settle(now time.Time) {
	retention := q.settings.duration(messageRetentionPeriod)
	for m := q.age.first(); m != nil && !now.Before(m.sent.Add(retention)); m = q.age.first() {
		q.remove(m)
	}
	for m := q.hidden.first(); m != nil && !now.Before(m.appears); m = q.hidden.first() {
		q.show(m)
	}
}

// add puts in a message that is visible, or delayed when delay is above zero.
func (q *queue) add(m *message, now time.Time, delay time.Duration) {
	q.messages[m.id] = m
	q.age.add(m)
	if delay > 0 {
		m.place, m.appears = delayed, now.Add(delay)
		q.conceal(m)
		return
	}
	m.place = visible
	q.visible.add(m)
	q.wake()
}

// remove takes a message out, wherever it lies.
func (q *queue) remove(m *message) {
	delete(q.messages, m.id)
	q.age.remove(m)
	q.lift(m)
}

// lift takes a message off the visible or the hidden pile.
func (q *queue) lift(m *message) {
	if m.place == visible {
		q.visible.remove(m)
		return
	}
	if m.place == inFlight {
		q.inFlight--
		if q.full {
			q.full = false
			q.wake()
		}
	}
	q.hidden.remove(m)
}

// show makes a message visible.
func (q *queue) show(m *message) {
	q.lift(m)
	m.place = visible
	q.visible.add(m)
	q.wake()
}

// hide makes a message wait in flight until then.
func (q *queue) hide(m *message, until time.Time) {
	q.lift(m)
	m.place, m.appears = inFlight, until
	q.inFlight++
	q.conceal(m)
}

func (q *queue) conceal(m *message) {
	q.hidden.add(m)
	if q.hidden.first() == m {
		q.wake() // it appears earlier than the long polls reckon with
	}
}

// nextChange is the earliest time at which a hidden message appears; zero when
// none is hidden.
func (q *queue) nextChange() time.Time {
	if m := q.hidden.first(); m != nil {
		return m.appears
	}
	return time.Time{}
}
