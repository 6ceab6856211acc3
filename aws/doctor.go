package aws

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"orderops/aws/policy"
	"orderops/workflow"
	"orderops/workflow/doctor"
)

// Facts reads what the doctor judges, each thing in the cheapest way; nothing is
// changed or received. tier is whose permissions are asked for.
func (s *Session) Facts(ctx context.Context, tier string) doctor.Facts {
	f := doctor.Facts{Identity: s.Identity, Deployment: s.Deployment, Skew: s.skew, SkewKnown: s.skewKnown}
	var reading sync.WaitGroup
	reading.Go(func() { s.orderFacts(ctx, &f) })
	reading.Go(func() {
		if f.Dead.Value, f.Dead.Err = s.Queue.Describe(ctx, s.Deployment.DeadLetterURL); f.Dead.Err != nil {
			f.Alarms.Err = f.Dead.Err
			return
		}
		var all bool
		f.Alarms.Value, all, f.Alarms.Err = s.Metric.Alarms(ctx, f.Dead.Value.Name)
		f.AlarmsLeft = !all
	})
	reading.Go(func() {
		f.Machine.Value, f.Machine.Err = s.Execution.StateMachine(ctx)
		if group := f.Machine.Value.LogGroup; group != "" {
			now := time.Now()
			_, f.Logs = s.Logs.Events(ctx, group, now.Add(-time.Second), now, "")
		}
		f.Permissions.Value, f.Permissions.Err = s.permissions(ctx, tier, s.stack(ctx, f.Machine.Value))
	})
	reading.Go(func() { _, _, f.Executions = s.Execution.List(ctx, 1) })
	reading.Go(func() { _, f.Table = s.Order.Rows(ctx, []workflow.RowKey{{UserID: "-", ID: "-"}}) })
	reading.Go(func() { f.Transitions.Value, f.Transitions.Err = s.Metric.Transitions(ctx, time.Now()) })
	if s.Deployment.TopicARN != "" {
		reading.Go(func() { f.Topic.Value, f.Topic.Err = s.Topic.Describe(ctx, s.Deployment.TopicARN) })
	}
	reading.Wait()
	return f
}

// orderFacts reads the order queue and who reads it.
func (s *Session) orderFacts(ctx context.Context, f *doctor.Facts) {
	f.Order.Value, f.Order.Err = s.Queue.Describe(ctx, s.Deployment.QueueURL)
	if f.Consumer.Err = f.Order.Err; f.Order.Err == nil {
		f.Consumer.Value, f.Consumer.Err = s.Consumer.Describe(ctx, f.Order.Value.ARN)
	}
	function := f.Consumer.Value.Function
	_, f.Metrics = s.Metric.Read(ctx, f.Order.Value.Name, s.Deployment.StateMachineARN, function, time.Now(), 1)
	if function != "" {
		f.Concurrency.Value, f.Concurrency.Err = s.Consumer.Concurrency(ctx, function)
	}
}

// permissions asks IAM what the operator's policies allow of what a tier needs.
func (s *Session) permissions(ctx context.Context, tier string, stack policy.Stack) (workflow.Permissions, error) {
	told := workflow.Permissions{Tier: tier}
	source, err := s.Permission.Source(ctx, s.Identity)
	if err != nil {
		return told, err
	}
	if source == "" {
		told.Unasked = "IAM simulates no policies for " + s.Identity
		return told, nil
	}
	told.Source = source
	denied := map[string][]string{}
	for _, need := range policy.Needs(policy.Tier(tier), stack) {
		told.Actions += len(need.Actions)
		found, err := s.Permission.Denied(ctx, source, need.Actions, need.Resources)
		if err != nil {
			return told, err
		}
		for action, resources := range found {
			denied[action] = append(denied[action], resources...)
		}
	}
	for _, action := range slices.Sorted(maps.Keys(denied)) {
		told.Denied = append(told.Denied, workflow.Denial{Action: action, Resources: denied[action]})
	}
	return told, nil
}
