package sqs_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"orderops/aws/local/identity"
	"orderops/aws/local/sqs"
)

// BenchmarkSendMessageBatch sends batches of ten over a listener, one after
// another; entries/s is the rate of messages.
func BenchmarkSendMessageBatch(b *testing.B) {
	service := sqs.New(identity.New("111111111111", "us-east-1", "http://localhost", 1))
	defer service.Close()
	if _, err := service.CreateQueue("orders", nil); err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(service)
	defer server.Close()
	var entries []string
	for i := range 10 {
		entries = append(entries, fmt.Sprintf(`{"Id":"%d","MessageBody":"{\"data\":{\"user_id\":\"1\",\"quantity\":\"3\"}}"}`, i))
	}
	body := `{"QueueUrl":"orders","Entries":[` + strings.Join(entries, ",") + `]}`
	for b.Loop() {
		r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, server.URL, strings.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		r.Header.Set("X-Amz-Target", "AmazonSQS.SendMessageBatch")
		answer, err := server.Client().Do(r)
		if err != nil {
			b.Fatal(err)
		}
		_, readErr := io.Copy(io.Discard, answer.Body)
		if err := errors.Join(readErr, answer.Body.Close()); err != nil || answer.StatusCode != http.StatusOK {
			b.Fatal(answer.Status, err)
		}
	}
	b.ReportMetric(float64(10*b.N)/b.Elapsed().Seconds(), "entries/s")
}

// BenchmarkReceiveAndDelete works on a queue that holds 100,000 messages.
func BenchmarkReceiveAndDelete(b *testing.B) {
	service := sqs.New(identity.New("111111111111", "us-east-1", "http://localhost", 1))
	defer service.Close()
	if _, err := service.CreateQueue("orders", nil); err != nil {
		b.Fatal(err)
	}
	arn := service.QueueARN("orders")
	for range 100_000 {
		if _, _, err := service.Send(arn, "x"); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		got, err := service.Receive(b.Context(), arn, 10, 0)
		if err != nil || len(got) != 10 {
			b.Fatal(len(got), err)
		}
		for _, d := range got {
			if err := service.Delete(arn, d.ReceiptHandle); err != nil {
				b.Fatal(err)
			}
			if _, _, err := service.Send(arn, "x"); err != nil {
				b.Fatal(err)
			}
		}
	}
}
