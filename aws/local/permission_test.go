package local_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"orderops/aws/local"
	"orderops/aws/local/wire"
)

// TestNeeds wants the permissions of a call read from its request, for each
// form in which a request names a resource.
func TestNeeds(t *testing.T) {
	t.Parallel()
	const (
		account   = ":us-east-1:000000000000:"
		url       = "http://127.0.0.1:4566/000000000000/q"
		queue     = "arn:aws:sqs" + account + "q"
		dead      = "arn:aws:sqs" + account + "dead"
		machine   = "arn:aws:states" + account + "stateMachine:m"
		execution = "arn:aws:states" + account + "execution:m:1"
	)
	text := awssdk.String
	for name, test := range map[string]struct {
		call func(ctx context.Context, c awssdk.Config)
		want []local.Permission
	}{
		"queue by URL": {func(ctx context.Context, c awssdk.Config) {
			_, _ = sqs.NewFromConfig(c).SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: text(url), MessageBody: text("b")})
		}, []local.Permission{{Action: "sqs:SendMessage", Resource: queue}}},
		"batch": {func(ctx context.Context, c awssdk.Config) {
			_, _ = sqs.NewFromConfig(c).DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: text(url), Entries: []sqstypes.DeleteMessageBatchRequestEntry{}})
		}, []local.Permission{{Action: "sqs:DeleteMessage", Resource: queue}}},
		"queue by name": {func(ctx context.Context, c awssdk.Config) {
			_, _ = sqs.NewFromConfig(c).GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: text("q")})
		}, []local.Permission{{Action: "sqs:GetQueueUrl", Resource: queue}}},
		"no queue": {func(ctx context.Context, c awssdk.Config) {
			_, _ = sqs.NewFromConfig(c).ListQueues(ctx, nil)
		}, []local.Permission{{Action: "sqs:ListQueues", Resource: "*"}}},
		"move task": {func(ctx context.Context, c awssdk.Config) {
			_, _ = sqs.NewFromConfig(c).StartMessageMoveTask(ctx, &sqs.StartMessageMoveTaskInput{SourceArn: text(dead), DestinationArn: text(queue)})
		}, []local.Permission{
			{Action: "sqs:StartMessageMoveTask", Resource: dead},
			{Action: "sqs:GetQueueAttributes", Resource: dead},
			{Action: "sqs:ReceiveMessage", Resource: dead},
			{Action: "sqs:DeleteMessage", Resource: dead},
			{Action: "sqs:SendMessage", Resource: queue},
		}},
		"move tasks": {func(ctx context.Context, c awssdk.Config) {
			_, _ = sqs.NewFromConfig(c).ListMessageMoveTasks(ctx, &sqs.ListMessageMoveTasksInput{SourceArn: text(dead)})
		}, []local.Permission{{Action: "sqs:ListMessageMoveTasks", Resource: dead}, {Action: "sqs:GetQueueAttributes", Resource: dead}}},
		"task handle": {func(ctx context.Context, c awssdk.Config) {
			// {"taskId":"t","sourceArn":"arn:aws:sqs:us-east-1:000000000000:dead"}
			_, _ = sqs.NewFromConfig(c).CancelMessageMoveTask(ctx, &sqs.CancelMessageMoveTaskInput{
				TaskHandle: text("eyJ0YXNrSWQiOiJ0Iiwic291cmNlQXJuIjoiYXJuOmF3czpzcXM6dXMtZWFzdC0xOjAwMDAwMDAwMDAwMDpkZWFkIn0="),
			})
		}, []local.Permission{
			{Action: "sqs:CancelMessageMoveTask", Resource: dead},
			{Action: "sqs:GetQueueAttributes", Resource: dead},
			{Action: "sqs:ReceiveMessage", Resource: dead},
			{Action: "sqs:DeleteMessage", Resource: dead},
		}},
		"machine": {func(ctx context.Context, c awssdk.Config) {
			_, _ = sfn.NewFromConfig(c).StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: text(machine), Name: text("1")})
		}, []local.Permission{{Action: "states:StartExecution", Resource: machine}}},
		"execution": {func(ctx context.Context, c awssdk.Config) {
			_, _ = sfn.NewFromConfig(c).RedriveExecution(ctx, &sfn.RedriveExecutionInput{ExecutionArn: text(execution)})
		}, []local.Permission{{Action: "states:RedriveExecution", Resource: execution}}},
		"table": {func(ctx context.Context, c awssdk.Config) {
			_, _ = dynamodb.NewFromConfig(c).Scan(ctx, &dynamodb.ScanInput{TableName: text("t")})
		}, []local.Permission{{Action: "dynamodb:Scan", Resource: "arn:aws:dynamodb" + account + "table/t"}}},
		"index": {func(ctx context.Context, c awssdk.Config) {
			_, _ = dynamodb.NewFromConfig(c).Query(ctx, &dynamodb.QueryInput{TableName: text("t"), IndexName: text("i")})
		}, []local.Permission{{Action: "dynamodb:Query", Resource: "arn:aws:dynamodb" + account + "table/t/index/i"}}},
		"tables": {func(ctx context.Context, c awssdk.Config) {
			_, _ = dynamodb.NewFromConfig(c).BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
				RequestItems: map[string]dynamodbtypes.KeysAndAttributes{
					"t": {Keys: []map[string]dynamodbtypes.AttributeValue{}}, "u": {Keys: []map[string]dynamodbtypes.AttributeValue{}},
				},
			})
		}, []local.Permission{
			{Action: "dynamodb:BatchGetItem", Resource: "arn:aws:dynamodb" + account + "table/t"},
			{Action: "dynamodb:BatchGetItem", Resource: "arn:aws:dynamodb" + account + "table/u"},
		}},
		"topic": {func(ctx context.Context, c awssdk.Config) {
			_, _ = sns.NewFromConfig(c).Publish(ctx, &sns.PublishInput{TopicArn: text("arn:aws:sns" + account + "t"), Message: text("m")})
		}, []local.Permission{{Action: "sns:Publish", Resource: "arn:aws:sns" + account + "t"}}},
		"stack": {func(ctx context.Context, c awssdk.Config) {
			_, _ = cloudformation.NewFromConfig(c).DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: text("s")})
		}, []local.Permission{{Action: "cloudformation:DescribeStacks", Resource: "arn:aws:cloudformation" + account + "stack/s/*"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen []local.Permission
			_, config := open(t, local.Options{Intercept: func(_ context.Context, call local.Call) *wire.Error {
				seen = call.Needs
				return nil
			}})
			test.call(t.Context(), config)
			if diff := cmp.Diff(test.want, seen); diff != "" {
				t.Errorf("permissions (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLostAnswer wants the call served and its caller left without an answer,
// with a socket as without one.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	for _, socket := range []bool{false, true} {
		var mu sync.Mutex
		lost := 0
		cloud, config := open(t, local.Options{Lose: func(local.Call) bool {
			mu.Lock()
			defer mu.Unlock()
			lost++
			return lost == 1
		}})
		if socket {
			server := httptest.NewServer(cloud.Handler())
			t.Cleanup(server.Close)
			config.HTTPClient, config.BaseEndpoint = http.DefaultClient, &server.URL
		}
		client := sqs.NewFromConfig(config)
		create := func() error {
			_, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: awssdk.String("q")})
			return err
		}
		if err := create(); !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("socket %t: error %v", socket, err)
		}
		queues, err := client.ListQueues(t.Context(), nil)
		if err != nil || len(queues.QueueUrls) != 1 {
			t.Errorf("socket %t: queues %+v, %v", socket, queues, err)
		}
	}
}
