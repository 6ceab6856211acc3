package aws

import (
	"context"
	"errors"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"orderops/aws/consumer"
	"orderops/aws/execution"
	"orderops/aws/logs"
	"orderops/aws/metric"
	"orderops/aws/order"
	"orderops/aws/permission"
	"orderops/aws/queue"
	"orderops/aws/topic"
	"orderops/config"
	"orderops/workflow"
)

// Session is a connection to one deployment. Its parts are safe for concurrent use.
type Session struct {
	Deployment workflow.Deployment
	// Identity is the ARN that AWS knows the operator by.
	Identity string
	// Guard decides whether something may be changed.
	Guard *workflow.Guard

	Queue     *queue.Client
	Execution *execution.Client
	Order     *order.Client
	Topic     *topic.Client
	Logs      *logs.Client
	Metric    *metric.Client
	Consumer  *consumer.Client
	// Permission is asked by the doctor only.
	Permission *permission.Client

	Calls  *CallLog
	Budget *Budget

	// skew is AWS's clock less ours, as the first call told it.
	skew      time.Duration
	skewKnown bool
}

// Connect signs in and finds the deployment. Every error is a *workflow.Problem.
func Connect(ctx context.Context, settings config.Settings, options Options) (*Session, error) {
	if err := settings.Validate(); err != nil {
		return nil, SettingProblem(err)
	}
	cfg, err := load(ctx, settings, options)
	if err != nil {
		return nil, err
	}
	s := &Session{
		Guard: workflow.NewGuard(settings.ReadOnly, settings.Production, settings.UnlockFor),
		Calls: NewCallLog(), Budget: NewBudget(cfg.Region),
	}
	endpoint := awssdk.ToString(cfg.BaseEndpoint)
	audit := &auditor{Audit: options.Audit, context: settings.Context, region: cfg.Region}
	g := &gate{
		guard: s.Guard, budget: s.Budget, calls: s.Calls, audit: audit,
		explainer: explainerOf(cfg, settings.Profile, endpoint),
	}
	g.install(&cfg)

	caller, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, workflow.ProblemOf(err, "sts:GetCallerIdentity", "")
	}
	s.Identity = awssdk.ToString(caller.Arn)
	s.skew, s.skewKnown = awsmiddleware.GetAttemptSkew(caller.ResultMetadata)
	audit.identity, audit.account = s.Identity, awssdk.ToString(caller.Account)
	s.Queue = queue.New(cfg)
	d := discovery{
		settings: settings,
		stacks:   cloudformation.NewFromConfig(cfg),
		queue:    s.Queue,
		found: workflow.Deployment{
			Account: awssdk.ToString(caller.Account), Region: cfg.Region, Endpoint: endpoint,
		},
	}
	if s.Deployment, err = d.run(ctx); err != nil {
		return nil, err
	}
	s.Execution = execution.New(cfg, s.Deployment.StateMachineARN)
	s.Order = order.New(cfg, s.Deployment.Table)
	s.Topic = topic.New(cfg)
	s.Logs, s.Metric, s.Consumer = logs.New(cfg, s.Deployment.StateMachineARN), metric.New(cfg), consumer.New(cfg)
	s.Permission = permission.New(cfg)
	return s, nil
}

// Skew is AWS's clock less ours, as the first call told it; 0 when it did not.
func (s *Session) Skew() time.Duration { return s.skew }

// SettingProblem tells a wrong setting as a Problem.
func SettingProblem(err error) error {
	if wrong, ok := errors.AsType[*config.FileError](err); ok {
		return &workflow.Problem{Kind: workflow.Invalid, Operation: "read the configuration", Target: wrong.Place(), Reason: wrong.Reason, Next: wrong.Next, Err: err}
	}
	wrong, ok := errors.AsType[*config.SettingError](err)
	if !ok {
		return err
	}
	return &workflow.Problem{
		Kind: workflow.Invalid, Operation: "read the settings", Target: wrong.Setting,
		Reason: wrong.Reason, Next: wrong.Next, Err: err,
	}
}
