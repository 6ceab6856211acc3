package aws

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"

	"orderops/aws/queue"
	"orderops/config"
	"orderops/workflow"
)

// Outputs of the order system's stack.
const (
	outputQueue        = "OrderQueueUrl"
	outputDeadLetter   = "OrderDLQueueUrl"
	outputStateMachine = "OrderStateMachineArn"
	outputTable        = "DynamoDBTableName"
	outputTopic        = "OrderSnsTopicArn"
	outputAPI          = "ApiGatewayInvokeURL"
)

const findDeployment = "find the deployment"

// discovery finds the parts of a deployment: from flags, else from a stack's
// outputs, and the dead-letter queue also from the order queue's redrive policy.
type discovery struct {
	settings config.Settings
	stacks   *cloudformation.Client
	queue    *queue.Client
	// found starts with the account and the region.
	found workflow.Deployment
}

func (d *discovery) run(ctx context.Context) (workflow.Deployment, error) {
	d.found.QueueURL = d.settings.QueueURL
	d.found.DeadLetterURL = d.settings.DeadLetterURL
	d.found.StateMachineARN = d.settings.StateMachineARN
	d.found.Table = d.settings.Table
	d.found.TopicARN = d.settings.TopicARN

	named := d.found.QueueURL != "" && d.found.StateMachineARN != "" && d.found.Table != ""
	if d.settings.Stack != "" || !named {
		stack, err := d.stack(ctx)
		if err != nil {
			return workflow.Deployment{}, err
		}
		d.take(stack)
	}
	if d.found.DeadLetterURL == "" && d.found.QueueURL != "" {
		if err := d.followRedrivePolicy(ctx); err != nil {
			return workflow.Deployment{}, err
		}
	}
	if missing := d.missing(); len(missing) > 0 {
		return workflow.Deployment{}, d.incomplete(missing)
	}
	return d.found, nil
}

// take fills from a stack's outputs what no flag named.
func (d *discovery) take(stack types.Stack) {
	values := outputs(stack)
	d.found.Stack = awssdk.ToString(stack.StackName)
	for name, field := range map[string]*string{
		outputQueue:        &d.found.QueueURL,
		outputDeadLetter:   &d.found.DeadLetterURL,
		outputStateMachine: &d.found.StateMachineARN,
		outputTable:        &d.found.Table,
		outputTopic:        &d.found.TopicARN,
		outputAPI:          &d.found.APIURL,
	} {
		if *field == "" {
			*field = values[name]
		}
	}
}

func outputs(stack types.Stack) map[string]string {
	values := make(map[string]string, len(stack.Outputs))
	for _, o := range stack.Outputs {
		values[awssdk.ToString(o.OutputKey)] = awssdk.ToString(o.OutputValue)
	}
	return values
}

// followRedrivePolicy asks the order queue where its dead letters go.
func (d *discovery) followRedrivePolicy(ctx context.Context) error {
	q, err := d.queue.Describe(ctx, d.found.QueueURL)
	if err != nil {
		return err
	}
	if q.DeadLetterARN == "" {
		return nil // reported with whatever else is missing
	}
	d.found.DeadLetterURL, err = d.queue.URL(ctx, q.DeadLetterARN)
	return err
}

// part is a part that the tool can't do without, and where it may come from.
type part struct{ value, output, flag string }

// missing names the parts that were not found. The topic is none of them: only
// a count of subscriptions depends on it.
func (d *discovery) missing() []part {
	var missing []part
	for _, p := range []part{
		{d.found.QueueURL, outputQueue, config.FlagQueueURL},
		{d.found.DeadLetterURL, outputDeadLetter, config.FlagDeadLetterURL},
		{d.found.StateMachineARN, outputStateMachine, config.FlagStateMachine},
		{d.found.Table, outputTable, config.FlagTable},
	} {
		if p.value == "" {
			missing = append(missing, p)
		}
	}
	return missing
}

func (d *discovery) incomplete(missing []part) error {
	names, flags := make([]string, len(missing)), make([]string, len(missing))
	for i, p := range missing {
		names[i], flags[i] = p.output, "--"+p.flag
		if p.output == outputDeadLetter {
			names[i] += " (and the order queue has no redrive policy)"
		}
	}
	reason := "not named: " + strings.Join(flags, ", ")
	if d.found.Stack != "" {
		reason = "the stack " + d.found.Stack + " has no output " + strings.Join(names, ", ")
	}
	return &workflow.Problem{
		Kind: workflow.NotFound, Operation: findDeployment, Target: d.place(), Reason: reason,
		Next: "Name what is missing by " + strings.Join(flags, ", "),
	}
}

// place says where was looked.
func (d *discovery) place() string {
	text := "account " + d.found.Account + ", region " + d.found.Region
	if d.found.Endpoint != "" {
		text += ", endpoint " + d.found.Endpoint
	}
	return text
}

