package rehearsal_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"

	"orderops/aws/local"
	"orderops/aws/policy"
	"orderops/aws/rehearsal"
)

// disturbed is a quiet scenario with disturbances as flags give them.
func disturbed(t *testing.T, texts ...string) rehearsal.Scenario {
	t.Helper()
	s := rehearsal.Quiet()
	s.Seed = 7
	for _, text := range texts {
		d, err := rehearsal.ReadDisturbance("test", text)
		if err != nil {
			t.Fatal(err)
		}
		s.Disturbances = append(s.Disturbances, d)
	}
	return s
}

func listQueues(s *stage, key string) error {
	_, err := sqs.NewFromConfig(config(s.cloud, key)).ListQueues(context.Background(), nil)
	return err
}

func code(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode()
	}
	return ""
}

// TestCallsAreDisturbedInTheirTime looks at each disturbance of calls before,
// in and after its time.
func TestCallsAreDisturbedInTheirTime(t *testing.T) {
	t.Parallel()
	const in = ", from: 10s, for: 10s"
	for name, test := range map[string]struct {
		disturbance string
		is          func(err error, took time.Duration) bool
	}{
		"throttle": {"throttle: sqs:ListQueues, share: 1", func(err error, _ time.Duration) bool { return code(err) == "RequestThrottled" }},
		"latency":  {"latency: sqs:*, by: 700ms", func(err error, took time.Duration) bool { return err == nil && took == 700*time.Millisecond }},
		"lost":     {"lost-answers: '*'", func(err error, _ time.Duration) bool { return err != nil && code(err) == "" }},
		"5xx": {"server-errors: sqs:List*", func(err error, _ time.Duration) bool {
			response, ok := errors.AsType[*smithyhttp.ResponseError](err)
			return ok && response.HTTPStatusCode() == 503
		}},
		"forbidden": {"forbidden: sqs:ListQueues", func(err error, _ time.Duration) bool {
			return code(err) == "AccessDeniedException" || code(err) == "AccessDenied"
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := rehearse(t, disturbed(t, test.disturbance+in))
				for _, at := range []struct {
					after time.Duration
					hit   bool
				}{{0, false}, {9 * time.Second, false}, {10 * time.Second, true}, {18 * time.Second, true}, {20 * time.Second, false}} {
					s.at(at.after)
					began := time.Now()
					err := listQueues(s, "operator")
					if hit := test.is(err, time.Since(began)); hit != at.hit || !hit && err != nil {
						t.Errorf("after %s: hit %t, error %v", at.after, hit, err)
					}
				}
			})
		})
	}
}

func TestWho(t *testing.T) {
	t.Parallel()
	for who, hit := range map[string]map[string]bool{
		"operator":  {"operator": true, "another": true, functionsKey: false},
		"functions": {"operator": false, "another": false, functionsKey: true},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := rehearse(t, disturbed(t, "throttle: sqs:ListQueues, share: 1, who: "+who))
			for key, want := range hit {
				if got := listQueues(s, key) != nil; got != want {
					t.Errorf("who: %s throttles %s: %t", who, key, got)
				}
			}
		})
	}
}

func TestThrottleLetsItsRateThrough(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := rehearse(t, disturbed(t, "throttle: sqs:ListQueues, rate: 2"))
		through := 0
		for range 100 { // in ten seconds
			if listQueues(s, "operator") == nil {
				through++
			}
			time.Sleep(100 * time.Millisecond)
		}
		if through < 20 || through > 22 {
			t.Errorf("%d calls in ten seconds, want two a second and a burst of two", through)
		}
	})
}

func TestForbiddenByResource(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := rehearse(t, disturbed(t, `forbidden: sqs:SendMessage, resource: "*:OrderDeathLetterQueue"`))
		for queue, refused := range map[string]bool{"OrderQueue": false, "OrderDeathLetterQueue": true} {
			_, err := s.sqs().SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: s.queue(queue), MessageBody: awssdk.String("x")})
			if (err != nil) != refused {
				t.Errorf("%s: %v", queue, err)
			}
		}
	})
}

// TestFunctionOutages wants each way to fail told by the execution.
func TestFunctionOutages(t *testing.T) {
	t.Parallel()
	for how, want := range map[string]string{
		"outage: restaurant":                  "ServiceOutage",
		"outage: restaurant, how: timeout":    "Sandbox.Timedout",
		"outage: restaurant, how: after-work": "ServiceOutage",
		"outage: payment":                     "ServiceOutage",
		"outage: save":                        "ServiceOutage",
	} {
		synctest.Test(t, func(t *testing.T) {
			scenario := disturbed(t, how)
			scenario.Order, scenario.Wait = 0.5, time.Second
			s := rehearse(t, scenario)
			s.at(time.Minute)
			ended := 0
			for _, e := range s.executions() {
				if e.Status == sfntypes.ExecutionStatusRunning {
					continue
				}
				ended++
				told, err := s.sfn().DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: e.ExecutionArn})
				if err != nil || awssdk.ToString(told.Error) != want {
					t.Errorf("%s: %s %q, %v", how, told.Status, awssdk.ToString(told.Error), err)
				}
			}
			if ended == 0 {
				t.Errorf("%s: no execution ended", how)
			}
		})
	}
}

