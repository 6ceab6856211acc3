package policy

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Tier is how much of a deployment somebody may do.
type Tier string

// The tiers; each may do what those before it may.
const (
	// ReadOnly may look at everything and change nothing.
	ReadOnly Tier = "read-only"
	// Operator may order, stop, run again and redrive.
	Operator Tier = "operator"
	// Admin may also purge, restore dead letters, switch the consumer, and change
	// queues, machine and rows.
	Admin Tier = "admin"
)

// nobody is the tier of what no tier may do.
const nobody Tier = ""

// Tiers are all of them, the least first.
func Tiers() []Tier { return []Tier{ReadOnly, Operator, Admin} }

// Stack is what a policy is for: the parts of a deployment by their ARNs. A
// part that the deployment does not have, or that nobody knows, is "".
type Stack struct {
	// Name is the CloudFormation stack's, "" when the parts are named by flags.
	Name                                       string
	Account, Region                            string
	Queue, DeadLetterQueue                     string
	StateMachine, Role, LogGroup, Table, Topic string
	// FunctionLogs are the log groups of the machine's functions.
	FunctionLogs []string
	// API is the ARN of the POST method.
	API string
}

// grant are actions on resources. Grants whose resources are all "" are left out.
type grant struct {
	tier      Tier
	sid       string
	actions   string
	resources []string
}

// For writes the least policy with which the tool can do on this stack what the
// tier may do. "*" is a resource only where the service knows no narrower one.
func For(tier Tier, s Stack) ([]byte, error) {
	rank := slices.Index(Tiers(), tier)
	if rank < 0 {
		return nil, fmt.Errorf("there is no tier %q, only %s, %s and %s", tier, ReadOnly, Operator, Admin)
	}
	type entry struct {
		Sid, Effect      string
		Action, Resource []string
	}
	document := struct {
		Version   string
		Statement []entry
	}{Version: "2012-10-17"}
	for _, g := range s.grants(s.partition()) {
		effect, above := "Allow", g.tier == nobody || slices.Index(Tiers(), g.tier) > rank
		denies := strings.HasPrefix(g.sid, "Never")
		if denies {
			effect = "Deny"
		}
		if above != denies {
			continue
		}
		if resources := g.known(); len(resources) > 0 {
			document.Statement = append(document.Statement, entry{g.sid, effect, strings.Fields(g.actions), resources})
		}
	}
	return json.MarshalIndent(document, "", "  ")
}

// Need are actions that a tier may do on resources.
type Need struct{ Actions, Resources []string }

// Needs are what the tier may do on this stack, as in its policy, once for each
// set of resources.
func Needs(tier Tier, s Stack) []Need {
	var needs []Need
	for _, g := range s.grants(s.partition()) {
		resources := g.known()
		if len(resources) == 0 || strings.HasPrefix(g.sid, "Never") || slices.Index(Tiers(), g.tier) > slices.Index(Tiers(), tier) {
			continue
		}
		at := slices.IndexFunc(needs, func(n Need) bool { return slices.Equal(n.Resources, resources) })
		if at < 0 {
			at = len(needs)
			needs = append(needs, Need{Resources: resources})
		}
		needs[at].Actions = append(needs[at].Actions, strings.Fields(g.actions)...)
	}
	return needs
}

// known are the resources that the deployment has.
func (g grant) known() []string {
	return slices.DeleteFunc(slices.Clone(g.resources), func(r string) bool { return r == "" })
}

// partition is AWS's part of the world, by an ARN of it.
func (s Stack) partition() string {
	if parts := strings.Split(s.StateMachine, ":"); len(parts) > 1 {
		return parts[1]
	}
	return "aws"
}

