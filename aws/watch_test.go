package aws_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"orderops/aws"
	"orderops/aws/local"
	"orderops/aws/local/wire"
	"orderops/workflow"
)

// watchable is the order system with a log and a consumer that reads nothing of a message.
const watchable = parts + `
  Log: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /states/orders}}
  Logging:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: Logged
      DefinitionUri: hold.asl.json
      Logging: {Level: ALL, IncludeExecutionData: true, Destinations: [{CloudWatchLogsLogGroup: {LogGroupArn: !GetAtt Log.Arn}}]}
  Other:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: LoggedToo
      DefinitionUri: hold.asl.json
      Logging: {Level: ALL, Destinations: [{CloudWatchLogsLogGroup: {LogGroupArn: !GetAtt Log.Arn}}]}
  Consumer:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: OrderConsumer
      Handler: bootstrap
      Events: {Orders: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn, FunctionResponseTypes: [ReportBatchItemFailures]}}}
Outputs:
`

// watch deploys and connects to the machine that logs.
func (b *bench) watch() *aws.Session {
	b.Helper()
	var outputs []string
	for _, line := range whole() {
		outputs = append(outputs, "  "+strings.Replace(line, "!Ref Machine", "!Ref Logging", 1))
	}
	b.deployTemplate("orders", watchable+strings.Join(outputs, "\n"))
	return b.session(inRegion())
}

// world is a client beside the operator's.
func (b *bench) world() awssdk.Config {
	return awssdk.Config{
		Region: "us-east-1", BaseEndpoint: awssdk.String(b.cloud.URL()), HTTPClient: b.cloud.HTTPClient(),
		Credentials: credentials.NewStaticCredentialsProvider("WORLD", "secret", ""),
	}
}

func (b *bench) start(machine, name, input string) {
	b.Helper()
	_, err := sfn.NewFromConfig(b.world()).StartExecution(b.Context(), &sfn.StartExecutionInput{
		StateMachineArn: awssdk.String("arn:aws:states:us-east-1:000000000000:stateMachine:" + machine), Name: &name, Input: &input,
	})
	if err != nil {
		b.Fatal(err)
	}
}

func TestTheLogOfOneMachineIsRead(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b *bench) {
		s := b.watch()
		machine, err := s.Execution.StateMachine(b.Context())
		if err != nil || machine.LogGroup != "/states/orders" || machine.LogLevel != "ALL" {
			b.Fatalf("%+v, %v", machine, err)
		}
		begin := time.Now()
		b.start("Logged", "a", `{"user_id":"Burger_20"}`)
		b.start("LoggedToo", "not-ours", "{}")
		time.Sleep(31 * time.Second)
		page, err := s.Logs.Events(b.Context(), machine.LogGroup, begin, time.Time{}, "")
		if err != nil || page.Next != "" || page.Newest.Sub(begin) < 30*time.Second {
			b.Fatalf("%+v, %v", page, err)
		}
		var told []string
		for _, e := range page.Events {
			told = append(told, fmt.Sprint(e.ID, " ", e.Type, " ", e.State, " ", e.Input))
			if !strings.HasSuffix(string(e.Execution), ":execution:Logged:a") {
				b.Errorf("of another machine: %+v", e)
			}
		}
		want := `1 ExecutionStarted  {"user_id":"Burger_20"}, 2 WaitStateEntered Hold {"user_id":"Burger_20"}, 4 ExecutionSucceeded  `
		if got := strings.Join(told, ", "); got != want {
			b.Errorf("got %s", got)
		}
		// Only up to a time.
		page, err = s.Logs.Events(b.Context(), machine.LogGroup, begin, begin.Add(10*time.Second), "")
		if err != nil || len(page.Events) != 2 {
			b.Errorf("%+v, %v", page, err)
		}
	})
}

