// Package journal keeps on disk what a redrive is about to do and what it has
// done, so that a crash loses nothing and what may exist twice can be named. A
// run is one file that is only ever appended to; each entry is on the disk
// before the next step is taken. It holds whole messages, personal data
// included: files belong to their owner alone and are pruned after a time.
package journal

import (
	"time"

	"orderops/workflow"
)

// Kind is what an entry tells.
type Kind string

// The kinds of entries, in the order in which they come.
const (
	// Begin opens a run.
	Begin Kind = "begin"
	// Intent holds the whole messages that are sent next.
	Intent Kind = "intent"
	// Sent tells of each message of a batch whether the queue took it.
	Sent Kind = "sent"
	// Deleted tells which messages are gone from the dead-letter queue.
	Deleted Kind = "deleted"
	// Outcome tells what became of messages that were sent.
	Outcome Kind = "outcome"
	// Settled tells how a message whose fate was open was dealt with.
	Settled Kind = "settled"
	// End closes a run.
	End Kind = "end"
)

// Entry is one line of a run.
type Entry struct {
	Kind Kind      `json:"kind"`
	At   time.Time `json:"at"`
	// Head is set on Begin.
	Head *Head `json:"head,omitempty"`
	// Letters are set on Intent.
	Letters []Letter `json:"letters,omitempty"`
	// Results are set on Sent, Deleted, Outcome and Settled.
	Results []Result `json:"results,omitempty"`
	// Note is set on End: how the run ended.
	Note string `json:"note,omitempty"`
}

// Head is what a run is.
type Head struct {
	ID string `json:"id"`
	// Verb is what is done: "redrive", "delete".
	Verb     string `json:"verb"`
	Operator string `json:"operator,omitempty"`
	Reason   string `json:"reason,omitempty"`
	From     string `json:"from"`
	// To is the URL that messages are sent to; "" where none is.
	To    string    `json:"to,omitempty"`
	Total int       `json:"total"`
	Rate  int       `json:"rate,omitempty"`
	Began time.Time `json:"began"`
	// Filter is in words what was chosen beside Chosen; "" is nothing.
	Filter string `json:"filter,omitempty"`
	// Chosen are the messages that it is about; what is missing in the entries
	// was not begun.
	Chosen []workflow.MessageID `json:"chosen,omitempty"`
	// Edited are those of them that another body was made for. The body itself is
	// in the entry that is written before it is sent.
	Edited []workflow.MessageID `json:"edited,omitempty"`
	// EditedBy says what made those bodies, such as a jq expression.
	EditedBy string `json:"edited_by,omitempty"`
	// Canary and Threshold are how many were to be followed first, and which
	// part of them had to succeed; 0 is no canary.
	Canary    int     `json:"canary,omitempty"`
	Threshold float64 `json:"threshold,omitempty"`
	// Include are the verdicts that were agreed to, beside safe.
	Include []string `json:"include,omitempty"`
	// KeepDays is for how many days the run was to be kept after its end, as was
	// set when it began; 0 is not known.
	KeepDays int `json:"keep_days,omitempty"`
}

// Letter is one whole message, and what is sent in its place.
type Letter struct {
	ID           workflow.MessageID            `json:"id"`
	OrderID      workflow.OrderID              `json:"order_id,omitempty"`
	Body         []byte                        `json:"body"`
	Attributes   map[string]workflow.Attribute `json:"attributes,omitempty"`
	TraceHeader  string                        `json:"trace_header,omitempty"`
	SourceARN    string                        `json:"source_arn,omitempty"`
	SentAt       time.Time                     `json:"sent_at"`
	ReceiveCount int                           `json:"receive_count,omitempty"`
	// Send tells that it is sent on, and not only deleted.
	Send bool `json:"send,omitempty"`
	// NewBody is what is sent instead of Body; nil means Body.
	NewBody []byte `json:"new_body,omitempty"`
	// NewAttributes are what is sent.
	NewAttributes map[string]workflow.Attribute `json:"new_attributes,omitempty"`
}

// Result is what became of one message in one step.
type Result struct {
	ID workflow.MessageID `json:"id"`
	// NewID is set when the queue took the message.
	NewID workflow.MessageID `json:"new_id,omitempty"`
	// Why says why it did not work; "" means that it did.
	Why string `json:"why,omitempty"`
	// Doubtful marks a send without an answer: it may have happened.
	Doubtful bool `json:"doubtful,omitempty"`
	// Outcome is set on Outcome.
	Outcome string `json:"outcome,omitempty"`
}
