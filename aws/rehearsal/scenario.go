// Package rehearsal lets things go wrong on a local AWS as a scenario says, so
// that an operator meets an incident before the real one: orders that arrive by
// themselves, unreadable ones among them, functions that fail, calls that are
// throttled, slow, refused, or answered into the void.
package rehearsal

import (
	"cmp"
	"time"

	"orderops/aws/local"
	"orderops/aws/local/logs"
)

// Scenario is what happens on a local AWS, and when. The zero value of Rates is
// not "nothing said": use Quiet.
type Scenario struct {
	// Title is the scenario in one line.
	Title string
	// Seed makes orders and chances repeatable; 0 means that the caller chooses.
	Seed uint64
	// Wait is how long an order is held after payment, Visibility how long a
	// received order stays hidden; 0 keeps the template's value.
	Wait, Visibility time.Duration
	// Rates hold whenever no disturbance says otherwise.
	Rates
	// Disturbances are in the order of the file.
	Disturbances []Disturbance
}

// Rates are the chances of single orders. A negative one says nothing.
type Rates struct {
	// Order is how many orders arrive in a second.
	Order float64
	// Poison is the share of arriving orders that nobody can read, PaymentFailure
	// and RestaurantFailure that of orders that the stock functions fail: 0 to 1.
	Poison, PaymentFailure, RestaurantFailure float64
}

// Quiet is the scenario in which nothing happens by itself.
func Quiet() Scenario { return Scenario{Rates: unsaid()} }

func unsaid() Rates {
	return Rates{Order: -1, Poison: -1, PaymentFailure: -1, RestaurantFailure: -1}
}

// Kind says what a disturbance does.
type Kind string

// The kinds of disturbances, as scenarios name them.
const (
	Rate         Kind = "rate"   // other Rates for a while
	Queues       Kind = "queues" // queues under Pressure
	Logs         Kind = "logs"   // log events that come late or never
	Outage       Kind = "outage"
	Throttle     Kind = "throttle"
	Latency      Kind = "latency"
	LostAnswers  Kind = "lost-answers"
	ServerErrors Kind = "server-errors"
	Forbidden    Kind = "forbidden"
)

// Disturbance is one thing that goes wrong for a while.
type Disturbance struct {
	Kind Kind
	// From counts from the start of the rehearsal. For is how long it lasts; 0
	// means to the end.
	From, For time.Duration

	// Rates are those of a Rate; it says one of them.
	Rates Rates

	// Pressure is what Queues puts on all queues; its zero members say nothing.
	Pressure local.Pressure
	// Delivery is how badly Logs lets events arrive; its zero members say nothing.
	Delivery logs.Delivery

	// Part is what has the outage: EventSource, or a function by its kind.
	Part string
	// How is the way in which a function fails.
	How How

	// Action is an IAM action with wildcards: the calls that are disturbed.
	Action string
	// Resource narrows Forbidden to ARNs with wildcards; "" means all.
	Resource string
	// Who narrows it to one side's calls; "" means everybody's.
	Who Who

	// Share is the chance that a call or an invocation is disturbed, above 0 to 1.
	Share float64
	// Limit is how many calls a second Throttle lets through; 0 means that Share decides.
	Limit float64
	// By is how much later Latency answers.
	By time.Duration
}

// EventSource is the part that hands orders to the consumer. While it is out,
// orders wait.
const EventSource = "event-source"

// How is the way in which a function fails.
type How string

// The ways in which functions fail.
const (
	// ByError is an error instead of the work.
	ByError How = "error"
	// ByTimeout hangs until Lambda ends it.
	ByTimeout How = "timeout"
	// AfterWork does the work, then fails: the outcome is lost.
	AfterWork How = "after-work"
)

// Who is the side that makes a call.
type Who string

// The sides.
const (
	Operator  Who = "operator"
	Functions Who = "functions"
)

// active tells whether the disturbance holds so long after the start.
func (d Disturbance) active(after time.Duration) bool {
	return after >= d.From && (d.For == 0 || after < d.From+d.For)
}

// rates are what holds so long after the start: the last disturbance that says
// something wins.
func (s Scenario) rates(after time.Duration) Rates {
	now := s.Rates
	for _, d := range s.Disturbances {
		if d.Kind == Rate && d.active(after) {
			now = now.overlaid(d.Rates)
		}
	}
	return now
}

// pressure is what holds on the queues so long after the start: of each member
// the last that is said.
func (s Scenario) pressure(after time.Duration) (now local.Pressure) {
	for _, d := range s.Disturbances {
		if d.Kind == Queues && d.active(after) {
			now = local.Pressure{
				DuplicateRate:  cmp.Or(d.Pressure.DuplicateRate, now.DuplicateRate),
				ShortPollShare: cmp.Or(d.Pressure.ShortPollShare, now.ShortPollShare),
				CountLag:       cmp.Or(d.Pressure.CountLag, now.CountLag),
				InFlightLimit:  cmp.Or(d.Pressure.InFlightLimit, now.InFlightLimit),
			}
		}
	}
	return now
}

// delivery is what holds for log events so long after the start, as pressure
// does for queues.
func (s Scenario) delivery(after time.Duration) (now logs.Delivery) {
	for _, d := range s.Disturbances {
		if d.Kind == Logs && d.active(after) {
			now = logs.Delivery{Lag: cmp.Or(d.Delivery.Lag, now.Lag), Loss: cmp.Or(d.Delivery.Loss, now.Loss)}
		}
	}
	return now
}

// overlaid is r where o says nothing.
func (r Rates) overlaid(o Rates) Rates {
	for _, x := range []struct {
		to *float64
		by float64
	}{
		{&r.Order, o.Order},
		{&r.Poison, o.Poison},
		{&r.PaymentFailure, o.PaymentFailure},
		{&r.RestaurantFailure, o.RestaurantFailure},
	} {
		if x.by >= 0 {
			*x.to = x.by
		}
	}
	return r
}

// Override lets rates that were said elsewhere, such as by a flag, win over the
// scenario's own. Its disturbances still change them for their time.
func (s Scenario) Override(rates Rates) Scenario {
	s.Rates = s.overlaid(rates)
	return s
}

// nextChange is when a disturbance begins or ends next, so long after the start;
// ok is false when none does.
func (s Scenario) nextChange(after time.Duration) (next time.Duration, ok bool) {
	for _, d := range s.Disturbances {
		for _, at := range []time.Duration{d.From, d.From + d.For} {
			if at > after && (!ok || at < next) {
				next, ok = at, true
			}
		}
	}
	return next, ok
}
