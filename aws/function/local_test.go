package function_test

import (
	"context"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/aws/deploy"
	"orderops/aws/function"
	"orderops/aws/local"
)

const (
	queueURL   = "http://127.0.0.1:4566/000000000000/OrderQueue"
	deadURL    = "http://127.0.0.1:4566/000000000000/OrderDeathLetterQueue"
	machineARN = "arn:aws:states:us-east-1:000000000000:stateMachine:OrderStateMachine"
	topicARN   = "arn:aws:sns:us-east-1:000000000000:Order-sns-topic"
	tableName  = "order-table"
)

// system is the order system with its real functions on a local cloud.
type system struct {
	cloud  *local.Cloud
	config awssdk.Config
}

// config reaches a cloud without a socket.
func config(cloud *local.Cloud) awssdk.Config {
	return awssdk.Config{
		Region:      "us-east-1",
		HTTPClient:  cloud.HTTPClient(),
		Credentials: credentials.NewStaticCredentialsProvider("functions", "secret", ""),
	}
}

// newSystem deploys, with functions that never fail. change may alter a function's environment; nil leaves it.
// Inside a bubble, defer close: t.Cleanup would come too late.
func newSystem(t *testing.T, change func(kind string, environment map[string]string)) *system {
	t.Helper()
	cloud := local.New(local.Options{})
	s := &system{cloud: cloud, config: config(cloud)}
	err := deploy.Local(cloud, nil, func(kind string, environment map[string]string) (func(context.Context, []byte) ([]byte, error), error) {
		environment["PAYMENT_FAILURE_RATE"], environment["RESTAURANT_FAILURE_RATE"] = "0", "0"
		if change != nil {
			change(kind, environment)
		}
		return function.Handler(kind, s.config, environment)
	})
	if err != nil {
		cloud.Close()
		t.Fatal(err)
	}
	return s
}

// send puts a body on the order queue and gives its message id.
func (s *system) send(t *testing.T, body string) string {
	t.Helper()
	answer, err := sqs.NewFromConfig(s.config).SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: new(queueURL), MessageBody: &body})
	if err != nil {
		t.Fatal(err)
	}
	return *answer.MessageId
}

// row is an order's row, flattened to its strings.
func (s *system) row(t *testing.T, user, id string) map[string]string {
	t.Helper()
	answer, err := dynamodb.NewFromConfig(s.config).GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: new(tableName),
		Key: map[string]dynamodbtypes.AttributeValue{
			"user_id": &dynamodbtypes.AttributeValueMemberS{Value: user}, "id": &dynamodbtypes.AttributeValueMemberS{Value: id},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	row := map[string]string{}
	for name, value := range answer.Item {
		if text, ok := value.(*dynamodbtypes.AttributeValueMemberS); ok {
			row[name] = text.Value
		}
	}
	return row
}

// execution describes the execution of an order.
func (s *system) execution(t *testing.T, id string) *sfn.DescribeExecutionOutput {
	t.Helper()
	answer, err := sfn.NewFromConfig(s.config).DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{
		ExecutionArn: new("arn:aws:states:us-east-1:000000000000:execution:OrderStateMachine:" + id),
	})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// visible counts the messages of a queue that can be received.
func (s *system) visible(t *testing.T, url string) string {
	t.Helper()
	answer, err := sqs.NewFromConfig(s.config).GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: &url, AttributeNames: []sqstypes.QueueAttributeName{"ApproximateNumberOfMessages"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return answer.Attributes["ApproximateNumberOfMessages"]
}

// wake moves a bubble's clock to the year 2026.
func wake() { time.Sleep(time.Until(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC))) }
