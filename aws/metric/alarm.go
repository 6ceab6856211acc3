package metric

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"orderops/workflow"
)

// mostAlarms bounds how many alarms of an account are looked through, at 100 a call.
const mostAlarms = 2000

// Alarms are the alarms that watch a queue, also through an expression. All says
// whether every alarm of the account was looked at.
func (c *Client) Alarms(ctx context.Context, queue string) (alarms []workflow.Alarm, all bool, err error) {
	input := &cloudwatch.DescribeAlarmsInput{AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm}, MaxRecords: awssdk.Int32(100)}
	seen := 0
	for pages := cloudwatch.NewDescribeAlarmsPaginator(c.cloudwatch, input); pages.HasMorePages(); {
		if seen >= mostAlarms {
			return alarms, false, nil
		}
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, false, workflow.ProblemOf(err, "cloudwatch:DescribeAlarms", "")
		}
		seen += len(page.MetricAlarms)
		for _, a := range page.MetricAlarms {
			if metrics := watched(a, queue); len(metrics) > 0 {
				alarms = append(alarms, workflow.Alarm{Name: awssdk.ToString(a.AlarmName), State: string(a.StateValue), Metrics: metrics})
			}
		}
	}
	return alarms, true, nil
}

// watched are the metrics of a queue that an alarm looks at.
func watched(a types.MetricAlarm, queue string) []string {
	var metrics []string
	add := func(namespace, name *string, dimensions []types.Dimension) {
		if awssdk.ToString(namespace) != "AWS/SQS" {
			return
		}
		for _, d := range dimensions {
			if awssdk.ToString(d.Name) == "QueueName" && awssdk.ToString(d.Value) == queue {
				metrics = append(metrics, awssdk.ToString(name))
			}
		}
	}
	add(a.Namespace, a.MetricName, a.Dimensions)
	for _, q := range a.Metrics {
		if q.MetricStat != nil && q.MetricStat.Metric != nil {
			add(q.MetricStat.Metric.Namespace, q.MetricStat.Metric.MetricName, q.MetricStat.Metric.Dimensions)
		}
	}
	return metrics
}