func TestALongLogIsReadByPages(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b *bench) {
		s := b.watch()
		begin := time.Now()
		const executions = 1300
		for i := range executions {
			b.start("Logged", fmt.Sprint("x", i), "{}")
		}
		synctest.Wait() // until every execution has logged that it waits
		seen, pages, token := map[string]bool{}, 0, ""
		for {
			page, err := s.Logs.Events(b.Context(), "/states/orders", begin, time.Time{}, token)
			if err != nil {
				b.Fatal(err)
			}
			pages++
			for _, e := range page.Events {
				seen[fmt.Sprint(e.Execution, e.ID)] = true
			}
			if token = page.Next; token == "" {
				break
			}
		}
		if pages != 2 || len(seen) != 2*executions {
			b.Errorf("%d events on %d pages", len(seen), pages)
		}
	})
}

func TestTheConsumerIsDescribed(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b *bench) {
		s := b.watch()
		queueARN := "arn:aws:sqs:us-east-1:000000000000:OrderQueue"
		c, err := s.Consumer.Describe(b.Context(), queueARN)
		if err != nil || c.Function != "OrderConsumer" || !c.Reads() || !c.PartialFailures || c.BatchSize != 10 || !c.Deployed.Equal(time.Now()) {
			b.Fatalf("%+v, %v", c, err)
		}
		if _, err := lambda.NewFromConfig(b.world()).UpdateEventSourceMapping(b.Context(), &lambda.UpdateEventSourceMappingInput{UUID: &c.UUID, Enabled: awssdk.Bool(false)}); err != nil {
			b.Fatal(err)
		}
		if c, err = s.Consumer.Describe(b.Context(), queueARN); err != nil || c.State != "Disabling" || c.Reads() {
			b.Errorf("%+v, %v", c, err)
		}
		if c, err = s.Consumer.Describe(b.Context(), queueARN+"2"); err != nil || c.UUID != "" || c.Reads() {
			b.Errorf("a queue without a consumer: %+v, %v", c, err)
		}
		b.fault = func(_ context.Context, call local.Call) *wire.Error {
			if call.Operation == "GetFunctionConfiguration" {
				return call.Denied("*")
			}
			return nil
		}
		if c, err = s.Consumer.Describe(b.Context(), queueARN); err != nil || c.State != "Disabling" || !strings.Contains(c.Unknown, "lambda:GetFunctionConfiguration") {
			b.Errorf("the function is not to be seen: %+v, %v", c, err)
		}
		b.fault = func(_ context.Context, call local.Call) *wire.Error { return call.Denied("*") }
		_, err = s.Consumer.Describe(b.Context(), queueARN)
		if p := problem(b.T, err); p.Kind != workflow.Forbidden || !strings.Contains(p.Reason, "lambda:ListEventSourceMappings") {
			b.Errorf("%+v", p)
		}
	})
}

func TestMetricsAreReadInOneCall(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b *bench) {
		s := b.watch()
		const machine = "arn:aws:states:us-east-1:000000000000:stateMachine:Logged"
		if _, err := s.Queue.Send(b.Context(), s.Deployment.QueueURL, []byte("x"), nil); err != nil {
			b.Fatal(err)
		}
		b.start("Logged", "a", "{}")
		time.Sleep(2*time.Minute + 5*time.Second)
		m, err := s.Metric.Read(b.Context(), "OrderQueue", machine, "OrderConsumer", time.Now(), 30)
		if err != nil || m.Asked != 13 || b.onWire("cloudwatch:GetMetricData") != 1 {
			b.Fatalf("%+v, %v", m, err)
		}
		for name, series := range map[string]workflow.Series{
			"sent": m.Sent, "received": m.Received, "deleted": m.Deleted, "started": m.Started, "succeeded": m.Succeeded, "invocations": m.Invocations,
		} {
			if len(series) != 30 || series[28] != 1 {
				b.Errorf("%s: %v", name, series)
			}
		}
		if !math.IsNaN(m.Failed[28]) || !math.IsNaN(m.Sent[27]) || m.Sent[29] != 0 {
			b.Errorf("what nobody counted: failed %v, sent %v", m.Failed, m.Sent)
		}
	})
}
