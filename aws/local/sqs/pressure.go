package sqs

import (
	"cmp"
	"hash/fnv"
	"math/rand/v2"
	"time"
)

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
