package overview

import (
	"fmt"
	"strings"

	"orderops/ui/action"
	"orderops/ui/text"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
)

// explain tells a finding that no list shows: what it means, and what to do.
func (s *Screen) explain(f monitor.Finding) action.Explain {
	told := action.Explain{Title: "Needs attention", Facts: []operation.Fact{{Text: f.Text}}}
	add := func(label, words string) {
		if words != "" {
			told.Facts = append(told.Facts, operation.Fact{Label: label, Text: words})
		}
	}
	switch f.Kind {
	case monitor.MailUnconfirmed:
		topic, _ := s.world.Store.Topic()
		add("topic", topic.ARN)
		add("means", "How an order ended is mailed to confirmed addresses only. Orders themselves are not held up.")
		add("do", "Open the link in the mail \"Subscription Confirmation\" of AWS Notifications. It is sent again by subscribing anew: "+
			"aws sns subscribe --topic-arn "+topic.ARN+" --protocol email --notification-endpoint ADDRESS")
	case monitor.ConsumerIdle:
		s.explainConsumer(add)
	case monitor.CallsThrottled:
		add("means", "Lambda gives a throttled delivery back to the queue, where it counts as a receive"+s.afterReceives()+
			". Step Functions holds throttled transitions back; nothing is lost by that.")
		add("do", "Raise the reserved concurrency of the function, limit the concurrency of the event source mapping, or ask for a higher quota.")
	case monitor.FeedStale:
		for fact := range strings.SplitSeq(action.Story(f.Err), "\n") {
			label, words, _ := strings.Cut(fact, " ")
			add(label, strings.TrimSpace(words))
		}
		add("meanwhile", "What was read before stays on the screen. It is tried again by itself; "+s.world.Key("refresh")+" tries at once.")
	default:
	}
	return told
}

// explainConsumer tells of orders that wait, with nobody who takes them.
func (s *Screen) explainConsumer(add func(label, words string)) {
	queue, _ := s.world.Store.Queue(monitor.OrderQueue)
	consumer, _ := s.world.Store.Consumer()
	if consumer.UUID != "" {
		add("mapping", consumer.UUID+" · "+consumer.State)
		add("last poll", consumer.LastResult)
	}
	means := "Orders are accepted and wait in the queue"
	if queue.Retention > 0 {
		means += ", which deletes what has waited for " + text.Age(queue.Retention)
	}
	add("means", means+". Nothing is lost yet.")
	switch {
	case consumer.UUID == "":
		add("do", "Create the event source mapping, or deploy the stack again: orderops doctor tells what else is missing.")
	case !consumer.Reads():
		add("do", "If nobody switched it off on purpose: orderops consumer resume")
	default:
		add("do", "Look for throttles and errors of the function "+consumer.Function+", and whether its role may receive from the queue: orderops consumer status")
	}
}

func (s *Screen) afterReceives() string {
	if queue, _ := s.world.Store.Queue(monitor.OrderQueue); queue.MaxReceives > 0 {
		return fmt.Sprintf(": after %d the order is a dead letter", queue.MaxReceives)
	}
	return ""
}
