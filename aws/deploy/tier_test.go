package deploy_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"orderops/aws"
	"orderops/aws/deploy"
	"orderops/aws/local"
	"orderops/aws/policy"
	"orderops/config"
)

// tierCalls are calls and the least tier that may make them; "" is none at all.
func tierCalls(s *system) map[string]struct {
	least policy.Tier
	call  func(ctx context.Context, c awssdk.Config) error
} {
	queue, dead := awssdk.String(s.outputs["OrderQueueUrl"]), awssdk.String(s.outputs["OrderDLQueueUrl"])
	machine, table := awssdk.String(s.outputs["OrderStateMachineArn"]), awssdk.String(s.outputs["DynamoDBTableName"])
	execution := awssdk.String(strings.Replace(*machine, ":stateMachine:", ":execution:", 1) + ":x")
	deadARN := awssdk.String("arn:aws:sqs:us-east-1:000000000000:OrderDeathLetterQueue")
	text := awssdk.String
	item := map[string]dynamodbtypes.AttributeValue{
		"user_id": &dynamodbtypes.AttributeValueMemberS{Value: "u"}, "id": &dynamodbtypes.AttributeValueMemberS{Value: "i"},
	}
	type Calls = map[string]struct {
		least policy.Tier
		call  func(ctx context.Context, c awssdk.Config) error
	}
	return Calls{
		"the stack": {policy.ReadOnly, func(ctx context.Context, c awssdk.Config) error {
			_, err := cloudformation.NewFromConfig(c).DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: text(deploy.StackName)})
			return err
		}},
		"another stack": {"", func(ctx context.Context, c awssdk.Config) error {
			_, err := cloudformation.NewFromConfig(c).DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: text("other")})
			return err
		}},
		"queue attributes": {policy.ReadOnly, func(ctx context.Context, c awssdk.Config) error {
			_, err := sqs.NewFromConfig(c).GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: queue, AttributeNames: []sqstypes.QueueAttributeName{"All"}})
			return err
		}},
		"move tasks": {policy.ReadOnly, func(ctx context.Context, c awssdk.Config) error {
			_, err := sqs.NewFromConfig(c).ListMessageMoveTasks(ctx, &sqs.ListMessageMoveTasksInput{SourceArn: deadARN})
			return err
		}},
		"executions": {policy.ReadOnly, func(ctx context.Context, c awssdk.Config) error {
			_, err := sfn.NewFromConfig(c).ListExecutions(ctx, &sfn.ListExecutionsInput{StateMachineArn: machine})
			return err
		}},
		"the definition": {policy.ReadOnly, func(ctx context.Context, c awssdk.Config) error {
			_, err := sfn.NewFromConfig(c).DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: machine})
			return err
		}},
		"a history": {policy.ReadOnly, func(ctx context.Context, c awssdk.Config) error {
			_, err := sfn.NewFromConfig(c).GetExecutionHistory(ctx, &sfn.GetExecutionHistoryInput{ExecutionArn: execution})
			return err
		}},
		"a row": {policy.ReadOnly, func(ctx context.Context, c awssdk.Config) error {
			_, err := dynamodb.NewFromConfig(c).GetItem(ctx, &dynamodb.GetItemInput{TableName: table, Key: item})
			return err
		}},
		"the index": {policy.ReadOnly, func(ctx context.Context, c awssdk.Config) error {
			_, err := dynamodb.NewFromConfig(c).Query(ctx, &dynamodb.QueryInput{
				TableName: table, IndexName: text("created_day"), KeyConditionExpression: text("created_day = :d"),
				ExpressionAttributeValues: map[string]dynamodbtypes.AttributeValue{":d": &dynamodbtypes.AttributeValueMemberS{Value: "d"}},
			})
			return err
		}},
		"the topic": {policy.ReadOnly, func(ctx context.Context, c awssdk.Config) error {
			_, err := sns.NewFromConfig(c).GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: text(s.outputs["OrderSnsTopicArn"])})
			return err
		}},
		"the log": {policy.ReadOnly, func(ctx context.Context, c awssdk.Config) error {
			_, err := cloudwatchlogs.NewFromConfig(c).FilterLogEvents(ctx, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: text(s.outputs["OrderStateMachineLogGroup"])})
			return err
		}},
		"a step's log": {policy.ReadOnly, func(ctx context.Context, c awssdk.Config) error {
			_, err := cloudwatchlogs.NewFromConfig(c).FilterLogEvents(ctx, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: text("/aws/lambda/OrderSave")})
			return err
		}},
		"where a step logs": {policy.ReadOnly, func(ctx context.Context, c awssdk.Config) error {
			_, err := lambda.NewFromConfig(c).GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: text("OrderPayment")})
			return err
		}},
		"another log": {"", func(ctx context.Context, c awssdk.Config) error {
			_, err := cloudwatchlogs.NewFromConfig(c).FilterLogEvents(ctx, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: text("/aws/lambda/OrderConsumer")})
			return err
		}},
		"log groups": {policy.ReadOnly, func(ctx context.Context, c awssdk.Config) error {
			_, err := cloudwatchlogs.NewFromConfig(c).DescribeLogGroups(ctx, nil)
			return err
		}},
		"metrics": {policy.ReadOnly, func(ctx context.Context, c awssdk.Config) error {
			_, err := cloudwatch.NewFromConfig(c).GetMetricData(ctx, &cloudwatch.GetMetricDataInput{})
			return err
		}},
		"event sources": {policy.ReadOnly, func(ctx context.Context, c awssdk.Config) error {
			_, err := lambda.NewFromConfig(c).ListEventSourceMappings(ctx, &lambda.ListEventSourceMappingsInput{})
			return err
		}},
		"all rows": {policy.Operator, func(ctx context.Context, c awssdk.Config) error {
			_, err := dynamodb.NewFromConfig(c).Scan(ctx, &dynamodb.ScanInput{TableName: table})
			return err
		}},
		"ordering": {policy.Operator, func(ctx context.Context, c awssdk.Config) error {
			_, err := sqs.NewFromConfig(c).SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: queue, MessageBody: text(order)})
			return err
		}},
		"receiving orders": {"", func(ctx context.Context, c awssdk.Config) error {
			_, err := sqs.NewFromConfig(c).ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: queue})
			return err
		}},
		"inspecting": {policy.Operator, func(ctx context.Context, c awssdk.Config) error {
			_, err := sqs.NewFromConfig(c).ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: dead})
			return err
		}},
		"deleting orders": {"", func(ctx context.Context, c awssdk.Config) error {
			_, err := sqs.NewFromConfig(c).DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: queue, ReceiptHandle: text("h")})
			return err
		}},
		"deleting dead letters": {policy.Operator, func(ctx context.Context, c awssdk.Config) error {
			_, err := sqs.NewFromConfig(c).DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: dead, ReceiptHandle: text("h")})
			return err
		}},
		"a lease": {policy.Operator, func(ctx context.Context, c awssdk.Config) error {
			_, err := sqs.NewFromConfig(c).ChangeMessageVisibilityBatch(ctx, &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: dead, Entries: []sqstypes.ChangeMessageVisibilityBatchRequestEntry{}})
			return err
		}},
		"a move task": {policy.Operator, func(ctx context.Context, c awssdk.Config) error {
			_, err := sqs.NewFromConfig(c).StartMessageMoveTask(ctx, &sqs.StartMessageMoveTaskInput{SourceArn: deadARN})
			return err
		}},
		"running again": {policy.Operator, func(ctx context.Context, c awssdk.Config) error {
			_, err := sfn.NewFromConfig(c).StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: machine, Name: text("again"), Input: text("{}")})
			return err
		}},
		"stopping": {policy.Operator, func(ctx context.Context, c awssdk.Config) error {
			_, err := sfn.NewFromConfig(c).StopExecution(ctx, &sfn.StopExecutionInput{ExecutionArn: execution})
			return err
		}},
		"redriving": {policy.Operator, func(ctx context.Context, c awssdk.Config) error {
			_, err := sfn.NewFromConfig(c).RedriveExecution(ctx, &sfn.RedriveExecutionInput{ExecutionArn: execution})
			return err
		}},
		"restoring": {policy.Admin, func(ctx context.Context, c awssdk.Config) error {
			_, err := sqs.NewFromConfig(c).SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: dead, MessageBody: text(order)})
			return err
		}},
		"purging": {policy.Admin, func(ctx context.Context, c awssdk.Config) error {
			_, err := sqs.NewFromConfig(c).PurgeQueue(ctx, &sqs.PurgeQueueInput{QueueUrl: dead})
			return err
		}},
		"purging orders": {"", func(ctx context.Context, c awssdk.Config) error {
			_, err := sqs.NewFromConfig(c).PurgeQueue(ctx, &sqs.PurgeQueueInput{QueueUrl: queue})
			return err
		}},
		"changing a queue": {policy.Admin, func(ctx context.Context, c awssdk.Config) error {
			_, err := sqs.NewFromConfig(c).SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: dead, Attributes: map[string]string{"VisibilityTimeout": "30"}})
			return err
		}},
		"changing rows": {policy.Admin, func(ctx context.Context, c awssdk.Config) error {
			_, err := dynamodb.NewFromConfig(c).PutItem(ctx, &dynamodb.PutItemInput{TableName: table, Item: item})
			return err
		}},
		"switching the consumer": {policy.Admin, func(ctx context.Context, c awssdk.Config) error {
			_, err := lambda.NewFromConfig(c).UpdateEventSourceMapping(ctx, &lambda.UpdateEventSourceMappingInput{UUID: text("00000000-0000-0000-0000-000000000000"), Enabled: awssdk.Bool(true)})
			return err
		}},
		"mailing": {"", func(ctx context.Context, c awssdk.Config) error {
			_, err := sns.NewFromConfig(c).Publish(ctx, &sns.PublishInput{TopicArn: text(s.outputs["OrderSnsTopicArn"]), Message: text("m")})
			return err
		}},
	}
}

