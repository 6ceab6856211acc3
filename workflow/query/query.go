// Package query is the filter language of every list: words that must occur,
// `column:value`, ranges of numbers, durations and ages, and `!` to negate.
package query

import (
	"slices"
	"time"
)

// Kind says how a column's value is compared.
type Kind int

// The kinds of values.
const (
	// Text matches as a substring without regard to case; `=text` as a whole.
	Text Kind = iota
	// Number takes `5`, `>5`, `1..9`.
	Number
	// Duration takes `30s`, `>30s`, `1m..5m`.
	Duration
	// Time is compared by its age: `<5m` is younger than five minutes.
	Time
)

// Value is one column of a row.
type Value struct {
	Kind     Kind
	Text     string
	Number   float64
	Duration time.Duration
	// Time zero is unknown and matches no range.
	Time time.Time
}

// Row is what a query is matched against.
type Row interface {
	// SearchText appends the text that plain words look in, as AppendFolded does.
	SearchText(b []byte) []byte
	// Column is the value of a column; false when the row has none.
	Column(name string) (Value, bool)
}

// SyntaxError says what is wrong with a query, and where.
type SyntaxError struct {
	// Offset is the byte in the query where the trouble starts.
	Offset  int
	Problem string
}

// Error tells the problem; the place is for the input line to show.
func (e *SyntaxError) Error() string { return e.Problem }

// Query is a parsed filter. The zero Query matches everything.
type Query struct {
	text  string
	terms []term
}

// String is the text that the query was parsed from.
func (q Query) String() string { return q.text }

// Uses tells whether the query asks for one of the columns; "" stands for plain words.
func (q Query) Uses(columns ...string) bool {
	return slices.ContainsFunc(q.terms, func(t term) bool { return slices.Contains(columns, t.column) })
}

// Empty tells whether the query matches everything.
func (q Query) Empty() bool { return len(q.terms) == 0 }
