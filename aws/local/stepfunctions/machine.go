package stepfunctions

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"orderops/aws/local/stepfunctions/asl"
	"orderops/aws/local/wire"
)

// maxDefinition is the most bytes of a definition (quota of Step Functions).
const maxDefinition = 1 << 20

// machine is one state machine. It never changes after it was made, but for
// executions, which the service's lock guards.
type machine struct {
	arn, name, roleARN string
	definition         string
	logging            Logging
	// stream is the log stream that its executions write to.
	stream  string
	tracing tracing
	program *asl.Machine
	created time.Time
	// executions in the order of their start.
	executions []*execution
}

// CreateStateMachineInput is the request of CreateStateMachine.
type CreateStateMachineInput struct {
	Name, Definition, RoleArn string
	// Type is STANDARD; "" is the same.
	Type string
	// LoggingConfiguration is absent for no logs.
	LoggingConfiguration *Logging
	TracingConfiguration tracing
	Publish              bool
}

type tracing struct {
	Enabled bool `json:"enabled"`
}

// CreateStateMachineOutput is its answer.
type CreateStateMachineOutput struct {
	StateMachineArn string    `json:"stateMachineArn"`
	CreationDate    wire.Time `json:"creationDate"`
}

// CreateStateMachine makes a standard state machine. Making the same machine
// again is no error; another definition or logging under the same name is
// StateMachineAlreadyExists. Another role is not looked at, as on AWS. Errors
// are *wire.Error.
func (s *Service) CreateStateMachine(_ context.Context, in *CreateStateMachineInput) (*CreateStateMachineOutput, error) {
	if err := errors.Join(required(in.Name, "name"), required(in.Definition, "definition"), required(in.RoleArn, "roleArn")); err != nil {
		return nil, err
	}
	if err := checkName(in.Name); err != nil {
		return nil, err
	}
	if in.Type != "" && in.Type != "STANDARD" {
		return nil, refusal("StateMachineTypeNotSupported", "State machines of type '%s' are not supported by the local AWS, only STANDARD", in.Type)
	}
	if in.Publish {
		return nil, &wire.Error{Type: "com.amazon.coral.validate#ValidationException", Message: "Versions of state machines are not supported by the local AWS"}
	}
	if err := longest(in.Definition, "definition", maxDefinition); err != nil {
		return nil, err
	}
	program, err := asl.Parse([]byte(in.Definition))
	if err != nil {
		return nil, refusal("InvalidDefinition", "Invalid State Machine Definition: '%s'", err.Error())
	}
	m := &machine{
		arn: s.identity.ARN("states", "stateMachine:"+in.Name), name: in.Name, roleARN: in.RoleArn,
		definition: in.Definition, program: program, created: time.Now(),
		logging: Logging{Level: "OFF"}, tracing: in.TracingConfiguration,
	}
	if in.LoggingConfiguration != nil {
		m.logging = *in.LoggingConfiguration
	}
	if err := m.logging.check(); err != nil {
		return nil, err
	}
	// AWS names streams so: the machine, a minute, a part of an id.
	m.stream = fmt.Sprintf("states/%s/%s/%.8s", m.name, m.created.UTC().Format("2006-01-02-15-04"), s.identity.PassingID())
	s.mu.Lock()
	defer s.mu.Unlock()
	if old, ok := s.machines[m.arn]; ok {
		if old.definition != m.definition || old.tracing != m.tracing || !reflect.DeepEqual(old.logging, m.logging) {
			return nil, refusal("StateMachineAlreadyExists", "State Machine Already Exists: '%s'", m.arn)
		}
		m = old
	} else {
		s.machines[m.arn] = m
	}
	return &CreateStateMachineOutput{StateMachineArn: m.arn, CreationDate: wire.Time{Time: m.created}}, nil
}

type machineInput struct{ StateMachineArn string }

