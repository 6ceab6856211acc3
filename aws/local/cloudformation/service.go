// Package cloudformation is AWS CloudFormation in this process: it tells the
// stacks that were deployed to a local cloud. Its template package reads and
// evaluates templates.
package cloudformation

import (
	"fmt"
	"net/url"
	"slices"
	"sync"
	"time"

	"orderops/aws/local/identity"
	"orderops/aws/local/wire"
)

// Service holds the stacks of one local cloud. It is safe for concurrent use.
type Service struct {
	*wire.Service
	identity *identity.Identity

	mu     sync.Mutex // guards stacks
	stacks []Stack    // newest first, as DescribeStacks lists them
}

// New makes a service without stacks.
func New(id *identity.Identity) *Service {
	s := &Service{identity: id}
	s.Service = &wire.Service{Protocol: wire.Query("http://cloudformation.amazonaws.com/doc/2010-05-15/"), NewID: id.PassingID, Operations: map[string]wire.Operation{
		"DescribeStacks":         wire.Form(s.describeStacks),
		"DescribeStackResources": wire.Form(s.describeStackResources),
	}}
	return s
}

// NewID makes the ARN of a new stack.
func (s *Service) NewID(name string) string {
	return s.identity.ARN("cloudformation", "stack/"+name+"/"+s.identity.UUID())
}

// Add records a deployed stack.
func (s *Service) Add(stack Stack) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.find(stack.Name) >= 0 {
		return fmt.Errorf("stack %s exists already", stack.Name)
	}
	s.stacks = slices.Insert(s.stacks, 0, stack)
	return nil
}

// Exists tells whether there is a stack of that name.
func (s *Service) Exists(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.find(name) >= 0
}

// find gives the index of a stack by name or id, -1 for none. The caller holds the lock.
func (s *Service) find(name string) int {
	return slices.IndexFunc(s.stacks, func(stack Stack) bool { return stack.Name == name || stack.ID == name })
}

// named are the stacks that a request asks for, by name or id; all when it
// names none.
func (s *Service) named(form url.Values) ([]Stack, error) {
	for parameter := range form {
		if parameter != "Action" && parameter != "Version" && parameter != "StackName" {
			return nil, refused("The parameter %s is not supported by the local AWS", parameter)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	name := form.Get("StackName")
	if name == "" {
		return slices.Clone(s.stacks), nil
	}
	at := s.find(name)
	if at < 0 {
		return nil, refused("Stack with id %s does not exist", name)
	}
	return []Stack{s.stacks[at]}, nil
}

func (s *Service) describeStacks(form url.Values) (any, error) {
	var result struct {
		Stacks []described `xml:"Stacks>member"`
	}
	found, err := s.named(form)
	for _, stack := range found {
		result.Stacks = append(result.Stacks, described{stack, wire.QueryTime(stack.Created), complete})
	}
	return result, err
}

func (s *Service) describeStackResources(form url.Values) (any, error) {
	var result struct {
		Resources []describedResource `xml:"StackResources>member"`
	}
	if !form.Has("StackName") {
		return nil, refused("DescribeStackResources without StackName is not supported by the local AWS")
	}
	found, err := s.named(form)
	for _, stack := range found {
		for _, r := range stack.Resources {
			result.Resources = append(result.Resources, describedResource{r, stack.Name, stack.ID, wire.QueryTime(stack.Created), complete})
		}
	}
	return result, err
}

func refused(format string, arguments ...any) *wire.Error {
	return &wire.Error{Type: "ValidationError", Message: fmt.Sprintf(format, arguments...)}
}

// complete is the status of all stacks and resources: they are made at once.
const complete = "CREATE_COMPLETE"

// Stack is one deployed stack.
type Stack struct {
	// ID is the stack's ARN, from NewID.
	ID          string      `xml:"StackId"`
	Name        string      `xml:"StackName"`
	Description string      `xml:",omitempty"`
	Created     time.Time   `xml:"-"`
	Parameters  []Parameter `xml:"Parameters>member"`
	Outputs     []Output    `xml:"Outputs>member"`
	Resources   []Resource  `xml:"-"`
}

// Parameter is a parameter of a stack with its value.
type Parameter struct {
	Key   string `xml:"ParameterKey"`
	Value string `xml:"ParameterValue"`
}

// Output is an output of a stack.
type Output struct {
	Key         string `xml:"OutputKey"`
	Value       string `xml:"OutputValue"`
	Description string `xml:",omitempty"`
}

// Resource is a resource of a stack.
type Resource struct {
	Logical  string `xml:"LogicalResourceId"`
	Physical string `xml:"PhysicalResourceId"`
	Type     string `xml:"ResourceType"`
}

// described is a stack as it is told.
type described struct {
	Stack
	CreationTime string
	StackStatus  string
}

// describedResource is a resource as it is told.
type describedResource struct {
	Resource
	StackName      string
	StackID        string `xml:"StackId"`
	Timestamp      string
	ResourceStatus string
}
