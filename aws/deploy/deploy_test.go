package deploy_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/aws/deploy"
	"orderops/aws/function"
	"orderops/aws/local"
	"orderops/aws/local/wire"
	"orderops/aws/policy"
	"orderops/workflow"
)

const order = `{"data":{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}}`

// system is one deployed order system with the product's own functions, each of
// which may do what the template's role permits, and nothing else.
type system struct {
	cloud   *local.Cloud
	outputs map[string]string
	config  awssdk.Config
	guard   *guard
}

func client(cloud *local.Cloud, accessKey string) awssdk.Config {
	return awssdk.Config{
		Region:       cloud.Region(),
		BaseEndpoint: awssdk.String(cloud.URL()),
		Credentials:  credentials.NewStaticCredentialsProvider(accessKey, "secret", ""),
		HTTPClient:   cloud.HTTPClient(),
	}
}

// plan is how a system is started.
type plan struct {
	options    local.Options
	template   []byte
	parameters map[string]string
	// wrap puts something around the functions; nil puts nothing.
	wrap func(kind string, f function.Function) function.Function
}

// start deploys; parameters make payment and restaurant agree unless they say otherwise.
func start(tb testing.TB, options local.Options, parameters map[string]string) *system {
	tb.Helper()
	s, err := plan{options: options, template: deploy.Template(), parameters: parameters}.start(tb)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// startChanged deploys a template that is not quite the order system's.
func startChanged(t *testing.T, template string, parameters map[string]string) (*system, error) {
	t.Helper()
	if template == string(deploy.Template()) {
		t.Fatal("the template was not changed")
	}
	return plan{template: []byte(template), parameters: parameters}.start(t)
}

func (p plan) start(tb testing.TB) (*system, error) {
	tb.Helper()
	var cloud *local.Cloud
	guard := &guard{roles: func() map[string][][]byte { return cloud.Roles() }, policies: map[string]policy.Policy{}}
	p.options.Permit = guard.permits
	if p.options.Intercept == nil {
		p.options.Intercept = guard.intercept
	}
	cloud = local.New(p.options)
	tb.Cleanup(cloud.Close)
	given := map[string]string{"PaymentFailureRate": "0", "RestaurantFailureRate": "0"}
	maps.Copy(given, p.parameters)
	err := deploy.LocalTemplate(cloud, p.template, given, func(kind string, environment map[string]string) (function.Function, error) {
		f, err := function.Handler(kind, client(cloud, environment["AWS_ACCESS_KEY_ID"]), environment)
		if p.wrap != nil {
			f = p.wrap(kind, f)
		}
		return f, err
	})
	if err != nil {
		return nil, err
	}
	s := &system{cloud: cloud, outputs: map[string]string{}, config: client(cloud, "operator"), guard: guard}
	answer, err := cloudformation.NewFromConfig(s.config).DescribeStacks(tb.Context(), &cloudformation.DescribeStacksInput{
		StackName: awssdk.String(deploy.StackName),
	})
	if err != nil {
		return nil, err
	}
	for _, o := range answer.Stacks[0].Outputs {
		s.outputs[*o.OutputKey] = *o.OutputValue
	}
	return s, nil
}

// guard lets roles do what their policies in the template say.
type guard struct {
	roles func() map[string][][]byte

	mu       sync.Mutex // guards policies
	policies map[string]policy.Policy
}

func (g *guard) permits(role string, need local.Permission) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	p, known := g.policies[role]
	if !known {
		var err error
		if p, err = policy.Parse(g.roles()[role]...); err != nil {
			return false
		}
		g.policies[role] = p
	}
	return p.Allows(need.Action, need.Resource)
}

func (g *guard) intercept(_ context.Context, call local.Call) *wire.Error {
	g.mu.Lock()
	_, known := g.policies[call.AccessKey]
	g.mu.Unlock()
	if _, isRole := g.roles()[call.AccessKey]; !isRole && !known {
		return nil // somebody who may do everything
	}
	for _, need := range call.Needs {
		if !g.permits(call.AccessKey, need) {
			return call.Lacks(need)
		}
	}
	return nil
}

