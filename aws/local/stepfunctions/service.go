// Package stepfunctions is AWS Step Functions (standard workflows) in this
// process: its API over AWS JSON 1.0, and executions that really run.
package stepfunctions

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"orderops/aws/local/identity"
	"orderops/aws/local/stepfunctions/asl"
	"orderops/aws/local/wire"
)

// Service holds the state machines and executions of one local cloud. It is
// safe for concurrent use.
type Service struct {
	*wire.Service
	identity  *identity.Identity
	functions func(roleARN string) asl.Invoker
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
func New(id *identity.Identity, functions func(roleARN string) asl.Invoker, logger Logger, meter Meter) *Service {
	s := &Service{
		identity: id, functions: functions, logger: logger, meter: meter,
		machines: map[string]*machine{}, executions: map[string]*execution{},
	}
	s.life, s.stop = context.WithCancel(context.Background())
	s.Service = &wire.Service{Protocol: wire.JSON("1.0", "AWSStepFunctions"), NewID: id.PassingID, Operations: map[string]wire.Operation{
		"CreateStateMachine":   wire.Typed(s.createStateMachine),
		"DeleteStateMachine":   wire.Typed(s.deleteStateMachine),
		"DescribeStateMachine": on(s, s.machines, "stateMachine", s.describeStateMachine),
		"ListStateMachines":    wire.Typed(s.listStateMachines),
		"StartExecution":       on(s, s.machines, "stateMachine", s.startExecution),
		"ListExecutions":       on(s, s.machines, "stateMachine", s.listExecutions),
		"DescribeExecution":    on(s, s.executions, "execution", s.describeExecution),
		"GetExecutionHistory":  on(s, s.executions, "execution", s.getExecutionHistory),
		"RedriveExecution":     on(s, s.executions, "execution", s.redriveExecution),
		"StopExecution":        on(s, s.executions, "execution", s.stopExecution),
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

// on is an operation on the machine or execution of the kind that a request names.
func on[T, In any, P interface {
	*In
	arn() string
}](s *Service, all map[string]T, kind string, f func(T, *In) (any, error)) wire.Operation {
	return wire.Typed(func(_ context.Context, in *In) (any, error) {
		arn := P(in).arn()
		checkARN(arn, kind+"Arn", kind)
		s.mu.Lock()
		found, ok := all[arn]
		s.mu.Unlock()
		switch {
		case ok:
			return f(found, in)
		case kind == "execution":
			return nil, refusal("ExecutionDoesNotExist", "Execution Does Not Exist: '%s'", arn)
		}
		return nil, refusal("StateMachineDoesNotExist", "State Machine Does Not Exist: '%s'", arn)
	})
}

// machineInput and executionInput begin the requests about a machine or an execution.
type (
	machineInput   struct{ StateMachineArn string }
	executionInput struct{ ExecutionArn string }
)

func (in *machineInput) arn() string { return in.StateMachineArn }

func (in *executionInput) arn() string { return in.ExecutionArn }

// object is an answer of a few members.
type object map[string]any

// namespace stands before the names of the service's own errors.
const namespace = "com.amazonaws.swf.service.v2.model#"

func refusal(name, format string, args ...any) *wire.Error {
	return &wire.Error{Type: namespace + name, Message: fmt.Sprintf(format, args...)}
}

func shuttingDown() *wire.Error {
	return &wire.Error{Status: http.StatusServiceUnavailable, Type: "ServiceUnavailable", Message: "The local AWS is shutting down"}
}

// invalid is a request that does not fit the API's model.
func invalid(format string, args ...any) *wire.Error {
	return &wire.Error{Type: "com.amazon.coral.validate#ValidationException", Message: "1 validation error detected: " + fmt.Sprintf(format, args...)}
}

// required refuses a member that is missing.
func required(value, member string) {
	if value == "" {
		wire.Check(invalid("Value at '%s' failed to satisfy constraint: Member must not be null", member))
	}
}

// longest refuses a value above its greatest length in characters.
func longest(value, member string, most int) {
	if utf8.RuneCountInString(value) > most {
		wire.Check(invalid("Value '%s' at '%s' failed to satisfy constraint: Member must have length less than or equal to %d", value, member, most))
	}
}

// oneOf refuses a value that is not of an enumeration.
func oneOf(value, member string, values ...string) {
	if !slices.Contains(values, value) {
		wire.Check(invalid("Value '%s' at '%s' failed to satisfy constraint: Member must satisfy enum value set: [%s]", value, member, strings.Join(values, ", ")))
	}
}

// checkName applies the rules for names of machines and executions.
func checkName(name string) {
	longest(name, "name", 80)
	bad := func(r rune) bool {
		return r <= ' ' || r >= 0x7f && r <= 0x9f || r == 0xfffd || strings.ContainsRune("<>{}[]?*\"#%\\^|~`$&,;:/", r)
	}
	if name == "" || strings.IndexFunc(name, bad) >= 0 {
		wire.Check(refusal("InvalidName", "Invalid Name: '%s'", name))
	}
}

// checkARN refuses what is no ARN of the service with the resource kind.
func checkARN(text, member, kind string) {
	required(text, member)
	longest(text, member, 256)
	part := strings.SplitN(text, ":", 7)
	var problem string
	switch {
	case part[0] != "arn":
		problem = "Invalid ARN prefix: " + text
	case len(part) < 7 || part[2] != "states":
		problem = "Invalid ARN: " + text
	case part[5] != kind:
		problem = "Resource type not valid in this context: " + part[5]
	default:
		return
	}
	wire.Check(refusal("InvalidArn", "Invalid Arn: '%s'", problem))
}
