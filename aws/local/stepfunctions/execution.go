package stepfunctions

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"orderops/aws/local/stepfunctions/asl"
	"orderops/aws/local/wire"
)

// The states of an execution.
const (
	running   = "RUNNING"
	succeeded = "SUCCEEDED"
	failed    = "FAILED"
	timedOut  = "TIMED_OUT"
	aborted   = "ABORTED"
)

// maxEvents is the most events of a history; an execution that needs more fails.
const maxEvents = 25_000

// execution is one run of a state machine. Its own goroutine appends to its
// history; the lock is for those who read or stop it.
type execution struct {
	machine *machine
	input   string
	// logger and meter are told of every event; nil keeps nothing.
	logger Logger
	meter  Meter

	mu sync.Mutex
	// Its status, its end and its redrives change.
	executionItem
	// last is what the event that ended it told; nothing while it runs.
	last   asl.Details
	events []event
	cancel context.CancelFunc
	// tokens are the client tokens of redrives, and when each was used.
	tokens map[string]wire.Time
}

// event is one entry of a history.
type event struct {
	asl.Event
	id int64
	at time.Time
}

// attempt is one life of an execution: from its start or a redrive to its end.
// The goroutine of an aborted life may still be on its way out when the next
// one begins; what it says then is not taken.
type attempt struct {
	*execution
	redrives int
}

// over says whether the attempt's life has ended; the lock is held.
func (a *attempt) over() bool {
	return a.Status != running || a.redrives != a.RedriveCount
}

// Append takes an event from the interpreter.
func (a *attempt) Append(ev asl.Event) (int64, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.over() {
		return 0, asl.ErrClosed
	}
	if len(a.events) >= maxEvents-1 { // the last one is the end of the execution
		return 0, asl.ErrFull
	}
	return a.add(ev), nil
}

// finish records how the run ended.
func (a *attempt) finish(last asl.Event) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.over() {
		a.end(last)
	}
}

// abort ends a running execution from outside; one that has ended keeps its end.
// The abort follows no event (recorded: previousEventId 0).
func (e *execution) abort(name, cause string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.Status == running {
		e.end(asl.Event{Type: "ExecutionAborted", Details: asl.Details{Error: name, Cause: cause}})
		e.cancel()
	}
}

// end closes the execution with its last event; the lock is held.
func (e *execution) end(ev asl.Event) {
	e.add(ev)
	e.Status = map[string]string{
		"ExecutionSucceeded": succeeded, "ExecutionFailed": failed,
		"ExecutionTimedOut": timedOut, "ExecutionAborted": aborted,
	}[ev.Type]
	e.StopDate, e.last = wire.Time{Time: time.Now()}, ev.Details
}

// launch runs the execution in its own goroutine. The locks of the service and
// of the execution are held, and the service is not closed.
func (s *Service) launch(e *execution, from asl.Position) {
	ctx, cancel := context.WithCancel(s.life)
	e.cancel = cancel
	life := &attempt{execution: e, redrives: e.RedriveCount}
	run := &asl.Execution{
		ARN: e.ExecutionArn, Name: e.Name, RoleARN: e.machine.RoleArn,
		MachineARN: e.machine.StateMachineArn, MachineName: e.machine.Name,
		Input: e.input, Start: e.StartDate.Time, Redrives: e.RedriveCount, Redriven: e.RedriveDate.Time,
		Functions: s.functions(e.machine.RoleArn), History: life, NewID: s.identity.PassingID, Random: s.identity.Float64,
	}
	s.running.Go(func() {
		defer cancel()
		if last, ok := e.machine.program.Run(ctx, run, from); ok {
			life.finish(last)
		}
	})
}

// position is where a redrive goes on: the state that was entered last, or the
// one behind the state that was left last. The lock is held.
func (e *execution) position() asl.Position {
	for _, ev := range slices.Backward(e.events) {
		switch {
		case strings.HasSuffix(ev.Type, "StateEntered"):
			return asl.Position{State: ev.Details.Name, Input: ev.Details.Input, Entered: ev.id, EnteredAt: ev.at}
		case strings.HasSuffix(ev.Type, "StateExited") && ev.Next != "":
			return asl.Position{State: ev.Next, Input: ev.Details.Output}
		}
	}
	return asl.Position{Input: e.input}
}

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
	oneOf(l.Level, "loggingConfiguration.level", "ALL", "ERROR", "FATAL", "OFF")
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