func (s *system) send(t *testing.T, body string) (id string) {
	t.Helper()
	answer, err := sqs.NewFromConfig(s.config).SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: awssdk.String(s.outputs["OrderQueueUrl"]), MessageBody: &body,
	})
	if err != nil {
		t.Fatal(err)
	}
	return *answer.MessageId
}

// execution tells an order's execution; nil when there is none.
func (s *system) execution(t *testing.T, id string) *sfn.DescribeExecutionOutput {
	t.Helper()
	machine := s.outputs["OrderStateMachineArn"]
	answer, err := sfn.NewFromConfig(s.config).DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{
		ExecutionArn: awssdk.String(strings.Replace(machine, ":stateMachine:", ":execution:", 1) + ":" + id),
	})
	if _, ok := errors.AsType[*sfntypes.ExecutionDoesNotExist](err); ok {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestOutputs(t *testing.T) {
	t.Parallel()
	s := start(t, local.Options{URL: "http://127.0.0.1:7000/"}, map[string]string{"ApiAuthorization": "AWS_IAM"})
	want := map[string]string{
		"OrderQueueUrl":        "http://127.0.0.1:7000/000000000000/OrderQueue",
		"OrderDLQueueUrl":      "http://127.0.0.1:7000/000000000000/OrderDeathLetterQueue",
		"OrderStateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:OrderStateMachine",
		"DynamoDBTableName":    "order-table",
		"OrderSnsTopicArn":     "arn:aws:sns:us-east-1:000000000000:Order-sns-topic",
		"ApiGatewayInvokeURL":  "http://127.0.0.1:7000/Dev/orders/",

		"OrderStateMachineLogGroup": "/aws/vendedlogs/states/OrderStateMachine",
	}
	for name, value := range want {
		if s.outputs[name] != value {
			t.Errorf("%s is %q, want %q", name, s.outputs[name], value)
		}
	}
	if len(s.outputs) != len(want) {
		t.Errorf("outputs %v", s.outputs)
	}
}

// TestOrderSucceeds follows an order from the queue to the mail, in virtual time.
func TestOrderSucceeds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := start(t, local.Options{}, nil)
		id := s.send(t, order)
		time.Sleep(29 * time.Second)
		if e := s.execution(t, id); e == nil || e.Status != sfntypes.ExecutionStatusRunning {
			t.Fatalf("after 29 s: %+v", e)
		}
		time.Sleep(2 * time.Second)
		if e := s.execution(t, id); e.Status != sfntypes.ExecutionStatusSucceeded {
			t.Fatalf("after 31 s: %s %s %s", e.Status, awssdk.ToString(e.Error), awssdk.ToString(e.Cause))
		}
		rows, err := dynamodb.NewFromConfig(s.config).Scan(t.Context(), &dynamodb.ScanInput{TableName: awssdk.String("order-table")})
		if err != nil || len(rows.Items) != 1 {
			t.Fatalf("rows %v, %v", rows, err)
		}
		mails := s.cloud.Mail()
		if len(mails) != 1 || mails[0].Body != "Order status: SUCCESS" || mails[0].To != deploy.LocalEmail {
			t.Errorf("mails %+v", mails)
		}
	})
}

