package queue_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"orderops/aws/local"
	"orderops/aws/queue"
	"orderops/workflow"
)

const (
	orderURL = "http://127.0.0.1:4566/000000000000/OrderQueue"
	deadURL  = "http://127.0.0.1:4566/000000000000/OrderDeathLetterQueue"
	orderARN = "arn:aws:sqs:us-east-1:000000000000:OrderQueue"
	deadARN  = "arn:aws:sqs:us-east-1:000000000000:OrderDeathLetterQueue"
)

const queues = `
Resources:
  Dead: {Type: AWS::SQS::Queue, Properties: {QueueName: OrderDeathLetterQueue, MessageRetentionPeriod: 1209600}}
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: OrderQueue
      VisibilityTimeout: 45
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}
`

// bench is a client of a cloud with both queues, with helpers that fail the test.
type bench struct {
	*testing.T
	*queue.Client
}

func inBubble(t *testing.T, test func(b bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)))
		cloud := local.New(local.Options{})
		defer cloud.Close()
		if err := cloud.Deploy(local.Deployment{Stack: "shop", Template: []byte(queues)}); err != nil {
			t.Fatal(err)
		}
		test(bench{t, queue.New(awssdk.Config{
			Region: "us-east-1", HTTPClient: cloud.HTTPClient(),
			Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
		})})
	})
}

func (b bench) send(body string) workflow.Sent {
	b.Helper()
	sent, err := b.Send(b.Context(), orderURL, []byte(body), nil)
	if err != nil {
		b.Fatal(err)
	}
	return sent
}

func (b bench) receive(url string, lease time.Duration) []workflow.Message {
	b.Helper()
	messages, err := b.Receive(b.Context(), url, 10, lease)
	if err != nil {
		b.Fatal(err)
	}
	return messages
}

// kill receives the messages of the order queue until they are dead letters.
func (b bench) kill() {
	b.Helper()
	for range 4 {
		b.receive(orderURL, time.Second)
		time.Sleep(2 * time.Second)
	}
}

func (b bench) describe(url string) workflow.Queue {
	b.Helper()
	q, err := b.Describe(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	return q
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b bench) {
		b.send("one")
		b.send("two")
		if _, err := b.Receive(b.Context(), orderURL, 1, time.Minute); err != nil {
			b.Fatal(err)
		}
		want := workflow.Queue{
			Name: "OrderQueue", URL: orderURL, ARN: orderARN, Visible: 1, InFlight: 1,
			VisibilityTimeout: 45 * time.Second, Retention: 4 * 24 * time.Hour, DeadLetterARN: deadARN, MaxReceives: 3,
		}
		if diff := cmp.Diff(want, b.describe(orderURL)); diff != "" {
			b.Errorf("order queue (-want +got):\n%s", diff)
		}
		if dead := b.describe(deadURL); dead.Retention != 14*24*time.Hour || dead.DeadLetterARN != "" || dead.MaxReceives != 0 {
			b.Errorf("dead-letter queue: got %+v", dead)
		}
	})
}

func TestSendAndReceive(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b bench) {
		const body = `{"data":{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}}`
		attributes := map[string]workflow.Attribute{
			"order_id": {DataType: "String", Text: "7c1e"},
			"raw":      {DataType: "Binary.gzip", Binary: []byte{0, 0x9b, 255}},
			"redrives": {DataType: "Number", Text: "2"},
		}
		now := time.Now().UTC()
		sent, err := b.Send(b.Context(), orderURL, []byte(body), attributes)
		if err != nil {
			b.Fatal(err)
		}
		if sent.BodyMD5 != "e172a0b1b0c410a6d12b96ef434aa4c0" {
			b.Errorf("got MD5 %s", sent.BodyMD5)
		}
		messages := b.receive(orderURL, time.Minute)
		if len(messages) != 1 {
			b.Fatalf("got %d messages", len(messages))
		}
		m := messages[0]
		if m.ReceiptHandle == "" || m.SenderID == "" {
			b.Errorf("got handle %q and sender %q", m.ReceiptHandle, m.SenderID)
		}
		m.ReceiptHandle, m.SenderID = "", ""
		want := workflow.Message{
			ID: sent.MessageID, Body: []byte(body), Attributes: attributes, Sent: now, FirstReceived: now, ReceiveCount: 1,
		}
		if diff := cmp.Diff(want, m); diff != "" {
			b.Errorf("message (-want +got):\n%s", diff)
		}
	})
}

