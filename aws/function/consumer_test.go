package function_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"orderops/aws/function"
	"orderops/aws/local"
)

// record is one record of an SQS event.
func record(id, body, attributes string) string {
	return fmt.Sprintf(`{"messageId":%q,"receiptHandle":"h","body":%q,"attributes":{"ApproximateReceiveCount":"2","SentTimestamp":"1795420800000"},
		"messageAttributes":{%s},"eventSource":"aws:sqs"}`, id, body, attributes)
}

func TestConsumerAnswersWithTheFailures(t *testing.T) {
	t.Parallel()
	const lineage = `"order_id":{"stringValue":"done","stringListValues":[],"binaryListValues":[],"dataType":"String"}`
	for name, c := range map[string]struct {
		records []string
		want    string
	}{
		"all well":  {[]string{record("a", body, ""), record("b", body, "")}, `{"batchItemFailures":[]}`},
		"no record": {nil, `{"batchItemFailures":[]}`},
		"poison between": {
			[]string{record("a", body, ""), record("b", "poison", ""), record("c", body, "")},
			`{"batchItemFailures":[{"itemIdentifier":"b"}]}`,
		},
		"done already":           {[]string{record("done", body, "")}, `{"batchItemFailures":[]}`},
		"done, sent again":       {[]string{record("x", body, lineage)}, `{"batchItemFailures":[]}`},
		"stopped":                {[]string{record("stopped", body, "")}, `{"batchItemFailures":[{"itemIdentifier":"stopped"}]}`},
		"the same message twice": {[]string{record("a", body, ""), record("a", body, "")}, `{"batchItemFailures":[]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				wake()
				s := newSystem(t, nil)
				defer s.cloud.Close()
				client := sfn.NewFromConfig(s.config)
				for _, id := range []string{"done", "stopped"} {
					if _, err := client.StartExecution(t.Context(), &sfn.StartExecutionInput{
						StateMachineArn: new(machineARN), Name: &id,
						Input: new(`{"user_id":"u","restaurant_id":"r","quantity":"1","id":"` + id + `","created_at":"2026-11-23T08:00:00Z","order_status":"PENDING"}`),
					}); err != nil {
						t.Fatal(err)
					}
				}
				if _, err := client.StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: s.execution(t, "stopped").ExecutionArn}); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Minute)
				consumer, err := function.Handler(function.Consumer, s.config, map[string]string{"STATE_MACHINE_ARN": machineARN})
				if err != nil {
					t.Fatal(err)
				}
				got, err := consumer(t.Context(), []byte(`{"Records":[`+strings.Join(c.records, ",")+`]}`))
				if err != nil || string(got) != c.want {
					t.Errorf("answer is %s, %v, want %s", got, err, c.want)
				}
				time.Sleep(time.Minute)
			})
		})
	}
}

func TestConsumerLogsWhy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		wake()
		cloud := local.New(local.Options{})
		defer cloud.Close()
		s := &system{cloud: cloud, config: config(cloud)}
		var log bytes.Buffer
		consumer, err := function.Handler(function.Consumer, s.config, map[string]string{"STATE_MACHINE_ARN": machineARN},
			function.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
		if err != nil {
			t.Fatal(err)
		}
		got, err := consumer(t.Context(), []byte(`{"Records":[`+record("a", body, "")+`]}`))
		if want := `{"batchItemFailures":[{"itemIdentifier":"a"}]}`; err != nil || string(got) != want {
			t.Errorf("answer is %s, %v, want %s", got, err, want)
		}
		for _, want := range []string{"function=consumer", "order_id=a", "message_id=a", "receives=2", "states:StartExecution on " + machineARN + ": StateMachineDoesNotExist"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("the log lacks %q: %s", want, log.String())
			}
		}
	})
}
