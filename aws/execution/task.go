package execution

import (
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"orderops/workflow"
)

// taskDetails flattens the events of an optimised or SDK integration.
func taskDetails(e types.HistoryEvent, out *workflow.Event) {
	if d := e.TaskScheduledEventDetails; d != nil {
		setAction(out, d.ResourceType, d.Resource)
		setText(&out.Input, d.Parameters)
	}
	if d := e.TaskStartedEventDetails; d != nil {
		setAction(out, d.ResourceType, d.Resource)
	}
	if d := e.TaskSubmittedEventDetails; d != nil {
		setAction(out, d.ResourceType, d.Resource)
		setText(&out.Output, d.Output)
	}
	if d := e.TaskSucceededEventDetails; d != nil {
		setAction(out, d.ResourceType, d.Resource)
		setText(&out.Output, d.Output)
	}
	if d := e.TaskFailedEventDetails; d != nil {
		setAction(out, d.ResourceType, d.Resource)
		setFailure(out, d.Error, d.Cause)
	}
	if d := e.TaskTimedOutEventDetails; d != nil {
		setAction(out, d.ResourceType, d.Resource)
		setFailure(out, d.Error, d.Cause)
	}
	if d := e.TaskStartFailedEventDetails; d != nil {
		setAction(out, d.ResourceType, d.Resource)
		setFailure(out, d.Error, d.Cause)
	}
	if d := e.TaskSubmitFailedEventDetails; d != nil {
		setAction(out, d.ResourceType, d.Resource)
		setFailure(out, d.Error, d.Cause)
	}
}

// setAction names the API action of an integration: "lambda:invoke".
func setAction(out *workflow.Event, service, action *string) {
	out.Resource = awssdk.ToString(service) + ":" + awssdk.ToString(action)
}
