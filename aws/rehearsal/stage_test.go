package rehearsal_test

import (
	"context"
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/aws/deploy"
	"orderops/aws/function"
	"orderops/aws/local"
	"orderops/aws/rehearsal"
)

const functionsKey = "functions"

// stage is the order system on a local cloud with a rehearsal under way.
type stage struct {
	t         *testing.T
	cloud     *local.Cloud
	rehearsal *rehearsal.Rehearsal
	began     time.Time
}

// rehearse deploys and starts, inside a bubble of virtual time.
func rehearse(t *testing.T, s rehearsal.Scenario) *stage {
	t.Helper()
	r := rehearsal.New(s, functionsKey)
	cloud := local.New(r.Options(local.Options{Seed: s.Seed}))
	t.Cleanup(cloud.Close)
	t.Cleanup(r.Stop)
	parameters := map[string]string{"FunctionTimeoutSeconds": "1", "VisibilityTimeoutSeconds": "6", "PaymentFailureRate": "0", "RestaurantFailureRate": "0"}
	if s.Wait > 0 {
		parameters["WaitSeconds"] = strconv.Itoa(int(s.Wait.Seconds()))
	}
	inside := config(cloud, functionsKey)
	inside.Retryer = nil // as Lambda's own
	err := deploy.Local(cloud, parameters, r.Functions(func(kind string, environment map[string]string) (rehearsal.Function, error) {
		return function.Handler(kind, inside, maps.Clone(environment))
	}))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Start(cloud, cloud.URL()+"/Dev/orders/"); err != nil {
		t.Fatal(err)
	}
	return &stage{t: t, cloud: cloud, rehearsal: r, began: time.Now()}
}

func config(cloud *local.Cloud, key string) awssdk.Config {
	return awssdk.Config{
		Region: cloud.Region(), BaseEndpoint: awssdk.String(cloud.URL()), HTTPClient: cloud.HTTPClient(),
		Credentials: credentials.NewStaticCredentialsProvider(key, "secret", ""),
		Retryer:     func() awssdk.Retryer { return retry.AddWithMaxAttempts(retry.NewStandard(), 1) },
	}
}

func (s *stage) sqs() *sqs.Client { return sqs.NewFromConfig(config(s.cloud, "operator")) }
func (s *stage) sfn() *sfn.Client { return sfn.NewFromConfig(config(s.cloud, "operator")) }

// at waits until so long after the start.
func (s *stage) at(d time.Duration) { time.Sleep(time.Until(s.began.Add(d))) }

func (s *stage) queue(name string) *string {
	return awssdk.String(s.cloud.URL() + "/" + s.cloud.Account() + "/" + name)
}

// counts are the visible and the hidden messages of a queue.
func (s *stage) counts(name string) (visible, hidden int) {
	s.t.Helper()
	answer, err := s.sqs().GetQueueAttributes(context.Background(), &sqs.GetQueueAttributesInput{
		QueueUrl: s.queue(name), AttributeNames: []sqstypes.QueueAttributeName{"All"},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	number := func(name string) int {
		n, err := strconv.Atoi(answer.Attributes[name])
		if err != nil {
			s.t.Fatal(err)
		}
		return n
	}
	return number("ApproximateNumberOfMessages"), number("ApproximateNumberOfMessagesNotVisible")
}

// dead receives all dead letters, and keeps them hidden for the rest of the test.
func (s *stage) dead() (messages []sqstypes.Message) {
	s.t.Helper()
	for {
		answer, err := s.sqs().ReceiveMessage(context.Background(), &sqs.ReceiveMessageInput{
			QueueUrl: s.queue("OrderDeathLetterQueue"), MaxNumberOfMessages: 10, VisibilityTimeout: 43200,
		})
		if err != nil {
			s.t.Fatal(err)
		}
		if len(answer.Messages) == 0 {
			return messages
		}
		messages = append(messages, answer.Messages...)
	}
}

func (s *stage) machine() string {
	return "arn:aws:states:us-east-1:000000000000:stateMachine:OrderStateMachine"
}

// executions are all executions, by name.
func (s *stage) executions() map[string]sfntypes.ExecutionListItem {
	s.t.Helper()
	all := map[string]sfntypes.ExecutionListItem{}
	pages := sfn.NewListExecutionsPaginator(s.sfn(), &sfn.ListExecutionsInput{StateMachineArn: awssdk.String(s.machine())})
	for pages.HasMorePages() {
		page, err := pages.NextPage(context.Background())
		if err != nil {
			s.t.Fatal(err)
		}
		for _, e := range page.Executions {
			all[*e.Name] = e
		}
	}
	return all
}

// byStatus counts executions.
func (s *stage) byStatus() map[sfntypes.ExecutionStatus]int {
	counts := map[sfntypes.ExecutionStatus]int{}
	for _, e := range s.executions() {
		counts[e.Status]++
	}
	return counts
}

// moveBack lets SQS move all dead letters to the order queue.
func (s *stage) moveBack() {
	s.t.Helper()
	_, err := s.sqs().StartMessageMoveTask(context.Background(), &sqs.StartMessageMoveTaskInput{
		SourceArn:                    awssdk.String("arn:aws:sqs:us-east-1:000000000000:OrderDeathLetterQueue"),
		MaxNumberOfMessagesPerSecond: awssdk.Int32(10),
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// load takes a scenario that comes with the program, with a seed.
func load(t *testing.T, name string) rehearsal.Scenario {
	t.Helper()
	s, err := rehearsal.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	s.Seed = 7
	return s
}

func readable(body string) bool { return !strings.Contains(body, " pcs") }
