// Package cloudformation is AWS CloudFormation in this process: it tells the
// stacks that were deployed to a local cloud. Its template package reads and
// evaluates templates.
package cloudformation

import (
	"fmt"
	"net/url"
	"slices"
	"sync"

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
