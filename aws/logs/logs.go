// Package logs is the operator's adapter of CloudWatch Logs: what the state
// machine writes of its executions, and its functions of their work.
package logs

import (
	"context"
	"strings"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"orderops/workflow"
)

// page is how many records one call asks for: what a screen takes in without a
// stutter. AWS answers about a megabyte at most.
const page = 2500

// Client reads what is logged of one state machine. It is safe for concurrent use.
type Client struct {
	logs   *cloudwatchlogs.Client
	lambda *lambda.Client
	// executions is what the ARNs of the machine's executions begin with: other
	// machines may log to the same group.
	executions string
}

// New makes a client for the state machine with this ARN from the operator's configuration.
func New(cfg awssdk.Config, machineARN string) *Client {
	return &Client{logs: cloudwatchlogs.NewFromConfig(cfg), lambda: lambda.NewFromConfig(cfg), executions: string(workflow.ExecutionOf(machineARN, ""))}
}

// Events reads one page of what a group tells of executions, from a time on, up
// to a time unless that is zero. token is the Next of the page before.
func (c *Client) Events(ctx context.Context, group string, from, to time.Time, token string) (workflow.LogPage, error) {
	input := &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: &group, StartTime: awssdk.Int64(from.UnixMilli()),
		FilterPattern: awssdk.String(workflow.LogPattern), Limit: awssdk.Int32(page),
	}
	if !to.IsZero() {
		input.EndTime = awssdk.Int64(to.UnixMilli())
	}
	if token != "" {
		input.NextToken = &token
	}
	out, err := c.logs.FilterLogEvents(ctx, input)
	if err != nil {
		return workflow.LogPage{}, workflow.ProblemOf(err, "logs:FilterLogEvents", group)
	}
	read := workflow.LogPage{Next: awssdk.ToString(out.NextToken), Events: make([]workflow.LogEvent, 0, len(out.Events))}
	for _, e := range out.Events {
		event, ok := workflow.ParseLogEvent(awssdk.ToString(e.Message))
		if ok && strings.HasPrefix(string(event.Execution), c.executions) {
			read.Events = append(read.Events, event)
		}
		if at := time.UnixMilli(awssdk.ToInt64(e.Timestamp)); at.After(read.Newest) {
			read.Newest = at
		}
	}
	return read, nil
}
