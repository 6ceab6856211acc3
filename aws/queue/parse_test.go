package queue

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/workflow"
)

func TestRedrivePolicy(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		arn  string
		max  int
	}{
		{`{"deadLetterTargetArn":"arn:q","maxReceiveCount":3}`, "arn:q", 3},
		{`{"deadLetterTargetArn":"arn:q","maxReceiveCount":"5"}`, "arn:q", 5},
		{`{"deadLetterTargetArn":"arn:q"}`, "arn:q", 0},
		{`{"deadLetterTargetArn":"arn:q","maxReceiveCount":{}}`, "arn:q", 0},
		{"", "", 0},
		{"[]", "", 0},
	}
	for _, tt := range tests {
		if arn, limit := redrivePolicy(tt.text); arn != tt.arn || limit != tt.max {
			t.Errorf("%q: got %q and %d, want %q and %d", tt.text, arn, limit, tt.arn, tt.max)
		}
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	if got := milliseconds("1795435200000"); !got.Equal(at) {
		t.Errorf("got %s, want %s", got, at)
	}
	for _, text := range []string{"", "soon", "0", "-5"} {
		if got := milliseconds(text); !got.IsZero() {
			t.Errorf("%q: got %s, want no time", text, got)
		}
	}
	for _, n := range []int64{1795435200, 1795435200000} {
		if got := started(n); !got.Equal(at) {
			t.Errorf("%d: got %s, want %s", n, got, at)
		}
	}
	if got := started(0); !got.IsZero() {
		t.Errorf("got %s, want no time", got)
	}
}

func TestSeconds(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]int32{
		-time.Second: 0, 0: 0, 1900 * time.Millisecond: 1, time.Minute: 60, 12 * time.Hour: 43200, 13 * time.Hour: 43200,
	} {
		if got := seconds(d); got != want {
			t.Errorf("%s: got %d, want %d", d, got, want)
		}
	}
}

func TestMessageOfNothing(t *testing.T) {
	t.Parallel()
	m := decode(types.Message{})
	if m.ID != "" || len(m.Body) != 0 || m.ReceiveCount != 0 || !m.Sent.IsZero() || m.Attributes != nil {
		t.Errorf("got %+v", m)
	}
	if q := describe("http://x/1/Name", nil); q != (workflow.Queue{Name: "Name", URL: "http://x/1/Name"}) {
		t.Errorf("got %+v", q)
	}
}
