package rehearsal

import (
	"context"
	"maps"
	"strconv"
)

// Function is a Lambda function: JSON event in, JSON answer out.
type Function = func(ctx context.Context, payload []byte) ([]byte, error)

// Build makes a function of a kind with the environment that the template gives it.
type Build = func(kind string, environment map[string]string) (Function, error)

// outage is how a function fails in an outage; Lambda shows it as ServiceOutage.
type outage struct{ part string }

func (e *outage) Error() string     { return e.part + ": no answer from the service behind it" }
func (e *outage) ErrorType() string { return "ServiceOutage" }

// Functions lets the rehearsal disturb the functions that build makes.
func (r *Rehearsal) Functions(build Build) Build {
	return func(kind string, environment map[string]string) (Function, error) {
		stock, err := r.rated(build, kind, environment)
		if err != nil {
			return nil, err
		}
		return func(ctx context.Context, payload []byte) ([]byte, error) {
			for _, d := range r.now(Outage) {
				if d.Part == kind && r.happens(d.Share) {
					return nil, fail(ctx, d, stock, payload)
				}
			}
			return stock(ctx, payload)
		}, nil
	}
}

// fail fails an invocation in the disturbance's way.
func fail(ctx context.Context, d Disturbance, stock Function, payload []byte) error {
	if d.How == ByTimeout {
		<-ctx.Done()
		return ctx.Err()
	}
	if d.How == AfterWork {
		if _, err := stock(ctx, payload); err != nil {
			return err
		}
	}
	return &outage{part: d.Part}
}

// rated makes a function whose failure rate follows the scenario: one function
// for each rate that is said, because the rate is part of the environment.
func (r *Rehearsal) rated(build Build, kind string, environment map[string]string) (Function, error) {
	variable, pick := "", func(Rates) float64 { return -1 }
	switch kind {
	case "payment":
		variable, pick = "PAYMENT_FAILURE_RATE", func(s Rates) float64 { return s.PaymentFailure }
	case "restaurant":
		variable, pick = "RESTAURANT_FAILURE_RATE", func(s Rates) float64 { return s.RestaurantFailure }
	}
	stock, err := build(kind, environment)
	if err != nil {
		return nil, err
	}
	byRate := map[float64]Function{}
	for _, said := range append([]Disturbance{{Rates: r.scenario.Rates}}, r.scenario.Disturbances...) {
		rate := pick(said.Rates)
		if rate < 0 || byRate[rate] != nil {
			continue
		}
		changed := maps.Clone(environment)
		changed[variable] = strconv.FormatFloat(rate, 'f', -1, 64)
		if byRate[rate], err = build(kind, changed); err != nil {
			return nil, err
		}
	}
	return func(ctx context.Context, payload []byte) ([]byte, error) {
		if f := byRate[pick(r.scenario.rates(r.after()))]; f != nil {
			return f(ctx, payload)
		}
		return stock(ctx, payload)
	}, nil
}
