package execution

import (
	"context"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"orderops/workflow"
)

// Redrive lets an execution that ended without success go on at the step where
// it ended. The SDK sends a token with it, so that a repeated request redrives once.
func (c *Client) Redrive(ctx context.Context, arn workflow.ExecutionARN) (time.Time, error) {
	out, err := c.sfn.RedriveExecution(ctx, &sfn.RedriveExecutionInput{ExecutionArn: (*string)(&arn)})
	if err != nil {
		return time.Time{}, workflow.ProblemOf(err, "states:RedriveExecution", string(arn))
	}
	return awssdk.ToTime(out.RedriveDate), nil
}

// Start begins an execution with that name. The same name with the same input is
// the same start while the first one runs.
func (c *Client) Start(ctx context.Context, name, input string) (workflow.ExecutionARN, error) {
	out, err := c.sfn.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: &c.machine, Name: &name, Input: &input})
	if err != nil {
		return "", workflow.ProblemOf(err, "states:StartExecution", c.machine)
	}
	return workflow.ExecutionARN(awssdk.ToString(out.ExecutionArn)), nil
}
