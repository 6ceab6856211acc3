package stepfunctions

import (
	"fmt"
	"strings"
	"time"

	"orderops/aws/local/stepfunctions/asl"
	"orderops/aws/local/wire"
)

// Logger keeps the records of executions, as CloudWatch Logs does. It is
// called in the order of the events and must not call the service back.
type Logger interface {
	// Put adds a record to a stream of a log group.
	Put(group, stream string, at time.Time, message []byte)
}

// Meter keeps the metrics of executions (AWS/States), as CloudWatch does. It
// must not call the service back.
type Meter interface {
	// Observe adds a value to a metric of AWS/States of one state machine: 1 to
	// ExecutionsStarted, Succeeded, Failed, TimedOut, Aborted and Redriven,
	// milliseconds to ExecutionTime.
	Observe(namespace, metric, machineARN string, at time.Time, value float64)
}

// Logging says which events of a machine's executions are logged, and where.
type Logging struct {
	// Level is ALL, ERROR, FATAL or OFF.
	Level                string        `json:"level"`
	IncludeExecutionData bool          `json:"includeExecutionData"`
	Destinations         []Destination `json:"destinations,omitempty"`
}

// Destination is a log group by its ARN, which ends in ":*".
type Destination struct {
	CloudWatchLogsLogGroup struct {
		LogGroupArn string `json:"logGroupArn"`
	} `json:"cloudWatchLogsLogGroup"`
}

func (l *Logging) check() error {
	if err := oneOf(l.Level, "loggingConfiguration.level", "ALL", "ERROR", "FATAL", "OFF"); err != nil {
		return err
	}
	if l.Level != "OFF" && (len(l.Destinations) != 1 || l.group() == "") {
		return refusal("InvalidLoggingConfiguration", "Invalid Logging Configuration: Must specify exactly one Log Destination.")
	}
	return nil
}

// group is the log group's name, "" when nothing is logged.
func (l *Logging) group() string {
	if l.Level == "OFF" || len(l.Destinations) == 0 {
		return ""
	}
	part := strings.SplitN(l.Destinations[0].CloudWatchLogsLogGroup.LogGroupArn, ":", 7)
	return strings.TrimSuffix(part[len(part)-1], ":*")
}

// takes says whether an event is logged (recorded: ERROR also logs that a Fail
// state was entered, FATAL only how the execution ended).
func (l *Logging) takes(kind string) bool {
	switch l.Level {
	case "ALL":
		return true
	case "ERROR":
		return failing(kind) || kind == "FailStateEntered"
	case "FATAL":
		return failing(kind) && strings.HasPrefix(kind, "Execution")
	}
	return false
}

func failing(kind string) bool {
	return strings.HasSuffix(kind, "Failed") || strings.HasSuffix(kind, "TimedOut") || strings.HasSuffix(kind, "Aborted")
}

// record is an event in the log: one flat object of texts.
type record struct {
	ID        string      `json:"id"`
	Type      string      `json:"type"`
	Details   asl.Details `json:"details"`
	Previous  string      `json:"previous_event_id"`
	At        string      `json:"event_timestamp"`
	Execution string      `json:"execution_arn"`
	Redrives  string      `json:"redrive_count"`
}

// log writes an event into the machine's log group, if its level takes it.
func (e *execution) log(ev event) {
	logging := e.machine.LoggingConfiguration
	if e.logger == nil || !logging.takes(ev.Type) {
		return
	}
	text, err := wire.Encode(record{
		fmt.Sprint(ev.id), ev.Type, ev.told(logging.IncludeExecutionData), fmt.Sprint(ev.Previous),
		fmt.Sprint(ev.at.UnixMilli()), e.ExecutionArn, fmt.Sprint(e.RedriveCount),
	})
	if err == nil { // texts always encode
		e.logger.Put(logging.group(), e.machine.stream, ev.at, text)
	}
}

// measure counts what becomes of an execution.
func (e *execution) measure(ev event) {
	change, ok := strings.CutPrefix(ev.Type, "Execution")
	if e.meter == nil || !ok {
		return
	}
	e.meter.Observe("AWS/States", "Executions"+change, e.StateMachineArn, ev.at, 1)
	if change != "Started" && change != "Redriven" {
		e.meter.Observe("AWS/States", "ExecutionTime", e.StateMachineArn, ev.at, float64(ev.at.Sub(e.StartDate.Time).Milliseconds()))
	}
}

// add appends an event to the history and tells the log and the metrics; the
// lock is held.
func (e *execution) add(ev asl.Event) int64 {
	added := event{Event: ev, id: int64(len(e.events)) + 1, at: time.Now()}
	e.events = append(e.events, added)
	e.log(added)
	e.measure(added)
	return added.id
}
