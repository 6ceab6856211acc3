package operation_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"orderops/workflow/operation"
)

// TestWhatIsInFlightIsNotSentTwice holds a send back for longer than a lease, as
// a suspended machine does. A run over all that match receives those messages
// again meanwhile, and must not send them a second time. It may name them: of a
// receive more than expected it is not known whose it was.
func TestWhatIsInFlightIsNotSentTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		s.kill(90)
		made, err := s.sqs().CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: awssdk.String("Elsewhere")})
		if err != nil {
			t.Fatal(err)
		}
		desk, _ := s.journaled(nil)
		var sends atomic.Int64
		slow := func(request *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
			if operationOf(request) == "SendMessageBatch" && sends.Add(1) == 2 {
				return late(request, send)
			}
			return send()
		}
		s.transport.Store(&slow)
		run := s.start(desk, operation.Selection{Rest: func(letter) bool { return true }, To: *made.QueueUrl, Rate: 1}, nil)
		if err := run.Wait(t.Context()); err != nil || s.deadTotal() != 0 {
			t.Errorf("%+v, %d left, %v", run.Progress(), s.deadTotal(), err)
		}
		q, err := s.session.Queue.Describe(t.Context(), *made.QueueUrl)
		if err != nil || q.Total() != 90 {
			t.Errorf("%d of 90 were sent, %+v, %v", q.Total(), run.Progress(), err)
		}
		for _, item := range run.Items() {
			if item.NewID == "" || item.Stage != "redriven" {
				t.Errorf("%+v", item)
			}
		}
	})
}
