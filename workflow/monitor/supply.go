package monitor

import (
	"fmt"
	"slices"
	"time"

	"orderops/workflow"
)

const (
	// idleAfter is for how long messages may lie with nobody reading them.
	idleAfter = time.Minute
	// compared are the minutes in which deletions are compared with starts. The
	// newest two are left out: metrics come late.
	compared, leftOut = 15, 2
	// mostUnstarted is how many deletions without a start are no news: a delivery
	// of an order that runs already is deleted too.
	mostUnstarted = 2
)

// watchConsumer notes since when nobody has read the order queue.
func (s *Store) watchConsumer(q workflow.Queue, at time.Time) {
	switch {
	case q.Visible == 0 || q.InFlight > 0:
		s.idleSince = time.Time{}
	case s.idleSince.IsZero():
		s.idleSince = at
	}
}

// findConsumer tells that orders are not taken off the queue.
func (s *Store) findConsumer(found []Finding, now time.Time) []Finding {
	c, fresh := s.consumer, s.fresh[ConsumerFeed]
	say := func(text string) []Finding {
		if n := s.queues[OrderQueue].Visible; n > 0 {
			text += ": " + plural(n, "order") + " waiting"
			if n > 1 {
				text = text[:len(text)-len(" waiting")] + " wait"
			}
		}
		finding := Finding{Kind: ConsumerIdle, Text: text, Link: Link{Place: ExplanationPlace}}
		if !s.idleSince.IsZero() {
			finding.Age = now.Sub(s.idleSince)
		}
		return append(found, finding)
	}
	switch {
	case !fresh.ReadAt.IsZero() && c.UUID == "":
		return say("no consumer: no event source mapping reads the order queue")
	case !fresh.ReadAt.IsZero() && !c.Reads():
		return say("the consumer " + c.Function + " is switched off (" + c.State + ")")
	case !s.idleSince.IsZero() && s.fresh[OrderQueueFeed].ReadAt.Sub(s.idleSince) >= idleAfter:
		return say("nobody reads the order queue")
	}
	return found
}

// findLostOrders compares what the consumer deleted with what was started.
func (s *Store) findLostOrders(found []Finding) []Finding {
	n := len(s.metrics.Deleted)
	deleted, known := s.metrics.Deleted.Sum(n-leftOut-compared, n-leftOut)
	started, _ := s.metrics.Started.Sum(n-leftOut-compared-1, n) // a start may fall into the minute before or after
	if known == 0 || deleted-started <= mostUnstarted {
		return found
	}
	return append(found, Finding{
		Kind: OrdersLost,
		Text: fmt.Sprintf("the consumer deletes more than it starts: %.0f messages, %.0f executions in %d min", deleted, started, compared),
		Link: Link{Place: ExecutionsPlace, Filter: fmt.Sprintf("started:<%dm", compared+leftOut)},
	})
}

// findThrottles tells what AWS refused for its rate.
func (s *Store) findThrottles(found []Finding) []Finding {
	m := s.metrics
	for _, of := range []struct {
		what   string
		series workflow.Series
	}{{"invocations of the consumer " + s.consumer.Function, m.Throttles}, {"state transitions", m.Throttled}} {
		if n, _ := of.series.Sum(len(of.series)-compared, len(of.series)); n > 0 {
			found = append(found, Finding{
				Kind: CallsThrottled, Text: fmt.Sprintf("%.0f %s throttled in %d min", n, of.what, compared),
				Link: Link{Place: ExplanationPlace},
			})
		}
	}
	return found
}

// findStuck tells of executions that stay in a state.
func (s *Store) findStuck(found []Finding) []Finding {
	for _, l := range s.late {
		age := s.tail.asOf.Sub(l.oldest)
		found = append(found, Finding{
			Kind: Stuck, Age: age,
			Text: fmt.Sprintf("%s in %s for up to %s (p99 %s)", plural(l.count, "execution"), l.state, short(age), short(l.usual)),
			Link: Link{Place: ExecutionsPlace, Filter: fmt.Sprintf("status:running state:=%s entered:>%ds", quote(l.state), int(l.limit.Seconds()))},
		})
	}
	return found
}

// short is a duration with no more digits than help.
func short(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	minutes := int(d.Minutes())
	if minutes < 60 {
		return fmt.Sprintf("%d m %d s", minutes, int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d h %d m", minutes/60, minutes%60)
}

// reject counts a dead letter among those of its cause.
func (s *Store) reject(d *DeadLetter, by int) {
	if cause := d.group; cause != "" {
		count(s.rejected, cause, by)
	}
}

// findRejected tells why inspected dead letters can't be read.
func (s *Store) findRejected(found []Finding) []Finding {
	causes := make([]string, 0, len(s.rejected))
	for cause := range s.rejected {
		causes = append(causes, cause)
	}
	slices.SortFunc(causes, func(a, b string) int {
		if s.rejected[a] != s.rejected[b] {
			return s.rejected[b] - s.rejected[a]
		}
		if a < b {
			return -1
		}
		return 1
	})
	for _, cause := range causes[:min(len(causes), mostFailures)] {
		found = append(found, Finding{
			Kind: ExecutionsFailed, Text: plural(s.rejected[cause], "dead letter") + " can't be read: " + cause,
			Link: Link{Place: DeadLettersPlace, Filter: "group:" + quote(cause)},
		})
	}
	return found
}

// checkedWords say how many rows that is known of.
func (s *Store) checkedWords() string {
	rows, of := s.Checked()
	return fmt.Sprintf(" (checked %d of %d)", rows, of)
}