type describeStateMachineOutput struct {
	StateMachineArn      string    `json:"stateMachineArn"`
	Name                 string    `json:"name"`
	Status               string    `json:"status,omitempty"`
	Definition           string    `json:"definition"`
	RoleArn              string    `json:"roleArn"`
	Type                 string    `json:"type,omitempty"`
	CreationDate         wire.Time `json:"creationDate,omitzero"`
	UpdateDate           wire.Time `json:"updateDate,omitzero"`
	LoggingConfiguration Logging   `json:"loggingConfiguration"`
	TracingConfiguration tracing   `json:"tracingConfiguration"`
}

func (m *machine) describe() *describeStateMachineOutput {
	return &describeStateMachineOutput{
		StateMachineArn: m.arn, Name: m.name, Definition: m.definition, RoleArn: m.roleARN,
		LoggingConfiguration: m.logging, TracingConfiguration: m.tracing,
	}
}

func (s *Service) describeStateMachine(_ context.Context, in *machineInput) (*describeStateMachineOutput, error) {
	m, err := s.machine(in.StateMachineArn)
	if err != nil {
		return nil, err
	}
	out := m.describe()
	out.Status, out.Type, out.CreationDate = "ACTIVE", "STANDARD", wire.Time{Time: m.created}
	return out, nil
}

func (s *Service) describeStateMachineForExecution(_ context.Context, in *executionInput) (*describeStateMachineOutput, error) {
	e, err := s.execution(in.ExecutionArn)
	if err != nil {
		return nil, err
	}
	out := e.machine.describe()
	out.UpdateDate = wire.Time{Time: e.machine.created}
	return out, nil
}

// deleteStateMachine aborts what still runs and forgets the machine with its
// executions at once; AWS takes a while. Deleting what is not there is no error.
func (s *Service) deleteStateMachine(_ context.Context, in *machineInput) (*struct{}, error) {
	if err := checkARN(in.StateMachineArn, "stateMachineArn", "stateMachine"); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.machines[in.StateMachineArn]
	if !ok {
		return &struct{}{}, nil
	}
	delete(s.machines, m.arn)
	for _, e := range m.executions {
		e.abort("", "")
		delete(s.executions, e.arn)
	}
	return &struct{}{}, nil
}

type listStateMachinesOutput struct {
	StateMachines []machineItem `json:"stateMachines"`
	NextToken     string        `json:"nextToken,omitempty"`
}

type machineItem struct {
	StateMachineArn string    `json:"stateMachineArn"`
	Name            string    `json:"name"`
	Type            string    `json:"type"`
	CreationDate    wire.Time `json:"creationDate"`
}

func (s *Service) listStateMachines(_ context.Context, in *pageInput) (*listStateMachinesOutput, error) {
	s.mu.Lock()
	all := make([]machineItem, 0, len(s.machines))
	for _, m := range s.machines {
		all = append(all, machineItem{StateMachineArn: m.arn, Name: m.name, Type: "STANDARD", CreationDate: wire.Time{Time: m.created}})
	}
	s.mu.Unlock()
	slices.SortFunc(all, func(a, b machineItem) int { return cmp.Compare(a.Name, b.Name) })
	page, next, err := cut(*in, slices.All(all))
	return &listStateMachinesOutput{page, next}, err
}

type validateInput struct {
	Definition string
	// MaxResults bounds the findings; 0 means 100, which is also the most.
	MaxResults int
}

type validateOutput struct {
	Result      string           `json:"result"`
	Diagnostics []asl.Diagnostic `json:"diagnostics"`
	Truncated   bool             `json:"truncated"`
}

func (s *Service) validateStateMachineDefinition(_ context.Context, in *validateInput) (*validateOutput, error) {
	_, err := asl.Parse([]byte(in.Definition))
	wrong, ok := errors.AsType[*asl.DefinitionError](err)
	if !ok {
		return &validateOutput{Result: "OK", Diagnostics: []asl.Diagnostic{}}, err
	}
	most := cmp.Or(in.MaxResults, 100)
	if most < 0 || most > len(wrong.Diagnostics) {
		most = len(wrong.Diagnostics)
	}
	return &validateOutput{"FAIL", wrong.Diagnostics[:most], most < len(wrong.Diagnostics)}, nil
}
