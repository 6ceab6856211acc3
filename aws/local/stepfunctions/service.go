// Package stepfunctions is AWS Step Functions (standard workflows) in this
// process: its API over AWS JSON 1.0, and executions that really run.
package stepfunctions

import (
	"context"
	"sync"

	"orderops/aws/local/identity"
	"orderops/aws/local/wire"
)

// Service holds the state machines and executions of one local cloud. It is
// safe for concurrent use.
type Service struct {
	*wire.Service
	identity  *identity.Identity
	functions func(roleARN string) Invoker
	logger    Logger
	meter     Meter

	// life ends all executions; running counts their goroutines.
	life    context.Context
	stop    context.CancelFunc
	running sync.WaitGroup

	mu sync.Mutex
	// machines is by ARN, executions too.
	machines   map[string]*machine
	executions map[string]*execution
}

// New makes a service without state machines. functions runs the Task states,
// logger and meter are told of their executions; nil keeps no logs, no metrics.
// Close it to end its executions.
func New(id *identity.Identity, functions func(roleARN string) Invoker, logger Logger, meter Meter) *Service {
	s := &Service{
		identity: id, functions: functions, logger: logger, meter: meter,
		machines: map[string]*machine{}, executions: map[string]*execution{},
	}
	s.life, s.stop = context.WithCancel(context.Background())
	s.Service = &wire.Service{Protocol: wire.JSON("1.0", "AWSStepFunctions"), NewID: id.PassingID, Operations: map[string]wire.Operation{
		"CreateStateMachine":               wire.Typed(s.CreateStateMachine),
		"DeleteStateMachine":               wire.Typed(s.deleteStateMachine),
		"DescribeExecution":                wire.Typed(s.describeExecution),
		"DescribeStateMachine":             wire.Typed(s.describeStateMachine),
		"DescribeStateMachineForExecution": wire.Typed(s.describeStateMachineForExecution),
		"GetExecutionHistory":              wire.Typed(s.getExecutionHistory),
		"ListExecutions":                   wire.Typed(s.listExecutions),
		"ListStateMachines":                wire.Typed(s.listStateMachines),
		"RedriveExecution":                 wire.Typed(s.redriveExecution),
		"StartExecution":                   wire.Typed(s.startExecution),
		"StopExecution":                    wire.Typed(s.stopExecution),
		"ValidateStateMachineDefinition":   wire.Typed(s.validateStateMachineDefinition),
	}}
	return s
}

// Close stops every execution where it stands and waits for its goroutine.
// Nothing is recorded: it is the end of the world, not an abort.
func (s *Service) Close() {
	s.mu.Lock()
	s.stop()
	s.mu.Unlock()
	s.running.Wait()
}

// find gives the machine or execution with an ARN of the kind.
func find[T any](s *Service, all map[string]T, arn, kind string) (found T, err error) {
	if err := checkARN(arn, kind+"Arn", kind); err != nil {
		return found, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := all[arn]
	switch {
	case ok:
		return found, nil
	case kind == "execution":
		return found, refusal("ExecutionDoesNotExist", "Execution Does Not Exist: '%s'", arn)
	}
	return found, refusal("StateMachineDoesNotExist", "State Machine Does Not Exist: '%s'", arn)
}
