package sqs_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"orderops/aws/local/identity"
	"orderops/aws/local/sqs"
)

// Whatever is done short of deleting, no message is lost and none appears twice:
// what was sent is what was deleted and what the two queues still hold.
func TestNoMessageIsLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		// A failed draw or check is a panic; it has to leave the bubble first.
		var failure any
		synctest.Test(t, func(t *testing.T) {
			defer func() { failure = recover() }()
			checkNoMessageIsLost(t.Context(), r)
		})
		if failure != nil {
			panic(failure)
		}
	})
}

func checkNoMessageIsLost(ctx context.Context, t *rapid.T) {
	service := sqs.New(identity.New("111111111111", "us-east-1", "http://localhost", 1))
	defer service.Close()
	service.SetPressure(sqs.Pressure{ShortPollShare: rapid.SampledFrom([]float64{0, 0.3}).Draw(t, "share")})
	c := &ledger{T: t, ctx: ctx, service: service, handles: make(map[string][]string), dead: make(map[string]bool)}
	c.create("dead", map[string]string{"VisibilityTimeout": "5"})
	c.create("orders", map[string]string{"VisibilityTimeout": "10", "RedrivePolicy": `{"deadLetterTargetArn":"` + service.QueueARN("dead") + `","maxReceiveCount":2}`})
	t.Repeat(map[string]func(*rapid.T){
		"send":    func(t *rapid.T) { c.send(t) },
		"receive": func(t *rapid.T) { c.receive(c.anyQueue(t), rapid.IntRange(1, 10).Draw(t, "limit")) },
		"delete":  func(t *rapid.T) { c.deleteAny(t) },
		"lease":   func(t *rapid.T) { c.changeAny(t) },
		"redrive": func(*rapid.T) {
			_, _ = c.call("StartMessageMoveTask", `{"SourceArn":"`+service.QueueARN("dead")+`","MaxNumberOfMessagesPerSecond":1}`)
		},
		"time": func(t *rapid.T) {
			time.Sleep(time.Duration(rapid.IntRange(1, 15_000).Draw(t, "milliseconds")) * time.Millisecond)
		},
		"": func(t *rapid.T) { c.check(t) },
	})
	c.drain()
}

// ledger keeps the books of one run.
type ledger struct {
	*rapid.T
	ctx     context.Context // of the bubble that the run is in
	service *sqs.Service
	bodies  int                 // sent so far; every body is its number
	handles map[string][]string // given out, by queue
	deleted int
	dead    map[string]bool // bodies that were deleted for sure
}

func (l *ledger) create(name string, attributes map[string]string) {
	if _, err := l.service.CreateQueue(name, attributes); err != nil {
		l.Fatal(err)
	}
}

func (l *ledger) anyQueue(t *rapid.T) string {
	return rapid.SampledFrom([]string{"orders", "dead"}).Draw(t, "queue")
}

func (l *ledger) send(t *rapid.T) {
	l.bodies++
	delay := rapid.IntRange(0, 8).Draw(t, "delay")
	if _, err := l.call("SendMessage", `{"QueueUrl":"orders","MessageBody":"`+strconv.Itoa(l.bodies)+`","DelaySeconds":`+strconv.Itoa(delay)+`}`); err != nil {
		t.Fatal(err)
	}
}

func (l *ledger) receive(queue string, limit int) []sqs.Delivery {
	got, err := l.service.Receive(l.ctx, l.service.QueueARN(queue), limit, 0)
	if err != nil {
		l.Fatal(err)
	}
	for _, d := range got {
		if l.dead[d.Body] {
			l.Fatalf("message %s was delivered after it was deleted", d.Body)
		}
		l.handles[queue] = append(l.handles[queue], d.ReceiptHandle)
	}
	return got
}

func (l *ledger) anyHandle(t *rapid.T, queue string) string {
	if len(l.handles[queue]) == 0 {
		t.Skip("nothing was received")
	}
	return rapid.SampledFrom(l.handles[queue]).Draw(t, "handle")
}

// deleteAny deletes with any handle ever given out; most are stale.
func (l *ledger) deleteAny(t *rapid.T) {
	queue := l.anyQueue(t)
	handle := l.anyHandle(t, queue)
	before := l.present()
	if err := l.service.Delete(l.service.QueueARN(queue), handle); err != nil {
		t.Fatal(err)
	}
	l.deleted += before - l.present()
}

func (l *ledger) changeAny(t *rapid.T) {
	queue := l.anyQueue(t)
	body := `{"QueueUrl":"` + queue + `","ReceiptHandle":"` + l.anyHandle(t, queue) + `","VisibilityTimeout":` + strconv.Itoa(rapid.IntRange(0, 20).Draw(t, "seconds")) + `}`
	_, _ = l.call("ChangeMessageVisibility", body) // refused for a stale handle
}

// present counts queue by queue. A move task that is due at this very instant
// moves first: between the two counts it would take a message from one side to
// the other.
func (l *ledger) present() int {
	synctest.Wait()
	total := 0
	for _, queue := range []string{"orders", "dead"} {
		a, err := l.call("GetQueueAttributes", `{"QueueUrl":"`+queue+`","AttributeNames":["All"]}`)
		if err != nil {
			l.Fatal(err)
		}
		for _, name := range []string{"", "NotVisible", "Delayed"} {
			n, err := strconv.Atoi(a.Attributes["ApproximateNumberOfMessages"+name])
			if err != nil || n < 0 {
				l.Fatalf("count %s of %s: %d, %v", name, queue, n, err)
			}
			total += n
		}
	}
	return total
}

func (l *ledger) check(t *rapid.T) {
	if got, want := l.deleted+l.present(), l.bodies; got != want {
		t.Fatalf("%d messages deleted or present, %d were sent", got, want)
	}
}

// drain receives and deletes what is left: each body comes exactly once.
func (l *ledger) drain() {
	want := l.present()
	for range 200 {
		for _, queue := range []string{"orders", "dead"} {
			for _, d := range l.receive(queue, 10) {
				if err := l.service.Delete(l.service.QueueARN(queue), d.ReceiptHandle); err != nil {
					l.Fatal(err)
				}
				l.dead[d.Body] = true
			}
		}
		time.Sleep(time.Second)
	}
	if got := len(l.dead); got != want || l.present() != 0 {
		l.Fatalf("drained %d messages, %d were present, %d are left", got, want, l.present())
	}
}

type answer struct{ Attributes map[string]string }

// call posts one request as JSON.
func (l *ledger) call(target, body string) (answer, error) {
	r := httptest.NewRequestWithContext(l.ctx, http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", "AmazonSQS."+target)
	w := httptest.NewRecorder()
	l.service.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		return answer{}, errors.New(w.Body.String())
	}
	var a answer
	err := json.Unmarshal(w.Body.Bytes(), &a)
	return a, err
}
