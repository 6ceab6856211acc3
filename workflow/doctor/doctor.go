// Package doctor judges a deployment and the operator's way to it: what would
// lose or double orders, what can't be seen, and how to mend it. It reads
// nothing itself.
package doctor

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"orderops/workflow"
)

// State is how a finding came out.
type State string

// The states. NotChecked is no good news.
const (
	Good       State = "ok"
	Notice     State = "notice"
	Bad        State = "bad"
	NotChecked State = "not checked"
)

// Finding is one thing that was looked at.
type Finding struct {
	State   State  `json:"state"`
	Subject string `json:"subject"`
	// What was found; Why it matters and Fix what to do are "" when all is well.
	What string `json:"what"`
	Why  string `json:"why,omitempty"`
	Fix  string `json:"fix,omitempty"`
}

// Read is something that was read, or why it could not be.
type Read[T any] struct {
	Value T
	Err   error
}

// Facts are what was read. A pointer that is nil was not asked for.
type Facts struct {
	Identity   string
	Deployment workflow.Deployment
	// Skew is AWS's clock less ours; SkewKnown tells that it was measured.
	Skew      time.Duration
	SkewKnown bool

	Order, Dead Read[workflow.Queue]
	Machine     Read[workflow.StateMachine]
	Consumer    Read[workflow.Consumer]
	Topic       Read[workflow.Topic]
	// Each is read once, in the cheapest way, to see whether it may be.
	Executions, Table, Logs, Metrics error

	// Alarms watch the dead-letter queue; AlarmsLeft tells that the account has
	// more than were looked through.
	Alarms      Read[[]workflow.Alarm]
	AlarmsLeft  bool
	Concurrency Read[workflow.Concurrency]
	Transitions Read[workflow.Transitions]
	Permissions Read[workflow.Permissions]

	Terminal Terminal
}

// Terminal is what the program's terminal says of itself.
type Terminal struct {
	// Is tells that there is one; the rest is about it.
	Is       bool
	Type     string // TERM
	Colour   string // COLORTERM
	Language string // LC_ALL, LC_CTYPE or LANG
	// Width and Height are its cells in a line, and its lines; 0 when not known.
	Width, Height int
}

// The least terminal that the dashboard draws its screens in.
const (
	leastWidth  = 80
	leastHeight = 24
)

// mostSkew is what AWS takes for a signature: it refuses older and younger ones.
const mostSkew = 5 * time.Minute

// AWS's advice for queues in front of functions (Lambda developer guide, "Using
// Lambda with Amazon SQS").
const (
	timeoutTimes  = 6
	adviceReceive = 5
)

// Examine judges the facts. What loses orders comes first.
func Examine(f Facts) []Finding {
	var all []Finding
	for _, look := range []func(Facts) []Finding{orderQueue, deadLetterQueue, consumer, alarms, quotas, identity, clock, machine, topic, permissions, terminal} {
		all = append(all, look(f)...)
	}
	return all
}

// Worst is the worst state of the findings.
func Worst(findings []Finding) State {
	worst := Good
	for _, f := range findings {
		if rank(f.State) > rank(worst) {
			worst = f.State
		}
	}
	return worst
}

func rank(s State) int {
	switch s {
	case Good:
		return 0
	case NotChecked:
		return 1
	case Notice:
		return 2
	case Bad:
		return 3
	}
	return 3
}

func good(subject, what string, arguments ...any) Finding {
	return Finding{State: Good, Subject: subject, What: fmt.Sprintf(what, arguments...)}
}

// unread is a finding about what could not be read.
func unread(subject string, err error) Finding {
	f := Finding{State: Bad, Subject: subject, What: err.Error()}
	if p, ok := errors.AsType[*workflow.Problem](err); ok {
		f.What, f.Fix = p.Operation+": "+p.Reason, p.Next
		if p.Kind == workflow.Forbidden {
			f.State, f.Why = Notice, "this part of the dashboard stays empty"
		}
	}
	return f
}

