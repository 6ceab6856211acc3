package consumer

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"orderops/workflow"
)

// Concurrency reads how many invocations of a function may run at a time.
func (c *Client) Concurrency(ctx context.Context, function string) (workflow.Concurrency, error) {
	var told workflow.Concurrency
	account, err := c.lambda.GetAccountSettings(ctx, &lambda.GetAccountSettingsInput{})
	if err != nil {
		return told, workflow.ProblemOf(err, "lambda:GetAccountSettings", "")
	}
	if limit := account.AccountLimit; limit != nil {
		told.Account, told.Unreserved = int(limit.ConcurrentExecutions), int(awssdk.ToInt32(limit.UnreservedConcurrentExecutions))
	}
	own, err := c.lambda.GetFunctionConcurrency(ctx, &lambda.GetFunctionConcurrencyInput{FunctionName: &function})
	if err != nil {
		return told, workflow.ProblemOf(err, "lambda:GetFunctionConcurrency", function)
	}
	told.Reserved, told.Limited = int(awssdk.ToInt32(own.ReservedConcurrentExecutions)), own.ReservedConcurrentExecutions != nil
	return told, nil
}
