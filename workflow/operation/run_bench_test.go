package operation_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"runtime/metrics"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"orderops/aws/local"
	"orderops/aws/queue"
	"orderops/workflow"
	"orderops/workflow/operation"
	"orderops/workflow/operation/journal"
)

// BenchmarkRedriveChosen inspects 10,000 dead letters and redrives them all as
// chosen ones, journal and all, over a listener. It reports the speed, also as
// a multiple of receiving, sending and deleting one message after the other in
// the same run; the calls to SQS for each message, those that renew leases
// apart; and the most memory that the process had, local AWS included.
func BenchmarkRedriveChosen(b *testing.B) {
	const messages, singles = 10_000, 1_000
	cloud := local.New(local.Options{})
	defer cloud.Close()
	answer := cloud.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(roundTrip)
		answer.ServeHTTP(w, r)
	}))
	defer server.Close()
	as := func(key string) awssdk.Config {
		return awssdk.Config{
			Region: "us-east-1", BaseEndpoint: &server.URL, HTTPClient: server.Client(),
			Credentials: credentials.NewStaticCredentialsProvider(key, "secret", ""),
		}
	}
	for _, name := range []string{"OrderQueue", "OrderDeathLetterQueue"} {
		if _, err := sqs.NewFromConfig(as("SETUP")).CreateQueue(b.Context(), &sqs.CreateQueueInput{QueueName: &name}); err != nil {
			b.Fatal(err)
		}
	}
	j, err := journal.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	desk := operation.NewDesk(workflow.Deployment{QueueURL: queueURL, DeadLetterURL: deadURL}, queue.New(as(operator)), nil, operation.Options{Journal: j})
	var single, whole time.Duration
	memory := peak(b)
	for b.Loop() {
		b.StopTimer()
		fillUp(b, queue.New(as("SETUP")), singles)
		began := time.Now()
		oneByOne(b, queue.New(as("SINGLE")), singles)
		single += time.Since(began)
		fillUp(b, queue.New(as("SETUP")), messages)
		b.StartTimer()
		whole += redriveAll(b, desk, messages)
	}
	calls := cloud.Calls(operator)
	perMessage := func(operations ...string) float64 {
		n := 0
		for _, operation := range operations {
			n += calls["sqs:"+operation]
		}
		return float64(n) / float64(messages*b.N)
	}
	speed := float64(messages*b.N) / whole.Seconds()
	b.ReportMetric(speed, "messages/s")
	b.ReportMetric(speed/(float64(singles*b.N)/single.Seconds()), "times-single")
	b.ReportMetric(perMessage("ReceiveMessage", "SendMessageBatch", "DeleteMessageBatch"), "calls/message")
	b.ReportMetric(perMessage("ChangeMessageVisibilityBatch"), "renewals/message")
	b.ReportMetric(memory(), "MB-peak")
}

// redriveAll inspects all dead letters and redrives them. What it takes counts
// from the first receive to the last delete.
func redriveAll(b *testing.B, desk *operation.Desk, messages int) time.Duration {
	b.Helper()
	began := time.Now()
	inspection, _, err := desk.Inspect(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	var letters []letter
	for len(letters) < messages {
		page, err := inspection.Next(b.Context())
		if err != nil || page.Done && len(letters)+len(page.Letters) < messages {
			b.Fatalf("%d of %d: %s, %v", len(letters), messages, page.Why, err)
		}
		letters = append(letters, page.Letters...)
	}
	for i := range letters { // judging is another figure
		letters[i].Verdict, letters[i].CheckedAt = workflow.Safe, time.Now()
	}
	plan, err := desk.PlanRun(b.Context(), operation.Selection{
		Do: operation.Redrive, Letters: letters, Rate: operation.MostRunRate, Include: []workflow.Verdict{workflow.Unchecked},
	})
	if err != nil {
		b.Fatal(err)
	}
	run, _, err := desk.Start(b.Context(), plan, inspection)
	if err != nil {
		b.Fatal(err)
	}
	if err := run.Wait(b.Context()); err != nil || run.Progress().Done != messages {
		b.Fatalf("%+v, %v", run.Progress(), err)
	}
	took := time.Since(began)
	if _, err := inspection.Release(b.Context()); err != nil {
		b.Fatal(err)
	}
	return took
}

// oneByOne does what a script does: receive, send, delete.
func oneByOne(b *testing.B, q *queue.Client, messages int) {
	b.Helper()
	for range messages {
		got, err := q.Receive(b.Context(), deadURL, 1, operation.Lease)
		if err != nil || len(got) != 1 {
			b.Fatalf("%d messages, %v", len(got), err)
		}
		if _, err := q.Send(b.Context(), queueURL, got[0].Body, got[0].Attributes); err != nil {
			b.Fatal(err)
		}
		if failed, err := q.Delete(b.Context(), deadURL, []string{got[0].ReceiptHandle}); len(failed) > 0 || err != nil {
			b.Fatalf("%v, %v", failed, err)
		}
	}
}

// fillUp puts good orders into the dead-letter queue.
func fillUp(b *testing.B, q *queue.Client, messages int) {
	b.Helper()
	batch := make([]workflow.Outgoing, 10)
	for i := range batch {
		batch[i].Body = []byte(good)
	}
	for range messages / len(batch) {
		if _, err := q.SendBatch(b.Context(), deadURL, batch); err != nil {
			b.Fatal(err)
		}
	}
}

// peak watches the memory that the process has from the system, in megabytes,
// until what it returns is asked for the most of it.
func peak(b *testing.B) func() float64 {
	b.Helper()
	ctx, stop := context.WithCancel(b.Context())
	most := make(chan float64)
	go func() {
		sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
		highest := uint64(0)
		for {
			metrics.Read(sample)
			highest = max(highest, sample[0].Value.Uint64()-sample[1].Value.Uint64())
			select {
			case <-ctx.Done():
				most <- float64(highest) / 1e6
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() float64 {
		stop()
		return <-most
	}
}