// stack is the one that --stack names, or the only one that looks like the order system.
func (d *discovery) stack(ctx context.Context) (types.Stack, error) {
	all, err := d.describe(ctx, d.settings.Stack)
	if err != nil {
		return types.Stack{}, d.notDescribed(err)
	}
	if d.settings.Stack != "" && len(all) > 0 {
		return all[0], nil
	}
	var whole, half []types.Stack
	for _, s := range all {
		values := outputs(s)
		switch queue, machine := values[outputQueue] != "", values[outputStateMachine] != ""; {
		case queue && machine:
			whole = append(whole, s)
		case queue || machine:
			half = append(half, s)
		}
	}
	if len(whole) == 1 {
		return whole[0], nil
	}
	return types.Stack{}, d.notOne(len(all), whole, half)
}

// describe reads one stack, or all of them when name is "".
func (d *discovery) describe(ctx context.Context, name string) ([]types.Stack, error) {
	input := &cloudformation.DescribeStacksInput{}
	if name != "" {
		input.StackName = &name
	}
	var all []types.Stack
	for {
		out, err := d.stacks.DescribeStacks(ctx, input)
		if p, ok := errors.AsType[*workflow.Problem](err); ok && p.Kind == workflow.OverBudget && pause(ctx, p.RetryAfter) {
			continue // an account with very many stacks: the next page has to wait
		}
		if err != nil {
			return nil, workflow.ProblemOf(err, "cloudformation:DescribeStacks", name)
		}
		all = append(all, out.Stacks...)
		if out.NextToken == nil {
			return all, nil
		}
		input.NextToken = out.NextToken
	}
}

// pause waits; false means that ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// Stacks names the stacks that look like the order system; all, when none does.
// It only reads.
func Stacks(ctx context.Context, settings config.Settings) ([]string, error) {
	settings.Stack, settings.ReadOnly = "", true
	if err := settings.Validate(); err != nil {
		return nil, SettingProblem(err)
	}
	cfg, err := load(ctx, settings, Options{})
	if err != nil {
		return nil, err
	}
	g := &gate{
		guard: workflow.NewGuard(true, settings.Production, settings.UnlockFor), budget: NewBudget(cfg.Region), calls: NewCallLog(), audit: &auditor{},
		explainer: explainer{profile: settings.Profile, endpoint: awssdk.ToString(cfg.BaseEndpoint)},
	}
	g.install(&cfg)
	d := discovery{settings: settings, stacks: cloudformation.NewFromConfig(cfg)}
	all, err := d.describe(ctx, "")
	if err != nil {
		return nil, err
	}
	var whole []types.Stack
	for _, s := range all {
		if values := outputs(s); values[outputQueue] != "" && values[outputStateMachine] != "" {
			whole = append(whole, s)
		}
	}
	if len(whole) > 0 {
		all = whole
	}
	return stackNames(all), nil
}

// notDescribed explains why the stacks could not be read.
func (d *discovery) notDescribed(err error) error {
	p, ok := errors.AsType[*workflow.Problem](err)
	if !ok {
		return err
	}
	code := ""
	if answer, ok := errors.AsType[smithy.APIError](p.Err); ok {
		code = answer.ErrorCode()
	}
	switch {
	case d.settings.Stack != "" && code == "ValidationError":
		// CloudFormation's answer for a stack that does not exist.
		return &workflow.Problem{
			Kind: workflow.NotFound, Operation: findDeployment, Target: d.place(),
			Reason:    "there is no stack named " + d.settings.Stack + " in " + d.found.Region,
			Next:      "Check --stack and --region, or leave out --stack to look through all stacks",
			RequestID: p.RequestID, Err: p,
		}
	case p.Kind == workflow.Forbidden:
		p.Next = "Ask for cloudformation:DescribeStacks, or name the parts by " + partFlags()
	}
	return p
}

// notOne explains why no stack, or more than one, looks like the order system.
func (d *discovery) notOne(looked int, whole, half []types.Stack) error {
	p := &workflow.Problem{Kind: workflow.NotFound, Operation: findDeployment, Target: d.place()}
	if len(whole) > 1 {
		p.Reason = fmt.Sprintf("%d stacks look like the order system: %s", len(whole), strings.Join(stackNames(whole), ", "))
		p.Next = "Choose one by --stack"
		return p
	}
	p.Reason = fmt.Sprintf("looked for a stack with the outputs %s and %s; looked through %s in %s and found none", outputQueue, outputStateMachine, count(looked, "stack"), d.found.Region)
	for _, s := range half {
		have, lack := outputQueue, outputStateMachine
		if outputs(s)[outputQueue] == "" {
			have, lack = lack, have
		}
		p.Reason += fmt.Sprintf("; the stack %s has %s but not %s", awssdk.ToString(s.StackName), have, lack)
	}
	p.Next = "Check --profile and --region, choose a stack by --stack, or name the parts by " + partFlags()
	return p
}

func stackNames(stacks []types.Stack) []string {
	names := make([]string, len(stacks))
	for i, s := range stacks {
		names[i] = awssdk.ToString(s.StackName)
	}
	return names
}

func count(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

func partFlags() string {
	return "--" + strings.Join([]string{
		config.FlagQueueURL, config.FlagDeadLetterURL, config.FlagStateMachine, config.FlagTable, config.FlagTopic,
	}, ", --")
}
