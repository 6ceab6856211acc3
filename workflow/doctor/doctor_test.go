package doctor_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"orderops/workflow"
	"orderops/workflow/doctor"
)

// healthy are facts with which nothing is wrong.
func healthy() doctor.Facts {
	return doctor.Facts{
		Identity:   "arn:aws:sts::123456789012:assumed-role/Operator/ann",
		Deployment: workflow.Deployment{Region: "eu-west-1", Account: "123456789012", TopicARN: "arn:topic"},
		Skew:       2 * time.Second, SkewKnown: true,
		Order: doctor.Read[workflow.Queue]{Value: workflow.Queue{
			Name: "OrderQueue", DeadLetterARN: "arn:dead", MaxReceives: 5, VisibilityTimeout: time.Minute, Retention: 4 * 24 * time.Hour,
		}},
		Dead:    doctor.Read[workflow.Queue]{Value: workflow.Queue{Name: "OrderDeathLetterQueue", ARN: "arn:dead", Retention: 14 * 24 * time.Hour}},
		Machine: doctor.Read[workflow.StateMachine]{Value: workflow.StateMachine{Name: "OrderStateMachine", LogGroup: "/states", LogLevel: "ALL"}},
		Consumer: doctor.Read[workflow.Consumer]{Value: workflow.Consumer{
			UUID: "u", Function: "consumer", State: "Enabled", PartialFailures: true, Timeout: 10 * time.Second,
		}},
		Alarms: doctor.Read[[]workflow.Alarm]{Value: []workflow.Alarm{
			{Name: "letters", State: "OK", Metrics: []string{workflow.VisibleMetric, workflow.HiddenMetric}},
		}},
		Concurrency: doctor.Read[workflow.Concurrency]{Value: workflow.Concurrency{Account: 1000, Unreserved: 900}},
		Transitions: doctor.Read[workflow.Transitions]{Value: workflow.Transitions{Peak: 40, Refill: 5000}},
		Permissions: doctor.Read[workflow.Permissions]{Value: workflow.Permissions{Tier: "operator", Source: "arn:role", Actions: 40}},
		Topic:       doctor.Read[workflow.Topic]{Value: workflow.Topic{Confirmed: 1}},
		Terminal:    doctor.Terminal{Is: true, Type: "xterm-256color", Colour: "truecolor", Language: "en_US.UTF-8"},
	}
}

func TestAHealthyDeploymentHasNothingToMend(t *testing.T) {
	t.Parallel()
	for _, f := range doctor.Examine(healthy()) {
		if f.State == doctor.Bad || f.State == doctor.Notice || f.Why != "" {
			t.Errorf("%+v", f)
		}
	}
}

