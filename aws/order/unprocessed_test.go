package order_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"orderops/aws/order"
	"orderops/workflow"
)

// short answers one row and leaves the other unprocessed, a number of times.
type short struct{ left, calls int }

func (s *short) Do(r *http.Request) (*http.Response, error) {
	s.calls++
	const row, key = `{"Responses":{"order-table":[{"user_id":{"S":"u"},"id":{"S":"i"}}]},"UnprocessedKeys":`,
		`{"order-table":{"Keys":[{"user_id":{"S":"v"},"id":{"S":"j"}}]}}}`
	body := row + "{}}"
	if s.left > 0 {
		s.left--
		body = row + key
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func TestUnprocessedKeys(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		left    int
		polling bool
		calls   int
		rows    int
		kind    workflow.ProblemKind
	}{
		{name: "asked for again", left: 2, calls: 3, rows: 3},
		{name: "never answered", left: 99, calls: 4, rows: 4, kind: workflow.Throttled},
		{name: "a poll does not insist", left: 99, polling: true, calls: 1, rows: 1, kind: workflow.Throttled},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := &short{left: tt.left}
				client := order.New(awssdk.Config{
					Region: "us-east-1", HTTPClient: server,
					Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
				}, "order-table")
				ctx := t.Context()
				if tt.polling {
					ctx = workflow.WithPolling(ctx)
				}
				rows, err := client.Rows(ctx, []workflow.RowKey{{UserID: "u", ID: "i"}, {UserID: "v", ID: "j"}})
				if (err != nil) != (tt.kind != 0) || workflow.KindOf(err) != tt.kind {
					t.Errorf("got %v, want kind %v", err, tt.kind)
				}
				if server.calls != tt.calls || len(rows) != tt.rows {
					t.Errorf("got %d rows by %d calls, want %d by %d", len(rows), server.calls, tt.rows, tt.calls)
				}
			})
		})
	}
}
