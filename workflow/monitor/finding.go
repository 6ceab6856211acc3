package monitor

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"orderops/workflow"
)

// FindingKind says what sort of thing needs a person.
type FindingKind string

// The kinds of findings, also the words that the theme knows glyphs for.
const (
	DeadLettersFound FindingKind = "dead letters"
	ExecutionsFailed FindingKind = "failed"
	NotStarted       FindingKind = "not started"
	UnknownOutcome   FindingKind = "unknown outcome"
	RowDisagrees     FindingKind = "row disagrees"
	RowMissing       FindingKind = "row missing"
	FeedStale        FindingKind = "stale"
	MoveFailed       FindingKind = "move failed"
	Stuck            FindingKind = "stuck"
	ConsumerIdle     FindingKind = "consumer"
	OrdersLost       FindingKind = "orders lost"
	CallsThrottled   FindingKind = "throttled"
	MailUnconfirmed  FindingKind = "unconfirmed"
	MailFailed       FindingKind = "mail failed"
)

// Place is where a finding leads.
type Place string

// The places.
const (
	NoPlace          Place = ""
	OrdersPlace      Place = "orders"
	ExecutionsPlace  Place = "executions"
	DeadLettersPlace Place = "dead letters"
	ActivityPlace    Place = "activity"
	// ExplanationPlace is no list: what it means and what to do is told in words.
	ExplanationPlace Place = "explanation"
)

// Link leads to the rows behind a finding.
type Link struct {
	Place Place
	// Filter is a query for the list there; "" means all.
	Filter string
}

// Finding is one thing that needs attention.
type Finding struct {
	Kind FindingKind
	// Text is one line in words. It may hold text from outside.
	Text string
	// Age is how long ago the newest of it happened; 0 when not known.
	Age  time.Duration
	Link Link
	// Err is why a feed can't be read; nil for other kinds.
	Err error
}

const (
	// startWithin is how soon a submitted order should have an execution.
	startWithin = 30 * time.Second
	// staleAfter is for how long polls may fail before that needs attention.
	staleAfter = 15 * time.Second
	// mostFailures is how many errors are told one by one.
	mostFailures = 5
)

// failureKey is what broken executions of one group have in common.
type failureKey struct{ state, error, cause string }

// failure groups broken executions.
type failure struct {
	failureKey
	count int
	// newest is the latest end in the group.
	newest time.Time
}

func (f *failure) add(e *Execution) {
	f.count++
	if e.Stopped.After(f.newest) {
		f.newest = e.Stopped
	}
}

func (s *Store) failure(e *Execution) *failure {
	key := failureKey{state: e.State, error: e.Error, cause: e.group}
	f, ok := s.failures[key]
	if !ok {
		f = &failure{failureKey: key}
		s.failures[key] = f
	}
	return f
}

// text tells the group, filter leads to it.
func (f *failure) text() string {
	text := plural(f.count, "execution") + " without success"
	if f.state != "" {
		text += " in " + f.state
	}
	if f.error != "" {
		text += ": " + f.error
	}
	if f.cause != "" {
		text += ": " + f.cause
	}
	return text
}

func (f *failure) filter() string {
	filter := "status:failed,timed_out,aborted"
	if f.error != "" {
		filter = "error:=" + quote(f.error)
	}
	if f.state != "" {
		filter += " state:=" + quote(f.state)
	}
	if f.cause != "" {
		filter += " group:" + quote(f.cause)
	}
	return filter
}

// Findings are the things that need attention, what is lost first at the top.
func (s *Store) Findings(now time.Time) []Finding {
	var found []Finding
	found = s.findDeadLetters(found)
	found = s.findFailures(found, now)
	found = s.findRejected(found)
	found = s.findUnstarted(found, now)
	found = s.findUnsure(found, now)
	found = s.findStuck(found)
	found = s.findRows(found)
	found = s.findLostOrders(found)
	found = s.findThrottles(found)
	found = s.findConsumer(found, now)
	found = s.findMoves(found, now)
	found = s.unmailed.find(found, now)
	found = s.findMail(found)
	return s.findStale(found, now)
}

// findUnsure tells of submissions whose answer was lost.
func (s *Store) findUnsure(found []Finding, now time.Time) []Finding {
	if len(s.unsure) == 0 {
		return found
	}
	return append(found, Finding{
		Kind: UnknownOutcome,
		Text: plural(len(s.unsure), "submission") + " with unknown outcome: the answer was lost",
		Age:  now.Sub(s.unsure[0].At),
		Link: Link{Place: ActivityPlace},
	})
}

// findRows tells of rows that contradict their execution, of those compared.
func (s *Store) findRows(found []Finding) []Finding {
	if n := s.disagreeing.len(); n > 0 {
		found = append(found, Finding{
			Kind: RowDisagrees,
			Text: plural(n, "order") + " PENDING in the table, though the execution has ended" + s.checkedWords(),
			Link: Link{Place: OrdersPlace, Filter: "row:pending status:succeeded,failed,timed_out,aborted"},
		})
	}
	if n := s.rowless.len(); n > 0 {
		found = append(found, Finding{
			Kind: RowMissing,
			Text: plural(n, "order") + " without a row in the table, though the execution has succeeded" + s.checkedWords(),
			Link: Link{Place: OrdersPlace, Filter: "row:=" + quote(NoRow) + " status:succeeded"},
		})
	}
	return found
}

