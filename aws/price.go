package aws

import (
	"strings"

	"orderops/workflow"
)

// List prices of us-east-1 in US dollars, without the free tiers.
const (
	pricePerRequest  = 0.40 / 1e6  // SQS, a request of up to 64 KB
	pricePerReadUnit = 0.125 / 1e6 // DynamoDB on demand
	priceOfTopicCall = 0.50 / 1e6  // SNS, an API request
)

// priceOf is what one call costs, estimated where it depends on what is asked
// for. The reading calls of Step Functions, Lambda and CloudWatch Logs are free.
func priceOf(action string) float64 {
	switch action {
	case "cloudwatch:GetMetricData":
		return 13 * workflow.PricePerMetric // as many metrics as one poll asks for
	case "dynamodb:BatchGetItem":
		return 25 * 0.5 * pricePerReadUnit // a screen of small rows
	case "dynamodb:Scan":
		return 128 * pricePerReadUnit // a page of a megabyte
	}
	switch {
	case strings.HasPrefix(action, "sqs:"):
		return pricePerRequest
	case strings.HasPrefix(action, "sns:"):
		return priceOfTopicCall
	case strings.HasPrefix(action, "dynamodb:"):
		return pricePerReadUnit
	}
	return 0
}