// grant gives an access key the policy that `orderops iam` prints.
func (s *system) grant(t *testing.T, accessKey string, tier policy.Tier) {
	t.Helper()
	settings := config.Default()
	settings.EndpointURL, settings.Region = s.cloud.URL(), s.cloud.Region()
	session, err := aws.Connect(t.Context(), settings, aws.Options{
		HTTPClient: s.cloud.HTTPClient(), Credentials: credentials.NewStaticCredentialsProvider("root", "secret", ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	document, err := session.Policy(t.Context(), string(tier))
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Parse(document)
	if err != nil {
		t.Fatal(err)
	}
	s.guard.mu.Lock()
	defer s.guard.mu.Unlock()
	s.guard.policies[accessKey] = p
}

// connect signs the tool in with an access key; it finds its deployment by the stack.
func (s *system) connect(t *testing.T, accessKey string) *aws.Session {
	t.Helper()
	settings := config.Default()
	settings.EndpointURL, settings.Region, settings.Stack = s.cloud.URL(), s.cloud.Region(), deploy.StackName
	session, err := aws.Connect(t.Context(), settings, aws.Options{
		HTTPClient: s.cloud.HTTPClient(), Credentials: credentials.NewStaticCredentialsProvider(accessKey, "secret", ""),
	})
	if err != nil {
		t.Fatalf("%s: %v", accessKey, err)
	}
	return session
}

// TestTiers signs calls with the policies that `orderops iam` prints, and wants
// each to pass from its own tier on and to be refused to those below.
func TestTiers(t *testing.T) {
	t.Parallel()
	s := start(t, local.Options{}, nil)
	for rank, tier := range policy.Tiers() {
		s.grant(t, string(tier), tier)
		for name, c := range tierCalls(s) {
			least := slices.Index(policy.Tiers(), c.least)
			err := c.call(t.Context(), client(s.cloud, string(tier)))
			refused := false
			if e, ok := errors.AsType[smithy.APIError](err); ok {
				refused = strings.Contains(e.ErrorCode(), "AccessDenied") || e.ErrorCode() == "AuthorizationError"
			}
			if may := least >= 0 && least <= rank; may == refused {
				t.Errorf("%s: %s is refused: %t (%v)", tier, name, refused, err)
			}
		}
		s.connect(t, string(tier)) // the tool itself finds its deployment with the policy
	}
	if _, err := policy.For("everything", policy.Stack{}); err == nil {
		t.Error("there is a tier of everything")
	}
}