// findMail tells that nobody reads the notifications.
func (s *Store) findMail(found []Finding) []Finding {
	if n := s.topic.Pending; n > 0 {
		found = append(found, Finding{
			Kind: MailUnconfirmed, Text: plural(n, "subscription") + " of the topic unconfirmed: no mail until the address confirms",
			Link: Link{Place: ExplanationPlace},
		})
	}
	return found
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

func (s *Store) findDeadLetters(found []Finding) []Finding {
	queue := s.queues[DeadLetterQueue]
	n := max(queue.Total(), 0)
	if n == 0 {
		return found
	}
	text := plural(n, "dead letter")
	if s.deadLetters.Total() > 0 {
		text += ": " + workflow.VerdictCounts(s.verdicts)
	}
	return append(found, Finding{Kind: DeadLettersFound, Text: text, Link: Link{Place: DeadLettersPlace}})
}

func (s *Store) findFailures(found []Finding, now time.Time) []Finding {
	groups := make([]*failure, 0, len(s.failures))
	for _, f := range s.failures {
		if f.count > 0 {
			groups = append(groups, f)
		}
	}
	slices.SortFunc(groups, func(a, b *failure) int {
		return cmp.Or(b.newest.Compare(a.newest), cmp.Compare(a.error, b.error), cmp.Compare(a.state, b.state), cmp.Compare(a.cause, b.cause))
	})
	for i, f := range groups {
		if i == mostFailures {
			found = append(found, Finding{
				Kind: ExecutionsFailed,
				Text: "executions ended in " + plural(len(groups)-i, "further way"),
				Link: Link{Place: ExecutionsPlace, Filter: "status:failed,timed_out,aborted"},
			})
			break
		}
		finding := Finding{Kind: ExecutionsFailed, Text: f.text(), Link: Link{Place: ExecutionsPlace, Filter: f.filter()}}
		if !f.newest.IsZero() {
			finding.Age = now.Sub(f.newest)
		}
		found = append(found, finding)
	}
	return found
}

// quote writes a value so that the filter language takes it whole. It knows no
// escape: what follows a quotation mark is left out.
func quote(value string) string {
	value, _, _ = strings.Cut(value, `"`)
	return `"` + value + `"`
}

// findUnstarted looks for submissions without an execution. It says nothing
// unless the list of executions was read late enough to know.
func (s *Store) findUnstarted(found []Finding, now time.Time) []Finding {
	n := 0
	var newest time.Time
	for id := range s.waiting.at {
		order, ok := s.orders.Get(id)
		if !ok || order.Submission == nil {
			continue
		}
		if sent := order.Submission.At; now.Sub(sent) > startWithin && s.listedAt.Sub(sent) > startWithin {
			n++
			if sent.After(newest) {
				newest = sent
			}
		}
	}
	if n == 0 {
		return found
	}
	return append(found, Finding{
		Kind: NotStarted,
		Text: plural(n, "submitted order") + fmt.Sprintf(" not started: no execution after %.0f s", startWithin.Seconds()),
		Age:  now.Sub(newest),
		Link: Link{Place: OrdersPlace, Filter: `where:="` + notStarted + `"`},
	})
}

func (s *Store) findMoves(found []Finding, now time.Time) []Finding {
	if len(s.moves) == 0 || s.moves[0].Status != workflow.MoveFailed {
		return found
	}
	return append(found, Finding{
		Kind: MoveFailed,
		Text: "the last redrive failed: " + cmp.Or(s.moves[0].FailureReason, "no reason told"),
		Age:  now.Sub(s.moves[0].Started),
		Link: Link{Place: DeadLettersPlace},
	})
}

// findStale tells of feeds that can't be read. When the whole connection is at
// fault that is told once, not of each.
func (s *Store) findStale(found []Finding, now time.Time) []Finding {
	told := map[workflow.ProblemKind]bool{}
	for feed := range feedCount {
		f := s.fresh[feed]
		if f.Err == nil {
			continue
		}
		if kind := workflow.KindOf(f.Err); kind == workflow.Unauthenticated || kind == workflow.Unreachable {
			if all, n := s.failing(kind, now); n > 1 {
				if !told[kind] {
					told[kind] = true
					found = append(found, all)
				}
				continue
			}
		}
		text := ""
		switch f.Condition() {
		case NoPermission:
			text = feed.String() + ": no permission"
		case Failing, Stale:
			if now.Sub(f.FailedSince) < staleAfter {
				continue
			}
			text = feed.String() + ": not readable"
			if f.Condition() == Stale {
				text = feed.String() + ": stale since " + f.ReadAt.Local().Format(time.TimeOnly)
			}
			if problem, ok := errors.AsType[*workflow.Problem](f.Err); ok {
				text += " (" + problem.Kind.String() + ")"
			}
		case Loading, Current:
			continue
		}
		found = append(found, Finding{Kind: FeedStale, Text: text, Age: now.Sub(f.FailedSince), Link: Link{Place: ExplanationPlace}, Err: f.Err})
	}
	return found
}

// failing is one finding of all feeds that have failed by one kind of problem for a
// while, and how many they are.
func (s *Store) failing(kind workflow.ProblemKind, now time.Time) (all Finding, n int) {
	var first Freshness
	readAt := time.Time{}
	for feed := range feedCount {
		f := s.fresh[feed]
		if f.Err == nil || workflow.KindOf(f.Err) != kind || now.Sub(f.FailedSince) < staleAfter {
			continue
		}
		if n++; n == 1 || f.FailedSince.Before(first.FailedSince) {
			first = f
		}
		if !f.ReadAt.IsZero() && (readAt.IsZero() || f.ReadAt.Before(readAt)) {
			readAt = f.ReadAt
		}
	}
	text := kind.String() + ": " + plural(n, "source") + " not readable"
	if !readAt.IsZero() {
		text = kind.String() + ": " + plural(n, "source") + " stale since " + readAt.Local().Format(time.TimeOnly)
	}
	return Finding{Kind: FeedStale, Text: text, Age: now.Sub(first.FailedSince), Link: Link{Place: ExplanationPlace}, Err: first.Err}, n
}
