package workflow

import "time"

// Attribute is one message attribute. Binary holds the value when DataType
// starts with "Binary", Text otherwise.
type Attribute struct {
	DataType string
	Text     string
	Binary   []byte
}

// Message is one SQS message as it was received. Body is raw: it is made safe
// to show by the user interface, never here.
type Message struct {
	ID         MessageID
	Body       []byte
	Attributes map[string]Attribute

	// ReceiptHandle belongs to this receive only; it is what releases or deletes.
	ReceiptHandle string
	// Sent is the first send; on a standard queue it survives the move to the
	// dead-letter queue.
	Sent time.Time
	// FirstReceived is the first receive from any queue; zero when SQS did not say.
	FirstReceived time.Time
	// ReceiveCount counts receives over all queues, ours included.
	ReceiveCount int
	// SourceARN is the queue the message was dead-lettered from, "" when unknown.
	SourceARN   string
	TraceHeader string
	SenderID    string
}

// OrderID is the order this message stands for: its lineage order id if it has
// one, else its own id.
func (m Message) OrderID() OrderID {
	if a, ok := m.Attributes[AttributeOrderID]; ok && a.Text != "" {
		return OrderID(a.Text)
	}
	return OrderID(m.ID)
}

// Sent is SQS's answer to a send.
type Sent struct {
	MessageID MessageID
	// BodyMD5 is the digest that SQS computed over the body, in hex.
	BodyMD5 string
}

// Outgoing is one message as it is sent.
type Outgoing struct {
	Body        []byte
	Attributes  map[string]Attribute
	TraceHeader string
}

// Size is what SQS counts towards its limit: the body, and names, types and
// values of the attributes. The trace header is free (SQS SendMessage).
func (o Outgoing) Size() int {
	size := len(o.Body)
	for name, a := range o.Attributes {
		size += len(name) + len(a.DataType) + len(a.Text) + len(a.Binary)
	}
	return size
}

// SendResult is SQS's answer for one message of a batch.
type SendResult struct {
	// Sent is zero when the message was not taken.
	Sent
	// Why says why it was not taken, "" when it was.
	Why string
	// Doubtful tells that it may have been taken all the same.
	Doubtful bool
}

// Queue is what GetQueueAttributes tells of a queue. Counts are approximate:
// SQS needs up to a minute to settle.
type Queue struct {
	Name string
	URL  string
	ARN  string

	Visible  int
	InFlight int
	Delayed  int

	VisibilityTimeout time.Duration
	Retention         time.Duration
	// DeadLetterARN and MaxReceives are the redrive policy; "" and 0 mean none.
	DeadLetterARN string
	MaxReceives   int
	FIFO          bool
}

// Total is how many messages the queue holds, those included that nobody can
// receive at the moment. It is approximate, as its parts are.
func (q Queue) Total() int { return q.Visible + q.InFlight + q.Delayed }

// MoveStatus is the status of a move task (SQS ListMessageMoveTasks).
type MoveStatus string

// The statuses of a move task.
const (
	MoveRunning    MoveStatus = "RUNNING"
	MoveCompleted  MoveStatus = "COMPLETED"
	MoveCancelling MoveStatus = "CANCELLING"
	MoveCancelled  MoveStatus = "CANCELLED"
	MoveFailed     MoveStatus = "FAILED"
)

// Ended tells whether the task moves nothing any more.
func (s MoveStatus) Ended() bool {
	return s == MoveCompleted || s == MoveCancelled || s == MoveFailed
}

// MoveTask is one of SQS's own whole-queue redrives.
type MoveTask struct {
	// Handle cancels the task; SQS tells it only while the task runs.
	Handle         string
	Status         MoveStatus
	SourceARN      string
	DestinationARN string
	// Rate is messages per second; 0 means SQS decides.
	Rate    int
	Moved   int64
	ToMove  int64
	Started time.Time
	// FailureReason is SQS's error code when Status is FAILED.
	FailureReason string
}
