package logs

import (
	"context"
	"errors"
	"strings"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"orderops/workflow"
)

const (
	// mostLines is how many lines of a function are read at once.
	mostLines = 500
	// mostPages bounds the calls of one search: CloudWatch may answer a page
	// without a line, and a token to search on.
	mostPages = 5
	// defaultGroup begins the name of the group that Lambda logs to unless another
	// one is configured; the function's name follows.
	defaultGroup = "/aws/lambda/"
)

// GroupOf is the log group of a function, in one call. Where its configuration
// can't be read, assumed is why, and the group is the one that Lambda takes by itself.
func (c *Client) GroupOf(ctx context.Context, function string) (group, assumed string) {
	out, err := c.lambda.GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: &function})
	switch {
	case err != nil:
		err = workflow.ProblemOf(err, "lambda:GetFunctionConfiguration", function)
		assumed = "lambda:GetFunctionConfiguration: " + err.Error()
		if p, ok := errors.AsType[*workflow.Problem](err); ok {
			assumed = p.Operation + ": " + p.Reason
		}
	case out.LoggingConfig == nil || awssdk.ToString(out.LoggingConfig.LogGroup) == "":
	default:
		return *out.LoggingConfig.LogGroup, ""
	}
	return defaultGroup + function, assumed
}

// Function reads what a function logged of an order: the lines that hold its id,
// else all lines of the time.
func (c *Client) Function(ctx context.Context, ask workflow.LogAsk) (workflow.FunctionLog, error) {
	told := workflow.FunctionLog{LogAsk: ask}
	told.Group, told.Assumed = c.GroupOf(ctx, ask.Function)
	// A phrase in quotes is in every line that holds it, JSON or not. A quote can't
	// stand in one.
	if ask.Order != "" && !strings.Contains(string(ask.Order), `"`) {
		if err := c.search(ctx, &told, `"`+string(ask.Order)+`"`); err != nil || len(told.Lines) > 0 || told.More {
			return told, err
		}
	}
	told.Mixed = true
	err := c.search(ctx, &told, "")
	return told, err
}

// search reads the first lines that match a filter pattern.
func (c *Client) search(ctx context.Context, into *workflow.FunctionLog, pattern string) error {
	input := &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: &into.Group, StartTime: awssdk.Int64(into.From.UnixMilli()), EndTime: awssdk.Int64(into.To.UnixMilli()),
	}
	if pattern != "" {
		input.FilterPattern = &pattern
	}
	for range mostPages {
		input.Limit = awssdk.Int32(int32(mostLines - len(into.Lines))) //nolint:gosec // 1 to mostLines
		out, err := c.logs.FilterLogEvents(ctx, input)
		if err != nil {
			return workflow.ProblemOf(err, "logs:FilterLogEvents", into.Group)
		}
		for _, e := range out.Events {
			into.Lines = append(into.Lines, workflow.LogLine{
				Time: time.UnixMilli(awssdk.ToInt64(e.Timestamp)), Stream: awssdk.ToString(e.LogStreamName), Text: strings.TrimRight(awssdk.ToString(e.Message), "\r\n"),
			})
		}
		if out.NextToken == nil {
			return nil
		}
		if input.NextToken = out.NextToken; len(into.Lines) >= mostLines {
			break
		}
	}
	into.More = true
	return nil
}
