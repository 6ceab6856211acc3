package rehearsal_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// TestCloseLeavesNothing closes a cloud in the middle of everything that it
// does: arrivals, slow calls, hanging functions, executions that wait, a long
// poll, a move task. All end at once, and no goroutine is left: the bubble
// would not end otherwise.
func TestCloseLeavesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		scenario := disturbed(t, "outage: restaurant, how: timeout", "latency: states:*, by: 1h, share: 0.2", "duplicate-rate: 0.5")
		scenario.Order, scenario.Poison, scenario.Wait = 3, 0.3, 20*time.Second
		s := rehearse(t, scenario)
		s.at(time.Minute)
		s.moveBack()
		go func() {
			_, _ = s.sqs().ReceiveMessage(context.Background(), &sqs.ReceiveMessageInput{QueueUrl: s.queue("OrderDeathLetterQueue"), WaitTimeSeconds: 20})
			_, _ = s.sqs().ReceiveMessage(context.Background(), &sqs.ReceiveMessageInput{QueueUrl: awssdk.String("gone"), WaitTimeSeconds: 20})
		}()
		time.Sleep(5 * time.Second)
		began := time.Now()
		s.rehearsal.Stop()
		s.cloud.Close()
		synctest.Wait()
		if took := time.Since(began); took != 0 {
			t.Errorf("closed after %s", took)
		}
	})
}
