package metric

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"orderops/workflow"
)

// Transitions reads what the account's executions took of the quota of state
// transitions in the hour before now, and how many starts were refused: four
// metrics in one call.
func (c *Client) Transitions(ctx context.Context, now time.Time) (workflow.Transitions, error) {
	var told workflow.Transitions
	wanted := []struct {
		name, dimension, value, stat string
		into                         *float64
	}{
		{"ConsumedCapacity", "ServiceMetric", "StateTransition", "Maximum", &told.Peak},
		{"ProvisionedRefillRate", "ServiceMetric", "StateTransition", "Maximum", &told.Refill},
		{"ThrottledEvents", "ServiceMetric", "StateTransition", "Sum", &told.Throttled},
		{"ThrottledEvents", "APIName", "StartExecution", "Sum", &told.Refused},
	}
	input := &cloudwatch.GetMetricDataInput{StartTime: awssdk.Time(now.Add(-time.Hour)), EndTime: awssdk.Time(now)}
	for i, w := range wanted {
		input.MetricDataQueries = append(input.MetricDataQueries, types.MetricDataQuery{
			Id: awssdk.String("m" + strconv.Itoa(i)),
			MetricStat: &types.MetricStat{Period: awssdk.Int32(60), Stat: &w.stat, Metric: &types.Metric{
				Namespace: awssdk.String("AWS/States"), MetricName: &w.name, Dimensions: []types.Dimension{{Name: &w.dimension, Value: &w.value}},
			}},
		})
	}
	out, err := c.cloudwatch.GetMetricData(ctx, input)
	if err != nil {
		return told, workflow.ProblemOf(err, "cloudwatch:GetMetricData", "")
	}
	for _, r := range out.MetricDataResults {
		i, err := strconv.Atoi(strings.TrimPrefix(awssdk.ToString(r.Id), "m"))
		if err != nil || i < 0 || i >= len(wanted) || len(r.Values) == 0 {
			continue
		}
		if wanted[i].stat == "Maximum" {
			*wanted[i].into = slices.Max(r.Values)
			continue
		}
		for _, v := range r.Values {
			*wanted[i].into += v
		}
	}
	return told, nil
}
