package doctor

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"orderops/workflow"
)

// mostInFlight is how many messages of a standard queue may be in flight (SQS
// developer guide, "Amazon SQS message quotas"). Above it nothing can be received.
const mostInFlight = 120_000

// pollers are how many batches Lambda begins with on a queue, and feels its way
// up from (Lambda developer guide, "Scaling and processing for SQS").
const pollers = 5

// tight is the part of a quota from which on it is worth a word.
const tight = 0.8

func quotas(f Facts) []Finding {
	all := append(inFlight("order queue", f.Order), inFlight("dead-letter queue", f.Dead)...)
	all = append(all, concurrency(f)...)
	return append(all, transitions(f)...)
}

// inFlight judges how many messages of a queue are being worked on or inspected.
func inFlight(subject string, q Read[workflow.Queue]) []Finding {
	if q.Err != nil {
		return nil // said where the queue is judged
	}
	part := float64(q.Value.InFlight) / mostInFlight
	if part < tight {
		return []Finding{good("quota", "%s: %d of %d messages in flight", subject, q.Value.InFlight, mostInFlight)}
	}
	state := Notice
	if part >= 0.95 {
		state = Bad
	}
	return []Finding{{
		State: state, Subject: "quota", What: fmt.Sprintf("%s: %d of %d messages are in flight", subject, q.Value.InFlight, mostInFlight),
		Why: "at the limit SQS gives no more messages out: orders wait, and dead letters can't be inspected",
		Fix: "Find out who receives without deleting: a consumer that hangs, or a look that was not given back. Hidden messages come back when their visibility timeout ends.",
	}}
}

func concurrency(f Facts) []Finding {
	const subject = "quota"
	c := f.Concurrency.Value
	consumer := f.Consumer.Value
	switch {
	case f.Consumer.Err != nil || consumer.UUID == "":
		return nil // said where the consumer is judged
	case f.Concurrency.Err != nil:
		return []Finding{unchecked(subject, "concurrency of "+consumer.Function, f.Concurrency.Err)}
	case c.Limited && c.Reserved == 0:
		return []Finding{{
			State: Bad, Subject: subject, What: consumer.Function + " has a reserved concurrency of 0",
			Why: "it never runs: each try uses up a receive, and orders die though nothing is wrong with them", Fix: "Remove the reserved concurrency, or raise it; pause the event source mapping to stop a consumer.",
		}}
	case c.Limited && c.Reserved < pollers:
		return []Finding{{
			State: Notice, Subject: subject, What: fmt.Sprintf("%s has a reserved concurrency of %d, Lambda begins with %d batches at a time", consumer.Function, c.Reserved, pollers),
			Why: "what is throttled comes back with one more receive used up, and may die without ever having been tried",
			Fix: fmt.Sprintf("Reserve at least %d, or limit the event source mapping (MaximumConcurrency) instead.", pollers),
		}}
	case c.Limited:
		return []Finding{good(subject, "%s: %d invocations at a time are reserved", consumer.Function, c.Reserved)}
	case c.Account > 0 && c.Unreserved < 2*pollers:
		return []Finding{{
			State: Notice, Subject: subject, What: fmt.Sprintf("%d of the account's %d concurrent invocations are not reserved, for all other functions together", c.Unreserved, c.Account),
			Why: "a busy neighbour throttles the consumer, and throttled messages use up receives", Fix: "Ask for a higher quota of concurrent executions, or reserve some for " + consumer.Function + ".",
		}}
	}
	return []Finding{good(subject, "%s shares %d concurrent invocations with the account's other functions", consumer.Function, c.Unreserved)}
}

func transitions(f Facts) []Finding {
	const subject = "quota"
	t := f.Transitions.Value
	switch {
	case f.Transitions.Err != nil:
		return []Finding{unchecked(subject, "state transitions", f.Transitions.Err)}
	case t.Throttled > 0 || t.Refused > 0:
		return []Finding{{
			State: Notice, Subject: subject,
			What: fmt.Sprintf("in the last hour Step Functions held back %.0f state transitions and refused %.0f starts, over the whole account", t.Throttled, t.Refused),
			Why:  "executions take longer, and a start that is refused too often makes a dead letter of its order", Fix: "Ask for a higher quota of state transitions or of StartExecution, or look which state machine takes so much.",
		}}
	case t.Refill > 0 && t.Peak >= tight*t.Refill:
		return []Finding{{
			State: Notice, Subject: subject, What: fmt.Sprintf("state transitions came to %.0f of %.0f a second in the last hour, over the whole account", t.Peak, t.Refill),
			Why: "above that executions are held back", Fix: "Ask for a higher quota of state transitions before the next peak.",
		}}
	case t.Refill == 0:
		return []Finding{{State: NotChecked, Subject: subject, What: "state transitions: CloudWatch has no figures of the last hour", Fix: "It records them while executions run."}}
	}
	return []Finding{good(subject, "state transitions: at most %.0f of %.0f a second in the last hour, none held back", t.Peak, t.Refill)}
}

// alarms judges who hears of dead letters, and whether looking at them silences it.
func alarms(f Facts) []Finding {
	const subject = "alarm"
	const fix = "Alarm on the sum of " + workflow.VisibleMetric + " and " + workflow.HiddenMetric + " of the dead-letter queue, as an expression."
	if f.Alarms.Err != nil {
		return []Finding{unchecked(subject, "alarms on dead letters", f.Alarms.Err)}
	}
	var all []Finding
	for _, a := range f.Alarms.Value {
		state := strings.ToLower(strings.ReplaceAll(a.State, "_", " "))
		switch {
		case a.Clears():
			all = append(all, Finding{
				State: Notice, Subject: subject, What: fmt.Sprintf("%s (%s) counts visible dead letters only", a.Name, state),
				Why: "inspecting hides them: the alarm ends while somebody looks, as if all were well, and begins anew afterwards", Fix: fix,
			})
		case slices.Contains(a.Metrics, workflow.HiddenMetric):
			all = append(all, good(subject, "%s (%s) also holds while dead letters are inspected", a.Name, state))
		default:
			all = append(all, good(subject, "%s (%s) watches the dead-letter queue's %s", a.Name, state, strings.Join(a.Metrics, ", ")))
		}
	}
	switch {
	case len(all) > 0:
	case f.AlarmsLeft:
		all = append(all, Finding{State: NotChecked, Subject: subject, What: "the account has too many alarms to look through all of them; none of those seen watches the dead letters", Fix: "Look for it in the CloudWatch console."})
	default:
		all = append(all, Finding{
			State: Notice, Subject: subject, What: "none watches the dead-letter queue",
			Why: "nobody is told when orders die", Fix: fix,
		})
	}
	return all
}

// unchecked is a finding about what could not be looked at, and nothing depends on.
func unchecked(subject, what string, err error) Finding {
	f := Finding{State: NotChecked, Subject: subject, What: what + ": " + err.Error()}
	if p, ok := errors.AsType[*workflow.Problem](err); ok {
		f.What, f.Fix = fmt.Sprintf("%s: %s: %s", what, p.Operation, p.Reason), p.Next
	}
	return f
}
