// Package metric is the operator's adapter of CloudWatch's metrics.
package metric

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"orderops/workflow"
)

// Client reads metrics. It is safe for concurrent use.
type Client struct{ cloudwatch *cloudwatch.Client }

// New makes a client from the operator's configuration.
func New(cfg awssdk.Config) *Client { return &Client{cloudwatch: cloudwatch.NewFromConfig(cfg)} }

// one is one metric and where its values go.
type one struct {
	namespace, name, dimension, value, stat string
	into                                    *workflow.Series
}

// Read asks for every metric of the given minutes before now, in one call: of a
// queue and a state machine, and of a function unless that is "".
func (c *Client) Read(ctx context.Context, queue, machineARN, function string, now time.Time, minutes int) (workflow.Metrics, error) {
	m := workflow.Metrics{From: now.Truncate(time.Minute).Add(-time.Duration(minutes) * time.Minute)}
	wanted := metrics(queue, machineARN, function, &m)
	m.Asked = len(wanted)
	input := &cloudwatch.GetMetricDataInput{
		StartTime: &m.From, EndTime: awssdk.Time(now), ScanBy: types.ScanByTimestampAscending,
	}
	for i, w := range wanted {
		*w.into = make(workflow.Series, minutes)
		for minute := range *w.into {
			(*w.into)[minute] = math.NaN()
		}
		input.MetricDataQueries = append(input.MetricDataQueries, types.MetricDataQuery{
			Id: awssdk.String("m" + strconv.Itoa(i)),
			MetricStat: &types.MetricStat{Period: awssdk.Int32(60), Stat: &w.stat, Metric: &types.Metric{
				Namespace: &w.namespace, MetricName: &w.name,
				Dimensions: []types.Dimension{{Name: &w.dimension, Value: &w.value}},
			}},
		})
	}
	out, err := c.cloudwatch.GetMetricData(ctx, input)
	if err != nil {
		return workflow.Metrics{}, workflow.ProblemOf(err, "cloudwatch:GetMetricData", "")
	}
	for _, r := range out.MetricDataResults {
		i, err := strconv.Atoi(strings.TrimPrefix(awssdk.ToString(r.Id), "m"))
		if err != nil || i < 0 || i >= len(wanted) {
			continue
		}
		for n, at := range r.Timestamps {
			if minute := int(at.Sub(m.From) / time.Minute); minute >= 0 && minute < minutes && n < len(r.Values) {
				(*wanted[i].into)[minute] = r.Values[n]
			}
		}
	}
	return m, nil
}

func metrics(queue, machineARN, function string, m *workflow.Metrics) []one {
	wanted := []one{
		{"AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", queue, "Maximum", &m.OldestAge},
		{"AWS/SQS", "NumberOfMessagesSent", "QueueName", queue, "Sum", &m.Sent},
		{"AWS/SQS", "NumberOfMessagesReceived", "QueueName", queue, "Sum", &m.Received},
		{"AWS/SQS", "NumberOfMessagesDeleted", "QueueName", queue, "Sum", &m.Deleted},
		{"AWS/States", "ExecutionsStarted", "StateMachineArn", machineARN, "Sum", &m.Started},
		{"AWS/States", "ExecutionsSucceeded", "StateMachineArn", machineARN, "Sum", &m.Succeeded},
		{"AWS/States", "ExecutionsFailed", "StateMachineArn", machineARN, "Sum", &m.Failed},
		{"AWS/States", "ExecutionsTimedOut", "StateMachineArn", machineARN, "Sum", &m.TimedOut},
		{"AWS/States", "ExecutionsAborted", "StateMachineArn", machineARN, "Sum", &m.Aborted},
		{"AWS/States", "ExecutionThrottled", "StateMachineArn", machineARN, "Sum", &m.Throttled},
	}
	if function != "" {
		wanted = append(
			wanted,
			one{"AWS/Lambda", "Invocations", "FunctionName", function, "Sum", &m.Invocations},
			one{"AWS/Lambda", "Errors", "FunctionName", function, "Sum", &m.Errors},
			one{"AWS/Lambda", "Throttles", "FunctionName", function, "Sum", &m.Throttles},
		)
	}
	return wanted
}
