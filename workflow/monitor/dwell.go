package monitor

import (
	"math"
	"strings"
	"time"

	"orderops/workflow"
)

// perDoubling is how many classes a duration's doubling has: a quantile is right
// within 1.1 %.
const perDoubling = 32

// dwell counts durations in classes from a millisecond on. The zero value is empty.
type dwell struct {
	classes [40 * perDoubling]uint32
	count   int
}

func (d *dwell) add(length time.Duration) {
	class := 0
	if ms := float64(length) / float64(time.Millisecond); ms > 1 {
		class = min(int(math.Ceil(perDoubling*math.Log2(ms))), len(d.classes)-1)
	}
	d.classes[class]++
	d.count++
}

// quantile is the middle of the class that the share of durations reaches.
func (d *dwell) quantile(share float64) time.Duration {
	need := int(math.Ceil(share * float64(d.count)))
	for class, n := range d.classes {
		if need -= int(n); need <= 0 {
			return time.Duration(math.Exp2((float64(class)-0.5)/perDoubling) * float64(time.Millisecond))
		}
	}
	return 0
}

// Spread tells how durations are spread; Count is of how many.
type Spread struct {
	Count         int
	P50, P95, P99 time.Duration
}

func (d *dwell) spread() Spread {
	if d == nil || d.count == 0 {
		return Spread{}
	}
	return Spread{Count: d.count, P50: d.quantile(0.5), P95: d.quantile(0.95), P99: d.quantile(0.99)}
}

// Settled tells that there are enough of them to believe a p99.
func (s Spread) Settled() bool { return s.Count >= enoughDwells }

// Spread is how long executions took that ended by themselves.
func (s *Store) Spread() Spread { return s.took.spread() }

// StateSpread is how long executions stayed in a state, as the log told since
// the program was started.
func (s *Store) StateSpread(state string) Spread { return s.dwells[state].spread() }

// dwelt measures the state that an execution has left for another one, or, to
// is "", by its end. A state that was not entered directly before was missed in
// the log: nothing is measured then.
func (s *Store) dwelt(e *Execution, to string, l *workflow.LogEvent) {
	from := e.heard()
	if from.id == 0 || from.end > from.id || l.RedriveCount != e.RedriveCount || l.Type == "ExecutionAborted" {
		return
	}
	if s.machine == nil {
		return
	}
	state, ok := s.machine.State(from.state)
	if !ok || to == "" && l.Type == "ExecutionSucceeded" && !state.End {
		return
	}
	follows := to == ""
	for _, edge := range state.Edges {
		follows = follows || edge.To == to
	}
	if !follows {
		return
	}
	d := s.dwells[from.state]
	if d == nil {
		d = &dwell{}
		s.dwells[from.state] = d
	}
	d.add(max(0, l.Time.Sub(from.at.time())))
}

func cutEntered(eventType string) (kind string, ok bool) {
	return strings.CutSuffix(eventType, "StateEntered")
}

// late are the executions that have been in a state for too long.
type late struct {
	state  string
	count  int
	oldest time.Time
	// limit is how long is too long, usual the p99 that it comes from.
	limit, usual time.Duration
}

const (
	// enoughDwells is how many durations a p99 is believed from.
	enoughDwells = 20
	// lateAtMost bounds how many executions of a state are looked at.
	lateAtMost = 2000
)

// settle keeps the running executions by state.
func (s *Store) settle(old, next *Execution, had bool) {
	same := had && old.State == next.State && old.Status == next.Status && old.Entered.Equal(next.Entered)
	if same {
		return
	}
	if had {
		if in := s.inState[old.State]; in != nil {
			in.drop(old.ARN)
		}
	}
	if next.Status != workflow.Running || next.State == "" {
		return
	}
	in := s.inState[next.State]
	if in == nil {
		made := newRoster[workflow.ExecutionARN]()
		in = &made
		s.inState[next.State] = in
	}
	in.touch(next.ARN)
}

// findLate looks for executions that stay longer in their state than others
// did. Only the log tells where all of them are, and only up to some time.
func (s *Store) findLate() {
	s.late = s.late[:0]
	if !s.tailing(s.now) || s.machine == nil {
		return
	}
	for i := range s.machine.States {
		name := s.machine.States[i].Name
		spread, in := s.StateSpread(name), s.inState[name]
		if in == nil || !spread.Settled() {
			continue
		}
		// Half as much again, and some seconds for log events that come late.
		found := late{state: name, usual: spread.P99, limit: spread.P99*3/2 + 5*time.Second}
		for arn := range in.first(lateAtMost) {
			e, ok := s.executions.Get(arn)
			if !ok || e.Entered.IsZero() || s.tail.asOf.Sub(e.Entered) <= found.limit {
				continue
			}
			found.count++
			if found.oldest.IsZero() || e.Entered.Before(found.oldest) {
				found.oldest = e.Entered
			}
		}
		if found.count > 0 {
			s.late = append(s.late, found)
		}
	}
}
