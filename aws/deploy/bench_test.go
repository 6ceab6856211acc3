package deploy_test

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/aws/local"
)

// BenchmarkThousandOrders takes 1,000 orders from the queue through the deployed
// workflow, its wait of 30 s included, in virtual time. Its budget is 5 s of real time.
func BenchmarkThousandOrders(b *testing.B) {
	all := func(string, string) (bool, error) { return true, nil }
	for b.Loop() {
		// Virtual time is for tests only.
		if !testing.RunTests(all, []testing.InternalTest{{Name: b.Name(), F: func(t *testing.T) {
			t.Helper()
			synctest.Test(t, thousandOrders)
		}}}) {
			b.Fatal("not every order succeeded")
		}
	}
}

func thousandOrders(t *testing.T) {
	const many = 1000
	s := start(t, local.Options{}, map[string]string{"WaitSeconds": "30"})
	queue := sqs.NewFromConfig(s.config)
	for range many / 10 {
		var batch []sqstypes.SendMessageBatchRequestEntry
		for i := range 10 {
			batch = append(batch, sqstypes.SendMessageBatchRequestEntry{Id: awssdk.String(strconv.Itoa(i)), MessageBody: awssdk.String(order)})
		}
		answer, err := queue.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{
			QueueUrl: awssdk.String(s.outputs["OrderQueueUrl"]), Entries: batch,
		})
		if err != nil || len(answer.Failed) > 0 {
			t.Fatal(err, answer)
		}
	}
	time.Sleep(time.Minute)
	synctest.Wait()
	done := 0
	pages := sfn.NewListExecutionsPaginator(sfn.NewFromConfig(s.config), &sfn.ListExecutionsInput{
		StateMachineArn: awssdk.String(s.outputs["OrderStateMachineArn"]), StatusFilter: sfntypes.ExecutionStatusSucceeded, MaxResults: 1000,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		done += len(page.Executions)
	}
	rows, err := dynamodb.NewFromConfig(s.config).Scan(t.Context(), &dynamodb.ScanInput{
		TableName: awssdk.String(s.outputs["DynamoDBTableName"]), Select: dynamodbtypes.SelectCount,
	})
	if err != nil {
		t.Fatal(err)
	}
	if done != many || rows.Count != many {
		t.Errorf("%d executions succeeded and %d rows are in the table", done, rows.Count)
	}
}
