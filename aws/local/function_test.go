package local_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"orderops/aws/local"
)

// tracedError is an exception as functions in Python raise it.
type tracedError struct{}

func (tracedError) Error() string        { return "no luck" }
func (tracedError) ErrorType() string    { return "CustomException" }
func (tracedError) StackTrace() []string { return []string{"  File \"handler.py\", line 9\n"} }

// TestFailureOfAFunctionInAnExecution checks the cause: spaced as the runtime
// writes it, with the function's own stack (recorded on AWS).
func TestFailureOfAFunctionInAnExecution(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud, config := open(t, local.Options{Seed: 1})
		cloud.Function("f", func(context.Context, []byte) ([]byte, error) { return nil, tracedError{} })
		client := sfn.NewFromConfig(config)
		machine, err := client.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{
			Name: awssdk.String("m"), RoleArn: awssdk.String("arn:aws:iam::000000000000:role/m"),
			Definition: awssdk.String(`{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:f","End":true}}}`),
		})
		if err != nil {
			t.Fatal(err)
		}
		execution, err := client.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: machine.StateMachineArn})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		described, err := client.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: execution.ExecutionArn})
		if err != nil {
			t.Fatal(err)
		}
		const before, after = `{"errorMessage": "no luck", "errorType": "CustomException", "requestId": "`, `", "stackTrace": ["  File \"handler.py\", line 9\n"]}`
		cause := awssdk.ToString(described.Cause)
		if *described.Error != "CustomException" || len(cause) != len(before)+36+len(after) || cause[:len(before)] != before || cause[len(before)+36:] != after {
			t.Errorf("error %s, cause %s", *described.Error, cause)
		}
	})
}
