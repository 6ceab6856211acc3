package execution

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"orderops/workflow"
)

// Rights tells the ARNs of the role that the machine acts with and of the log
// group that it writes, "" when it writes none.
func (c *Client) Rights(ctx context.Context) (role, logGroup string, err error) {
	out, err := c.sfn.DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: &c.machine})
	if err != nil {
		return "", "", workflow.ProblemOf(err, "states:DescribeStateMachine", c.machine)
	}
	if out.LoggingConfiguration != nil {
		for _, d := range out.LoggingConfiguration.Destinations {
			if d.CloudWatchLogsLogGroup != nil {
				logGroup = awssdk.ToString(d.CloudWatchLogsLogGroup.LogGroupArn)
			}
		}
	}
	return awssdk.ToString(out.RoleArn), logGroup, nil
}
