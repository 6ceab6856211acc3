package monitor

import "time"

// FindingKind says what sort of thing needs a person.
type FindingKind string

// The kinds of findings, also the words that the theme knows glyphs for.
const (
	DeadLettersFound FindingKind = "dead letters"
	ExecutionsFailed FindingKind = "failed"
	NotStarted       FindingKind = "not started"
	UnknownOutcome   FindingKind = "unknown outcome"
	RowDisagrees     FindingKind = "row disagrees"
	FeedStale        FindingKind = "stale"
	MoveFailed       FindingKind = "move failed"
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
}

// Findings are the things that need attention, the most urgent first.
func (s *Store) Findings(now time.Time) []Finding { _ = now; return nil }