// TestNewestFirst reads the index by day, newest first, as the tool does.
func TestNewestFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := start(t, local.Options{}, map[string]string{"WaitSeconds": "1"})
		var sent []string
		for range 12 {
			sent = append(sent, s.send(t, order))
			time.Sleep(time.Minute)
		}
		found := map[string]int{}
		for _, day := range workflow.DayKeys(time.Now()) {
			answer, err := dynamodb.NewFromConfig(s.config).Query(t.Context(), &dynamodb.QueryInput{
				TableName: awssdk.String(s.outputs["DynamoDBTableName"]), IndexName: awssdk.String(workflow.DayIndex),
				KeyConditionExpression:    awssdk.String(workflow.DayField + " = :day"),
				ExpressionAttributeValues: map[string]dynamodbtypes.AttributeValue{":day": &dynamodbtypes.AttributeValueMemberS{Value: day}},
				ScanIndexForward:          awssdk.Bool(false),
			})
			if err != nil {
				t.Fatal(err)
			}
			last := len(sent)
			for _, item := range answer.Items {
				id, _ := item["id"].(*dynamodbtypes.AttributeValueMemberS)
				at := slices.Index(sent, id.Value)
				if at < 0 || at >= last {
					t.Errorf("order %d comes after order %d", at, last)
				}
				last = at
				found[id.Value]++
			}
		}
		if len(found) != len(sent) {
			t.Errorf("%d of %d orders found: %v", len(found), len(sent), found)
		}
	})
}

func TestDeclinedPaymentIsRecorded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := start(t, local.Options{}, map[string]string{"PaymentFailureRate": "1", "WaitSeconds": "1"})
		s.send(t, order)
		time.Sleep(5 * time.Second)
		if mails := s.cloud.Mail(); len(mails) != 1 || mails[0].Body != "Order status: FAILURE" {
			t.Errorf("mails %+v", mails)
		}
	})
}

// TestPoison wants an unreadable order among the dead letters after exactly
// three receives, and its neighbours served.
func TestPoison(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := start(t, local.Options{}, map[string]string{"VisibilityTimeoutSeconds": "5"})
		good := s.send(t, order)
		bad := s.send(t, "no order at all")
		client := sqs.NewFromConfig(s.config)
		receive := func() []sqstypes.Message {
			answer, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
				QueueUrl:                    awssdk.String(s.outputs["OrderDLQueueUrl"]),
				MessageSystemAttributeNames: []sqstypes.MessageSystemAttributeName{"All"},
			})
			if err != nil {
				t.Fatal(err)
			}
			return answer.Messages
		}
		time.Sleep(14 * time.Second)
		if early := receive(); len(early) != 0 {
			t.Fatalf("dead after two time-outs: %+v", early)
		}
		time.Sleep(10 * time.Second)
		dead := receive()
		if len(dead) != 1 || *dead[0].MessageId != bad || dead[0].Attributes["ApproximateReceiveCount"] != "4" {
			t.Fatalf("dead letters %+v", dead)
		}
		if s.execution(t, good) == nil {
			t.Error("the good order was not started")
		}
		if s.execution(t, bad) != nil {
			t.Error("the unreadable order was started")
		}
	})
}

// TestPostOrder wants the contract's body, in the success that the parameter names.
func TestPostOrder(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]string{"": "201", "201": "201", "204": "204"} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				parameters := map[string]string{}
				if status != "" {
					parameters["ApiSuccessStatus"] = status
				}
				s := start(t, local.Options{}, parameters)
				answer := s.post(t, "application/json", `{"restaurant_id": "Restaurant 4", "user_id": "Burger_20", "quantity": "3"}`)
				if fmt.Sprint(answer.status) != want || (want == "204") != (answer.body == "") {
					t.Errorf("%+v", answer)
				}
				if want == "201" && !strings.Contains(answer.body, `"MD5OfMessageBody":"e172a0b1b0c410a6d12b96ef434aa4c0"`) {
					t.Errorf("not the contract's body: %s", answer.body)
				}
				time.Sleep(time.Second)
				if s.execution(t, answer.id) == nil {
					t.Error("the order was not started")
				}
			})
		})
	}
}

// TestAPITellsWhenTheQueueFails wants 503 and no order id unless SQS answers 200.
func TestAPITellsWhenTheQueueFails(t *testing.T) {
	t.Parallel()
	s, err := startChanged(t, strings.Replace(string(deploy.Template()), "/${AWS::AccountId}/${OrderQueue.QueueName}", "/${AWS::AccountId}/NoQueue", 1), nil)
	if err != nil {
		t.Fatal(err)
	}
	answer := s.post(t, "application/json", jsonOf(`"u"`, `"3"`, `"r"`))
	if answer.status != http.StatusServiceUnavailable || answer.id != "" || !strings.Contains(answer.body, "did not confirm") {
		t.Errorf("%+v", answer)
	}
}