func TestEveryMistakeIsFoundWithItsFix(t *testing.T) {
	t.Parallel()
	forbidden := &workflow.Problem{Kind: workflow.Forbidden, Operation: "states:ListExecutions", Reason: "not allowed", Next: "Allow it."}
	for _, test := range []struct {
		name   string
		change func(f *doctor.Facts)
		state  doctor.State
		what   string
	}{
		{"no dead-letter queue", func(f *doctor.Facts) { f.Order.Value.DeadLetterARN = "" }, doctor.Bad, "no dead-letter queue"},
		{"few receives", func(f *doctor.Facts) { f.Order.Value.MaxReceives = 3 }, doctor.Notice, "after 3 receives"},
		{"FIFO", func(f *doctor.Facts) { f.Order.Value.FIFO = true }, doctor.Bad, "FIFO"},
		{"order queue unreadable", func(f *doctor.Facts) { f.Order.Err = errors.New("gone") }, doctor.Bad, "gone"},
		{"a chain of dead-letter queues", func(f *doctor.Facts) { f.Dead.Value.DeadLetterARN = "arn:third" }, doctor.Bad, "redrive policy of its own"},
		{"short retention", func(f *doctor.Facts) { f.Dead.Value.Retention = 4 * 24 * time.Hour }, doctor.Bad, "keeps messages for 4 d"},
		{"another queue's dead letters", func(f *doctor.Facts) { f.Order.Value.DeadLetterARN = "arn:other" }, doctor.Bad, "arn:other"},
		{"consumer paused", func(f *doctor.Facts) { f.Consumer.Value.State = "Disabled" }, doctor.Bad, "consumer is disabled"},
		{"no consumer", func(f *doctor.Facts) { f.Consumer.Value = workflow.Consumer{} }, doctor.Bad, "no event source mapping"},
		{"whole batches come back", func(f *doctor.Facts) { f.Consumer.Value.PartialFailures = false }, doctor.Notice, "which messages of a batch"},
		{"visibility too short", func(f *doctor.Facts) { f.Order.Value.VisibilityTimeout = 59 * time.Second }, doctor.Bad, "hidden for 59s"},
		{"root", func(f *doctor.Facts) { f.Identity = "arn:aws:iam::123456789012:root" }, doctor.Notice, "root user"},
		{"clock", func(f *doctor.Facts) { f.Skew = -3 * time.Minute }, doctor.Bad, "off by 3m0s"},
		{"no logs", func(f *doctor.Facts) { f.Machine.Value.LogLevel = "ERROR" }, doctor.Notice, "level ERROR"},
		{"unconfirmed", func(f *doctor.Facts) { f.Topic.Value.Pending = 1 }, doctor.Bad, "1 of 2 subscriptions"},
		{"nobody subscribed", func(f *doctor.Facts) { f.Topic.Value.Confirmed = 0 }, doctor.Notice, "nobody is subscribed"},
		{"not permitted", func(f *doctor.Facts) { f.Executions = forbidden }, doctor.Notice, "states:ListExecutions: not allowed"},
		{"alarm on visible letters", func(f *doctor.Facts) { f.Alarms.Value[0].Metrics = []string{workflow.VisibleMetric} }, doctor.Notice, "letters (ok) counts visible dead letters only"},
		{"no alarm", func(f *doctor.Facts) { f.Alarms.Value = nil }, doctor.Notice, "none watches the dead-letter queue"},
		{"too many alarms", func(f *doctor.Facts) { f.Alarms.Value, f.AlarmsLeft = nil, true }, doctor.NotChecked, "too many alarms"},
		{"alarms not permitted", func(f *doctor.Facts) { f.Alarms.Err = forbidden }, doctor.NotChecked, "alarms on dead letters: states:ListExecutions: not allowed"},
		{"many in flight", func(f *doctor.Facts) { f.Order.Value.InFlight = 100_000 }, doctor.Notice, "order queue: 100000 of 120000"},
		{"too many in flight", func(f *doctor.Facts) { f.Dead.Value.InFlight = 119_000 }, doctor.Bad, "dead-letter queue: 119000 of 120000"},
		{"never runs", func(f *doctor.Facts) { f.Concurrency.Value = workflow.Concurrency{Limited: true} }, doctor.Bad, "reserved concurrency of 0"},
		{"little reserved", func(f *doctor.Facts) { f.Concurrency.Value = workflow.Concurrency{Limited: true, Reserved: 2} }, doctor.Notice, "reserved concurrency of 2"},
		{"little left", func(f *doctor.Facts) { f.Concurrency.Value.Unreserved = 8 }, doctor.Notice, "8 of the account's 1000"},
		{"limits not permitted", func(f *doctor.Facts) { f.Concurrency.Err = forbidden }, doctor.NotChecked, "concurrency of consumer: states"},
		{"throttled", func(f *doctor.Facts) { f.Transitions.Value.Throttled, f.Transitions.Value.Refused = 7, 2 }, doctor.Notice, "held back 7 state transitions and refused 2 starts"},
		{"near the limit", func(f *doctor.Facts) { f.Transitions.Value.Peak = 4500 }, doctor.Notice, "came to 4500 of 5000"},
		{"no figures", func(f *doctor.Facts) { f.Transitions.Value = workflow.Transitions{} }, doctor.NotChecked, "no figures of the last hour"},
		{"denied", func(f *doctor.Facts) {
			f.Permissions.Value.Denied = []workflow.Denial{{Action: "sqs:SendMessage", Resources: []string{"arn:q"}}}
		}, doctor.Notice, "sqs:SendMessage is not allowed on arn:q"},
		{"not simulated", func(f *doctor.Facts) { f.Permissions.Err = forbidden }, doctor.NotChecked, "what the tier operator needs: states:ListExecutions: not allowed"},
		{"root is not simulated", func(f *doctor.Facts) { f.Permissions.Value.Unasked = "no policies" }, doctor.NotChecked, "what the tier operator needs: no policies"},
		{"low terminal", func(f *doctor.Facts) { f.Terminal.Width, f.Terminal.Height = 80, 23 }, doctor.Notice, "80×23"},
		{"narrow terminal", func(f *doctor.Facts) { f.Terminal.Width, f.Terminal.Height = 79, 24 }, doctor.Notice, "79×24"},
		{"dumb terminal", func(f *doctor.Facts) { f.Terminal.Type = "dumb" }, doctor.Bad, `TERM is "dumb"`},
		{"locale", func(f *doctor.Facts) { f.Terminal.Language = "C" }, doctor.Notice, `locale is "C"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			facts := healthy()
			test.change(&facts)
			findings := doctor.Examine(facts)
			found := false
			for _, f := range findings {
				if strings.Contains(f.What, test.what) {
					found = true
					if f.State != test.state || f.Fix == "" && facts.Order.Err == nil {
						t.Errorf("%+v", f)
					}
				}
			}
			if !found || doctor.Worst(findings) != test.state {
				t.Errorf("not found, or the worst is %s: %+v", doctor.Worst(findings), findings)
			}
		})
	}
}

func TestWhatWasNotCheckedIsSaid(t *testing.T) {
	t.Parallel()
	facts := healthy()
	facts.SkewKnown, facts.Deployment.TopicARN, facts.Terminal = false, "", doctor.Terminal{}
	unknown := 0
	for _, f := range doctor.Examine(facts) {
		if f.State == doctor.NotChecked {
			unknown++
		}
	}
	if unknown != 3 { // the clock, the topic and the terminal
		t.Errorf("%d are not checked, want 3", unknown)
	}
}
