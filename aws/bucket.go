package aws

import (
	"math"
	"slices"
	"time"
)

// How a throttle slows us down: the pace is halved, then grows back.
const (
	slowestPace = 1.0 / 32
	// recovery is how much of the full pace comes back each second: after one
	// throttle the full pace is reached again in a minute.
	recovery = 0.5 / 60
)

// bucket holds the calls that are allowed now.
type bucket struct {
	tokens   float64
	capacity float64
	rate     float64 // tokens per second at full pace
}

func newBucket(q quota, share float64) bucket {
	capacity := max(2, q.bucket*share)
	return bucket{tokens: capacity, capacity: capacity, rate: q.refill * share}
}

// wait is the time until one token is there.
func (b *bucket) wait(pace float64) time.Duration {
	if b.tokens >= 1 {
		return 0
	}
	// Rounded up, or a caller that waits just this long would come too early.
	return time.Duration(math.Ceil((1 - b.tokens) / (b.rate * pace) * float64(time.Second)))
}

// api is the use of one operation.
type api struct {
	polls, asked              bucket
	pollMinute, askedMinute   minute
	pace                      float64 // 1 is full
	last                      time.Time
	calls, throttles, refused int
	latencies                 latencies
}

func newAPI(q quota, now time.Time) *api {
	return &api{polls: newBucket(q, pollShare), asked: newBucket(q, askedShare), pace: 1, last: now}
}

func (a *api) bucket(polling bool) *bucket {
	if polling {
		return &a.polls
	}
	return &a.asked
}

func (a *api) minute(polling bool) *minute {
	if polling {
		return &a.pollMinute
	}
	return &a.askedMinute
}

// advance refills the buckets and lets the pace recover up to now.
func (a *api) advance(now time.Time) {
	elapsed := now.Sub(a.last).Seconds()
	if elapsed <= 0 {
		return
	}
	a.last = now
	for _, b := range []*bucket{&a.polls, &a.asked} {
		b.tokens = min(b.capacity, b.tokens+elapsed*b.rate*a.pace)
	}
	a.pace = min(1, a.pace+elapsed*recovery)
}

// throttle halves the pace and empties the buckets: AWS's own bucket is empty.
func (a *api) throttle(now time.Time) {
	a.advance(now)
	a.throttles++
	a.pace = max(slowestPace, a.pace/2)
	a.polls.tokens, a.asked.tokens = 0, 0
}

// share is the used part of the allowance of the last minute, the larger of
// polls and asked.
func (a *api) share(now time.Time) float64 {
	share := max(
		float64(a.pollMinute.count(now))/(a.polls.rate*minuteSeconds),
		float64(a.askedMinute.count(now))/(a.asked.rate*minuteSeconds),
	)
	return min(1, share)
}

const minuteSeconds = 60

// minute counts events of the last sixty seconds.
type minute struct {
	seconds [minuteSeconds]int64 // which second the count beside it belongs to
	counts  [minuteSeconds]int
}

func (m *minute) add(now time.Time) {
	second := now.Unix()
	i := second % minuteSeconds
	if m.seconds[i] != second {
		m.seconds[i], m.counts[i] = second, 0
	}
	m.counts[i]++
}

func (m *minute) count(now time.Time) int {
	end := now.Unix()
	total := 0
	for i, second := range m.seconds {
		if second > end-minuteSeconds && second <= end {
			total += m.counts[i]
		}
	}
	return total
}

// latencies remembers the last durations.
type latencies struct {
	ring [256]time.Duration
	n    int // how many were ever added
}

func (l *latencies) add(d time.Duration) {
	l.ring[l.n%len(l.ring)] = d
	l.n++
}

func (l *latencies) quantiles() (p50, p99 time.Duration) {
	n := min(l.n, len(l.ring))
	if n == 0 {
		return 0, 0
	}
	sorted := slices.Clone(l.ring[:n])
	slices.Sort(sorted)
	return sorted[(n-1)*50/100], sorted[(n-1)*99/100]
}
