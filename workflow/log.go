package workflow

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// LogEvent is one history event as the state machine's log group tells it. Logs
// come late, more than once, in any order, or not at all. Ids go on over
// redrives, so an execution and an id name one event.
type LogEvent struct {
	Execution ExecutionARN
	// RedriveCount is how often the execution had been redriven by then.
	RedriveCount int
	Event
}

// LogPattern chooses what tells where executions are: states that are entered,
// starts, ends and redrives (CloudWatch Logs filter pattern).
const LogPattern = `{ $.type = "*StateEntered" || $.type = "Execution*" }`

// ParseLogEvent reads one log record of a state machine. ok is false for what is
// none: others may write to the same group.
func ParseLogEvent(message string) (event LogEvent, ok bool) {
	var record struct {
		ID        string                     `json:"id"`
		Type      string                     `json:"type"`
		Previous  string                     `json:"previous_event_id"`
		Time      string                     `json:"event_timestamp"` // milliseconds since 1970
		Execution string                     `json:"execution_arn"`
		Redrives  string                     `json:"redrive_count"`
		Details   map[string]json.RawMessage `json:"details"`
	}
	if json.Unmarshal([]byte(message), &record) != nil || record.Type == "" || !strings.Contains(record.Execution, ":execution:") {
		return LogEvent{}, false
	}
	id, err := strconv.ParseInt(record.ID, 10, 64)
	if err != nil || id < 1 {
		return LogEvent{}, false
	}
	milliseconds, err := strconv.ParseInt(record.Time, 10, 64)
	if err != nil {
		return LogEvent{}, false
	}
	text := func(name string) string {
		var value string
		if json.Unmarshal(record.Details[name], &value) != nil {
			return "" // not told, or no text
		}
		return value
	}
	event = LogEvent{Execution: ExecutionARN(record.Execution), Event: Event{
		ID: id, Type: record.Type, Time: time.UnixMilli(milliseconds).UTC(),
		State: text("name"), Input: text("input"), Output: text("output"), Error: text("error"), Cause: text("cause"), Resource: text("resource"),
	}}
	// Records from before redrives existed have no count.
	event.RedriveCount, _ = strconv.Atoi(record.Redrives)
	event.PreviousID, _ = strconv.ParseInt(record.Previous, 10, 64)
	if record.Type == "ExecutionRedriven" {
		event.Event.RedriveCount = event.RedriveCount
	}
	return event, true
}

// LogPage is one page of log events, oldest first. Next is "" on the last one.
type LogPage struct {
	Events []LogEvent
	Next   string
	// Newest is the time of the newest record of the page, zero when it is empty.
	Newest time.Time
}

// StateMachine is what DescribeStateMachine tells.
type StateMachine struct {
	Name string
	// Role is the ARN of the role that it acts with.
	Role       string
	Definition []byte
	// LogGroup is where its executions are logged, "" when nowhere. LogLevel is
	// ALL, ERROR, FATAL or OFF: only ALL tells where executions are.
	LogGroup string
	LogLevel string
}
