package sqs

import "time"

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
