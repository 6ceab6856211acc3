package deploy_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/aws"
	"orderops/aws/deploy"
	"orderops/aws/local"
	"orderops/aws/policy"
	"orderops/workflow"
	"orderops/workflow/operation"
	"orderops/workflow/operation/journal"
)

// storyOrders is how many orders the story has unless STORY_ORDERS says another number.
const storyOrders = 1000

// TestStory lets many orders through everything that goes wrong in production,
// puts right with the tool what can be put right, and counts to the last one:
// every valid order ends exactly once, every unreadable one is a dead letter.
func TestStory(t *testing.T) {
	t.Parallel()
	n := storyOrders
	if text, ok := os.LookupEnv("STORY_ORDERS"); ok {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		s := newStory(t, n)
		s.order(t)
		time.Sleep(time.Hour) // whatever is still received three times
		s.flaky.calm()
		for visit := 1; s.putRight(t); visit++ {
			if visit == 20 {
				t.Fatal("there is always something more to put right")
			}
			time.Sleep(30 * time.Minute)
		}
		s.count(t)
		t.Logf("%d orders, %d unreadable, in %s of virtual time: %d deliveries of %d messages, %d functions failed before their work and %d after it; "+
			"put right: %v; mails %d for %d orders", n, len(s.poison), time.Since(began), s.flaky.deliveries, len(s.flaky.delivered),
			s.flaky.before, s.flaky.after, s.did, s.flaky.mailed(), len(s.flaky.mails))
	})
}

// story is an order system, its customers and its operator.
type story struct {
	*system
	flaky   *flaky
	session *aws.Session
	desk    *operation.Desk
	journal *journal.Journal
	// valid are the orders by user, each user orders once; poison are the bodies
	// that nobody can read.
	valid  map[string]bool
	poison map[string]bool
	n      int
	// did counts what the operator found and did, in words.
	did map[string]int
	// letters are the dead letters that the operator has seen; true says that it
	// was redriven or deleted.
	letters map[workflow.MessageID]bool
}

func newStory(t *testing.T, n int) *story {
	t.Helper()
	s := &story{
		flaky: &flaky{random: rand.New(rand.NewPCG(1, 2)), mails: map[string]int{}, delivered: map[string]bool{}},
		valid: map[string]bool{}, poison: map[string]bool{}, n: n, did: map[string]int{}, letters: map[workflow.MessageID]bool{},
	}
	var err error
	s.system, err = plan{
		options:    local.Options{Seed: 7, Pressure: local.Pressure{DuplicateRate: 0.02}},
		template:   deploy.Template(),
		parameters: map[string]string{"PaymentFailureRate": "0.1", "RestaurantFailureRate": "0.1"},
		wrap:       s.flaky.wrap,
	}.start(t)
	if err != nil {
		t.Fatal(err)
	}
	s.grant(t, "operator", policy.Operator)
	s.session = s.connect(t, "operator")
	if s.journal, err = journal.Open(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	s.desk = operation.NewDesk(s.session.Deployment, s.session.Queue, s.session.Execution, operation.Options{
		Operator: "ada", Guard: s.session.Guard, Rows: s.session.Order, Describer: s.session.Execution, Consumer: s.session.Consumer, Journal: s.journal,
	})
	return s
}

// order sends all orders, ten per second, one in twenty unreadable. For ten
// minutes of them the consumer is off.
func (s *story) order(t *testing.T) {
	t.Helper()
	unreadable := []string{"no order %d", `{"data":{"user_id":"u%d","quantity":"many","restaurant_id":"r"}}`, `{"data":{"user_id":"u%d"}}`, `{"data":"%d`}
	client := sqs.NewFromConfig(s.config)
	for first := 0; first < s.n; first += 10 {
		switch first {
		case s.n / 3 / 10 * 10:
			s.consumer(t, false)
		case s.n * 2 / 3 / 10 * 10:
			time.Sleep(10 * time.Minute)
			s.consumer(t, true)
		}
		var entries []sqstypes.SendMessageBatchRequestEntry
		for i := first; i < min(first+10, s.n); i++ {
			user := fmt.Sprintf("User_%d", i)
			body := fmt.Sprintf(`{"data":{"user_id":%q,"quantity":"%d","restaurant_id":"Restaurant %d"}}`, user, i%999+1, i%7)
			if i%20 == 13 {
				body = fmt.Sprintf(unreadable[i/20%len(unreadable)], i)
				s.poison[body] = true
			} else {
				s.valid[user] = true
			}
			entries = append(entries, sqstypes.SendMessageBatchRequestEntry{Id: awssdk.String(strconv.Itoa(i)), MessageBody: &body})
		}
		answer, err := client.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: awssdk.String(s.outputs["OrderQueueUrl"]), Entries: entries})
		if err != nil || len(answer.Failed) > 0 {
			t.Fatal(answer, err)
		}
		time.Sleep(time.Second)
	}
}

func (s *story) consumer(t *testing.T, enabled bool) {
	t.Helper()
	if err := s.cloud.EnableEventSource("OrderConsumer", enabled); err != nil {
		t.Fatal(err)
	}
}
