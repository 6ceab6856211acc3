// Package consumer is the operator's adapter of Lambda: the event source mapping
// that feeds the order queue to its function.
package consumer

import (
	"context"
	"errors"
	"strings"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"orderops/workflow"
)

// Client reads and switches event source mappings. It is safe for concurrent use.
type Client struct{ lambda *lambda.Client }

// New makes a client from the operator's configuration.
func New(cfg awssdk.Config) *Client { return &Client{lambda: lambda.NewFromConfig(cfg)} }

// Describe tells who reads a queue, in two calls. Of several mappings it tells
// one that reads, if there is one.
func (c *Client) Describe(ctx context.Context, queueARN string) (workflow.Consumer, error) {
	out, err := c.lambda.ListEventSourceMappings(ctx, &lambda.ListEventSourceMappingsInput{EventSourceArn: &queueARN})
	if err != nil {
		return workflow.Consumer{}, workflow.ProblemOf(err, "lambda:ListEventSourceMappings", queueARN)
	}
	var found workflow.Consumer
	for _, m := range out.EventSourceMappings {
		if told := mapping(m); found.UUID == "" || told.Reads() && !found.Reads() {
			found = told
		}
	}
	if found.UUID == "" {
		return found, nil
	}
	function, err := c.lambda.GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: &found.Function})
	if err != nil {
		found.Unknown = reason(workflow.ProblemOf(err, "lambda:GetFunctionConfiguration", found.Function))
		return found, nil
	}
	found.Timeout = time.Duration(awssdk.ToInt32(function.Timeout)) * time.Second
	// Lambda's form of a time has no colon in its zone.
	if at, err := time.Parse("2006-01-02T15:04:05.000-0700", awssdk.ToString(function.LastModified)); err == nil {
		found.Deployed = at
	}
	return found, nil
}

// Switch lets a mapping read or not; state is what it is then.
func (c *Client) Switch(ctx context.Context, uuid string, on bool) (state string, err error) {
	out, err := c.lambda.UpdateEventSourceMapping(ctx, &lambda.UpdateEventSourceMappingInput{UUID: &uuid, Enabled: &on})
	if err != nil {
		return "", workflow.ProblemOf(err, "lambda:UpdateEventSourceMapping", uuid)
	}
	return awssdk.ToString(out.State), nil
}

func mapping(m types.EventSourceMappingConfiguration) workflow.Consumer {
	arn := awssdk.ToString(m.FunctionArn)
	_, name, _ := strings.Cut(arn, ":function:")
	told := workflow.Consumer{
		UUID: awssdk.ToString(m.UUID), Function: name, State: awssdk.ToString(m.State),
		BatchSize: int(awssdk.ToInt32(m.BatchSize)), LastResult: awssdk.ToString(m.LastProcessingResult),
	}
	for _, kind := range m.FunctionResponseTypes {
		told.PartialFailures = told.PartialFailures || kind == types.FunctionResponseTypeReportBatchItemFailures
	}
	return told
}

// reason is why a call failed, without what it was on.
func reason(err error) string {
	if p, ok := errors.AsType[*workflow.Problem](err); ok {
		return p.Reason
	}
	return err.Error()
}
