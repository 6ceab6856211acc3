package execution

import (
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"orderops/workflow"
)

// event flattens one history event. An event carries at most one details
// member; a type that is not known keeps its name, ids and time.
func event(e types.HistoryEvent) workflow.Event {
	out := workflow.Event{
		ID: e.Id, PreviousID: e.PreviousEventId, Type: string(e.Type), Time: awssdk.ToTime(e.Timestamp),
	}
	stateDetails(e, &out)
	executionDetails(e, &out)
	lambdaDetails(e, &out)
	taskDetails(e, &out)
	activityDetails(e, &out)
	mapDetails(e, &out)
	return out
}

func stateDetails(e types.HistoryEvent, out *workflow.Event) {
	if d := e.StateEnteredEventDetails; d != nil {
		setText(&out.State, d.Name)
		setText(&out.Input, d.Input)
	}
	if d := e.StateExitedEventDetails; d != nil {
		setText(&out.State, d.Name)
		setText(&out.Output, d.Output)
	}
	if d := e.EvaluationFailedEventDetails; d != nil {
		setText(&out.State, d.State)
		setFailure(out, d.Error, d.Cause)
	}
}

func executionDetails(e types.HistoryEvent, out *workflow.Event) {
	if d := e.ExecutionStartedEventDetails; d != nil {
		setText(&out.Input, d.Input)
	}
	if d := e.ExecutionSucceededEventDetails; d != nil {
		setText(&out.Output, d.Output)
	}
	if d := e.ExecutionFailedEventDetails; d != nil {
		setFailure(out, d.Error, d.Cause)
	}
	if d := e.ExecutionAbortedEventDetails; d != nil {
		setFailure(out, d.Error, d.Cause)
	}
	if d := e.ExecutionTimedOutEventDetails; d != nil {
		setFailure(out, d.Error, d.Cause)
	}
	if d := e.ExecutionRedrivenEventDetails; d != nil {
		out.RedriveCount = int(awssdk.ToInt32(d.RedriveCount))
	}
}

func lambdaDetails(e types.HistoryEvent, out *workflow.Event) {
	if d := e.LambdaFunctionScheduledEventDetails; d != nil {
		setText(&out.Resource, d.Resource)
		setText(&out.Input, d.Input)
	}
	if d := e.LambdaFunctionSucceededEventDetails; d != nil {
		setText(&out.Output, d.Output)
	}
	if d := e.LambdaFunctionFailedEventDetails; d != nil {
		setFailure(out, d.Error, d.Cause)
	}
	if d := e.LambdaFunctionTimedOutEventDetails; d != nil {
		setFailure(out, d.Error, d.Cause)
	}
	if d := e.LambdaFunctionScheduleFailedEventDetails; d != nil {
		setFailure(out, d.Error, d.Cause)
	}
	if d := e.LambdaFunctionStartFailedEventDetails; d != nil {
		setFailure(out, d.Error, d.Cause)
	}
}

func activityDetails(e types.HistoryEvent, out *workflow.Event) {
	if d := e.ActivityScheduledEventDetails; d != nil {
		setText(&out.Resource, d.Resource)
		setText(&out.Input, d.Input)
	}
	if d := e.ActivityStartedEventDetails; d != nil {
		setText(&out.Resource, d.WorkerName)
	}
	if d := e.ActivitySucceededEventDetails; d != nil {
		setText(&out.Output, d.Output)
	}
	if d := e.ActivityFailedEventDetails; d != nil {
		setFailure(out, d.Error, d.Cause)
	}
	if d := e.ActivityScheduleFailedEventDetails; d != nil {
		setFailure(out, d.Error, d.Cause)
	}
	if d := e.ActivityTimedOutEventDetails; d != nil {
		setFailure(out, d.Error, d.Cause)
	}
}

func mapDetails(e types.HistoryEvent, out *workflow.Event) {
	for _, d := range []*types.MapIterationEventDetails{
		e.MapIterationStartedEventDetails, e.MapIterationSucceededEventDetails,
		e.MapIterationFailedEventDetails, e.MapIterationAbortedEventDetails,
	} {
		if d != nil {
			setText(&out.State, d.Name)
		}
	}
	if d := e.MapRunStartedEventDetails; d != nil {
		setText(&out.Resource, d.MapRunArn)
	}
	if d := e.MapRunFailedEventDetails; d != nil {
		setFailure(out, d.Error, d.Cause)
	}
	if d := e.MapRunRedrivenEventDetails; d != nil {
		setText(&out.Resource, d.MapRunArn)
		out.RedriveCount = int(awssdk.ToInt32(d.RedriveCount))
	}
}

func setText(field, value *string) { *field = awssdk.ToString(value) }

func setFailure(out *workflow.Event, errorName, cause *string) {
	setText(&out.Error, errorName)
	setText(&out.Cause, cause)
}
