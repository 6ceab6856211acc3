package cloudformation

import "orderops/aws/local/wire"

// complete is the status of all stacks and resources: they are made at once.
const complete = "CREATE_COMPLETE"

// list is a list in the query protocol: <member> for each entry.
type list[T any] struct {
	Members []T `xml:"member"`
}

type describeStacksResult struct {
	Stacks list[stackMember]
}

type stackMember struct {
	StackID                     string `xml:"StackId"`
	StackName                   string
	Description                 string                 `xml:",omitempty"`
	Parameters                  *list[parameterMember] `xml:",omitempty"`
	CreationTime                string
	RollbackConfiguration       struct{}
	StackStatus                 string
	DisableRollback             bool
	NotificationARNs            list[string]
	Capabilities                list[string]
	Outputs                     *list[outputMember] `xml:",omitempty"`
	Tags                        list[string]
	EnableTerminationProtection bool
	Drift                       stackDrift `xml:"DriftInformation"`
}

type parameterMember struct {
	ParameterKey   string
	ParameterValue string
}

type outputMember struct {
	OutputKey   string
	OutputValue string
	Description string `xml:",omitempty"`
}

type stackDrift struct {
	StackDriftStatus string
}

type drift struct {
	StackResourceDriftStatus string
}

type stackResourcesResult struct {
	Resources list[resourceMember] `xml:"StackResources"`
}

type resourceMember struct {
	StackName          string
	StackID            string `xml:"StackId"`
	LogicalResourceID  string `xml:"LogicalResourceId"`
	PhysicalResourceID string `xml:"PhysicalResourceId"`
	ResourceType       string
	Timestamp          string
	ResourceStatus     string
	Drift              drift `xml:"DriftInformation"`
}

type listStacksResult struct {
	Summaries list[summaryMember] `xml:"StackSummaries"`
}

type summaryMember struct {
	StackID      string `xml:"StackId"`
	StackName    string
	Description  string `xml:"TemplateDescription,omitempty"`
	CreationTime string
	StackStatus  string
	Drift        stackDrift `xml:"DriftInformation"`
}

func stackMemberOf(stack Stack) stackMember {
	m := stackMember{
		StackID: stack.ID, StackName: stack.Name, Description: stack.Description,
		CreationTime: wire.QueryTime(stack.Created), StackStatus: complete,
		Capabilities: list[string]{[]string{"CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"}},
		Drift:        stackDrift{"NOT_CHECKED"},
	}
	if len(stack.Parameters) > 0 {
		m.Parameters = &list[parameterMember]{}
		for _, p := range stack.Parameters {
			m.Parameters.Members = append(m.Parameters.Members, parameterMember{p.Key, p.Value})
		}
	}
	if len(stack.Outputs) > 0 {
		m.Outputs = &list[outputMember]{}
		for _, o := range stack.Outputs {
			m.Outputs.Members = append(m.Outputs.Members, outputMember{o.Key, o.Value, o.Description})
		}
	}
	return m
}
