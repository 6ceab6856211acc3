package stepfunctions

import (
	"time"

	"orderops/aws/local/stepfunctions/asl"
	"orderops/aws/local/wire"
)

// redriveTokenLife is how long a client token makes a redrive idempotent.
const redriveTokenLife = 15 * time.Minute

type redriveExecutionInput struct {
	executionInput
	ClientToken string
}

// redriveExecution lets a failed, aborted or timed-out execution go on at the
// state where it ended. A task is scheduled again without being entered again;
// every other state is entered again.
func (s *Service) redriveExecution(e *execution, in *redriveExecutionInput) (any, error) {
	if err := longest(in.ClientToken, "clientToken", 64); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.life.Err() != nil {
		return nil, shuttingDown()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if at, ok := e.tokens[in.ClientToken]; ok && time.Since(at.Time) < redriveTokenLife {
		return object{"redriveDate": at}, nil
	}
	if reason := e.notRedrivable(); reason != "" {
		return nil, refusal("ExecutionNotRedrivable", "Execution Not Redrivable: '%s'", reason)
	}
	from := e.position()
	from.Event = int64(len(e.events)) + 1
	e.Status, e.StopDate, e.last, e.RedriveDate = running, wire.Time{}, asl.Details{}, wire.Time{Time: time.Now()}
	e.RedriveCount++
	e.add(asl.Event{Previous: from.Event - 1, Type: "ExecutionRedriven", Details: asl.Details{Redrives: e.RedriveCount}})
	if in.ClientToken != "" {
		e.tokens[in.ClientToken] = e.RedriveDate
	}
	s.launch(e, from)
	return object{"redriveDate": e.RedriveDate}, nil
}

// notRedrivable says why the execution can't be redriven, "" when it can. The
// lock is held.
func (e *execution) notRedrivable() string {
	switch {
	case e.Status == running || e.Status == succeeded:
		return "Execution is " + e.Status + " and cannot be redriven"
	case time.Since(e.StopDate.Time) > redrivablePeriod:
		return "Execution has exceeded the redrivable period and cannot be redriven"
	case len(e.events) >= maxEvents-1:
		return "Execution history event count limit exceeded and cannot be redriven"
	}
	return ""
}
