package function_test

import (
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"

	"orderops/aws/function"
)

// answers is AWS in no time: an HTTP client that has every answer ready.
type answers map[string]string

func (a answers) Do(r *http.Request) (*http.Response, error) {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(a[operation])), Request: r}, nil
}

// BenchmarkHandlers tells what functions take of their own for one order, the
// SDK included and AWS answering at once: the 99th percentile as p99-µs, which
// must stay under 1000.
func BenchmarkHandlers(b *testing.B) {
	event := `{"order":{"user_id":"u","restaurant_id":"r","quantity":"3","id":"o","created_at":"2026-11-23T08:00:00Z","order_status":"PENDING"},"execution":"o"}`
	environment := map[string]string{"STATE_MACHINE_ARN": machineARN, "TABLE_NAME": tableName, "TOPIC_ARN": topicARN}
	config := awssdk.Config{
		Region: "us-east-1", HTTPClient: answers{"StartExecution": `{"executionArn":"arn","startDate":1}`, "PutItem": "{}"},
		Credentials: awssdk.AnonymousCredentials{},
	}
	for kind, payload := range map[string]string{
		function.Consumer: `{"Records":[` + record("m", body, "") + `]}`,
		function.Save:     event, function.Payment: event, function.Restaurant: event,
	} {
		b.Run(kind, func(b *testing.B) {
			f, err := function.Handler(kind, config, environment, function.WithLogger(slog.New(slog.NewJSONHandler(io.MultiWriter(), nil))))
			if err != nil {
				b.Fatal(err)
			}
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				if _, err := f(b.Context(), []byte(payload)); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1000, "p99-µs")
		})
	}
}
