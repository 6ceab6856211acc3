package aws

import (
	"context"
	"sync"
	"time"

	"orderops/workflow"
	"orderops/workflow/doctor"
)

// Facts reads what the doctor judges: a dozen calls, each the cheapest of its
// kind, none of which changes or receives anything.
func (s *Session) Facts(ctx context.Context) doctor.Facts {
	f := doctor.Facts{Identity: s.Identity, Deployment: s.Deployment, Skew: s.skew, SkewKnown: s.skewKnown}
	var reading sync.WaitGroup
	reading.Go(func() {
		f.Order.Value, f.Order.Err = s.Queue.Describe(ctx, s.Deployment.QueueURL)
		if f.Consumer.Err = f.Order.Err; f.Order.Err == nil {
			f.Consumer.Value, f.Consumer.Err = s.Consumer.Describe(ctx, f.Order.Value.ARN)
		}
		_, f.Metrics = s.Metric.Read(ctx, f.Order.Value.Name, s.Deployment.StateMachineARN, f.Consumer.Value.Function, time.Now(), 1)
	})
	reading.Go(func() { f.Dead.Value, f.Dead.Err = s.Queue.Describe(ctx, s.Deployment.DeadLetterURL) })
	reading.Go(func() {
		f.Machine.Value, f.Machine.Err = s.Execution.StateMachine(ctx)
		if group := f.Machine.Value.LogGroup; group != "" {
			now := time.Now()
			_, f.Logs = s.Logs.Events(ctx, group, now.Add(-time.Second), now, "")
		}
	})
	reading.Go(func() { _, _, f.Executions = s.Execution.List(ctx, 1) })
	reading.Go(func() { _, f.Table = s.Order.Rows(ctx, []workflow.RowKey{{UserID: "-", ID: "-"}}) })
	if s.Deployment.TopicARN != "" {
		reading.Go(func() { f.Topic.Value, f.Topic.Err = s.Topic.Describe(ctx, s.Deployment.TopicARN) })
	}
	reading.Wait()
	return f
}
