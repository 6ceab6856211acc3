// Package playground is the order system at work on a local AWS in this process,
// with the incident that is rehearsed on it: what --local and the command local start.
package playground

import (
	"cmp"
	"time"

	"orderops/aws/local"
	"orderops/aws/rehearsal"
	"orderops/config"
	"orderops/workflow"
)

// Access keys on the local AWS. They differ so that calls of the operator can
// be told from calls of the functions.
const (
	OperatorKey  = "LOCALOPERATOR"
	FunctionsKey = "LOCALFUNCTIONS"
)

// Playground is a local AWS and the rehearsal that goes on on it.
type Playground struct {
	Cloud *local.Cloud
	// Title is what is rehearsed, "" when nothing with a name is.
	Title string

	rehearsal *rehearsal.Rehearsal
	// settings are the operator's, completed by the scenario.
	settings config.Settings
}

// New makes a local cloud whose addresses begin with url; "" is the
// usual one. Nothing is deployed yet.
func New(settings config.Settings, url string) (*Playground, error) {
	scenario, err := scenarioOf(settings)
	if err != nil {
		return nil, &workflow.Problem{
			Kind: workflow.Invalid, Operation: "rehearse", Target: settings.Scenario, Reason: err.Error(),
			Next: "See docs/rehearsals.md, or --" + config.FlagScenario + " " + config.ScenarioList, Err: err,
		}
	}
	settings.Wait, settings.Visibility = cmp.Or(settings.Wait, scenario.Wait), cmp.Or(settings.Visibility, scenario.Visibility)
	settings.PaymentFailureRate, settings.RestaurantFailureRate = scenario.PaymentFailure, scenario.RestaurantFailure
	settings.Seed = scenario.Seed
	if scenario.Seed == 0 {
		scenario.Seed = uint64(time.Now().UnixNano())
	}
	r := rehearsal.New(scenario, FunctionsKey)
	return &Playground{Cloud: local.New(r.Options(local.Options{URL: url, Seed: scenario.Seed})), rehearsal: r, settings: settings, Title: scenario.Title}, nil
}

// scenarioOf is the scenario that was asked for, with what single flags say instead.
func scenarioOf(settings config.Settings) (rehearsal.Scenario, error) {
	scenario := rehearsal.Quiet()
	if settings.Scenario != "" {
		var err error
		if scenario, err = rehearsal.Load(settings.Scenario); err != nil {
			return rehearsal.Scenario{}, err
		}
	}
	for _, text := range settings.Disturbances {
		d, err := rehearsal.ReadDisturbance("--"+config.FlagDisturb, text)
		if err != nil {
			return rehearsal.Scenario{}, err
		}
		scenario.Disturbances = append(scenario.Disturbances, d)
	}
	scenario.Seed = cmp.Or(settings.Seed, scenario.Seed)
	return scenario.Override(rehearsal.Rates{
		Order: settings.OrderRate, Poison: settings.PoisonRate,
		PaymentFailure: settings.PaymentFailureRate, RestaurantFailure: settings.RestaurantFailureRate,
	}), nil
}

// Deploy deploys the order system and begins the rehearsal.
func (p *Playground) Deploy() error {
	if err := DeployOn(p.Cloud, p.rehearsal, p.settings); err != nil {
		return err
	}
	return p.rehearsal.Start(p.Cloud, p.Cloud.URL()+"/Dev/orders/")
}

// Close ends the rehearsal, then the local AWS.
func (p *Playground) Close() {
	p.rehearsal.Stop()
	p.Cloud.Close()
}
