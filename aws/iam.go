package aws

import (
	"context"
	"net/url"
	"strings"

	"orderops/aws/policy"
	"orderops/workflow"
	"orderops/workflow/definition"
)

// Policy writes the IAM policy of a tier for the session's deployment.
func (s *Session) Policy(ctx context.Context, tier string) ([]byte, error) {
	machine, err := s.Execution.StateMachine(ctx)
	if err != nil {
		return nil, err
	}
	document, err := policy.For(policy.Tier(tier), s.stack(ctx, machine))
	if err != nil {
		return nil, &workflow.Problem{
			Kind: workflow.Invalid, Operation: "write the policy", Target: tier, Reason: err.Error(),
			Next: "Name one of them: orderops iam operator", Err: err,
		}
	}
	return document, nil
}

// stack is the session's deployment as policies name it.
func (s *Session) stack(ctx context.Context, machine workflow.StateMachine) policy.Stack {
	d := s.Deployment
	partition := partitionOf(d.StateMachineARN)
	arn := func(service, rest string) string {
		return strings.Join([]string{"arn", partition, service, d.Region, d.Account, rest}, ":")
	}
	stack := policy.Stack{
		Name: d.Stack, Account: d.Account, Region: d.Region,
		Queue: arn("sqs", lastOf(d.QueueURL)), DeadLetterQueue: arn("sqs", lastOf(d.DeadLetterURL)),
		StateMachine: d.StateMachineARN, Role: machine.Role, Table: arn("dynamodb", "table/"+d.Table), Topic: d.TopicARN,
	}
	if machine.LogGroup != "" {
		stack.LogGroup = arn("logs", "log-group:"+machine.LogGroup)
	}
	if parsed, err := definition.Parse(machine.Definition); err == nil { // one that can't be read names no functions
		for _, called := range parsed.Functions() {
			group, _ := s.Logs.GroupOf(ctx, workflow.FunctionName(called))
			stack.FunctionLogs = append(stack.FunctionLogs, arn("logs", "log-group:"+group))
		}
	}
	// https://<id>.execute-api.<region>.amazonaws.com/<stage>/orders/
	if u, err := url.Parse(d.APIURL); err == nil && strings.Contains(u.Host, ".execute-api.") {
		id, _, _ := strings.Cut(u.Host, ".")
		stage, path, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
		stack.API = arn("execute-api", id+"/"+stage+"/POST/"+path)
	}
	return stack
}

// partitionOf is an ARN's second part, "aws" of what is no ARN.
func partitionOf(arn string) string {
	if parts := strings.Split(arn, ":"); len(parts) > 1 {
		return parts[1]
	}
	return "aws"
}

// lastOf is the last part of an address: a queue's name.
func lastOf(address string) string { return address[strings.LastIndexByte(address, '/')+1:] }
