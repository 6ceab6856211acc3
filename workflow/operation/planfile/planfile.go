// Package planfile keeps plans in files, so that one person can make a plan,
// another one review it, and either apply it later. A plan is no permission:
// whoever applies it is asked as for one that was made at once, and everything
// in it is checked again. It holds ids, digests and verdicts, and of messages
// only the bodies that are to be sent in place of others.
package planfile

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
	"unicode/utf8"

	"orderops/workflow"
)

// Schema names the format and its version. Within a version, fields are only
// added, and a reader refuses those that it does not know.
const Schema = "orderops/plan/1"

// The operations that can be saved.
const (
	Redrive    = "redrive"
	Delete     = "delete"
	Copy       = "copy"
	RedriveAll = "redrive all"
	Restore    = "restore"
	Import     = "import"
	Executions = "redrive executions"
)

// Plan is one plan in a file.
type Plan struct {
	Schema    string    `json:"schema"`
	Operation string    `json:"operation"`
	Made      time.Time `json:"made"`
	By        string    `json:"by,omitempty"`
	Account   string    `json:"account"`
	Region    string    `json:"region"`
	Stack     string    `json:"stack,omitempty"`
	Queue     string    `json:"queue,omitempty"`
	Machine   string    `json:"machine,omitempty"`
	To        string    `json:"to,omitempty"`
	// Filter chose messages; with Rest, those too that were not received yet.
	Filter    string             `json:"filter,omitempty"`
	Rest      bool               `json:"rest,omitempty"`
	Include   []workflow.Verdict `json:"include,omitempty"`
	Note      string             `json:"note,omitempty"`
	Rate      int                `json:"rate,omitempty"`
	Canary    int                `json:"canary,omitempty"`
	Threshold float64            `json:"threshold,omitempty"`
	EditedBy  string             `json:"edited_by,omitempty"`
	// Source is the run or the file that messages are put back from.
	Source     *Source     `json:"source,omitempty"`
	Queues     []Queue     `json:"queues,omitempty"`
	Facts      []Fact      `json:"facts,omitempty"`
	Messages   []Message   `json:"messages,omitempty"`
	Executions []Execution `json:"executions,omitempty"`
}

// Source is where messages are put back from.
type Source struct {
	Run    string `json:"run,omitempty"`
	File   string `json:"file,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
}

// Queue is a queue as it was when the plan was made. Times are in seconds.
type Queue struct {
	Name        string `json:"name"`
	Messages    int    `json:"messages"`
	Visibility  int    `json:"visibility"`
	Retention   int    `json:"retention"`
	MaxReceives int    `json:"max_receives,omitempty"`
	DeadLetters string `json:"dead_letters,omitempty"`
}

// Fact is one line of what the plan said.
type Fact struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// Message is one message that the plan is about.
type Message struct {
	ID      workflow.MessageID `json:"id"`
	Digest  string             `json:"digest"`
	Verdict workflow.Verdict   `json:"verdict,omitempty"`
	Source  string             `json:"source,omitempty"`
	// Body, or Base64 where it is no UTF-8, is what is sent in place of its own.
	Body   *string `json:"body,omitempty"`
	Base64 []byte  `json:"body_base64,omitempty"`
}

// Execution is one execution that the plan is about.
type Execution struct {
	ARN           workflow.ExecutionARN    `json:"arn"`
	Status        workflow.ExecutionStatus `json:"status"`
	Stopped       time.Time                `json:"stopped,omitzero"`
	Redrives      int                      `json:"redrives,omitempty"`
	RedriveStatus string                   `json:"redrive_status,omitempty"`
	State         string                   `json:"state,omitempty"`
	StateKind     string                   `json:"state_kind,omitempty"`
}

// Digest is a message's body as a plan names it.
func Digest(body []byte) string {
	sum := sha256.Sum256(body)
	return digestPrefix + hex.EncodeToString(sum[:])
}

const digestPrefix = "sha256:"

// SetEdit sets the body that is sent in place of the message's own; nil is none.
func (m *Message) SetEdit(body []byte) {
	switch {
	case body == nil:
	case utf8.Valid(body):
		text := string(body)
		m.Body = &text
	default:
		m.Base64 = body
	}
}

// Edit is the body that is sent in place of the message's own; nil is none.
func (m Message) Edit() []byte {
	if m.Body != nil {
		return []byte(*m.Body)
	}
	return m.Base64
}

// Field says what a field of a plan is. Of a list's entries the name has the
// list's in front.
type Field struct{ Name, Help string }

// Fields are all fields, in the order in which they are written.
func Fields() []Field {
	return []Field{
		{"schema", "`" + Schema + "`; must be the first field"},
		{"operation", "redrive, delete, copy, redrive all, restore, import, or redrive executions"},
		{"made", "when"},
		{"by", "who, by their AWS identity; a claim, like all of the file"},
		{"account", "AWS account of the deployment"},
		{"region", "its region"},
		{"stack", "its stack"},
		{"queue", "URL of the dead-letter queue"},
		{"machine", "ARN of the state machine"},
		{"to", "URL of another queue than the one that messages came from"},
		{"filter", "what messages were chosen by; for people, unless rest is true"},
		{"rest", "true: also what matches the filter and was not received when the plan was made"},
		{"include", "verdicts that are dealt with beside safe"},
		{"note", "reason that is written into the messages' lineage"},
		{"rate", "messages a second"},
		{"canary", "how many messages are redriven and followed first"},
		{"threshold", "share of them that must succeed"},
		{"edited_by", "what made the bodies of an edit: a jq expression, or the hand of whoever made the plan; for people"},
		{"source.run", "restore: the run of the journal, which is on the machine that made the plan"},
		{"source.file", "import: the file, looked for there and beside the plan"},
		{"source.sha256", "import: its digest"},
		{"queues.name", "a queue as it was: a difference is told when the plan is applied"},
		{"queues.messages", "about how many messages it had"},
		{"queues.visibility", "its visibility timeout in seconds"},
		{"queues.retention", "for how many seconds it keeps a message"},
		{"queues.max_receives", "after how many receives a message is a dead letter"},
		{"queues.dead_letters", "ARN of the queue that takes those"},
		{"facts.label", "a line of the plan as it was shown: a difference is told when the plan is applied"},
		{"facts.text", "what it said"},
		{"messages.id", "message id"},
		{"messages.digest", "SHA-256 of the body; another body is another message"},
		{"messages.verdict", "what a redrive would have done; one that got worse drops the message"},
		{"messages.source", "ARN of the queue that it came from"},
		{"messages.body", "an edit: the body that is sent in place of its own"},
		{"messages.body_base64", "the same in base64, when it is no UTF-8"},
		{"executions.arn", "the execution"},
		{"executions.status", "its status; another one drops it"},
		{"executions.stopped", "when it ended; another end drops it"},
		{"executions.redrives", "how often it had been redriven"},
		{"executions.redrive_status", "what Step Functions said of redriving it"},
		{"executions.state", "the state in which it ended"},
		{"executions.state_kind", "that state's type"},
	}
}