// grants are all that any tier may do. A grant that is denied says so by its
// sid, Never…, to every tier below its own.
func (s Stack) grants(partition string) []grant {
	arn := func(service, rest string) string {
		return fmt.Sprintf("arn:%s:%s:%s:%s:%s", partition, service, s.Region, s.Account, rest)
	}
	within := func(of, suffix string) string { // "" stays ""
		if of == "" {
			return ""
		}
		return strings.TrimSuffix(of, ":*") + suffix
	}
	executions := within(strings.Replace(s.StateMachine, ":stateMachine:", ":execution:", 1), ":*")
	stack := ""
	if s.Name != "" {
		stack = arn("cloudformation", "stack/"+s.Name+"/*")
	}
	logGroups := []string{within(s.LogGroup, ":*")}
	for _, group := range s.FunctionLogs {
		logGroups = append(logGroups, within(group, ":*"))
	}
	queues, all := []string{s.Queue, s.DeadLetterQueue}, []string{"*"}
	return []grant{
		{ReadOnly, "FindTheStack", "cloudformation:DescribeStacks cloudformation:DescribeStackResources", []string{stack}},
		{ReadOnly, "LookAtQueues", "sqs:GetQueueUrl sqs:GetQueueAttributes", queues},
		{ReadOnly, "LookAtDeadLetters", "sqs:ListDeadLetterSourceQueues sqs:ListMessageMoveTasks", []string{s.DeadLetterQueue}},
		{ReadOnly, "LookAtTheMachine", "states:DescribeStateMachine states:ListExecutions", []string{s.StateMachine}},
		{ReadOnly, "LookAtExecutions", "states:DescribeExecution states:GetExecutionHistory states:DescribeStateMachineForExecution", []string{executions}},
		{ReadOnly, "LookAtOrders", "dynamodb:DescribeTable dynamodb:GetItem dynamodb:BatchGetItem dynamodb:Query", []string{s.Table, within(s.Table, "/index/*")}},
		{ReadOnly, "LookAtTheTopic", "sns:GetTopicAttributes sns:ListSubscriptionsByTopic", []string{s.Topic}},
		{ReadOnly, "FollowTheLogs", "logs:FilterLogEvents", logGroups},
		{ReadOnly, "LookAtFunctions", "lambda:GetFunctionConfiguration lambda:GetFunctionConcurrency", []string{arn("lambda", "function:*")}},
		// These know no narrower resource.
		{ReadOnly, "LookAround", "sts:GetCallerIdentity cloudwatch:GetMetricData cloudwatch:DescribeAlarms lambda:GetAccountSettings lambda:ListEventSourceMappings lambda:GetEventSourceMapping logs:DescribeLogGroups", all},

		{Operator, "Order", "sqs:SendMessage", []string{s.Queue}},
		{Operator, "OrderByTheAPI", "execute-api:Invoke", []string{s.API}},
		{Operator, "ReadAllOrders", "dynamodb:Scan", []string{s.Table, within(s.Table, "/index/*")}},
		{Operator, "RunAgain", "states:StartExecution", []string{s.StateMachine}},
		{Operator, "StopAndRedriveExecutions", "states:StopExecution states:RedriveExecution", []string{executions}},
		{
			Operator, "InspectAndRedriveDeadLetters",
			"sqs:ReceiveMessage sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:StartMessageMoveTask sqs:CancelMessageMoveTask",
			[]string{s.DeadLetterQueue},
		},

		{Admin, "Restore", "sqs:SendMessage", []string{s.DeadLetterQueue}},
		{Admin, "PurgeDeadLetters", "sqs:PurgeQueue", []string{s.DeadLetterQueue}},
		{Admin, "ChangeQueues", "sqs:SetQueueAttributes", queues},
		{Admin, "ChangeTheMachine", "states:UpdateStateMachine", []string{s.StateMachine}},
		{Admin, "TestStates", "states:TestState", all}, // tests what is no machine yet
		{Admin, "UseTheMachinesRole", "iam:PassRole", []string{s.Role}},
		{Admin, "ChangeOrders", "dynamodb:PutItem dynamodb:UpdateItem", []string{s.Table}},
		{Admin, "SwitchTheConsumer", "lambda:UpdateEventSourceMapping", []string{arn("lambda", "event-source-mapping:*")}},

		// Whatever other policies allow.
		{Admin, "NeverPurge", "sqs:PurgeQueue", []string{s.DeadLetterQueue}},
		{nobody, "NeverPurgeOrders", "sqs:PurgeQueue", []string{s.Queue}},
		{Admin, "NeverDelete", "sqs:DeleteQueue states:DeleteStateMachine dynamodb:DeleteTable", append(slices.Clone(queues), s.StateMachine, s.Table)},
	}
}