// TestQueuesUnderPressure wants orders delivered twice, and still started once.
func TestQueuesUnderPressure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		scenario := disturbed(t, "duplicate-rate: 1, for: 1m")
		scenario.Order, scenario.Wait = 1, time.Second
		s := rehearse(t, scenario)
		s.at(2 * time.Minute)
		s.rehearsal.Stop()
		time.Sleep(time.Minute)
		starts, orders := s.cloud.Calls(functionsKey)["states:StartExecution"], s.rehearsal.Tally().Orders
		if executions := len(s.executions()); starts < orders+40 || executions != orders {
			t.Errorf("%d starts and %d executions of %d orders", starts, executions, orders)
		}
	})
}

// TestLogsGetLost wants the loss of log events while it lasts, and none after it.
func TestLogsGetLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		scenario := disturbed(t, "log-loss: 1, for: 1m")
		scenario.Order, scenario.Wait = 1, time.Second
		s := rehearse(t, scenario)
		events := func() int {
			answer, err := cloudwatchlogs.NewFromConfig(config(s.cloud, "operator")).FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{
				LogGroupName: awssdk.String("/aws/vendedlogs/states/OrderStateMachine"),
			})
			if err != nil {
				t.Fatal(err)
			}
			return len(answer.Events)
		}
		s.at(time.Minute - time.Second)
		if n := events(); n != 0 {
			t.Errorf("%d log events while all get lost", n)
		}
		s.at(2 * time.Minute)
		if events() == 0 {
			t.Error("no log events afterwards")
		}
	})
}

// TestNoEventSource refuses a scenario that the cloud can't play.
func TestNoEventSource(t *testing.T) {
	t.Parallel()
	r := rehearsal.New(disturbed(t, "outage: event-source"), functionsKey)
	cloud := local.New(local.Options{})
	t.Cleanup(cloud.Close)
	if err := r.Start(cloud, ""); err == nil {
		t.Error("started without an event source")
	}
	r.Stop()
}

// TestRatesFollowTheScenario declines every payment, but only for a while.
func TestRatesFollowTheScenario(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		scenario := disturbed(t, "payment-failure-rate: 1, from: 1m, for: 1m", "order-rate: 0, from: 2m")
		s := rehearse(t, scenario.Override(rehearsal.Rates{Order: 1, Poison: -1, PaymentFailure: -1, RestaurantFailure: -1}))
		mails := func() (failures int) {
			for _, m := range s.cloud.Mail() {
				if m.Body == "Order status: FAILURE" {
					failures++
				}
			}
			return failures
		}
		s.at(time.Minute + 30*time.Second)
		if mails() != 0 {
			t.Errorf("%d failures of the first minute", mails())
		}
		s.at(3 * time.Minute)
		if failed := mails(); failed < 30 {
			t.Errorf("%d failures of the second minute", failed)
		}
		orders := s.rehearsal.Tally().Orders
		s.at(10 * time.Minute)
		if now := s.rehearsal.Tally().Orders; now != orders {
			t.Errorf("%d orders arrived after their end", now-orders)
		}
	})
}

func TestSameSeedSameOrders(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) (bodies map[string]bool, tally rehearsal.Tally) {
		bodies = map[string]bool{}
		synctest.Test(t, func(t *testing.T) {
			scenario := disturbed(t, "outage: event-source")
			scenario.Seed, scenario.Order, scenario.Poison = seed, 5, 0.2
			s := rehearse(t, scenario)
			s.at(10 * time.Second)
			s.rehearsal.Stop()
			tally = s.rehearsal.Tally()
			for _, m := range received(s) {
				bodies[m] = true
			}
		})
		return bodies, tally
	}
	first, tally := run(3)
	again, same := run(3)
	if diff := cmp.Diff(first, again); diff != "" || tally != same || tally.Poison == 0 {
		t.Errorf("%+v, then %+v: %s", tally, same, diff)
	}
	if other, _ := run(4); cmp.Equal(first, other) {
		t.Error("another seed gives the same orders")
	}
}

// received are the bodies of the order queue, whose event source is off.
func received(s *stage) (bodies []string) {
	s.t.Helper()
	for {
		answer, err := s.sqs().ReceiveMessage(context.Background(), &sqs.ReceiveMessageInput{
			QueueUrl: s.queue("OrderQueue"), MaxNumberOfMessages: 10, VisibilityTimeout: 43200, WaitTimeSeconds: 0,
		})
		if err != nil {
			s.t.Fatal(err)
		}
		if len(answer.Messages) == 0 {
			return bodies
		}
		for _, m := range answer.Messages {
			bodies = append(bodies, *m.Body)
		}
	}
}

// TestGuard lets keys do what their policies allow.
func TestGuard(t *testing.T) {
	t.Parallel()
	reader, err := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": "sqs:GetQueueUrl", "Resource": "arn:aws:sqs:*:*:Order*"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	cloud := local.New(local.Options{Intercept: rehearsal.Guard(map[string]policy.Policy{"reader": reader})})
	t.Cleanup(cloud.Close)
	for _, name := range []string{"OrderQueue", "Payroll"} {
		if _, err := sqs.NewFromConfig(config(cloud, "owner")).CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name}); err != nil {
			t.Fatal(err)
		}
	}
	client := sqs.NewFromConfig(config(cloud, "reader"))
	for name, allowed := range map[string]bool{"OrderQueue": true, "Payroll": false} {
		_, err := client.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: &name})
		if (err == nil) != allowed {
			t.Errorf("%s: %v", name, err)
		}
	}
	url := cloud.URL() + "/" + cloud.Account() + "/OrderQueue"
	if _, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: awssdk.String("x")}); err == nil {
		t.Error("a reader sends")
	}
}
