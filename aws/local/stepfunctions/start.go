package stepfunctions

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"orderops/aws/local/stepfunctions/asl"
	"orderops/aws/local/wire"
)

// maxInput is the most bytes of an execution's input (quota of Step Functions).
const maxInput = 256 << 10

type startExecutionInput struct {
	StateMachineArn string
	Name            string
	// Input is absent for "{}"; an empty text is refused.
	Input       *string
	TraceHeader string
}

type startExecutionOutput struct {
	ExecutionArn string    `json:"executionArn"`
	StartDate    wire.Time `json:"startDate"`
}

func (s *Service) startExecution(_ context.Context, in *startExecutionInput) (*startExecutionOutput, error) {
	if err := checkARN(in.StateMachineArn, "stateMachineArn", "stateMachine"); err != nil {
		return nil, err
	}
	name := in.Name
	if name == "" {
		name = s.identity.UUID()
	}
	if err := checkName(name); err != nil {
		return nil, err
	}
	input := "{}"
	if in.Input != nil {
		input = *in.Input
	}
	if err := checkInput(input); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, shuttingDown()
	}
	m, ok := s.machines[in.StateMachineArn]
	if !ok {
		return nil, machineMissing(in.StateMachineArn)
	}
	arn := s.identity.ARN("states", "execution:"+m.name+":"+name)
	if old, ok := s.executions[arn]; ok {
		if !old.same(input) {
			return nil, refusal("ExecutionAlreadyExists", "Execution Already Exists: '%s'", arn)
		}
		return &startExecutionOutput{ExecutionArn: arn, StartDate: wire.Time{Time: old.started}}, nil
	}
	e := &execution{
		arn: arn, name: name, machine: m, logger: s.logger, meter: s.meter,
		input: input, started: time.Now(), status: running, tokens: map[string]time.Time{},
	}
	e.add(asl.Event{Type: "ExecutionStarted", Details: asl.Details{Input: input, RoleARN: m.roleARN}})
	s.executions[arn] = e
	m.executions = append(m.executions, e)
	e.mu.Lock()
	defer e.mu.Unlock()
	s.launch(e, asl.Position{}) //nolint:contextcheck // the execution outlives the request that starts it
	return &startExecutionOutput{ExecutionArn: arn, StartDate: wire.Time{Time: e.started}}, nil
}

// same says whether a start under the same name is the same start: with the
// same input, while the first one runs.
func (e *execution) same(input string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.status == running && e.input == input
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

type stopExecutionInput struct{ ExecutionArn, Error, Cause string }

type stopExecutionOutput struct {
	StopDate wire.Time `json:"stopDate"`
}

// stopExecution aborts a running execution. One that has ended keeps its end
// and answers with its date, as a repeated stop must not fail.
func (s *Service) stopExecution(_ context.Context, in *stopExecutionInput) (*stopExecutionOutput, error) {
	e, err := s.execution(in.ExecutionArn)
	if err != nil {
		return nil, err
	}
	if err := cmp.Or(longest(in.Error, "error", 256), longest(in.Cause, "cause", 32_768)); err != nil {
		return nil, err
	}
	e.abort(in.Error, in.Cause)
	return &stopExecutionOutput{e.item().StopDate}, nil
}
