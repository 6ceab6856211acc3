package stepfunctions

import (
	"cmp"
	"context"
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
	machineDescription
	program *asl.Machine
	// stream is the log stream that its executions write to.
	stream string
	// executions in the order of their start.
	executions []*execution
}

// machineItem is a machine in a list.
type machineItem struct {
	StateMachineArn string    `json:"stateMachineArn"`
	Name            string    `json:"name"`
	Type            string    `json:"type"`
	CreationDate    wire.Time `json:"creationDate"`
}

type machineDescription struct {
	machineItem
	Status               string  `json:"status"`
	Definition           string  `json:"definition"`
	RoleArn              string  `json:"roleArn"`
	LoggingConfiguration Logging `json:"loggingConfiguration"`
	TracingConfiguration tracing `json:"tracingConfiguration"`
}

type createStateMachineInput struct {
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

// createStateMachine makes a standard state machine. Making the same machine
// again is no error; another definition or logging under the same name is
// StateMachineAlreadyExists. Another role is not looked at, as on AWS.
func (s *Service) createStateMachine(_ context.Context, in *createStateMachineInput) (any, error) {
	required(in.Name, "name")
	required(in.Definition, "definition")
	required(in.RoleArn, "roleArn")
	checkName(in.Name)
	longest(in.Definition, "definition", maxDefinition)
	if in.Type != "" && in.Type != "STANDARD" || in.Publish {
		return nil, refusal("StateMachineTypeNotSupported", "The local AWS supports state machines of type STANDARD without versions only")
	}
	program, err := asl.Parse([]byte(in.Definition))
	if err != nil {
		return nil, refusal("InvalidDefinition", "Invalid State Machine Definition: '%s'", err.Error())
	}
	m := &machine{program: program, machineDescription: machineDescription{
		machineItem{s.identity.ARN("states", "stateMachine:"+in.Name), in.Name, "STANDARD", wire.Time{Time: time.Now()}},
		"ACTIVE", in.Definition, in.RoleArn,
		Logging{Level: "OFF"},
		in.TracingConfiguration,
	}}
	if in.LoggingConfiguration != nil {
		m.LoggingConfiguration = *in.LoggingConfiguration
	}
	wire.Check(m.LoggingConfiguration.check())
	// AWS names streams so: the machine, a minute, a part of an id.
	m.stream = fmt.Sprintf("states/%s/%s/%.8s", m.Name, m.CreationDate.UTC().Format("2006-01-02-15-04"), s.identity.PassingID())
	s.mu.Lock()
	defer s.mu.Unlock()
	if old, ok := s.machines[m.StateMachineArn]; ok {
		if old.Definition != m.Definition || old.TracingConfiguration != m.TracingConfiguration || !reflect.DeepEqual(old.LoggingConfiguration, m.LoggingConfiguration) {
			return nil, refusal("StateMachineAlreadyExists", "State Machine Already Exists: '%s'", m.StateMachineArn)
		}
		m = old
	}
	s.machines[m.StateMachineArn] = m
	return object{"stateMachineArn": m.StateMachineArn, "creationDate": m.CreationDate}, nil
}

func (s *Service) describeStateMachine(m *machine, _ *machineInput) (any, error) {
	return &m.machineDescription, nil
}

// deleteStateMachine aborts what still runs and forgets the machine with its
// executions at once; AWS takes a while. Deleting what is not there is no error.
func (s *Service) deleteStateMachine(_ context.Context, in *machineInput) (any, error) {
	checkARN(in.StateMachineArn, "stateMachineArn", "stateMachine")
	s.mu.Lock()
	defer s.mu.Unlock()
	if m, ok := s.machines[in.StateMachineArn]; ok {
		delete(s.machines, in.StateMachineArn)
		for _, e := range m.executions {
			e.abort("", "")
			delete(s.executions, e.ExecutionArn)
		}
	}
	return nil, nil
}

func (s *Service) listStateMachines(_ context.Context, in *pageInput) (any, error) {
	s.mu.Lock()
	all := make([]machineItem, 0, len(s.machines))
	for _, m := range s.machines {
		all = append(all, m.machineItem)
	}
	s.mu.Unlock()
	slices.SortFunc(all, func(a, b machineItem) int { return cmp.Compare(a.Name, b.Name) })
	return cut(*in, "stateMachines", slices.All(all))
}
