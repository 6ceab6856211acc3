package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"time"

	"orderops/aws/local"
	"orderops/aws/rehearsal"
	"orderops/config"
	"orderops/ui/text"
	"orderops/workflow"
)

// rehearsed is a local cloud and the rehearsal that goes on on it.
type rehearsed struct {
	cloud     *local.Cloud
	rehearsal *rehearsal.Rehearsal
	// settings are the operator's, completed by the scenario.
	settings config.Settings
	// title is what is rehearsed, "" when nothing with a name is.
	title string
}

// newRehearsed makes a local cloud whose addresses begin with url; "" is the
// usual one. Nothing is deployed yet.
func newRehearsed(settings config.Settings, url string) (*rehearsed, error) {
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
	r := rehearsal.New(scenario, functionsKey)
	return &rehearsed{cloud: local.New(r.Options(local.Options{URL: url, Seed: scenario.Seed})), rehearsal: r, settings: settings, title: scenario.Title}, nil
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

// deploy deploys the order system and begins the rehearsal.
func (l *rehearsed) deploy() error {
	if err := deployLocally(l.cloud, l.rehearsal, l.settings); err != nil {
		return err
	}
	return l.rehearsal.Start(l.cloud, l.cloud.URL()+"/Dev/orders/")
}

func (l *rehearsed) close() {
	l.rehearsal.Stop()
	l.cloud.Close()
}

// announce says on out what is rehearsed.
func (l *rehearsed) announce(out io.Writer) error {
	if l.title == "" {
		return nil
	}
	_, err := fmt.Fprintf(out, "\nRehearsal: %s.\n", text.Clean(l.title))
	return err
}

// listScenarios prints the scenarios that come with the program.
func listScenarios(out io.Writer) error {
	var problems []error
	for _, name := range rehearsal.Names() {
		s, err := rehearsal.Load(name)
		problems = append(problems, err)
		if err == nil {
			_, err = fmt.Fprintf(out, "%-18s %s\n", name, s.Title)
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}
