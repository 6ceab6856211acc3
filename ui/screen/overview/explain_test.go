package overview

import (
	"strings"
	"testing"
	"time"

	"orderops/ui/action"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// What no list shows is explained, with what to do about it.
func TestFindingsWithoutAListAreExplained(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 7, 44, 0, 0, time.UTC)
	queue := monitor.QueueRead{Role: monitor.OrderQueue, Queue: workflow.Queue{Visible: 2, MaxReceives: 3, Retention: 96 * time.Hour}, At: at}
	throttled := make(workflow.Series, 30)
	throttled[29] = 4
	for name, test := range map[string]struct {
		changes []monitor.Change
		want    []string
	}{
		"mail": {[]monitor.Change{monitor.TopicRead{Topic: workflow.Topic{ARN: "arn:aws:sns:eu:1:Order-sns-topic", Pending: 1}, At: at}}, []string{
			"1 subscription of the topic unconfirmed", "aws sns subscribe --topic-arn arn:aws:sns:eu:1:Order-sns-topic",
		}},
		"switched off": {[]monitor.Change{queue, monitor.ConsumerRead{Consumer: workflow.Consumer{UUID: "u", Function: "F", State: "Disabled"}, At: at}}, []string{
			"the consumer F is switched off (Disabled): 2 orders wait", "u · Disabled", "waited for 4 d", "orderops consumer resume",
		}},
		"none": {[]monitor.Change{queue, monitor.ConsumerRead{At: at}}, []string{"no consumer", "event source mapping, or deploy"}},
		"throttled": {[]monitor.Change{queue, monitor.MetricsRead{Metrics: workflow.Metrics{Throttles: throttled}, At: at}}, []string{
			"4 invocations", "after 3 the order is a dead letter", "reserved concurrency",
		}},
		"forbidden": {[]monitor.Change{monitor.FeedFailed{Feed: monitor.TopicFeed, At: at, Err: &workflow.Problem{
			Kind: workflow.Forbidden, Operation: "sns:GetTopicAttributes", Target: "arn:t", Reason: "no permission", Next: "Ask for sns:GetTopicAttributes",
		}}}, []string{"topic: no permission", "arn:t", "Ask for sns:GetTopicAttributes", "r tries at once"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := &action.World{Store: monitor.NewStore(), Now: at.Add(time.Second)}
			world.Store.Apply(test.changes...)
			s := New(world)
			s.SetSize(80, 21)
			var said []string
			open := s.Actions()[0]
			if open.Unavailable != "" {
				t.Fatal(open.Unavailable)
			}
			msg := open.Run()()
			told, ok := msg.(action.Explain)
			if !ok {
				t.Fatalf("enter sends %#v", msg)
			}
			for _, f := range told.Facts {
				said = append(said, f.Label+" "+f.Text)
			}
			for _, want := range test.want {
				if !strings.Contains(strings.Join(said, "\n"), want) {
					t.Errorf("%q is not said:\n%s", want, strings.Join(said, "\n"))
				}
			}
		})
	}
}
