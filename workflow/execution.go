package workflow

import (
	"strings"
	"time"
)

// OrderID is the business key of an order: its lineage order id if the message
// had one, else the id of the message that brought it.
type OrderID string

// MessageID is the id that SQS gave to one message.
type MessageID string

// ExecutionARN names one run of the state machine.
type ExecutionARN string

// ExecutionOf is the execution with that name of the state machine with that
// ARN. The version or alias at the end of a machine's ARN is no part of it
// (Step Functions, resource types: execution:MACHINE:NAME).
func ExecutionOf(machineARN, name string) ExecutionARN {
	front, machine, _ := strings.Cut(machineARN, ":stateMachine:")
	machine, _, _ = strings.Cut(machine, ":")
	return ExecutionARN(front + ":execution:" + machine + ":" + name)
}

// ExecutionStatus is the status that Step Functions reports.
type ExecutionStatus string

// The statuses of an execution (Step Functions ExecutionStatus).
const (
	Running        ExecutionStatus = "RUNNING"
	Succeeded      ExecutionStatus = "SUCCEEDED"
	Failed         ExecutionStatus = "FAILED"
	TimedOut       ExecutionStatus = "TIMED_OUT"
	Aborted        ExecutionStatus = "ABORTED"
	PendingRedrive ExecutionStatus = "PENDING_REDRIVE"
)

// Ended tells whether no further event follows unless the execution is redriven.
func (s ExecutionStatus) Ended() bool {
	return s == Succeeded || s == Failed || s == TimedOut || s == Aborted
}

// Broken tells whether the execution ended without success.
func (s ExecutionStatus) Broken() bool { return s.Ended() && s != Succeeded }

// Execution is one run of the state machine as ListExecutions and
// DescribeExecution tell it. Zero times and empty texts were not told.
type Execution struct {
	ARN          ExecutionARN
	Name         string
	Status       ExecutionStatus
	Started      time.Time
	Stopped      time.Time
	RedriveCount int

	// Only DescribeExecution tells these.
	Input         string
	Output        string
	Error         string
	Cause         string
	RedriveStatus string
	RedriveReason string
}

// OrderID is the order that the execution works on, by its name: the consumer
// names an execution after its order, and a later run of it has a number behind.
func (e Execution) OrderID() OrderID { return orderOf(e.Name) }

// Duration is how long the execution ran, or has been running at now.
func (e Execution) Duration(now time.Time) time.Duration {
	end := e.Stopped
	if end.IsZero() {
		end = now
	}
	return max(0, end.Sub(e.Started))
}

// Event is one event of an execution's history (Step Functions HistoryEvent),
// its details flattened.
type Event struct {
	ID         int64
	PreviousID int64
	Type       string
	Time       time.Time

	// State is set on the events that name it: entered and exited.
	State string
	// Input and Output are raw JSON as delivered; "" means the event has none.
	Input  string
	Output string
	Error  string
	Cause  string
	// Resource is the function's ARN of a Lambda task, or the API action of a service task.
	Resource string
	// RedriveCount is set on ExecutionRedriven.
	RedriveCount int
}
