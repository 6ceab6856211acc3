package workflow

import (
	"math"
	"slices"
	"time"
)

// Metrics are what CloudWatch counted, by the minute.
type Metrics struct {
	// From is the minute that the series begin with.
	From time.Time
	// Of the order queue: the age in seconds, and messages per minute.
	OldestAge, Sent, Received, Deleted Series
	// Of the state machine, executions per minute.
	Started, Succeeded, Failed, TimedOut, Aborted, Throttled Series
	// Of the consumer's function, invocations per minute.
	Invocations, Errors, Throttles Series
	// Asked is how many metrics one reading asks for: CloudWatch bills each.
	Asked int
}

// Told is how many minutes of the series were counted: those up to the newest that
// any of them has a value of, all when none has. CloudWatch tells a minute late, and
// tells no zeros, so that what is missing behind it is no zero yet.
func (m *Metrics) Told() int {
	told := 0
	for _, s := range []Series{
		m.OldestAge, m.Sent, m.Received, m.Deleted, m.Started, m.Succeeded, m.Failed, m.TimedOut, m.Aborted, m.Throttled, m.Invocations, m.Errors, m.Throttles,
	} {
		for i, v := range s {
			if !math.IsNaN(v) {
				told = max(told, i+1)
			}
		}
	}
	if told == 0 {
		return len(m.Sent)
	}
	return told
}

// PricePerMetric is what GetMetricData costs for each metric that is asked for,
// in US dollars ($0.01 per 1,000).
const PricePerMetric = 0.01 / 1000

// Series are values by the minute, oldest first; NaN where nothing was told.
type Series []float64

// Sum adds up the values between two positions; known is how many there were.
func (s Series) Sum(from, to int) (sum float64, known int) {
	for i := max(0, from); i < min(to, len(s)); i++ {
		if !math.IsNaN(s[i]) {
			sum, known = sum+s[i], known+1
		}
	}
	return sum, known
}

// Last is the newest value that was told; false when there is none.
func (s Series) Last() (float64, bool) {
	for _, v := range slices.Backward(s) {
		if !math.IsNaN(v) {
			return v, true
		}
	}
	return 0, false
}

// Filled are the values with zeros where nothing was told, as counts mean it.
func (s Series) Filled() []float64 {
	filled := make([]float64, len(s))
	for i, v := range s {
		if !math.IsNaN(v) {
			filled[i] = v
		}
	}
	return filled
}

// Counted are the first n values, with zeros where nothing was told.
func (s Series) Counted(n int) []float64 { return s[:min(n, len(s))].Filled() }

// Add adds series of the same length value by value.
func (s Series) Add(others ...Series) Series {
	sum := Series(s.Filled())
	for _, other := range others {
		for i, v := range other.Filled() {
			if i < len(sum) {
				sum[i] += v
			}
		}
	}
	return sum
}
