package aws

import (
	"context"
	"errors"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"orderops/aws/execution"
	"orderops/aws/order"
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
	ReadOnly bool

	Queue     *queue.Client
	Execution *execution.Client
	Order     *order.Client
	Topic     *topic.Client

	Calls  *CallLog
	Budget *Budget
}

// Connect signs in and finds the deployment. Every error is a *workflow.Problem.
func Connect(ctx context.Context, settings config.Settings, options Options) (*Session, error) {
	if err := settings.Validate(); err != nil {
		return nil, settingProblem(err)
	}
	cfg, err := load(ctx, settings, options)
	if err != nil {
		return nil, err
	}
	s := &Session{ReadOnly: settings.ReadOnly, Calls: NewCallLog(), Budget: NewBudget(cfg.Region)}
	endpoint := awssdk.ToString(cfg.BaseEndpoint)
	g := &gate{
		readOnly: settings.ReadOnly, budget: s.Budget, calls: s.Calls,
		explainer: explainer{profile: settings.Profile, endpoint: endpoint},
	}
	g.install(&cfg)

	caller, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, workflow.ProblemOf(err, "sts:GetCallerIdentity", "")
	}
	s.Identity = awssdk.ToString(caller.Arn)
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
	return s, nil
}

// settingProblem tells a wrong setting as a Problem.
func settingProblem(err error) error {
	wrong, ok := errors.AsType[*config.SettingError](err)
	if !ok {
		return err
	}
	return &workflow.Problem{
		Kind: workflow.Invalid, Operation: "read the settings", Target: wrong.Setting,
		Reason: wrong.Reason, Next: wrong.Next, Err: err,
	}
}
