package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestMain is the program itself when a test starts it as Lambda does.
func TestMain(m *testing.M) {
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") != "" {
		main()
		return
	}
	m.Run()
}

// run starts the program on Lambda's runtime API with one event, and gives its
// answer, its log, and the time until it asked for the event.
func run(tb testing.TB, event string, environment ...string) (answer, log string, ready time.Duration) {
	tb.Helper()
	answered := make(chan string, 1)
	asked := make(chan time.Time, 1)
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			text, _ := io.ReadAll(r.Body) // a broken body is a wrong answer
			answered <- r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:] + " " + string(text)
			w.WriteHeader(http.StatusAccepted)
			return
		}
		select {
		case asked <- time.Now():
		default:
			<-r.Context().Done() // no second event
			return
		}
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", "1")
		w.Header().Set("Lambda-Runtime-Deadline-Ms", "99999999999999")
		_, _ = io.WriteString(w, event)
	}))
	defer api.Close()
	ctx, cancel := context.WithCancel(tb.Context())
	program := exec.CommandContext(ctx, os.Args[0])
	program.Env = append(environment, "AWS_LAMBDA_RUNTIME_API="+strings.TrimPrefix(api.URL, "http://"), "AWS_REGION=us-east-1",
		"AWS_ACCESS_KEY_ID=k", "AWS_SECRET_ACCESS_KEY=s", "AWS_EC2_METADATA_DISABLED=true")
	var stderr bytes.Buffer
	program.Stderr = &stderr
	began := time.Now()
	if err := program.Start(); err != nil {
		tb.Fatal(err)
	}
	select {
	case answer = <-answered:
	case <-tb.Context().Done():
	}
	ready = (<-asked).Sub(began)
	cancel()
	_ = program.Wait() // it was killed
	return answer, stderr.String(), ready
}

const event = `{"order":{"user_id":"u","id":"o"},"execution":"run"}`

func TestTheProgramIsTheFunctionThatItsEnvironmentNames(t *testing.T) {
	t.Parallel()
	answer, log, _ := run(t, event, "ORDER_FUNCTION=payment", "PAYMENT_FAILURE_RATE=1")
	if !strings.HasPrefix(answer, `response {"status":"error","error_message":"`) {
		t.Errorf("answer %s", answer)
	}
	for _, want := range []string{`"order_id":"o"`, `"execution":"run"`, `"function":"payment"`, `"msg":"ready"`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s: %s", want, log)
		}
	}
	answer, _, _ = run(t, event, "ORDER_FUNCTION=cook")
	if !strings.HasPrefix(answer, "error ") || !strings.Contains(answer, "there is no function of this kind") {
		t.Errorf("answer %s", answer)
	}
}

// BenchmarkColdStart tells the time from the start of the program until it asks
// for its first event.
func BenchmarkColdStart(b *testing.B) {
	var total time.Duration
	n := 0
	for b.Loop() {
		_, _, ready := run(b, event, "ORDER_FUNCTION=restaurant")
		total += ready
		n++
	}
	b.ReportMetric(float64(total.Microseconds())/float64(n)/1000, "ms-until-ready")
}
