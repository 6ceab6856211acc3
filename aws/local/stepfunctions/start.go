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
	if err := cmp.Or(checkName(name), checkInput(input)); err != nil {
		return nil, err
	}
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

func checkInput(input string) error {
	if len(input) > maxInput {
		return invalid("Value at 'input' failed to satisfy constraint: Member must have length less than or equal to %d", maxInput)
	}
	if input == "" {
		return refusal("InvalidExecutionInput", "Invalid State Machine Execution Input: 'Invalid execution input.'")
	}
	var value any
	if err := json.Unmarshal([]byte(input), &value); err != nil {
		return refusal("InvalidExecutionInput", "Invalid State Machine Execution Input: '%s'", asl.JSONProblem(input, err))
	}
	return nil
}

type stopExecutionInput struct {
	executionInput
	Error, Cause string
}

// stopExecution aborts a running execution. One that has ended keeps its end
// and answers with its date, as a repeated stop must not fail.
func (s *Service) stopExecution(e *execution, in *stopExecutionInput) (any, error) {
	if err := cmp.Or(longest(in.Error, "error", 256), longest(in.Cause, "cause", 32_768)); err != nil {
		return nil, err
	}
	e.abort(in.Error, in.Cause)
	return object{"stopDate": e.item().StopDate}, nil
}
