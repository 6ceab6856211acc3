package deploy_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/aws"
	"orderops/aws/deploy"
	"orderops/aws/function"
	"orderops/aws/local"
	"orderops/aws/policy"
	"orderops/config"
	"orderops/workflow"
	"orderops/workflow/operation"
)

// storyOrders is how many orders the story has unless STORY_ORDERS says another number.
const storyOrders = 500

// TestStory lets many orders through everything that goes wrong in production,
// puts right what can be put right, and counts to the last one: every valid
// order ends exactly once, every unreadable one is a dead letter.
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
		for round := 1; s.putRight(t); round++ {
			if round == 20 {
				t.Fatal("there is always something more to put right")
			}
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
	// valid are the orders by user, each user orders once; poison are the bodies
	// that nobody can read.
	valid  map[string]bool
	poison map[string]bool
	n      int
	// did counts what the operator did, by verdict.
	did map[string]int
}

func newStory(t *testing.T, n int) *story {
	t.Helper()
	s := &story{
		flaky: &flaky{random: rand.New(rand.NewPCG(1, 2)), mails: map[string]int{}, delivered: map[string]bool{}},
		valid: map[string]bool{}, poison: map[string]bool{}, n: n, did: map[string]int{},
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
	settings := config.Default()
	settings.EndpointURL, settings.Region, settings.Stack = s.cloud.URL(), s.cloud.Region(), deploy.StackName
	s.grant(t, "operator", policy.Operator)
	s.session, err = aws.Connect(t.Context(), settings, aws.Options{
		HTTPClient: s.cloud.HTTPClient(), Credentials: credentials.NewStaticCredentialsProvider("operator", "secret", ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	s.desk = operation.NewDesk(s.session.Deployment, s.session.Queue, s.session.Execution, operation.Options{
		Rows: s.session.Order, Describer: s.session.Execution,
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

// putRight does what an operator does, once, and tells whether there was
// anything to do: broken executions are redriven; of the dead letters those that
// were processed are deleted and those that are safe are sent again as the same
// order. What is malformed stays.
func (s *story) putRight(t *testing.T) (something bool) {
	t.Helper()
	executions := s.executions(t, sfntypes.ExecutionStatusFailed)
	for _, e := range executions {
		if _, err := sfn.NewFromConfig(s.config).RedriveExecution(t.Context(), &sfn.RedriveExecutionInput{ExecutionArn: e.ExecutionArn}); err != nil {
			t.Fatal(err)
		}
		s.did["executions redriven"]++
	}
	time.Sleep(5 * time.Minute)
	letters := s.letters(t)
	for _, letter := range letters {
		s.did["letters "+string(letter.Verdict)]++
		switch letter.Verdict {
		case workflow.Malformed:
			continue
		case workflow.Safe:
			s.sendAgain(t, letter)
		case workflow.Processed:
		default:
			t.Fatalf("a dead letter is %s: %s", letter.Verdict, letter.Why)
		}
		something = true
		if _, err := sqs.NewFromConfig(s.config).DeleteMessage(t.Context(), &sqs.DeleteMessageInput{
			QueueUrl: awssdk.String(s.outputs["OrderDLQueueUrl"]), ReceiptHandle: &letter.ReceiptHandle,
		}); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(30 * time.Minute)
	return something || len(executions) > 0
}

// letters inspects and judges all dead letters. Their leases run out by themselves.
func (s *story) letters(t *testing.T) (all []workflow.DeadLetter) {
	t.Helper()
	inspection, _, err := s.desk.Inspect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for {
		page, err := inspection.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		judged, err := s.desk.Judge(t.Context(), page.Letters)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, judged...)
		if page.Done {
			return all
		}
	}
}

// sendAgain sends a dead letter to the order queue as the order that it is.
func (s *story) sendAgain(t *testing.T, letter workflow.DeadLetter) {
	t.Helper()
	id := string(letter.OrderID())
	_, err := sqs.NewFromConfig(s.config).SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: awssdk.String(s.outputs["OrderQueueUrl"]), MessageBody: awssdk.String(string(letter.Body)),
		MessageAttributes: map[string]sqstypes.MessageAttributeValue{
			workflow.AttributeOrderID: {DataType: awssdk.String("String"), StringValue: &id},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (s *story) executions(t *testing.T, status sfntypes.ExecutionStatus) (all []sfntypes.ExecutionListItem) {
	t.Helper()
	pages := sfn.NewListExecutionsPaginator(sfn.NewFromConfig(s.config), &sfn.ListExecutionsInput{
		StateMachineArn: awssdk.String(s.outputs["OrderStateMachineArn"]), StatusFilter: status, MaxResults: 1000,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Executions...)
	}
	return all
}

// count compares what came in with what there is now.
func (s *story) count(t *testing.T) {
	t.Helper()
	for name, count := range map[string]int{"OrderQueueUrl": 0, "OrderDLQueueUrl": len(s.poison)} {
		visible, hidden := s.attribute(t, name, "ApproximateNumberOfMessages"), s.attribute(t, name, "ApproximateNumberOfMessagesNotVisible")
		if visible != strconv.Itoa(count) || hidden != "0" {
			t.Errorf("%s has %s messages and %s in flight, want %d", name, visible, hidden, count)
		}
	}
	dead := map[string]bool{}
	for _, letter := range s.letters(t) {
		dead[string(letter.Body)] = true
	}
	if !maps.Equal(dead, s.poison) {
		t.Errorf("dead letters %v, want %v", dead, s.poison)
	}
	names := map[string]bool{}
	for _, e := range s.executions(t, "") {
		if e.Status != sfntypes.ExecutionStatusSucceeded {
			t.Errorf("execution %s is %s", *e.Name, e.Status)
		}
		names[*e.Name] = true
	}
	rows := s.rows(t)
	users, statuses := map[string]bool{}, map[string]int{}
	for _, row := range rows {
		if users[row["user_id"]] || !s.valid[row["user_id"]] {
			t.Errorf("row of %s: it has another, or should have none", row["user_id"])
		}
		users[row["user_id"]] = true
		statuses[row["order_status"]]++
		if !names[row["id"]] || s.flaky.mails[row["id"]] == 0 {
			t.Errorf("order %s: execution %t, mails %d", row["id"], names[row["id"]], s.flaky.mails[row["id"]])
		}
	}
	if len(rows) != len(s.valid) || len(names) != len(s.valid) || len(s.flaky.mails) != len(s.valid) {
		t.Errorf("%d valid orders, %d rows, %d executions, mails of %d orders", len(s.valid), len(rows), len(names), len(s.flaky.mails))
	}
	if statuses["SUCCESS"]+statuses["FAILURE"] != len(s.valid) || statuses["SUCCESS"] == 0 || statuses["FAILURE"] == 0 {
		t.Errorf("statuses %v", statuses)
	}
	// The story is none if nothing went wrong.
	if s.flaky.before == 0 || s.flaky.after == 0 || s.flaky.deliveries <= len(s.flaky.delivered) || s.did["executions redriven"] == 0 ||
		s.did["letters already processed"] == 0 || s.did["letters safe"] == 0 {
		t.Errorf("too little went wrong: %d, %d, %d deliveries, %v", s.flaky.before, s.flaky.after, s.flaky.deliveries, s.did)
	}
}

func (s *story) rows(t *testing.T) (all []map[string]string) {
	t.Helper()
	pages := dynamodb.NewScanPaginator(dynamodb.NewFromConfig(s.config), &dynamodb.ScanInput{TableName: awssdk.String(s.outputs["DynamoDBTableName"])})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page.Items {
			row := map[string]string{}
			for name, value := range item {
				if text, ok := value.(*dynamodbtypes.AttributeValueMemberS); ok {
					row[name] = text.Value
				}
			}
			all = append(all, row)
		}
	}
	return all
}

// flaky makes functions fail at random, before their work or after it, until it
// is calm. It keeps what only functions see.
type flaky struct {
	mu            sync.Mutex // guards all below
	random        *rand.Rand
	over          bool
	before, after int
	deliveries    int
	delivered     map[string]bool // by message id
	mails         map[string]int  // by order id
}

func (f *flaky) calm() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.over = true
}

func (f *flaky) mailed() (n int) {
	for count := range maps.Values(f.mails) {
		n += count
	}
	return n
}

func (f *flaky) wrap(kind string, do function.Function) function.Function {
	first, last := 0.015, 0.015
	if kind == function.Consumer {
		first, last = 0.4, 0.1 // three times before its work is a dead letter that is safe to send again
	}
	return func(ctx context.Context, payload []byte) ([]byte, error) {
		before, after := f.draw(first), f.draw(last)
		if kind == function.Consumer {
			f.receive(payload)
		}
		if before {
			f.add(&f.before)
			return nil, errors.New("the function failed before its work")
		}
		answer, err := do(ctx, payload)
		if kind == function.Save {
			f.mail(payload, answer)
		}
		if after && err == nil {
			f.add(&f.after)
			return nil, errors.New("the function failed after its work")
		}
		return answer, err
	}
}

func (f *flaky) draw(rate float64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return !f.over && f.random.Float64() < rate
}

func (f *flaky) add(count *int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	*count++
}

// receive notes which messages the consumer was given.
func (f *flaky) receive(payload []byte) {
	var event struct {
		Records []struct {
			MessageID string `json:"messageId"`
		}
	}
	_ = json.Unmarshal(payload, &event)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range event.Records {
		f.deliveries++
		f.delivered[r.MessageID] = true
	}
}

// mail notes whose outcome was mailed.
func (f *flaky) mail(payload, answer []byte) {
	var event struct{ ID string }
	var saved struct{ Notification string }
	_ = json.Unmarshal(payload, &event)
	_ = json.Unmarshal(answer, &saved)
	if saved.Notification == "sent" {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.mails[event.ID]++
	}
}