func orderQueue(f Facts) []Finding {
	const subject = "order queue"
	if f.Order.Err != nil {
		return []Finding{unread(subject, f.Order.Err)}
	}
	q := f.Order.Value
	all := []Finding{good(subject, "%s: %d waiting, %d in flight", q.Name, q.Visible, q.InFlight)}
	if q.FIFO {
		all = append(all, Finding{
			State: Bad, Subject: subject, What: q.Name + " is a FIFO queue",
			Why: "redriving, editing and restoring are made for standard queues and refused", Fix: "Use a standard queue.",
		})
	}
	if q.DeadLetterARN == "" {
		return append(all, Finding{
			State: Bad, Subject: subject, What: "it has no dead-letter queue",
			Why: "an order that nobody can read comes back until it is deleted by its age: it is lost without a trace",
			Fix: "Give the queue a redrive policy.",
		})
	}
	if q.MaxReceives < adviceReceive {
		all = append(all, Finding{
			State: Notice, Subject: subject, What: fmt.Sprintf("a message is a dead letter after %d receives", q.MaxReceives),
			Why: fmt.Sprintf("throttled invocations use up receives too; AWS advises at least %d in front of a function", adviceReceive),
			Fix: fmt.Sprintf("Raise maxReceiveCount of the redrive policy to %d.", adviceReceive),
		})
	}
	return all
}

func deadLetterQueue(f Facts) []Finding {
	const subject = "dead-letter queue"
	if f.Dead.Err != nil {
		return []Finding{unread(subject, f.Dead.Err)}
	}
	q := f.Dead.Value
	all := []Finding{good(subject, "%s: %d visible, %d in flight, kept for %s", q.Name, q.Visible, q.InFlight, days(q.Retention))}
	if q.DeadLetterARN != "" {
		all = append(all, Finding{
			State: Bad, Subject: subject, What: "it has a redrive policy of its own",
			Why: "every look is a receive: looking would push messages on to a third queue, so inspecting is refused",
			Fix: "Remove the redrive policy of " + q.Name + ".",
		})
	}
	if source := f.Order; source.Err == nil && source.Value.Retention > 0 && q.Retention > 0 && q.Retention <= source.Value.Retention {
		all = append(all, Finding{
			State: Bad, Subject: subject,
			What: fmt.Sprintf("it keeps messages for %s, the order queue for %s", days(q.Retention), days(source.Value.Retention)),
			Why:  "the time counts from the first send: a message that waited long before it died may be deleted before anybody has seen it",
			Fix:  "Raise the dead-letter queue's retention to 14 days.",
		})
	}
	if source := f.Order; source.Err == nil && source.Value.DeadLetterARN != "" && source.Value.DeadLetterARN != q.ARN {
		all = append(all, Finding{
			State: Bad, Subject: subject, What: "the order queue sends its dead letters elsewhere: " + source.Value.DeadLetterARN,
			Why: "what is shown here are not the order queue's dead letters", Fix: "Name that queue with --dlq-url.",
		})
	}
	return all
}

func consumer(f Facts) []Finding {
	const subject = "consumer"
	c := f.Consumer.Value
	switch {
	case f.Consumer.Err != nil:
		return []Finding{unread(subject, f.Consumer.Err)}
	case c.UUID == "":
		return []Finding{{
			State: Bad, Subject: subject, What: "no event source mapping reads the order queue",
			Why: "orders wait until something reads them", Fix: "Deploy the consumer, or give its role to whatever else reads the queue.",
		}}
	}
	all := []Finding{good(subject, "%s is %s", c.Function, strings.ToLower(c.State))}
	if !c.Reads() {
		all[0] = Finding{
			State: Bad, Subject: subject, What: c.Function + " is " + strings.ToLower(c.State),
			Why: "orders wait; redriving is refused until it reads again", Fix: "orderops consumer resume, once it is known why it was paused.",
		}
	}
	if !c.PartialFailures {
		all = append(all, Finding{
			State: Notice, Subject: subject, What: "it does not report which messages of a batch failed",
			Why: "one bad message brings its whole batch back, which uses up the receives of good ones",
			Fix: "Add ReportBatchItemFailures to the event source mapping.",
		})
	}
	if visibility := f.Order.Value.VisibilityTimeout; f.Order.Err == nil && c.Timeout > 0 && visibility < timeoutTimes*c.Timeout {
		all = append(all, Finding{
			State: Bad, Subject: subject,
			What: fmt.Sprintf("messages are hidden for %s, the function may run for %s", visibility, c.Timeout),
			Why:  "a message that is still being worked on is given out again: orders are started twice, or die though nothing was wrong",
			Fix:  fmt.Sprintf("Raise the queue's visibility timeout to at least %s (six times the function's).", timeoutTimes*c.Timeout),
		})
	}
	return all
}

func identity(f Facts) []Finding {
	where := f.Deployment.Region
	if f.Deployment.Account != "" {
		where += " of account " + f.Deployment.Account
	}
	all := []Finding{good("identity", "%s in %s", f.Identity, where)}
	if strings.HasSuffix(f.Identity, ":root") {
		all[0] = Finding{
			State: Notice, Subject: "identity", What: "this is the account's root user",
			Why: "nothing limits what a mistake can do", Fix: "Sign in as a role; orderops iam prints what it needs.",
		}
	}
	return all
}

