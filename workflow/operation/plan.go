// Package operation is what an operator may do to the order system. Each
// operation is planned first, in words that a person can agree to, and applied
// after; applying checks its preconditions again.
package operation

import "orderops/workflow"

// Record is what every operation leaves behind for the activity list.
type Record = workflow.Record

// Submission is what came of sending one order.
type Submission = workflow.Submission

// Risk is how surely the operator must agree.
type Risk int

// The tiers of risk.
const (
	// None needs no question.
	None Risk = iota
	// Ask is a question whose default is no.
	Ask
	// TypeName asks to type a name.
	TypeName
)

// Fact is one line of a plan.
type Fact struct {
	Label string
	// Text may hold text from outside.
	Text string
}

// Plan is what an operation would do.
type Plan struct {
	Title string
	Facts []Fact
	// Warning is what the operator must not miss; "" when there is nothing.
	Warning string
	Risk    Risk
	// Type is what to type when Risk is TypeName, a queue's name or what AskFor
	// asks for.
	Type   string
	AskFor string
	// Verb is the word on the button that agrees.
	Verb string
	// Undo says how it can be taken back, or that it can't.
	Undo string
}
