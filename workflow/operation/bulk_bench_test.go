package operation_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"orderops/aws/local"
	"orderops/aws/queue"
	"orderops/workflow"
	"orderops/workflow/operation"
	"orderops/workflow/operation/sendlog"
	"orderops/workflow/orderfile"
)

// roundTrip is added to every call: about what one to SQS takes from the same region.
const roundTrip = 5 * time.Millisecond

// BenchmarkSubmitFile compares sending the orders of a file, log and all, with
// one call per order, over a listener and in the same run. It reports the ratio
// of their speeds, calls per order, and the memory that a file ten times as
// large needs more.
func BenchmarkSubmitFile(b *testing.B) {
	cloud := local.New(local.Options{})
	defer cloud.Close()
	answer := cloud.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(roundTrip)
		answer.ServeHTTP(w, r)
	}))
	defer server.Close()
	cfg := awssdk.Config{
		Region: "us-east-1", BaseEndpoint: &server.URL, HTTPClient: server.Client(),
		Credentials: credentials.NewStaticCredentialsProvider(operator, "secret", ""),
	}
	if _, err := sqs.NewFromConfig(cfg).CreateQueue(b.Context(), &sqs.CreateQueueInput{QueueName: new("OrderQueue")}); err != nil {
		b.Fatal(err)
	}
	client := queue.New(cfg)
	desk := operation.NewDesk(workflow.Deployment{QueueURL: queueURL}, client, nil, operation.Options{})

	const orders = 2000
	var single, file time.Duration
	for b.Loop() {
		began := time.Now()
		for range orders {
			if _, err := client.Send(b.Context(), queueURL, []byte(good), nil); err != nil {
				b.Fatal(err)
			}
		}
		single += time.Since(began)
		began = time.Now()
		sendFile(b, desk, orders)
		file += time.Since(began)
	}
	calls := cloud.Calls(operator)["sqs:SendMessageBatch"]
	b.ReportMetric(float64(orders*b.N)/file.Seconds(), "orders/s")
	b.ReportMetric(single.Seconds()/file.Seconds(), "times-single")
	b.ReportMetric(float64(calls)/float64(orders*b.N), "calls/order")
	b.ReportMetric(memoryOf(b, 1_000_000)-memoryOf(b, 100_000), "MB-more-for-1M")
}

// sendFile sends a file of orders anew.
func sendFile(b *testing.B, desk *operation.Desk, orders int) {
	b.Helper()
	log, err := desk.OpenSendLog(b.TempDir(), "00aa", orders, false)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = log.Close() }()
	progress, err := desk.SubmitAll(b.Context(), orderfile.Read(lines(orders), orderfile.JSONLines), operation.Bulk{Log: log})
	if err != nil || progress.Taken != orders {
		b.Fatalf("%+v, %v", progress, err)
	}
}

// memoryOf is how many megabytes are held after reading and logging a file of so
// many orders; what is sent is not held by anybody.
func memoryOf(b *testing.B, orders int) float64 {
	b.Helper()
	log, err := sendlog.Open(b.TempDir(), sendlog.Head{SHA256: "00aa", Queue: "q", Orders: orders}, false)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = log.Close() }()
	for order, err := range orderfile.Read(lines(orders), orderfile.JSONLines) {
		if err != nil || len(order.Body) == 0 {
			b.Fatal(err)
		}
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	runtime.KeepAlive(log)
	return float64(m.HeapAlloc) / (1 << 20)
}

// lines are a file of so many orders, made as it is read.
func lines(orders int) io.Reader {
	r, w := io.Pipe()
	go func() {
		for i := range orders {
			if _, err := fmt.Fprintf(w, `{"user_id":"u%d","quantity":"1","restaurant_id":"r"}`+"\n", i); err != nil {
				return
			}
		}
		_ = w.Close() // a pipe's end never fails to close
	}()
	return r
}
