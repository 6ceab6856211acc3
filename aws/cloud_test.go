package aws_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"orderops/aws"
	"orderops/aws/local"
	"orderops/aws/local/wire"
	"orderops/config"
	"orderops/workflow"
)

// parts are the resources of a small order system: no functions are needed to look at it.
const parts = `
Resources:
  Dead: {Type: AWS::SQS::Queue, Properties: {QueueName: OrderDeathLetterQueue}}
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: OrderQueue
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: order-table
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: user_id, AttributeType: S}, {AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: user_id, KeyType: HASH}, {AttributeName: id, KeyType: RANGE}]
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: Order-sns-topic}}
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: OrderStateMachine
      DefinitionUri: hold.asl.json
`

// whole are all outputs of the order system's stack.
func whole() []string {
	return []string{
		"OrderQueueUrl: {Value: !Ref Queue}",
		"OrderDLQueueUrl: {Value: !Ref Dead}",
		"OrderStateMachineArn: {Value: !Ref Machine}",
		"DynamoDBTableName: {Value: !Ref Table}",
		"OrderSnsTopicArn: {Value: !Ref Topic}",
		"ApiGatewayInvokeURL: {Value: https://example.com/Dev/orders}",
	}
}

// without drops the outputs with these names.
func without(names ...string) []string {
	var kept []string
	for _, line := range whole() {
		name, _, _ := strings.Cut(line, ":")
		drop := false
		for _, n := range names {
			drop = drop || n == name
		}
		if !drop {
			kept = append(kept, line)
		}
	}
	return kept
}

// bench is a cloud with helpers that fail the test.
type bench struct {
	*testing.T
	cloud *local.Cloud
	// fault is asked before every call.
	fault func(ctx context.Context, call local.Call) *wire.Error
}

// accessKey is who the operator is on the wire.
const accessKey = "OPERATOR"

// inBubble runs a test in virtual time against an empty cloud.
func inBubble(t *testing.T, test func(b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bench{T: t}
		b.cloud = local.New(local.Options{Intercept: func(ctx context.Context, call local.Call) *wire.Error {
			if b.fault == nil {
				return nil
			}
			return b.fault(ctx, call)
		}})
		defer b.cloud.Close()
		test(b)
	})
}

// deploy makes a stack of the parts with some outputs.
func (b *bench) deploy(stack string, outputs []string) {
	b.Helper()
	template := parts
	if len(outputs) > 0 {
		template += "Outputs:\n  " + strings.Join(outputs, "\n  ") + "\n"
	}
	b.deployTemplate(stack, template)
}

func (b *bench) deployTemplate(stack, template string) {
	b.Helper()
	definition := []byte(`{"StartAt": "Hold", "States": {"Hold": {"Type": "Wait", "Seconds": 30, "End": true}}}`)
	err := b.cloud.Deploy(local.Deployment{
		Stack: stack, Template: []byte(template),
		Files: func(string) ([]byte, error) { return definition, nil },
		Functions: func(local.Function) (local.Handler, error) {
			return func(context.Context, []byte) ([]byte, error) { return []byte("{}"), nil }, nil
		},
	})
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bench) connect(settings config.Settings) (*aws.Session, error) {
	return aws.Connect(b.Context(), settings, aws.Options{
		HTTPClient:  b.cloud.HTTPClient(),
		Credentials: credentials.NewStaticCredentialsProvider(accessKey, "secret", ""),
	})
}

func (b *bench) session(settings config.Settings) *aws.Session {
	b.Helper()
	s, err := b.connect(settings)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// onWire counts the operator's calls of one action.
func (b *bench) onWire(action string) int { return b.cloud.Calls(accessKey)[action] }

// allOnWire counts the operator's calls, also those that the cloud has no name for.
func (b *bench) allOnWire() (n int) {
	for _, calls := range b.cloud.Calls(accessKey) {
		n += calls
	}
	return n
}

func inRegion() config.Settings {
	s := config.Default()
	s.Region = "us-east-1"
	return s
}

// problem is the Problem in err, which must be there.
func problem(t *testing.T, err error) *workflow.Problem {
	t.Helper()
	p, ok := errors.AsType[*workflow.Problem](err)
	if !ok {
		t.Fatalf("got error %v, want a problem", err)
	}
	return p
}
