// Package execution is the operator's adapter of Step Functions: the order
// state machine and its executions.
package execution

import (
	"context"
	"slices"
	"strings"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"orderops/workflow"
)

// Limits of Step Functions.
const (
	maxPage  = 1000  // results of one page
	maxError = 256   // characters of StopExecution's error
	maxCause = 32768 // characters of StopExecution's cause
)

// Client talks to one state machine. It is safe for concurrent use.
type Client struct {
	sfn     *sfn.Client
	machine string
}

// New makes a client for the state machine with this ARN from the operator's configuration.
func New(cfg awssdk.Config, machineARN string) *Client {
	return &Client{sfn: sfn.NewFromConfig(cfg), machine: machineARN}
}

// List gives the newest executions in one call, at most 1,000; more tells
// whether there are others.
func (c *Client) List(ctx context.Context, limit int) (executions []workflow.Execution, more bool, err error) {
	executions, next, err := c.Page(ctx, "", limit)
	return executions, next != "", err
}

// Page gives a page of the executions, newest first, at most 1,000; token is "" for
// the first page, and next is "" behind the last.
func (c *Client) Page(ctx context.Context, token string, limit int) (executions []workflow.Execution, next string, err error) {
	return c.list(ctx, "", token, limit)
}

// Broken gives the newest executions that ended without success, at most 1,000 of
// each status, in one call per status; more tells whether there are others. Where
// many orders come in, those that failed are soon not among the newest of all.
func (c *Client) Broken(ctx context.Context) (executions []workflow.Execution, more bool, err error) {
	for _, status := range []types.ExecutionStatus{types.ExecutionStatusFailed, types.ExecutionStatusTimedOut, types.ExecutionStatusAborted} {
		some, next, err := c.list(ctx, status, "", 0)
		if err != nil {
			return nil, false, err
		}
		executions, more = append(executions, some...), more || next != ""
	}
	slices.SortStableFunc(executions, func(a, b workflow.Execution) int { return b.Started.Compare(a.Started) })
	return executions, more, nil
}

// list gives a page of the executions of one status; "" is all.
func (c *Client) list(ctx context.Context, status types.ExecutionStatus, token string, limit int) (executions []workflow.Execution, next string, err error) {
	input := &sfn.ListExecutionsInput{StateMachineArn: &c.machine, StatusFilter: status, MaxResults: page(limit)}
	if token != "" {
		input.NextToken = &token
	}
	out, err := c.sfn.ListExecutions(ctx, input)
	if err != nil {
		return nil, "", workflow.ProblemOf(err, "states:ListExecutions", c.machine)
	}
	executions = make([]workflow.Execution, 0, len(out.Executions))
	for _, item := range out.Executions {
		executions = append(executions, listed(item))
	}
	return executions, awssdk.ToString(out.NextToken), nil
}

func listed(item types.ExecutionListItem) workflow.Execution {
	arn, name := awssdk.ToString(item.ExecutionArn), awssdk.ToString(item.Name)
	if strings.HasSuffix(arn, name) {
		name = arn[len(arn)-len(name):] // one text in memory, not two
	}
	return workflow.Execution{
		ARN:          workflow.ExecutionARN(arn),
		Name:         name,
		Status:       workflow.ExecutionStatus(item.Status),
		Started:      awssdk.ToTime(item.StartDate),
		Stopped:      awssdk.ToTime(item.StopDate),
		RedriveCount: int(awssdk.ToInt32(item.RedriveCount)),
	}
}

// Describe reads one execution with its input, output and error.
func (c *Client) Describe(ctx context.Context, arn workflow.ExecutionARN) (workflow.Execution, error) {
	out, err := c.sfn.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: (*string)(&arn)})
	if err != nil {
		return workflow.Execution{}, workflow.ProblemOf(err, "states:DescribeExecution", string(arn))
	}
	return workflow.Execution{
		ARN:           workflow.ExecutionARN(awssdk.ToString(out.ExecutionArn)),
		Name:          awssdk.ToString(out.Name),
		Status:        workflow.ExecutionStatus(out.Status),
		Started:       awssdk.ToTime(out.StartDate),
		Stopped:       awssdk.ToTime(out.StopDate),
		RedriveCount:  int(awssdk.ToInt32(out.RedriveCount)),
		Input:         awssdk.ToString(out.Input),
		Output:        awssdk.ToString(out.Output),
		Error:         awssdk.ToString(out.Error),
		Cause:         awssdk.ToString(out.Cause),
		RedriveStatus: string(out.RedriveStatus),
		RedriveReason: awssdk.ToString(out.RedriveStatusReason),
	}, nil
}

// Stop aborts a running execution. errorName and cause are what its history
// will show; longer texts than Step Functions takes are cut.
func (c *Client) Stop(ctx context.Context, arn workflow.ExecutionARN, errorName, cause string) (time.Time, error) {
	input := &sfn.StopExecutionInput{ExecutionArn: (*string)(&arn)}
	if errorName != "" {
		input.Error = awssdk.String(cut(errorName, maxError))
	}
	if cause != "" {
		input.Cause = awssdk.String(cut(cause, maxCause))
	}
	out, err := c.sfn.StopExecution(ctx, input)
	if err != nil {
		return time.Time{}, workflow.ProblemOf(err, "states:StopExecution", string(arn))
	}
	return awssdk.ToTime(out.StopDate), nil
}

// StateMachine reads the state machine's present definition and where its
// executions are logged.
func (c *Client) StateMachine(ctx context.Context) (workflow.StateMachine, error) {
	out, err := c.sfn.DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: &c.machine})
	if err != nil {
		return workflow.StateMachine{}, workflow.ProblemOf(err, "states:DescribeStateMachine", c.machine)
	}
	told := workflow.StateMachine{Name: awssdk.ToString(out.Name), Role: awssdk.ToString(out.RoleArn), Definition: []byte(awssdk.ToString(out.Definition))}
	if logging := out.LoggingConfiguration; logging != nil {
		told.LogLevel = string(logging.Level)
		for _, d := range logging.Destinations {
			if d.CloudWatchLogsLogGroup != nil {
				told.LogGroup = groupName(awssdk.ToString(d.CloudWatchLogsLogGroup.LogGroupArn))
			}
		}
	}
	return told, nil
}

// groupName is the name in arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*.
func groupName(arn string) string {
	_, name, _ := strings.Cut(arn, ":log-group:")
	return strings.TrimSuffix(name, ":*")
}

// page is a maxResults that Step Functions takes; 0 or less means a full page.
func page(limit int) int32 {
	if limit <= 0 {
		return maxPage
	}
	return int32(min(limit, maxPage))
}

// cut keeps the first limit characters.
func cut(text string, limit int) string {
	for i := range text {
		if limit == 0 {
			return text[:i]
		}
		limit--
	}
	return text
}
