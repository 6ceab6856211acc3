package aws

import "strings"

// quota is a token bucket of AWS: how many calls at once, and how many are
// given back each second, per account and region.
type quota struct{ bucket, refill float64 }

// quotaOf is what AWS allows for an operation in a region. Step Functions
// publishes its buckets (developer guide, "Service quotas", API throttling);
// for the others these are deliberately small assumptions, so that the tool
// stays a guest.
func quotaOf(action, region string) quota {
	large := region == "us-east-1" || region == "us-west-2" || region == "eu-west-1"
	pick := func(inLarge, elsewhere quota) quota {
		if large {
			return inLarge
		}
		return elsewhere
	}
	switch action {
	case "states:StartExecution", "states:RedriveExecution":
		return pick(quota{1300, 300}, quota{800, 150})
	case "states:StopExecution":
		return pick(quota{1000, 200}, quota{500, 25})
	case "states:ListExecutions":
		return pick(quota{200, 5}, quota{100, 2})
	case "states:DescribeExecution":
		return pick(quota{300, 15}, quota{250, 10})
	case "states:GetExecutionHistory":
		return quota{400, 20}
	case "states:DescribeStateMachine":
		return quota{200, 20}
	case "states:DescribeStateMachineForExecution":
		return quota{200, 1}
	case "states:ListStateMachines":
		return quota{100, 5}
	}
	switch action {
	case "logs:FilterLogEvents":
		return pick(quota{20, 10}, quota{20, 5})
	case "cloudwatch:GetMetricData":
		return quota{50, 50}
	case "sqs:SendMessage", "sqs:SendMessageBatch", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:DeleteMessageBatch",
		"sqs:ChangeMessageVisibility", "sqs:ChangeMessageVisibilityBatch":
		// "Nearly unlimited" on a standard queue (developer guide, "Amazon SQS
		// standard queues"); these are only asked for, never polled.
		return quota{3000, 3000}
	}
	switch {
	case strings.HasPrefix(action, "sqs:"):
		return quota{100, 10}
	case action == "iam:SimulatePrincipalPolicy":
		return quota{80, 4} // the doctor asks once for each kind of resource
	case strings.HasPrefix(action, "dynamodb:"):
		return quota{200, 20}
	default:
		return quota{20, 2}
	}
}
