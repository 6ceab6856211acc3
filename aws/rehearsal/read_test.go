package rehearsal_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orderops/aws/local"
	"orderops/aws/local/logs"
	"orderops/aws/rehearsal"
)

func TestReadTakesEverything(t *testing.T) {
	t.Parallel()
	const text = `
title: All
seed: 7
wait: 5s
visibility: 1m
order-rate: 2.5
poison-rate: 0
payment-failure-rate: 1
restaurant-failure-rate: 0.1
disturbances:
  - order-rate: 10
    poison-rate: 0.5
    from: 30s
    for: 2m
  - outage: event-source
  - outage: payment
    how: timeout
    share: 0.5
  - duplicate-rate: 0.2
    short-poll-share: 0.5
    count-lag: 1m
    in-flight-limit: 100
  - log-lag: 10s
    log-loss: 0.1
  - throttle: states:*
    rate: 2
    who: functions
  - throttle: "*"
    share: 1
  - latency: sqs:*
    by: 800ms
  - lost-answers: sqs:SendMessage
    who: operator
  - server-errors: dynamodb:*
    share: 0.1
  - forbidden: sqs:StartMessageMoveTask
    resource: "*:OrderDeathLetterQueue"
`
	got, err := rehearsal.Read("all", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	none := rehearsal.Quiet().Rates
	rush := none
	rush.Order, rush.Poison = 10, 0.5
	want := rehearsal.Scenario{
		Title: "All", Seed: 7, Wait: 5 * time.Second, Visibility: time.Minute,
		Rates: rehearsal.Rates{Order: 2.5, PaymentFailure: 1, RestaurantFailure: 0.1},
		Disturbances: []rehearsal.Disturbance{
			{Kind: rehearsal.Rate, From: 30 * time.Second, For: 2 * time.Minute, Rates: rush, Share: 1},
			{Kind: rehearsal.Outage, Part: rehearsal.EventSource, How: rehearsal.ByError, Rates: none, Share: 1},
			{Kind: rehearsal.Outage, Part: "payment", How: rehearsal.ByTimeout, Rates: none, Share: 0.5},
			{Kind: rehearsal.Queues, Pressure: local.Pressure{
				DuplicateRate: 0.2, ShortPollShare: 0.5, CountLag: time.Minute, InFlightLimit: 100,
			}, Rates: none, Share: 1},
			{Kind: rehearsal.Logs, Delivery: logs.Delivery{Lag: 10 * time.Second, Loss: 0.1}, Rates: none, Share: 1},
			{Kind: rehearsal.Throttle, Action: "states:*", Limit: 2, Who: rehearsal.Functions, Rates: none, Share: 1},
			{Kind: rehearsal.Throttle, Action: "*", Rates: none, Share: 1},
			{Kind: rehearsal.Latency, Action: "sqs:*", By: 800 * time.Millisecond, Rates: none, Share: 1},
			{Kind: rehearsal.LostAnswers, Action: "sqs:SendMessage", Who: rehearsal.Operator, Rates: none, Share: 1},
			{Kind: rehearsal.ServerErrors, Action: "dynamodb:*", Rates: none, Share: 0.1},
			{Kind: rehearsal.Forbidden, Action: "sqs:StartMessageMoveTask", Resource: "*:OrderDeathLetterQueue", Rates: none, Share: 1},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("scenario (-want +got):\n%s", diff)
	}
}

func TestReadNamesLineAndField(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"unknown field":        {"title: x\nordr-rate: 1\n", `s.yaml:2: unknown field "ordr-rate"`},
		"unknown in a list":    {"disturbances:\n  - throttle: sqs:*\n    shaer: 1\n", `s.yaml:3: unknown field "shaer"`},
		"twice":                {"title: x\ntitle: y\n", "s.yaml:2: mapping key"},
		"wrong type":           {"title: x\norder-rate: many\n", `s.yaml:2: order-rate: "many" is of the wrong type`},
		"wrong type in a list": {"disturbances:\n  - share: much\n", `s.yaml:2: share: "much" is of the wrong type`},
		"no YAML":              {"title: [\n", "s.yaml:1: "},
		"two documents":        {"title: x\n---\ntitle: y\n", "s.yaml: there is a second document"},
		"time":                 {"title: x\n\nwait: 5\n", `s.yaml:3: wait: "5" is no time`},
		"negative time":        {"wait: -5s\n", `s.yaml:1: wait: "-5s" is no time`},
		"long time":            {"disturbances:\n  - order-rate: 3\n    from: 25h\n", "s.yaml:3: disturbances[0].from: 25h is longer than a day"},
		"no whole second":      {"wait: 1500ms\n", "s.yaml:1: wait: 1500ms is not a whole number of seconds"},
		"rate":                 {"poison-rate: 1.5\n", "s.yaml:1: poison-rate: 1.5 is not from 0 to 1"},
		"order rate":           {"order-rate: -1\n", "s.yaml:1: order-rate: -1 is not from 0 to 1000"},
		"no number":            {"order-rate: .nan\n", "s.yaml:1: order-rate: NaN is not from"},
		"nothing":              {"disturbances:\n  - from: 5s\n", "s.yaml:2: disturbances[0]: it disturbs nothing"},
		"two things":           {"disturbances:\n  - throttle: sqs:*\n    share: 1\n    order-rate: 3\n", "several things at once: rate, throttle"},
		"meaning":              {"disturbances:\n  - order-rate: 3\n  - latency: sqs:*\n    by: 1s\n    how: error\n", "s.yaml:5: disturbances[1].how: has no meaning for latency"},
		"who":                  {"disturbances:\n  - server-errors: sqs:*\n    who: me\n", `s.yaml:3: disturbances[0].who: "me" is neither operator nor functions`},
		"share":                {"disturbances:\n  - server-errors: sqs:*\n    share: 0\n", "s.yaml:3: disturbances[0].share: 0 is no share"},
		"limit":                {"disturbances:\n  - throttle: sqs:*\n    rate: 0\n", "s.yaml:3: disturbances[0].rate: 0 is no number"},
		"throttle":             {"disturbances:\n  - throttle: sqs:*\n", "s.yaml:2: disturbances[0].throttle: say either"},
		"latency":              {"disturbances:\n  - latency: sqs:*\n", "s.yaml:2: disturbances[0].latency: say by how much"},
		"action":               {"disturbances:\n  - forbidden: sqss:SendMessage\n", `s.yaml:2: disturbances[0].forbidden: "sqss:SendMessage" is no action`},
		"duplicates":           {"disturbances:\n  - duplicate-rate: 2\n", "s.yaml:2: disturbances[0].duplicate-rate: 2 is not from 0 to 1"},
		"logs":                 {"disturbances:\n  - log-loss: -1\n", "s.yaml:2: disturbances[0].log-loss: -1 is not from 0 to 1"},
		"in flight":            {"disturbances:\n  - in-flight-limit: -2\n", "s.yaml:2: disturbances[0].in-flight-limit: -2 is no number"},
		"part":                 {"disturbances:\n  - outage: kitchen\n", `s.yaml:2: disturbances[0].outage: "kitchen" is none of event-source`},
		"how":                  {"disturbances:\n  - outage: save\n    how: badly\n", `s.yaml:3: disturbances[0].how: "badly" is none of`},
		"event source":         {"disturbances:\n  - outage: event-source\n    share: 0.5\n", "an event source is on or off"},
		"end of a time":        {"disturbances:\n  - order-rate: 3\n    for: 2 minutes\n", `s.yaml:3: disturbances[0].for: "2 minutes" is no time`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := rehearsal.Read("s.yaml", []byte(test.text))
			if _, ok := errors.AsType[*rehearsal.Error](err); !ok || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

func TestReadDisturbance(t *testing.T) {
	t.Parallel()
	got, err := rehearsal.ReadDisturbance("--disturb", "throttle: states:*, share: 0.5, from: 30s")
	if err != nil || got.Kind != rehearsal.Throttle || got.Action != "states:*" || got.Share != 0.5 || got.From != 30*time.Second {
		t.Errorf("%+v, %v", got, err)
	}
	for _, text := range []string{"", "throttle", "}", "throttle: states:*}, {", "title: x"} {
		if _, err := rehearsal.ReadDisturbance("--disturb", text); err == nil || !strings.HasPrefix(err.Error(), "--disturb: ") {
			t.Errorf("%q: error %v", text, err)
		}
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	if names := rehearsal.Names(); len(names) != 5 {
		t.Errorf("scenarios %v", names)
	}
	for _, name := range rehearsal.Names() {
		if s, err := rehearsal.Load(name); err != nil || s.Title == "" {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
	if _, err := rehearsal.Load("nothing-of-the-sort"); err == nil || !strings.Contains(err.Error(), "bad-release") {
		t.Errorf("error %v", err)
	}
	if _, err := rehearsal.Load("./missing.yaml"); err == nil || !strings.Contains(err.Error(), "missing.yaml") {
		t.Errorf("error %v", err)
	}
	if s, err := rehearsal.Load("scenarios/bad-release.yaml"); err != nil || s.Title == "" {
		t.Errorf("from a file: %+v, %v", s, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("order-rate: 1\ndisturbances:\n  - throttle: sqs:*\n    share: 1\n    from: 5s\n")
	f.Add("disturbances: [{latency: \"*\", by: 5s}]")
	f.Fuzz(func(_ *testing.T, text string) {
		_, _ = rehearsal.Read("s.yaml", []byte(text))
		_, _ = rehearsal.ReadDisturbance("--disturb", text)
	})
}

// TestPages wants a page for every scenario, and the page's own scenario readable.
func TestPages(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/rehearsals.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range rehearsal.Names() {
		if !strings.Contains(string(page), "\n## "+name+"\n") {
			t.Errorf("docs/rehearsals.md has no section %s", name)
		}
	}
	_, rest, _ := strings.Cut(string(page), "```yaml\n")
	text, _, found := strings.Cut(rest, "```")
	if s, err := rehearsal.Read("page", []byte(text)); !found || err != nil || len(s.Disturbances) != 1 {
		t.Errorf("%+v, %v", s, err)
	}
}
