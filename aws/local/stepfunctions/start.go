package stepfunctions

import (
	"cmp"
	"encoding/json"
	"time"

	"orderops/aws/local/stepfunctions/asl"
	"orderops/aws/local/wire"
)

// maxInput is the most bytes of an execution's input (quota of Step Functions).
const maxInput = 256 << 10

type startExecutionInput struct {
	machineInput
	Name string
	// Input is absent for "{}"; an empty text is refused.
	Input *string
}

func (s *Service) startExecution(m *machine, in *startExecutionInput) (any, error) {
	input := "{}"
	if in.Input != nil {
		input = *in.Input
	}
	name := cmp.Or(in.Name, s.identity.UUID())
	checkName(name)
	checkInput(input)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.life.Err() != nil {
		return nil, shuttingDown()
	}
	arn := s.identity.ARN("states", "execution:"+m.Name+":"+name)
	if old, ok := s.executions[arn]; ok {
		if !old.same(input) {
			return nil, refusal("ExecutionAlreadyExists", "Execution Already Exists: '%s'", arn)
		}
		return object{"executionArn": arn, "startDate": old.StartDate}, nil
	}
	e := &execution{
		machine: m, logger: s.logger, meter: s.meter, input: input, tokens: map[string]wire.Time{},
		executionItem: executionItem{
			ExecutionArn: arn, StateMachineArn: m.StateMachineArn, Name: name,
			Status: running, StartDate: wire.Time{Time: time.Now()},
		},
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.add(asl.Event{Type: "ExecutionStarted", Details: asl.Details{Input: input, RoleARN: m.RoleArn}})
	s.executions[arn] = e
	m.executions = append(m.executions, e)
	s.launch(e, asl.Position{})
	return object{"executionArn": arn, "startDate": e.StartDate}, nil
}

// same says whether a start under the same name is the same start: with the
// same input, while the first one runs.
func (e *execution) same(input string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.Status == running && e.input == input
}

func checkInput(input string) {
	if len(input) > maxInput {
		wire.Check(invalid("Value at 'input' failed to satisfy constraint: Member must have length less than or equal to %d", maxInput))
	}
	if input == "" {
		wire.Check(refusal("InvalidExecutionInput", "Invalid State Machine Execution Input: 'Invalid execution input.'"))
	}
	var value any
	if err := json.Unmarshal([]byte(input), &value); err != nil {
		wire.Check(refusal("InvalidExecutionInput", "Invalid State Machine Execution Input: '%s'", err))
	}
}

type stopExecutionInput struct {
	executionInput
	Error, Cause string
}

// stopExecution aborts a running execution. One that has ended keeps its end
// and answers with its date, as a repeated stop must not fail.
func (s *Service) stopExecution(e *execution, in *stopExecutionInput) (any, error) {
	longest(in.Error, "error", 256)
	longest(in.Cause, "cause", 32_768)
	e.abort(in.Error, in.Cause)
	return object{"stopDate": e.item().StopDate}, nil
}

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
	longest(in.ClientToken, "clientToken", 64)
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