func TestReceiveWaitsOneSecond(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b bench) {
		start := time.Now()
		if messages := b.receive(deadURL, time.Minute); len(messages) != 0 {
			b.Errorf("got %d messages", len(messages))
		}
		if waited := time.Since(start); waited != time.Second {
			b.Errorf("waited %s, want 1s", waited)
		}
	})
}

func TestDeadLetterKeepsItsLife(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b bench) {
		sentAt := time.Now().UTC()
		sent := b.send("not JSON")
		b.kill()
		messages := b.receive(deadURL, time.Minute)
		if len(messages) != 1 {
			b.Fatalf("got %d dead letters", len(messages))
		}
		m := messages[0]
		if m.ID != sent.MessageID || !m.Sent.Equal(sentAt) || m.ReceiveCount != 4 || m.SourceARN != orderARN {
			b.Errorf("got %+v, want the id and time of the first send, and four receives", m)
		}
	})
}

func TestSetVisibilityInBatches(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b bench) {
		const count = 23
		for i := range count {
			b.send(fmt.Sprint(i))
		}
		var handles []string
		for len(handles) < count {
			messages := b.receive(orderURL, time.Hour)
			if len(messages) == 0 {
				b.Fatalf("only %d of %d messages", len(handles), count)
			}
			for _, m := range messages {
				handles = append(handles, m.ReceiptHandle)
			}
		}
		failed, err := b.SetVisibility(b.Context(), orderURL, slices.Insert(slices.Clone(handles), 5, "garbage"), 0)
		if err != nil {
			b.Fatal(err)
		}
		if len(failed) != 1 || failed["garbage"] == "" {
			b.Errorf("got failed %v, want the garbage only", failed)
		}
		if q := b.describe(orderURL); q.Visible != count || q.InFlight != 0 {
			b.Errorf("got %d visible and %d in flight, want all %d given back", q.Visible, q.InFlight, count)
		}
	})
}

func TestSetVisibilityGoesOnAfterAFailedCall(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b bench) {
		handles := make([]string, 11)
		for i := range handles {
			handles[i] = fmt.Sprint(i)
		}
		failed, err := b.SetVisibility(b.Context(), "http://127.0.0.1:4566/000000000000/NoQueue", handles, 0)
		if err == nil || len(failed) != len(handles) {
			b.Errorf("got %v and %d failed, want an error and all %d", err, len(failed), len(handles))
		}
	})
}

func TestMove(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b bench) {
		const count = 5
		for i := range count {
			b.send(fmt.Sprint(i))
		}
		b.kill()
		start := time.Now().UTC()
		handle, err := b.StartMove(b.Context(), deadARN, "", 1)
		if err != nil {
			b.Fatal(err)
		}
		tasks, err := b.Moves(b.Context(), deadARN)
		if err != nil || len(tasks) != 1 {
			b.Fatalf("got %d tasks, %v", len(tasks), err)
		}
		task := tasks[0]
		if task.Handle != handle || task.Status != workflow.MoveRunning || task.Rate != 1 || task.ToMove != count || task.SourceARN != deadARN {
			b.Errorf("got %+v", task)
		}
		if !task.Started.Equal(start) {
			b.Errorf("got started %s, want %s", task.Started, start)
		}
		time.Sleep(2500 * time.Millisecond)
		moved, err := b.CancelMove(b.Context(), handle)
		if err != nil || moved < 1 || moved >= count {
			b.Errorf("got %d moved, %v; want some but not all", moved, err)
		}
		time.Sleep(10 * time.Second)
		if tasks, err = b.Moves(b.Context(), deadARN); err != nil || tasks[0].Status != workflow.MoveCancelled || tasks[0].Handle != "" {
			b.Errorf("got %+v, %v; want it cancelled and without a handle", tasks, err)
		}
	})
}

func TestNames(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b bench) {
		sources, err := b.DeadLetterSources(b.Context(), deadURL)
		if err != nil || !slices.Equal(sources, []string{orderURL}) {
			b.Errorf("got sources %v, %v", sources, err)
		}
		if url, err := b.URL(b.Context(), deadARN); err != nil || url != deadURL {
			b.Errorf("got %s, %v", url, err)
		}
		for _, arn := range []string{"", "OrderQueue", "arn:aws:sns:us-east-1:000000000000:OrderQueue"} {
			if _, err := b.URL(b.Context(), arn); workflow.KindOf(err) != workflow.Invalid {
				b.Errorf("%q: got %v, want invalid", arn, err)
			}
		}
	})
}
