package cloudformation

import "time"

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
