package local_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/aws/local"
)

// BenchmarkListener sends batches of ten through the SDK and a listener while
// 1,000 executions wait. Its budget is 5,000 entries/s.
func BenchmarkListener(b *testing.B) {
	const inFlight = 1000
	cloud := local.New(local.Options{})
	b.Cleanup(cloud.Close)
	server := httptest.NewServer(cloud.Handler())
	b.Cleanup(server.Close)
	config := awssdk.Config{
		Region: cloud.Region(), BaseEndpoint: &server.URL, HTTPClient: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
		Credentials: credentials.NewStaticCredentialsProvider("operator", "secret", ""),
	}
	machines, queues := sfn.NewFromConfig(config), sqs.NewFromConfig(config)
	machine, err := machines.CreateStateMachine(b.Context(), &sfn.CreateStateMachineInput{
		Name: awssdk.String("m"), RoleArn: awssdk.String("arn:aws:iam::000000000000:role/m"),
		Definition: awssdk.String(`{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 86400, "End": true}}}`),
	})
	if err != nil {
		b.Fatal(err)
	}
	for i := range inFlight {
		if _, err := machines.StartExecution(b.Context(), &sfn.StartExecutionInput{StateMachineArn: machine.StateMachineArn, Name: awssdk.String(strconv.Itoa(i))}); err != nil {
			b.Fatal(err)
		}
	}
	queue, err := queues.CreateQueue(b.Context(), &sqs.CreateQueueInput{QueueName: awssdk.String("q")})
	if err != nil {
		b.Fatal(err)
	}
	var batch []sqstypes.SendMessageBatchRequestEntry
	for i := range 10 {
		batch = append(batch, sqstypes.SendMessageBatchRequestEntry{
			Id:          awssdk.String(strconv.Itoa(i)),
			MessageBody: awssdk.String(`{"data":{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}}`),
		})
	}
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			answer, err := queues.SendMessageBatch(b.Context(), &sqs.SendMessageBatchInput{QueueUrl: queue.QueueUrl, Entries: batch})
			if err != nil || len(answer.Successful) != 10 {
				b.Error(errors.Join(err, errors.New("not all were sent")))
				return
			}
		}
	})
	b.StopTimer()
	b.ReportMetric(float64(10*b.N)/b.Elapsed().Seconds(), "entries/s")
	running := 0
	pages := sfn.NewListExecutionsPaginator(machines, &sfn.ListExecutionsInput{
		StateMachineArn: machine.StateMachineArn, StatusFilter: sfntypes.ExecutionStatusRunning, MaxResults: 1000,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		running += len(page.Executions)
	}
	if running != inFlight {
		b.Fatalf("%d executions run, want %d", running, inFlight)
	}
	b.ReportMetric(float64(running), "executions")
}
