package local_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cloudwatchtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"orderops/aws/local"
)

// sum asks for one metric of the last ten minutes.
func sum(t *testing.T, c awssdk.Config, namespace, name, dimension, value, stat string) []float64 {
	t.Helper()
	out, err := cloudwatch.NewFromConfig(c).GetMetricData(t.Context(), &cloudwatch.GetMetricDataInput{
		StartTime: awssdk.Time(time.Now().Add(-10 * time.Minute)), EndTime: awssdk.Time(time.Now()), ScanBy: cloudwatchtypes.ScanByTimestampAscending,
		MetricDataQueries: []cloudwatchtypes.MetricDataQuery{{Id: awssdk.String("m"), MetricStat: &cloudwatchtypes.MetricStat{
			Period: awssdk.Int32(60), Stat: &stat,
			Metric: &cloudwatchtypes.Metric{
				Namespace: &namespace, MetricName: &name,
				Dimensions: []cloudwatchtypes.Dimension{{Name: &dimension, Value: &value}},
			},
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	result := out.MetricDataResults[0]
	for i, at := range result.Timestamps {
		if !at.Equal(at.Truncate(time.Minute)) || i > 0 && !at.After(result.Timestamps[i-1]) {
			t.Errorf("times: %v", result.Timestamps)
		}
	}
	return result.Values
}

// fed is a cloud with a queue that feeds a function, which takes 40 ms and
// fails for the body "bad".
func fed(t *testing.T) (*local.Cloud, awssdk.Config, func(bodies ...string)) {
	t.Helper()
	cloud, c := open(t, local.Options{})
	reader := func(_ context.Context, payload []byte) ([]byte, error) {
		time.Sleep(40 * time.Millisecond)
		if strings.Contains(string(payload), `"bad"`) {
			return nil, errors.New("bad")
		}
		return []byte("{}"), nil
	}
	err := cloud.Deploy(local.Deployment{Stack: "s", Functions: func(local.Function) (local.Handler, error) { return reader, nil }, Template: []byte(`
Resources:
  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: q, VisibilityTimeout: 600}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: reader
      Handler: bootstrap
      Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Q.Arn, BatchSize: 1}}}
`)})
	if err != nil {
		t.Fatal(err)
	}
	return cloud, c, func(bodies ...string) {
		for _, body := range bodies {
			if _, err := sqs.NewFromConfig(c).SendMessage(t.Context(), &sqs.SendMessageInput{
				QueueUrl: awssdk.String(cloud.URL() + "/000000000000/q"), MessageBody: &body,
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestMetricsTellWhatHappened(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, c, send := fed(t)
		send("good", "bad", "good")
		time.Sleep(90 * time.Second)
		send("good")
		time.Sleep(60 * time.Second)
		for _, test := range []struct {
			namespace, name, dimension, value, stat string
			want                                    []float64
		}{
			{"AWS/SQS", "NumberOfMessagesSent", "QueueName", "q", "Sum", []float64{3, 1}},
			{"AWS/SQS", "NumberOfMessagesReceived", "QueueName", "q", "Sum", []float64{3, 1}},
			{"AWS/SQS", "NumberOfMessagesDeleted", "QueueName", "q", "Sum", []float64{2, 1}},
			{"AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "q", "Maximum", []float64{0, 0}},
			{"AWS/SQS", "ApproximateNumberOfMessagesNotVisible", "QueueName", "q", "Maximum", []float64{1, 1}},
			{"AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", "q", "Maximum", []float64{60, 120}},
			{"AWS/Lambda", "Invocations", "FunctionName", "reader", "Sum", []float64{3, 1}},
			{"AWS/Lambda", "Errors", "FunctionName", "reader", "Sum", []float64{1, 0}},
			{"AWS/Lambda", "Duration", "FunctionName", "reader", "Maximum", []float64{40, 40}},
			{"AWS/Lambda", "Invocations", "FunctionName", "nobody", "Sum", nil},
		} {
			if got := sum(t, c, test.namespace, test.name, test.dimension, test.value, test.stat); !slices.Equal(got, test.want) {
				t.Errorf("%s %s: %v instead of %v", test.name, test.value, got, test.want)
			}
		}
	})
}

func TestMetricsRefuse(t *testing.T) {
	t.Parallel()
	_, c := open(t, local.Options{})
	_, err := cloudwatch.NewFromConfig(c).GetMetricData(t.Context(), &cloudwatch.GetMetricDataInput{
		StartTime: awssdk.Time(time.Now()), EndTime: awssdk.Time(time.Now().Add(time.Minute)),
		MetricDataQueries: []cloudwatchtypes.MetricDataQuery{{Id: awssdk.String("m"), Expression: awssdk.String("m1+m2")}},
	})
	if answer, ok := errors.AsType[smithy.APIError](err); !ok || answer.ErrorCode() != "InvalidParameterValue" || !strings.Contains(answer.ErrorMessage(), "no expressions") {
		t.Errorf("an expression: %v", err)
	}
	_, err = cloudwatch.NewFromConfig(c).ListMetrics(t.Context(), nil)
	if answer, ok := errors.AsType[smithy.APIError](err); !ok || !strings.Contains(answer.ErrorMessage(), "not implemented") {
		t.Errorf("another operation: %v", err)
	}
}

func TestMappingIsSwitched(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud, c, send := fed(t)
		client := awslambda.NewFromConfig(c)
		list, err := client.ListEventSourceMappings(t.Context(), &awslambda.ListEventSourceMappingsInput{EventSourceArn: awssdk.String("arn:aws:sqs:us-east-1:000000000000:q")})
		if err != nil || len(list.EventSourceMappings) != 1 {
			t.Fatalf("%+v, %v", list, err)
		}
		m := list.EventSourceMappings[0]
		if *m.State != "Enabled" || *m.BatchSize != 1 || !strings.HasSuffix(*m.FunctionArn, ":function:reader") {
			t.Errorf("%+v", m)
		}
		other, err := client.ListEventSourceMappings(t.Context(), &awslambda.ListEventSourceMappingsInput{FunctionName: awssdk.String("other")})
		if err != nil || len(other.EventSourceMappings) != 0 {
			t.Errorf("of another function: %+v, %v", other, err)
		}
		for _, step := range []struct {
			enabled     bool
			first, then string
		}{{false, "Disabling", "Disabled"}, {true, "Enabling", "Enabled"}} {
			changed, err := client.UpdateEventSourceMapping(t.Context(), &awslambda.UpdateEventSourceMappingInput{UUID: m.UUID, Enabled: &step.enabled})
			if err != nil || *changed.State != step.first {
				t.Fatalf("%+v, %v", changed, err)
			}
			_, err = client.UpdateEventSourceMapping(t.Context(), &awslambda.UpdateEventSourceMappingInput{UUID: m.UUID, Enabled: &step.enabled})
			if _, ok := errors.AsType[*lambdatypes.ResourceInUseException](err); !ok {
				t.Errorf("a second switch: %v", err)
			}
			time.Sleep(11 * time.Second)
			got, err := client.ListEventSourceMappings(t.Context(), &awslambda.ListEventSourceMappingsInput{FunctionName: awssdk.String("reader")})
			if err != nil || *got.EventSourceMappings[0].State != step.then {
				t.Errorf("%+v, %v", got, err)
			}
			send("good")
			time.Sleep(2 * time.Second)
			attributes, err := sqs.NewFromConfig(c).GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
				QueueUrl: awssdk.String(cloud.URL() + "/000000000000/q"), AttributeNames: []sqstypes.QueueAttributeName{"ApproximateNumberOfMessages"},
			})
			want := map[bool]string{false: "1", true: "0"}[step.enabled]
			if err != nil || attributes.Attributes["ApproximateNumberOfMessages"] != want {
				t.Errorf("enabled %v: %v, %v", step.enabled, attributes, err)
			}
		}
		_, err = client.UpdateEventSourceMapping(t.Context(), &awslambda.UpdateEventSourceMappingInput{UUID: awssdk.String("none"), Enabled: awssdk.Bool(true)})
		if _, ok := errors.AsType[*lambdatypes.ResourceNotFoundException](err); !ok {
			t.Errorf("an unknown mapping: %v", err)
		}
	})
}

func TestFunctionConfiguration(t *testing.T) {
	t.Parallel()
	cloud, c := open(t, local.Options{})
	cloud.Function("reader", func(context.Context, []byte) ([]byte, error) { return nil, nil })
	client := awslambda.NewFromConfig(c)
	got, err := client.GetFunctionConfiguration(t.Context(), &awslambda.GetFunctionConfigurationInput{FunctionName: awssdk.String("arn:aws:lambda:us-east-1:000000000000:function:reader")})
	if err != nil || *got.FunctionName != "reader" || *got.Timeout != 3 || got.State != lambdatypes.StateActive {
		t.Fatalf("%+v, %v", got, err)
	}
	if _, err := time.Parse("2006-01-02T15:04:05.000-0700", *got.LastModified); err != nil {
		t.Error(err)
	}
	_, err = client.GetFunctionConfiguration(t.Context(), &awslambda.GetFunctionConfigurationInput{FunctionName: awssdk.String("none")})
	if _, ok := errors.AsType[*lambdatypes.ResourceNotFoundException](err); !ok {
		t.Errorf("an unknown function: %v", err)
	}
}
