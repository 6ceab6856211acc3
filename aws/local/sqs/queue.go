package sqs

import (
	"cmp"
	"encoding/base64"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"orderops/aws/local/wire"
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

// message is one message. What the sender gave is never changed; the rest
// changes under the service's lock.
type message struct {
	content
	id string
	// sent is kept on the way to a dead-letter queue, so retention runs from it.
	sent time.Time
	// serial orders messages that were sent in the same instant.
	serial uint64
	// firstReceived and received count over all queues.
	firstReceived time.Time
	received      int
	// receivedHere counts since the message came into its present queue; the
	// queue's redrive policy goes by it. AWS does not say which of the two counts
	// it uses in a chain of dead-letter queues.
	receivedHere int
	// source is the ARN of the queue that the message was dead-lettered from.
	source string
	// receipt is the nonce of the latest receipt handle; "" without any.
	receipt string
	// leased is when that handle was given out; visibility ends 12 h later at most.
	leased time.Time
	// deleted is set once a deletion has succeeded, also when a copy survived it.
	deleted bool
	// draws counts what chance decided about the message.
	draws uint64

	// pile is where the message lies, nil once it is gone. due orders it there: when
	// it was sent if it is visible, otherwise when it appears.
	pile *pile
	due  time.Time
}

// content is what a sender gives.
type content struct {
	body, bodyMD5 string
	attributes    map[string]MessageAttribute
	trace         string // the X-Ray header
	groupID       string
}

// newMessage makes a message that was sent now.
func (s *Service) newMessage(c content, now time.Time) *message {
	s.serial++
	return &message{content: c, id: s.id.UUID(), sent: now, serial: s.serial}
}

// Delivery is one received message.
type Delivery struct {
	MessageID     string `json:"MessageId"`
	ReceiptHandle string
	// MD5 of the body, in hex.
	MD5  string `json:"MD5OfBody"`
	Body string
	// Attributes are the system attributes (SentTimestamp, ApproximateReceiveCount, …);
	// timestamps are milliseconds since 1970.
	Attributes map[string]string `json:",omitempty"`
	// MessageAttributes are the sender's; read only, nil without any.
	MessageAttributes map[string]MessageAttribute `json:",omitempty"`
	// AttributesMD5 is AWS's digest of MessageAttributes, in hex.
	AttributesMD5 string `json:"MD5OfMessageAttributes,omitempty"`
}

// deliver describes the message as received now from q.
func (m *message) deliver(sender string, q *queue) Delivery {
	attributes := map[string]string{
		"SenderId":                         sender,
		"SentTimestamp":                    milliseconds(m.sent),
		"ApproximateReceiveCount":          strconv.Itoa(m.received),
		"ApproximateFirstReceiveTimestamp": milliseconds(m.firstReceived),
		traceHeader:                        m.trace,
		"MessageGroupId":                   m.groupID,
		"DeadLetterQueueSourceArn":         m.source,
	}
	maps.DeleteFunc(attributes, func(_, value string) bool { return value == "" })
	// Opaque to clients: who received what from where.
	handle := base64.StdEncoding.EncodeToString([]byte(m.receipt + " " + q.arn + " " + m.id))
	return Delivery{
		MessageID: m.id, ReceiptHandle: handle, MD5: m.bodyMD5, Body: m.body,
		Attributes: attributes, MessageAttributes: m.attributes, AttributesMD5: attributesDigest(m.attributes),
	}
}

func milliseconds(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

// holder finds the message whose latest receipt handle this is; nil when it is
// gone or was received again since, which is no error for DeleteMessage.
func (q *queue) holder(handle string) *message {
	if handle == "" {
		wire.Check(missingParameter("ReceiptHandle"))
	}
	text, err := base64.StdEncoding.DecodeString(handle)
	parts := strings.Split(string(text), " ")
	if err != nil || len(parts) != 3 || parts[0] == "" || parts[1] != q.arn || parts[2] == "" {
		wire.Check(refused(http.StatusNotFound, "ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", "The input receipt handle %q is not a valid receipt handle.", handle))
	}
	m := q.messages[parts[2]]
	if m == nil || m.receipt != parts[0] {
		return nil
	}
	return m
}

// Pressure is what AWS may do to queues and seldom does. It holds for every
// queue of a service; the zero value is a service at ease. What befalls a message
// follows from its id, so that a run with the same seed repeats.
type Pressure struct {
	// DuplicateRate is the share of messages, 0 to 1, of which a copy survives the
	// first deletion: it is delivered again when its visibility timeout ends.
	DuplicateRate float64
	// ShortPollShare is the share of the visible messages that a short poll sees;
	// the next one sees others. 0 means all.
	ShortPollShare float64
	// CountLag is how old the counts of a queue can be.
	CountLag time.Duration
	// InFlightLimit is how many messages of a queue can be in flight; 0 means
	// 120,000, AWS's limit of a standard queue.
	InFlightLimit int
}

// SetPressure changes the pressure on all queues from now on.
func (s *Service) SetPressure(p Pressure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pressure = p
	for _, q := range s.queues {
		q.wake() // there may be room in flight now
	}
}

// full tells whether no more messages of a queue can be received.
func (s *Service) full(q *queue) bool {
	return len(q.inFlight) >= cmp.Or(s.pressure.InFlightLimit, maxInFlight)
}

// sees tells whether a short poll finds a visible message.
func (s *Service) sees(m *message) bool {
	share := s.pressure.ShortPollShare
	return share == 0 || m.chance(share)
}

// survives tells whether a copy of the message outlives its deletion.
func (s *Service) survives(m *message) bool {
	if m.deleted || s.pressure.DuplicateRate == 0 {
		return false
	}
	m.deleted = true
	return m.chance(s.pressure.DuplicateRate)
}

// chance draws for a message.
func (m *message) chance(rate float64) bool {
	m.draws++
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(m.id)) // never fails
	return rand.New(rand.NewPCG(hash.Sum64(), m.draws)).Float64() < rate
}

// counts are how many messages of a queue are in each place.
type counts struct{ visible, inFlight, delayed int }

func (q *queue) counts() counts {
	return counts{visible: len(q.visible), inFlight: len(q.inFlight), delayed: len(q.delayed)}
}

// observe keeps the counts for those who ask within the next lag.
func (q *queue) observe(now time.Time, lag time.Duration) {
	if now.Sub(q.observedAt) >= lag {
		q.observed, q.observedAt = q.counts(), now
	}
}
