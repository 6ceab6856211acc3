package function

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"orderops/workflow"
	"orderops/workflow/handler"
)

// newConsumer takes SQS events and answers with the messages that failed
// (Lambda ReportBatchItemFailures).
func newConsumer(config awssdk.Config, env *environ, log *slog.Logger) Function {
	consumer := &handler.Consumer{
		Executions: &machine{client: sfn.NewFromConfig(config), arn: env.machine("STATE_MACHINE_ARN")},
		Log:        log,
	}
	return func(ctx context.Context, payload []byte) ([]byte, error) {
		var event events.SQSEvent
		if err := json.Unmarshal(payload, &event); err != nil {
			return nil, &handler.EventError{Problem: fmt.Sprintf("is none of SQS: %s", err)}
		}
		messages := make([]workflow.Message, 0, len(event.Records))
		for _, record := range event.Records {
			messages = append(messages, message(record))
		}
		answer := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
		for _, id := range consumer.Consume(ctx, messages) {
			answer.BatchItemFailures = append(answer.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: string(id)})
		}
		return json.Marshal(answer)
	}
}

// message is one record of an SQS event.
func message(r events.SQSMessage) workflow.Message {
	m := workflow.Message{
		ID:            workflow.MessageID(r.MessageId),
		Body:          []byte(r.Body),
		ReceiptHandle: r.ReceiptHandle,
		Sent:          milliseconds(r.Attributes["SentTimestamp"]),
		FirstReceived: milliseconds(r.Attributes["ApproximateFirstReceiveTimestamp"]),
		SourceARN:     r.Attributes["DeadLetterQueueSourceArn"],
		TraceHeader:   r.Attributes["AWSTraceHeader"],
		SenderID:      r.Attributes["SenderId"],
	}
	if count, err := strconv.Atoi(r.Attributes["ApproximateReceiveCount"]); err == nil {
		m.ReceiveCount = count
	}
	if len(r.MessageAttributes) > 0 {
		m.Attributes = make(map[string]workflow.Attribute, len(r.MessageAttributes))
	}
	for name, a := range r.MessageAttributes {
		m.Attributes[name] = workflow.Attribute{DataType: a.DataType, Text: awssdk.ToString(a.StringValue), Binary: a.BinaryValue}
	}
	return m
}

// milliseconds reads SQS's timestamps, milliseconds since 1970; zero when it is none.
func milliseconds(s string) time.Time {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}

// machine is handler.Starter over Step Functions.
type machine struct {
	client *sfn.Client
	arn    string
}

// Start calls StartExecution.
func (m *machine) Start(ctx context.Context, name string, input []byte) error {
	_, err := m.client.StartExecution(ctx, &sfn.StartExecutionInput{
		StateMachineArn: &m.arn,
		Name:            &name,
		Input:           awssdk.String(string(input)),
	})
	if _, ok := errors.AsType[*types.ExecutionAlreadyExists](err); ok {
		return handler.ErrExecutionExists
	}
	if err != nil {
		return &CallError{Operation: "states:StartExecution", Target: m.arn, Err: err}
	}
	return nil
}

// Status calls DescribeExecution.
func (m *machine) Status(ctx context.Context, name string) (workflow.ExecutionStatus, error) {
	arn := string(workflow.ExecutionOf(m.arn, name))
	answer, err := m.client.DescribeExecution(ctx, &sfn.DescribeExecutionInput{
		ExecutionArn: &arn,
		IncludedData: types.IncludedDataMetadataOnly, // the status is enough, and needs no key
	})
	if err != nil {
		return "", &CallError{Operation: "states:DescribeExecution", Target: arn, Err: err}
	}
	return workflow.ExecutionStatus(answer.Status), nil
}