// TestAPIAuthorization wants signed requests only, unless the parameter says otherwise, and that said loudly.
func TestAPIAuthorization(t *testing.T) {
	t.Parallel()
	const signed = "AWS4-HMAC-SHA256 Credential=operator/20261127/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0"
	body := jsonOf(`"u"`, `"3"`, `"r"`)
	open := start(t, local.Options{}, nil)
	if answer := open.post(t, "application/json", body); answer.status != http.StatusCreated {
		t.Errorf("NONE: %+v", answer)
	}
	if !strings.HasPrefix(open.outputs["Warning"], "ANYBODY ON THE INTERNET CAN ORDER") {
		t.Errorf("NONE is not warned of: %v", open.outputs)
	}
	closed := start(t, local.Options{}, map[string]string{"ApiAuthorization": "AWS_IAM"})
	if answer := closed.post(t, "application/json", body); answer.status != http.StatusForbidden || answer.kind != "MissingAuthenticationTokenException" {
		t.Errorf("AWS_IAM, unsigned: %+v", answer)
	}
	if answer := closed.post(t, "application/json", body, "Authorization", signed); answer.status != http.StatusCreated {
		t.Errorf("AWS_IAM, signed: %+v", answer)
	}
	if closed.outputs["Warning"] != "" {
		t.Errorf("AWS_IAM is warned of: %v", closed.outputs)
	}
	// The local AWS has no user pools, and does not take their API for an open one.
	_, err := plan{template: deploy.Template(), parameters: map[string]string{
		"ApiAuthorization": "COGNITO_USER_POOLS", "ApiUserPoolArn": "arn:aws:cognito-idp:us-east-1:000000000000:userpool/p",
	}}.start(t)
	if err == nil || !strings.Contains(err.Error(), "not for map[users:[]]") {
		t.Errorf("COGNITO_USER_POOLS: %v", err)
	}
}

// TestConsumerOutage wants orders to wait while the event source is off.
func TestConsumerOutage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := start(t, local.Options{}, nil)
		if err := s.cloud.EnableEventSource("OrderConsumer", false); err != nil {
			t.Fatal(err)
		}
		id := s.send(t, order)
		time.Sleep(time.Hour)
		if s.execution(t, id) != nil {
			t.Fatal("started while the event source was off")
		}
		if err := s.cloud.EnableEventSource("OrderConsumer", true); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if s.execution(t, id) == nil {
			t.Error("not started after the event source came back")
		}
	})
}

// TestCloudsAreSeparate runs ten systems at once; each sees its own order only.
func TestCloudsAreSeparate(t *testing.T) {
	t.Parallel()
	for i := range 10 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			s := start(t, local.Options{Seed: uint64(i)}, nil)
			if err := s.cloud.EnableEventSource("OrderConsumer", false); err != nil {
				t.Fatal(err)
			}
			s.send(t, order)
			answer, err := sqs.NewFromConfig(s.config).GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
				QueueUrl: awssdk.String(s.outputs["OrderQueueUrl"]), AttributeNames: []sqstypes.QueueAttributeName{"All"},
			})
			if err != nil || answer.Attributes["ApproximateNumberOfMessages"] != "1" {
				t.Errorf("queue %v, %v", answer, err)
			}
			if calls := s.cloud.Calls("operator"); calls["sqs:SendMessage"] != 1 {
				t.Errorf("calls %v", calls)
			}
		})
	}
}

func TestTemplateIsACopy(t *testing.T) {
	t.Parallel()
	clear(deploy.Template())
	if !bytes.Contains(deploy.Template(), []byte("OrderQueue")) {
		t.Error("the embedded template was changed")
	}
}
