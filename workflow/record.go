package workflow

import "time"

// Outcome is how something that the operator asked for went.
type Outcome string

// The outcomes. Unknown means that the answer was lost: it may or may not have happened.
const (
	Done    Outcome = "done"
	Undone  Outcome = "failed"
	Unknown Outcome = "unknown"
	Denied  Outcome = "refused"
)

// OutcomeOf is the outcome that err stands for.
func OutcomeOf(err error) Outcome {
	if err == nil {
		return Done
	}
	switch KindOf(err) {
	case OutcomeUnknown:
		return Unknown
	case Refused:
		return Denied
	default:
		return Undone
	}
}

// Record is one thing that the operator did, for the activity list.
type Record struct {
	At time.Time
	// Verb is what was done ("submit", "redrive all"), Target to what.
	Verb    string
	Target  string
	Outcome Outcome
	// Detail is what came of it, in words.
	Detail string
	// RequestID is AWS's id of a request that failed, "" when not told.
	RequestID string
}

// Submission is one order that the operator sent to the order queue.
type Submission struct {
	// At is when it was sent, before the answer.
	At time.Time
	// OrderID and MessageID are empty unless Outcome is Done.
	OrderID   OrderID
	MessageID MessageID
	// BodyMD5 is the digest of Body in hex, computed here.
	BodyMD5 string
	Body    []byte
	Outcome Outcome
}
