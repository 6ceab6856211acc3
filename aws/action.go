package aws

import "strings"

// action is the name of an operation as IAM spells it: service prefix, colon, operation.
func action(service, operation string) string { return prefix(service) + ":" + operation }

// prefix is IAM's prefix of a service, by the SDK's service id.
func prefix(service string) string {
	switch service {
	case "SFN":
		return "states"
	case "SSO OIDC":
		return "sso-oauth"
	case "CloudWatch Logs":
		return "logs"
	default:
		return strings.ToLower(strings.ReplaceAll(service, " ", ""))
	}
}

// permissionOf is the IAM action that allows an operation: the batch operations
// of SQS have none of their own.
func permissionOf(action string) string {
	if strings.HasPrefix(action, "sqs:") {
		return strings.TrimSuffix(action, "Batch")
	}
	return action
}

// isRead is the allow-list of a read-only session: everything that is not on
// it is refused before it is signed. ReceiveMessage is not: it counts as a
// receive and hides messages from the consumer. The calls that fetch
// credentials are.
func isRead(action string) bool {
	switch action {
	case "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueues",
		"sqs:ListDeadLetterSourceQueues", "sqs:ListMessageMoveTasks", "sqs:ListQueueTags":
		return true
	case "states:ListExecutions", "states:DescribeExecution", "states:GetExecutionHistory",
		"states:DescribeStateMachine", "states:DescribeStateMachineForExecution", "states:ListStateMachines":
		return true
	case "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:DescribeTable":
		return true
	case "logs:FilterLogEvents", "logs:DescribeLogGroups", "cloudwatch:GetMetricData", "cloudwatch:DescribeAlarms",
		"lambda:ListEventSourceMappings", "lambda:GetEventSourceMapping", "lambda:GetFunctionConfiguration",
		"lambda:GetAccountSettings", "lambda:GetFunctionConcurrency":
		return true
	case "iam:GetRole", "iam:SimulatePrincipalPolicy": // tells what would be allowed, and does none of it
		return true
	case "sns:GetTopicAttributes", "sns:ListTopics", "sns:ListSubscriptionsByTopic":
		return true
	case "cloudformation:DescribeStacks", "cloudformation:DescribeStackResources", "cloudformation:ListStacks":
		return true
	case "sts:GetCallerIdentity", "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML", "sts:GetSessionToken":
		return true
	case "sso:GetRoleCredentials", "sso-oauth:CreateToken", "signin:CreateOAuth2Token":
		return true
	default:
		return false
	}
}

// isRepeatable tells whether doing it twice is the same as doing it once, so
// that the SDK may try again after a lost answer.
func isRepeatable(action string) bool {
	switch action {
	case "sqs:ChangeMessageVisibility", "sqs:ChangeMessageVisibilityBatch",
		"sqs:DeleteMessage", "sqs:DeleteMessageBatch", "states:StopExecution", "lambda:UpdateEventSourceMapping":
		return true
	default:
		return isRead(action)
	}
}

// isPromise tells whether the tool has already promised the call: what gives a
// lease back, or deletes what was sent on, is counted by the budget, never
// refused. Half a redrive would be a second order.
func isPromise(action string) bool {
	switch action {
	case "sqs:ChangeMessageVisibility", "sqs:ChangeMessageVisibilityBatch", "sqs:DeleteMessage", "sqs:DeleteMessageBatch":
		return true
	default:
		return false
	}
}
