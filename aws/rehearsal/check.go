package rehearsal

import (
	"fmt"
	"slices"
	"strings"

	"orderops/aws/local"
	"orderops/aws/local/logs"
)

// maxOrderRate is the most orders in a second: more would rehearse the machine
// that it runs on.
const maxOrderRate = 1000

func (r *reader) rates(path string, given rates) Rates {
	read := unsaid()
	for _, x := range []struct {
		field string
		to    *float64
		by    *float64
		most  float64
	}{
		{"order-rate", &read.Order, given.Order, maxOrderRate},
		{"poison-rate", &read.Poison, given.Poison, 1},
		{"payment-failure-rate", &read.PaymentFailure, given.PaymentFailure, 1},
		{"restaurant-failure-rate", &read.RestaurantFailure, given.RestaurantFailure, 1},
	} {
		if x.by == nil {
			continue
		}
		if !(*x.by >= 0 && *x.by <= x.most) { // also refuses NaN
			r.fail(path+"."+x.field, fmt.Sprintf("%g is not from 0 to %g", *x.by, x.most))
		}
		*x.to = *x.by
	}
	return read
}

func (r *reader) queues(path string, given queues) local.Pressure {
	if given.InFlightLimit < 0 {
		r.fail(path+".in-flight-limit", fmt.Sprintf("%d is no number of messages", given.InFlightLimit))
	}
	return local.Pressure{
		DuplicateRate:  r.share(path+".duplicate-rate", given.DuplicateRate),
		ShortPollShare: r.share(path+".short-poll-share", given.ShortPollShare),
		CountLag:       r.duration(path+".count-lag", given.CountLag),
		InFlightLimit:  given.InFlightLimit,
	}
}

func (r *reader) logs(path string, given events) logs.Delivery {
	return logs.Delivery{Lag: r.duration(path+".log-lag", given.Lag), Loss: r.share(path+".log-loss", given.Loss)}
}

func (r *reader) share(path string, given float64) float64 {
	if !(given >= 0 && given <= 1) { // also refuses NaN
		r.fail(path, fmt.Sprintf("%g is not from 0 to 1", given))
	}
	return given
}

// disturbance checks that a disturbance is exactly one thing, and that all it
// says has a meaning for it.
func (r *reader) disturbance(path string, d disturbance) Disturbance {
	read := Disturbance{
		From: r.duration(path+".from", d.From), For: r.duration(path+".for", d.For),
		Rates: r.rates(path, d.Rates), Pressure: r.queues(path, d.Queues), Delivery: r.logs(path, d.Logs),
	}
	allowed := r.kind(path, d, &read)
	for _, x := range []struct {
		field string
		said  bool
	}{
		{"how", d.How != ""},
		{"resource", d.Resource != ""},
		{"who", d.Who != ""},
		{"share", d.Share != nil},
		{"rate", d.Rate != nil},
		{"by", d.By != ""},
	} {
		if x.said && !slices.Contains(allowed, x.field) {
			r.fail(path+"."+x.field, fmt.Sprintf("has no meaning for %s", read.Kind))
		}
	}
	read.How, read.Resource, read.Who, read.By = How(d.How), d.Resource, Who(d.Who), r.duration(path+".by", d.By)
	if read.Who != "" && read.Who != Operator && read.Who != Functions {
		r.fail(path+".who", fmt.Sprintf("%q is neither %s nor %s", d.Who, Operator, Functions))
	}
	read.Share = 1
	if d.Share != nil {
		if read.Share = *d.Share; !(read.Share > 0 && read.Share <= 1) {
			r.fail(path+".share", fmt.Sprintf("%g is no share above 0, up to 1", read.Share))
		}
	}
	if d.Rate != nil {
		if read.Limit = *d.Rate; !(read.Limit > 0 && read.Limit <= 10_000) {
			r.fail(path+".rate", fmt.Sprintf("%g is no number of calls a second above 0, up to 10000", read.Limit))
		}
	}
	r.complete(path, d, &read)
	return read
}

// kind finds the one thing that a disturbance is, and the fields that belong to it.
func (r *reader) kind(path string, d disturbance, read *Disturbance) (allowed []string) {
	var found []string
	if d.Rates != (rates{}) {
		found, read.Kind = append(found, string(Rate)), Rate
	}
	if d.Logs != (events{}) {
		found, read.Kind = append(found, string(Logs)), Logs
	}
	if d.Queues != (queues{}) {
		found, read.Kind = append(found, string(Queues)), Queues
	}
	for _, x := range []struct {
		kind    Kind
		value   string
		to      *string
		allowed []string
	}{
		{Outage, d.Outage, &read.Part, []string{"how", "share"}},
		{Throttle, d.Throttle, &read.Action, []string{"who", "share", "rate"}},
		{Latency, d.Latency, &read.Action, []string{"who", "share", "by"}},
		{LostAnswers, d.LostAnswers, &read.Action, []string{"who", "share"}},
		{ServerErrors, d.ServerErrors, &read.Action, []string{"who", "share"}},
		{Forbidden, d.Forbidden, &read.Action, []string{"who", "resource"}},
	} {
		if x.value != "" {
			found, read.Kind, *x.to, allowed = append(found, string(x.kind)), x.kind, x.value, x.allowed
		}
	}
	switch len(found) {
	case 0:
		r.fail(path, fmt.Sprintf("it disturbs nothing: say a rate, pressure on the queues, late or lost logs, %s, %s, %s, %s, %s or %s", Outage, Throttle, Latency, LostAnswers, ServerErrors, Forbidden))
	case 1:
	default:
		r.fail(path, "it is several things at once: "+strings.Join(found, ", "))
	}
	return allowed
}

// complete checks what only one kind has.
func (r *reader) complete(path string, d disturbance, read *Disturbance) {
	switch read.Kind { //nolint:exhaustive // the others have nothing of their own
	case Outage:
		r.outage(path, d, read)
	case Throttle:
		if (d.Share == nil) == (d.Rate == nil) {
			r.fail(path+".throttle", "say either the share that is refused or the rate that is let through")
		}
	case Latency:
		if read.By == 0 {
			r.fail(path+".latency", "say by how much: by: 800ms")
		}
	}
	if read.Action != "" && !knownAction(read.Action) {
		r.fail(path+"."+string(read.Kind), fmt.Sprintf("%q is no action such as sqs:ReceiveMessage, sqs:* or *; the services are %s",
			read.Action, strings.Join(services(), ", ")))
	}
}

func (r *reader) outage(path string, d disturbance, read *Disturbance) {
	parts := []string{EventSource, "consumer", "save", "payment", "restaurant"}
	if !slices.Contains(parts, read.Part) {
		r.fail(path+".outage", fmt.Sprintf("%q is none of %s", read.Part, strings.Join(parts, ", ")))
	}
	if read.Part == EventSource && (d.How != "" || d.Share != nil) {
		r.fail(path+".outage", "an event source is on or off: how and share have no meaning for it")
	}
	if read.How == "" {
		read.How = ByError
	}
	if read.How != ByError && read.How != ByTimeout && read.How != AfterWork {
		r.fail(path+".how", fmt.Sprintf("%q is none of %s, %s, %s", d.How, ByError, ByTimeout, AfterWork))
	}
}

// services are what actions begin with.
func services() []string {
	return []string{"cloudformation", "cloudwatch", "dynamodb", "execute-api", "lambda", "logs", "sns", "sqs", "states", "sts"}
}

func knownAction(action string) bool {
	service, operation, ok := strings.Cut(action, ":")
	return action == "*" || ok && operation != "" && slices.Contains(services(), service)
}
