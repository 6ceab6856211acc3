package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"orderops/aws/local"
)

// sourceScripts replay queues as event sources of functions.
func sourceScripts() map[string]script {
	return map[string]script{
		"test_failing_lambda_retries_after_visibility_timeout": retryAfterTimeout,
		"test_report_batch_item_failures_invalid_result_json_batch_fails": func(s *session) {
			s.source(4, 2, 10, s.answering(`{"batchItemFailures": [{"foo": "notvalid"}]}`))
			s.triggerBatch()
			s.expect("first_invocation", s.receiveLong("destination"))
			s.expect("second_invocation", s.receiveLong("destination"))
			s.expect("dlq_response", s.receiveLong("dead"))
		},
		"test_report_batch_item_failures_empty_json_batch_succeeds": func(s *session) {
			s.source(4, 1, 10, s.answering(`{}`))
			s.triggerBatch()
			s.expect("first_invocation", s.receiveLong("destination"))
		},
	}
}

// source deploys the queue "source" with the dead-letter queue "dead", a
// function that works on its messages, and makes the queue "destination".
func (s *session) source(timeout, receives, batch int, handler local.Handler) {
	s.t.Helper()
	s.expect("get_destination_queue_url", s.call("sqs", "GetQueueUrl", members{"QueueName": s.destination()}))
	err := s.cloud.Deploy(local.Deployment{
		Stack: "source",
		Template: fmt.Appendf(nil, `Resources:
  Dead: {Type: "AWS::SQS::Queue", Properties: {QueueName: dead}}
  Source:
    Type: AWS::SQS::Queue
    Properties: {QueueName: source, VisibilityTimeout: %d, RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: %d}}
  Function:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: function
      Timeout: %d
      Events:
        Messages: {Type: SQS, Properties: {Queue: !GetAtt Source.Arn, BatchSize: %d, FunctionResponseTypes: [ReportBatchItemFailures]}}
`, timeout, receives, timeout, batch),
		Functions: func(local.Function) (local.Handler, error) { return handler, nil },
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *session) destination() string {
	s.queue("destination", members{})
	return "destination"
}

func (s *session) url(queue string) string { return s.cloud.URL() + "/" + account + "/" + queue }

func (s *session) receiveLong(queue string) answer {
	s.t.Helper()
	return s.call("sqs", "ReceiveMessage", members{"QueueUrl": s.url(queue), "WaitTimeSeconds": 15, "MaxNumberOfMessages": 1})
}

func (s *session) triggerBatch() {
	s.t.Helper()
	s.send(s.url("source"), `{"message": 1, "fail_attempts": 0}`)
}

// tell sends what a function saw to the queue "destination". It has a client of
// its own: functions run beside the test.
func (s *session) tell(ctx context.Context, seen any) error {
	body, err := json.Marshal(seen)
	if err != nil {
		return err
	}
	client := sqs.New(sqs.Options{
		Region: region, BaseEndpoint: awssdk.String(s.cloud.URL()), HTTPClient: s.cloud.HTTPClient(),
		Credentials: credentials.NewStaticCredentialsProvider("function", "secret", ""),
	})
	_, err = client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: awssdk.String(s.url("destination")), MessageBody: awssdk.String(string(body))})
	return err
}

// answering is a function that tells its event and always answers the same.
func (s *session) answering(result string) local.Handler {
	return func(ctx context.Context, event []byte) ([]byte, error) {
		err := s.tell(ctx, map[string]json.RawMessage{"event": event, "result": json.RawMessage(result)})
		return []byte(result), err
	}
}

// retryAfterTimeout has a function that fails as often as its message says.
func retryAfterTimeout(s *session) {
	s.source(5, 10, 1, func(ctx context.Context, event []byte) ([]byte, error) {
		var received struct {
			Records []struct {
				Body       string
				Attributes map[string]string
			}
		}
		if err := json.Unmarshal(event, &received); err != nil {
			return nil, err
		}
		var message struct {
			FailAttempts int `json:"fail_attempts"`
		}
		if err := json.Unmarshal([]byte(received.Records[0].Body), &message); err != nil {
			return nil, err
		}
		count, err := strconv.Atoi(received.Records[0].Attributes["ApproximateReceiveCount"])
		if err != nil {
			return nil, err
		}
		if message.FailAttempts < count {
			return []byte("null"), s.tell(ctx, map[string]any{"error": nil, "event": json.RawMessage(event)})
		}
		err = s.tell(ctx, map[string]any{"error": "failed attempt", "event": json.RawMessage(event)})
		if err != nil {
			return nil, err
		}
		return nil, &failure{kind: "ValueError", message: "failed attempt"}
	})
	s.leave("event_source_mapping")
	s.send(s.url("source"), `{"destination": "`+s.url("destination")+`", "fail_attempts": 1}`)
	s.expect("first_attempt", s.receiveLong("destination"))
	s.expect("second_attempt", s.receiveLong("destination"))
}
