package main

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"syscall"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/aws/playground"
	"orderops/config"
)

// servedHere serves the order system in this process, by what wrap makes of the
// cloud's handler, and says where.
func servedHere(t *testing.T, settings config.Settings, wrap func(cloud http.Handler) http.Handler) (*playground.Playground, string) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	url := "http://" + server.Listener.Addr().String()
	l, err := playground.New(settings, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	server.Config.Handler = wrap(l.Cloud.Handler())
	server.Start()
	t.Cleanup(server.Close)
	if err := l.Deploy(); err != nil {
		t.Fatal(err)
	}
	return l, url
}

// server is `orderops local` in a process of its own.
type server struct {
	url, address string
	cmd          *exec.Cmd
}

// serveLocal starts a local AWS and waits until it says where it listens.
// Address 127.0.0.1:0 takes any free port.
func serveLocal(tb testing.TB, address string, args ...string) *server {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), os.Args[0], append([]string{"local", "--listen", address}, args...)...)
	cmd.Env = append(os.Environ(), hermetic("1")...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	s := &server{cmd: cmd}
	tb.Cleanup(func() { s.kill(tb) })
	for lines := bufio.NewScanner(out); s.url == "" && lines.Scan(); {
		if m := regexp.MustCompile(`http://(127\.0\.0\.1:\d+)`).FindStringSubmatch(lines.Text()); m != nil {
			s.url, s.address = m[0], m[1]
		}
	}
	if s.url == "" {
		tb.Fatal("the local AWS did not say where it listens")
	}
	return s
}

// kill ends the server as a crash does; a second time does nothing.
func (s *server) kill(tb testing.TB) {
	tb.Helper()
	if s.cmd.ProcessState != nil {
		return
	}
	if err := s.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		tb.Logf("kill the local AWS: %v", err)
	}
	_ = s.cmd.Wait() // it was killed
}

// config is a second operator's way to the server.
func (s *server) config() awssdk.Config {
	return awssdk.Config{
		Region: "us-east-1", BaseEndpoint: &s.url,
		Credentials: credentials.NewStaticCredentialsProvider("SECONDOPERATOR", "local", ""),
	}
}

func (s *server) sqs() *sqs.Client           { return sqs.NewFromConfig(s.config()) }
func (s *server) sfn() *sfn.Client           { return sfn.NewFromConfig(s.config()) }
func (s *server) dynamodb() *dynamodb.Client { return dynamodb.NewFromConfig(s.config()) }

// queue finds a queue's URL by its name.
func (s *server) queue(t *testing.T, name string) *string {
	t.Helper()
	answer, err := s.sqs().GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: &name})
	if err != nil {
		t.Fatal(err)
	}
	return answer.QueueUrl
}

// counts are the messages of a queue as SQS counts them.
type counts struct{ visible, inFlight int }

func (s *server) counts(t *testing.T, name string) counts {
	t.Helper()
	answer, err := s.sqs().GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: s.queue(t, name), AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll},
	})
	if err != nil {
		t.Fatal(err)
	}
	number := func(name types.QueueAttributeName) int {
		n, err := strconv.Atoi(answer.Attributes[string(name)])
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return counts{
		number(types.QueueAttributeNameApproximateNumberOfMessages),
		number(types.QueueAttributeNameApproximateNumberOfMessagesNotVisible),
	}
}

// send puts a message on a queue.
func (s *server) send(t *testing.T, queue, body string, attributes map[string]types.MessageAttributeValue) *sqs.SendMessageOutput {
	t.Helper()
	answer, err := s.sqs().SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: s.queue(t, queue), MessageBody: &body, MessageAttributes: attributes,
	})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// eventually asks again and again until ok holds.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	deadline := time.After(patience)
	for !ok() {
		select {
		case <-again.C:
		case <-deadline:
			t.Fatalf("no %s after %v", what, patience)
		}
	}
}
