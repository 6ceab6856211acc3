package queue

import (
	"context"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/workflow"
)

// StartMove starts SQS's own redrive of a whole dead-letter queue, at 1 to 500
// messages per second. destinationARN "" sends every message to the queue that
// it came from. The handle cancels the task.
func (c *Client) StartMove(ctx context.Context, sourceARN, destinationARN string, perSecond int) (handle string, err error) {
	input := &sqs.StartMessageMoveTaskInput{
		SourceArn:                    &sourceARN,
		MaxNumberOfMessagesPerSecond: awssdk.Int32(int32(min(max(perSecond, 1), maxMoveRate))),
	}
	if destinationARN != "" {
		input.DestinationArn = &destinationARN
	}
	out, err := c.sqs.StartMessageMoveTask(ctx, input)
	if err != nil {
		return "", workflow.ProblemOf(err, "sqs:StartMessageMoveTask", sourceARN)
	}
	return awssdk.ToString(out.TaskHandle), nil
}

// Moves are the latest move tasks of a dead-letter queue, newest first, at most ten.
func (c *Client) Moves(ctx context.Context, sourceARN string) ([]workflow.MoveTask, error) {
	out, err := c.sqs.ListMessageMoveTasks(ctx, &sqs.ListMessageMoveTasksInput{
		SourceArn: &sourceARN, MaxResults: awssdk.Int32(maxMoveTasks),
	})
	if err != nil {
		return nil, workflow.ProblemOf(err, "sqs:ListMessageMoveTasks", sourceARN)
	}
	tasks := make([]workflow.MoveTask, 0, len(out.Results))
	for _, r := range out.Results {
		tasks = append(tasks, moveTask(r))
	}
	return tasks, nil
}

func moveTask(r types.ListMessageMoveTasksResultEntry) workflow.MoveTask {
	return workflow.MoveTask{
		Handle:         awssdk.ToString(r.TaskHandle),
		Status:         workflow.MoveStatus(awssdk.ToString(r.Status)),
		SourceARN:      awssdk.ToString(r.SourceArn),
		DestinationARN: awssdk.ToString(r.DestinationArn),
		Rate:           int(awssdk.ToInt32(r.MaxNumberOfMessagesPerSecond)),
		Moved:          r.ApproximateNumberOfMessagesMoved,
		ToMove:         awssdk.ToInt64(r.ApproximateNumberOfMessagesToMove),
		Started:        started(r.StartedTimestamp),
		FailureReason:  awssdk.ToString(r.FailureReason),
	}
}

// started reads StartedTimestamp, whose unit the API reference does not name:
// what would be before 1973 in milliseconds is taken as seconds.
func started(n int64) time.Time {
	const secondsEnd = 100_000_000_000
	switch {
	case n <= 0:
		return time.Time{}
	case n < secondsEnd:
		return time.Unix(n, 0).UTC()
	default:
		return time.UnixMilli(n).UTC()
	}
}

// CancelMove asks a move task to stop and tells how many messages it had moved
// by then. What was moved stays moved, and some more may follow.
func (c *Client) CancelMove(ctx context.Context, handle string) (moved int64, err error) {
	out, err := c.sqs.CancelMessageMoveTask(ctx, &sqs.CancelMessageMoveTaskInput{TaskHandle: &handle})
	if err != nil {
		return 0, workflow.ProblemOf(err, "sqs:CancelMessageMoveTask", "")
	}
	return out.ApproximateNumberOfMessagesMoved, nil
}