func clock(f Facts) []Finding {
	skew := f.Skew.Abs().Round(time.Second)
	switch {
	case !f.SkewKnown:
		return []Finding{{State: NotChecked, Subject: "clock", What: "AWS did not tell its time"}}
	case skew >= mostSkew/2:
		return []Finding{{
			State: Bad, Subject: "clock", What: fmt.Sprintf("this machine's clock is off by %s", skew),
			Why: "AWS refuses signatures that are five minutes off; countdowns of leases are wrong by as much", Fix: "Set the clock by NTP.",
		}}
	}
	return []Finding{good("clock", "%s off AWS's", skew)}
}

func machine(f Facts) []Finding {
	const subject = "state machine"
	if f.Machine.Err != nil {
		return []Finding{unread(subject, f.Machine.Err)}
	}
	m := f.Machine.Value
	if m.LogGroup == "" || m.LogLevel != "ALL" {
		level := m.LogLevel
		if level == "" {
			level = "OFF"
		}
		return []Finding{{
			State: Notice, Subject: subject, What: fmt.Sprintf("%s logs at level %s", m.Name, level),
			Why: "where each execution is can only be read from histories, one by one, for the rows in view", Fix: "Log at level ALL to a log group, with execution data.",
		}}
	}
	return []Finding{good(subject, "%s logs everything to %s", m.Name, m.LogGroup)}
}

func topic(f Facts) []Finding {
	const subject = "topic"
	t := f.Topic.Value
	switch {
	case f.Deployment.TopicARN == "":
		return []Finding{{State: NotChecked, Subject: subject, What: "none is known", Fix: "Name it with --topic."}}
	case f.Topic.Err != nil:
		return []Finding{unread(subject, f.Topic.Err)}
	case t.Pending > 0:
		return []Finding{{
			State: Bad, Subject: subject, What: fmt.Sprintf("%d of %d subscriptions wait to be confirmed", t.Pending, t.Pending+t.Confirmed),
			Why: "nobody gets their mail", Fix: "Open the confirmation mail, or subscribe again.",
		}}
	case t.Confirmed == 0:
		return []Finding{{State: Notice, Subject: subject, What: "nobody is subscribed", Why: "nobody hears of finished orders", Fix: "Subscribe an address."}}
	}
	if t.Confirmed == 1 {
		return []Finding{good(subject, "one subscription is confirmed")}
	}
	return []Finding{good(subject, "%d subscriptions are confirmed", t.Confirmed)}
}

func terminal(f Facts) []Finding {
	t := f.Terminal
	switch {
	case !t.Is:
		return []Finding{{State: NotChecked, Subject: "terminal", What: "there is none"}}
	case t.Type == "" || t.Type == "dumb":
		return []Finding{{State: Bad, Subject: "terminal", What: fmt.Sprintf("TERM is %q", t.Type), Why: "the dashboard can hardly be drawn", Fix: "Set TERM, such as xterm-256color."}}
	case !strings.Contains(strings.ToUpper(strings.ReplaceAll(t.Language, "-", "")), "UTF8"):
		return []Finding{{State: Notice, Subject: "terminal", What: fmt.Sprintf("the locale is %q", t.Language), Why: "borders and glyphs may come out wrong", Fix: "Set LANG to a UTF-8 locale, such as C.UTF-8."}}
	case t.Width > 0 && t.Width < leastWidth, t.Height > 0 && t.Height < leastHeight:
		return []Finding{{
			State: Notice, Subject: "terminal", What: fmt.Sprintf("it has %d×%d cells", t.Width, t.Height),
			Why: "the dashboard shows nothing but how large it should be", Fix: fmt.Sprintf("Make it at least %d×%d.", leastWidth, leastHeight),
		}}
	}
	colours := "256 colours or fewer"
	if t.Colour == "truecolor" || t.Colour == "24bit" {
		colours = "all colours"
	}
	size := "size not known"
	if t.Width > 0 && t.Height > 0 {
		size = fmt.Sprintf("%d×%d", t.Width, t.Height)
	}
	return []Finding{good("terminal", "%s, %s, %s", t.Type, colours, size)}
}

// days is a duration in the unit that queues are configured in.
func days(d time.Duration) string {
	if d >= 24*time.Hour && d%(24*time.Hour) == 0 {
		return fmt.Sprintf("%d d", d/(24*time.Hour))
	}
	return d.String()
}
