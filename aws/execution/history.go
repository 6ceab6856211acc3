package execution

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"orderops/workflow"
)

// tailPage is how many events a look for new ones asks for: more than a step
// of the stock workflow writes, few enough to stay cheap.
const tailPage = 50

// History gives the events after the given id in ascending order; 0 gives all
// of them. It reads newest first and stops at what is known already, so that
// following a long history costs one small page.
func (c *Client) History(ctx context.Context, arn workflow.ExecutionARN, after int64) ([]workflow.Event, error) {
	size := int32(maxPage)
	if after > 0 {
		size = tailPage
	}
	var events []workflow.Event
	var token *string
	for {
		out, err := c.newest(ctx, arn, size, token)
		if err != nil {
			return nil, err
		}
		for _, e := range out.Events {
			if e.Id <= after {
				slices.Reverse(events)
				return events, nil
			}
			events = append(events, event(e))
		}
		if out.NextToken == nil {
			slices.Reverse(events)
			return events, nil
		}
		token = out.NextToken
	}
}

// Newest gives up to n of the newest events in ascending order, in one call.
func (c *Client) Newest(ctx context.Context, arn workflow.ExecutionARN, n int) ([]workflow.Event, error) {
	out, err := c.newest(ctx, arn, page(n), nil)
	if err != nil {
		return nil, err
	}
	events := make([]workflow.Event, 0, len(out.Events))
	for _, e := range slices.Backward(out.Events) {
		events = append(events, event(e))
	}
	return events, nil
}

func (c *Client) newest(ctx context.Context, arn workflow.ExecutionARN, size int32, token *string) (*sfn.GetExecutionHistoryOutput, error) {
	out, err := c.sfn.GetExecutionHistory(ctx, &sfn.GetExecutionHistoryInput{
		ExecutionArn: (*string)(&arn), ReverseOrder: true, MaxResults: size, NextToken: token,
	})
	return out, workflow.ProblemOf(err, "states:GetExecutionHistory", string(arn))
}
