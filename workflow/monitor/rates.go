package monitor

import "time"

// rateMinutes is for how long rates are kept.
const rateMinutes = 30

// Rates are executions per minute, oldest first, the present minute last, since
// the store was opened and for at most 30 minutes.
type Rates struct {
	Started  []float64
	Finished []float64
	Failed   []float64
}

// meter counts what happened in each of the latest minutes.
type meter struct {
	minutes [rateMinutes]struct {
		// minute is the Unix time in minutes that the slot counts now.
		minute int64
		count  int
	}
}

func (m *meter) add(at time.Time) {
	minute := at.Unix() / 60
	slot := &m.minutes[minute%rateMinutes]
	if slot.minute < minute {
		slot.minute, slot.count = minute, 0
	}
	if slot.minute == minute {
		slot.count++
	}
}

// perMinute are the counts from the minute of from, or the oldest kept, to that of now.
func (m *meter) perMinute(from, now time.Time) []float64 {
	last := now.Unix() / 60
	first := max(from.Unix()/60, last-rateMinutes+1)
	rates := make([]float64, 0, max(0, last-first+1))
	for minute := first; minute <= last; minute++ {
		count := 0
		if slot := m.minutes[minute%rateMinutes]; slot.minute == minute {
			count = slot.count
		}
		rates = append(rates, float64(count))
	}
	return rates
}

// Rates are the rates at now.
func (s *Store) Rates(now time.Time) Rates {
	if s.opened.IsZero() {
		return Rates{}
	}
	return Rates{
		Started:  s.started.perMinute(s.opened, now),
		Finished: s.finished.perMinute(s.opened, now),
		Failed:   s.failed.perMinute(s.opened, now),
	}
}

// measure counts a start or an end that happened since the store was opened.
func (s *Store) measure(m *meter, at time.Time) {
	if !at.Before(s.opened.Truncate(time.Minute)) {
		m.add(at)
	}
}
