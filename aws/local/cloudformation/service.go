// Package cloudformation is AWS CloudFormation in this process: it tells the
// stacks that were deployed to a local cloud. Its template package reads and
// evaluates templates.
package cloudformation

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"orderops/aws/local/identity"
	"orderops/aws/local/wire"
)

// Version is the API's version, as requests name it.
const Version = "2010-05-15"

// Stack is one deployed stack.
type Stack struct {
	// ID is the stack's ARN, from NewID.
	ID          string
	Name        string
	Description string
	Created     time.Time
	Parameters  []Parameter
	Outputs     []Output
	Resources   []Resource
}

// Parameter is a parameter of a stack with its value.
type Parameter struct{ Key, Value string }

// Output is an output of a stack.
type Output struct{ Key, Value, Description string }

// Resource is a resource of a stack.
type Resource struct{ Logical, Physical, Type string }

// Service holds the stacks of one local cloud. It is safe for concurrent use.
type Service struct {
	identity *identity.Identity
	api      *wire.QueryService

	mu     sync.Mutex // guards stacks
	stacks []Stack    // newest first, as DescribeStacks lists them
}

// New makes a service without stacks.
func New(id *identity.Identity) *Service {
	s := &Service{identity: id}
	s.api = &wire.QueryService{
		Namespace: "http://cloudformation.amazonaws.com/doc/" + Version + "/",
		NewID:     id.PassingID,
		Operations: map[string]wire.QueryOperation{
			"DescribeStacks":         s.describeStacks,
			"DescribeStackResources": s.describeStackResources,
			"ListStacks":             s.listStacks,
		},
	}
	return s
}

// ServeHTTP answers one query request.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.api.ServeHTTP(w, r) }

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

func (s *Service) describeStacks(_ context.Context, form url.Values) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.stacks
	if name := form.Get("StackName"); name != "" {
		at := s.find(name)
		if at < 0 {
			return nil, missing("Stack with id " + name + " does not exist")
		}
		found = s.stacks[at : at+1]
	}
	result := describeStacksResult{}
	for _, stack := range found {
		result.Stacks.Members = append(result.Stacks.Members, stackMemberOf(stack))
	}
	return result, nil
}

func (s *Service) describeStackResources(_ context.Context, form url.Values) (any, error) {
	name := form.Get("StackName")
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.find(name)
	if at < 0 {
		return nil, missing("Stack with id " + name + " does not exist")
	}
	stack := s.stacks[at]
	wanted := form.Get("LogicalResourceId")
	result := stackResourcesResult{}
	for _, r := range stack.Resources {
		if wanted != "" && wanted != r.Logical {
			continue
		}
		result.Resources.Members = append(result.Resources.Members, resourceMember{
			StackName: stack.Name, StackID: stack.ID, LogicalResourceID: r.Logical, PhysicalResourceID: r.Physical,
			ResourceType: r.Type, Timestamp: wire.QueryTime(stack.Created), ResourceStatus: complete,
			Drift: drift{"NOT_CHECKED"},
		})
	}
	if wanted != "" && len(result.Resources.Members) == 0 {
		return nil, missing(fmt.Sprintf("Resource %s does not exist for stack %s", wanted, stack.Name))
	}
	return result, nil
}

func (s *Service) listStacks(_ context.Context, form url.Values) (any, error) {
	var wanted []string
	for key, values := range form {
		if len(key) > len("StackStatusFilter.") && key[:len("StackStatusFilter.")] == "StackStatusFilter." {
			wanted = append(wanted, values...)
		}
	}
	result := listStacksResult{}
	if len(wanted) > 0 && !slices.Contains(wanted, complete) {
		return result, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, stack := range s.stacks {
		result.Summaries.Members = append(result.Summaries.Members, summaryMember{
			StackID: stack.ID, StackName: stack.Name, Description: stack.Description,
			CreationTime: wire.QueryTime(stack.Created), StackStatus: complete, Drift: stackDrift{"NOT_CHECKED"},
		})
	}
	return result, nil
}

func missing(message string) *wire.Error {
	return &wire.Error{Status: http.StatusBadRequest, Type: "ValidationError", Message: message}
}
