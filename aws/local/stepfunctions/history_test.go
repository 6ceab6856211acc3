package stepfunctions_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/google/go-cmp/cmp"

	"orderops/aws/local/lambda"
)

const payment = "arn:aws:lambda:us-east-1:000000000000:function:payment"

// line writes an event as "previous Type details", the details as JSON with
// their members sorted, without the details that say "not truncated".
func line(t *testing.T, e types.HistoryEvent) string {
	t.Helper()
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var members map[string]any
	if err := json.Unmarshal(b, &members); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%d %s", e.PreviousEventId, e.Type)
	for name, value := range members {
		details, ok := value.(map[string]any)
		if !ok || !strings.HasSuffix(name, "EventDetails") {
			continue
		}
		for k, v := range details {
			if v == nil || k == "InputDetails" || k == "OutputDetails" || v == 0.0 {
				delete(details, k)
			}
		}
		sorted, err := json.Marshal(details)
		if err != nil {
			t.Fatal(err)
		}
		text += " " + string(sorted)
	}
	return text
}

// lines writes a history and checks its ids.
func lines(t *testing.T, events []types.HistoryEvent) string {
	t.Helper()
	var all []string
	for i, e := range events {
		if e.Id != int64(i+1) {
			t.Errorf("event %d has the id %d", i+1, e.Id)
		}
		all = append(all, line(t, e))
	}
	return strings.Join(all, "\n")
}

// answers gives its answers in turn and the last one for ever.
func answers(all ...string) functions {
	n := 0
	return functions{payment: func(context.Context, string) (string, *lambda.Failure, error) {
		text := all[min(n, len(all)-1)]
		n++
		if kind, ok := strings.CutPrefix(text, "raise "); ok {
			return "", &lambda.Failure{Type: kind, Message: "no luck"}, nil
		}
		return text, nil, nil
	}}
}

// hang never answers.
func hang() functions {
	return functions{payment: func(ctx context.Context, _ string) (string, *lambda.Failure, error) {
		<-ctx.Done()
		return "", &lambda.Failure{Type: "Killed"}, nil
	}}
}

// state writes a machine of the state A and a Pass state Z.
func state(body string) string {
	return `{"StartAt":"A","States":{"A":` + body + `,"Z":{"Type":"Pass","End":true}}}`
}

// TestHistory checks types, order, previous events and details of events, as AWS records them.
func TestHistory(t *testing.T) {
	t.Parallel()
	const started = `0 ExecutionStarted {"Input":"{\"n\":1.50}","RoleArn":"arn:aws:iam::000000000000:role/machine"}` + "\n"
	const entered = `0 TaskStateEntered {"Input":"{\"n\":1.50}","Name":"A"}` + "\n"
	const scheduled = `LambdaFunctionScheduled {"Input":"{\"n\":1.50}","Resource":"` + payment + `"}` + "\n"
	const cause = `"{\"errorMessage\": \"no luck\", \"errorType\": \"Boom\", \"requestId\": \"ID\"}"`
	for name, c := range map[string]struct {
		definition string
		functions  functions
		want       string
	}{
		"pass": {
			state(`{"Type":"Pass","Result":{"b":1,"a":2},"Next":"Z"}`), nil, started +
				`0 PassStateEntered {"Input":"{\"n\":1.50}","Name":"A"}
2 PassStateExited {"Name":"A","Output":"{\"b\":1,\"a\":2}"}
3 PassStateEntered {"Input":"{\"b\":1,\"a\":2}","Name":"Z"}
4 PassStateExited {"Name":"Z","Output":"{\"b\":1,\"a\":2}"}
5 ExecutionSucceeded {"Output":"{\"b\":1,\"a\":2}"}`,
		},
		"wait": {
			state(`{"Type":"Wait","Seconds":30,"Next":"Z"}`), nil, started +
				`0 WaitStateEntered {"Input":"{\"n\":1.50}","Name":"A"}
2 WaitStateExited {"Name":"A","Output":"{\"n\":1.50}"}
3 PassStateEntered {"Input":"{\"n\":1.50}","Name":"Z"}
4 PassStateExited {"Name":"Z","Output":"{\"n\":1.50}"}
5 ExecutionSucceeded {"Output":"{\"n\":1.50}"}`,
		},
		"choice and succeed": {
			`{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericEquals":1.5,"Next":"S"}]},"S":{"Type":"Succeed"}}}`, nil, started +
				`0 ChoiceStateEntered {"Input":"{\"n\":1.50}","Name":"A"}
2 ChoiceStateExited {"Name":"A","Output":"{\"n\":1.50}"}
3 SucceedStateEntered {"Input":"{\"n\":1.50}","Name":"S"}
4 SucceedStateExited {"Name":"S","Output":"{\"n\":1.50}"}
5 ExecutionSucceeded {"Output":"{\"n\":1.50}"}`,
		},
		"no choice": {
			state(`{"Type":"Choice","Choices":[{"Variable":"$.n","NumericEquals":2,"Next":"Z"}]}`), nil, started +
				`0 ChoiceStateEntered {"Input":"{\"n\":1.50}","Name":"A"}
2 ExecutionFailed {"Cause":"An error occurred while executing the state 'A' (entered at the event id #2). Failed to transition out of the state. The state does not point to a next state.","Error":"States.NoChoiceMatched"}`,
		},
		"fail": {
			`{"StartAt":"A","States":{"A":{"Type":"Fail","Error":"E","Cause":"because"}}}`, nil, started +
				`0 FailStateEntered {"Input":"{\"n\":1.50}","Name":"A"}
2 ExecutionFailed {"Cause":"because","Error":"E"}`,
		},
		"fail without words": {
			`{"StartAt":"A","States":{"A":{"Type":"Fail"}}}`, nil, started +
				`0 FailStateEntered {"Input":"{\"n\":1.50}","Name":"A"}
2 ExecutionFailed {}`,
		},
		"function": {
			state(`{"Type":"Task","Resource":"` + payment + `","ResultPath":"$.out","Next":"Z"}`), answers(`{"status": "ok"}`), started + entered +
				`2 ` + scheduled +
				`3 LambdaFunctionStarted
4 LambdaFunctionSucceeded {"Output":"{\"status\": \"ok\"}"}
5 TaskStateExited {"Name":"A","Output":"{\"n\":1.50,\"out\":{\"status\":\"ok\"}}"}
6 PassStateEntered {"Input":"{\"n\":1.50,\"out\":{\"status\":\"ok\"}}","Name":"Z"}
7 PassStateExited {"Name":"Z","Output":"{\"n\":1.50,\"out\":{\"status\":\"ok\"}}"}
8 ExecutionSucceeded {"Output":"{\"n\":1.50,\"out\":{\"status\":\"ok\"}}"}`,
		},
		"integration": {
			state(`{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"payment","Payload.$":"$"},"ResultSelector":{"status.$":"$.Payload.status","code.$":"$.StatusCode"},"TimeoutSeconds":9,"Next":"Z"}`),
			answers(`{"status":"ok"}`), started + entered +
				`2 TaskScheduled {"Parameters":"{\"FunctionName\":\"payment\",\"Payload\":{\"n\":1.50}}","Region":"us-east-1","Resource":"invoke","ResourceType":"lambda","TimeoutInSeconds":9}
3 TaskStarted {"Resource":"invoke","ResourceType":"lambda"}
4 TaskSucceeded {"Output":"RESPONSE","Resource":"invoke","ResourceType":"lambda"}
5 TaskStateExited {"Name":"A","Output":"{\"status\":\"ok\",\"code\":200}"}
6 PassStateEntered {"Input":"{\"status\":\"ok\",\"code\":200}","Name":"Z"}
7 PassStateExited {"Name":"Z","Output":"{\"status\":\"ok\",\"code\":200}"}
8 ExecutionSucceeded {"Output":"{\"status\":\"ok\",\"code\":200}"}`,
		},
		"uncaught": {
			state(`{"Type":"Task","Resource":"` + payment + `","Catch":[{"ErrorEquals":["Other"],"Next":"Z"}],"End":true}`), answers("raise Boom"), started + entered +
				`2 ` + scheduled +
				`3 LambdaFunctionStarted
4 LambdaFunctionFailed {"Cause":` + cause + `,"Error":"Boom"}
5 ExecutionFailed {"Cause":` + cause + `,"Error":"Boom"}`,
		},
		"caught": {
			state(`{"Type":"Task","Resource":"` + payment + `","Catch":[{"ErrorEquals":["Boom"],"ResultPath":"$.e","Next":"Z"}],"End":true}`), answers("raise Boom"), started + entered +
				`2 ` + scheduled +
				`3 LambdaFunctionStarted
4 LambdaFunctionFailed {"Cause":` + cause + `,"Error":"Boom"}
5 TaskStateExited {"Name":"A","Output":"{\"n\":1.50,\"e\":{\"Error\":\"Boom\",\"Cause\":\"CAUSE\"}}"}
6 PassStateEntered {"Input":"{\"n\":1.50,\"e\":{\"Error\":\"Boom\",\"Cause\":\"CAUSE\"}}","Name":"Z"}
7 PassStateExited {"Name":"Z","Output":"{\"n\":1.50,\"e\":{\"Error\":\"Boom\",\"Cause\":\"CAUSE\"}}"}
8 ExecutionSucceeded {"Output":"{\"n\":1.50,\"e\":{\"Error\":\"Boom\",\"Cause\":\"CAUSE\"}}"}`,
		},
		"retried": {
			state(`{"Type":"Task","Resource":"` + payment + `","Retry":[{"ErrorEquals":["Boom"]}],"End":true,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"Z"}]}`), answers("raise Boom", `1`), started + entered +
				`2 ` + scheduled +
				`3 LambdaFunctionStarted
4 LambdaFunctionFailed {"Cause":` + cause + `,"Error":"Boom"}
5 ` + scheduled +
				`6 LambdaFunctionStarted
7 LambdaFunctionSucceeded {"Output":"1"}
8 TaskStateExited {"Name":"A","Output":"1"}
9 ExecutionSucceeded {"Output":"1"}`,
		},
		"task timed out": {
			`{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"` + payment + `","TimeoutSeconds":5,"End":true}}}`, hang(), started + entered +
				`2 LambdaFunctionScheduled {"Input":"{\"n\":1.50}","Resource":"` + payment + `","TimeoutInSeconds":5}
3 LambdaFunctionStarted
4 LambdaFunctionTimedOut {"Error":"States.Timeout"}
5 ExecutionFailed {"Error":"States.Timeout"}`,
		},
		"machine timed out": {
			`{"TimeoutSeconds":5,"StartAt":"A","States":{"A":{"Type":"Task","Resource":"` + payment + `","Retry":[{"ErrorEquals":["States.ALL"]}],"End":true}}}`, hang(), started + entered +
				`2 ` + scheduled +
				`3 LambdaFunctionStarted
0 ExecutionTimedOut {}`,
		},
		"runtime error is not caught": {
			state(`{"Type":"Task","Resource":"` + payment + `","OutputPath":"$.no.such","Catch":[{"ErrorEquals":["States.ALL"],"Next":"Z"}],"End":true}`), answers(`{}`), started + entered +
				`2 ` + scheduled +
				`3 LambdaFunctionStarted
4 LambdaFunctionSucceeded {"Output":"{}"}
5 ExecutionFailed {"Cause":"An error occurred while executing the state 'A' (entered at the event id #2). Invalid path '$.no.such' : Missing property in path $['no']","Error":"States.Runtime"}`,
		},
		"no such function": {
			state(`{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"nobody"},"Catch":[{"ErrorEquals":["Other"],"Next":"Z"}],"End":true}`), nil, started + entered +
				`2 TaskScheduled {"Parameters":"{\"FunctionName\":\"nobody\"}","Region":"us-east-1","Resource":"invoke","ResourceType":"lambda"}
3 TaskStarted {"Resource":"invoke","ResourceType":"lambda"}
4 TaskFailed {"Cause":"Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: ID; Proxy: null)","Error":"Lambda.ResourceNotFoundException","Resource":"invoke","ResourceType":"lambda"}
5 ExecutionFailed {"Cause":"Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: ID; Proxy: null)","Error":"Lambda.ResourceNotFoundException"}`,
		},
		"result too large is caught": {
			state(`{"Type":"Task","Resource":"` + payment + `","Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":null,"Next":"Z"}],"End":true}`), answers(`"` + strings.Repeat("x", 256<<10) + `"`), started + entered +
				`2 ` + scheduled +
				`3 LambdaFunctionStarted
4 LambdaFunctionFailed {"Cause":"The state/task '` + payment + `' returned a result with a size exceeding the maximum number of bytes service limit.","Error":"States.DataLimitExceeded"}
5 TaskStateExited {"Name":"A","Output":"{\"n\":1.50}"}
6 PassStateEntered {"Input":"{\"n\":1.50}","Name":"Z"}
7 PassStateExited {"Name":"Z","Output":"{\"n\":1.50}"}
8 ExecutionSucceeded {"Output":"{\"n\":1.50}"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inCloud(t, c.functions, func(cl *cloud) {
				t := cl.t
				got := mask(lines(t, cl.history(cl.run(c.definition, `{"n":1.50}`))))
				if diff := cmp.Diff(strings.Split(c.want, "\n"), strings.Split(got, "\n")); diff != "" {
					t.Errorf("history (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestRetryWaits checks the pauses between attempts and the count in the context object.
func TestRetryWaits(t *testing.T) {
	t.Parallel()
	var payloads []string
	var at []time.Time
	f := functions{payment: func(_ context.Context, payload string) (string, *lambda.Failure, error) {
		payloads, at = append(payloads, payload), append(at, time.Now())
		return "", &lambda.Failure{Type: "Boom"}, nil
	}}
	inCloud(t, f, func(c *cloud) {
		t := c.t
		c.run(`{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"`+payment+`","Parameters":{"count.$":"$$.State.RetryCount"},
			"Retry":[{"ErrorEquals":["Boom"],"IntervalSeconds":2,"MaxAttempts":3,"BackoffRate":2,"MaxDelaySeconds":7}],"End":true}}}`, `{}`)
		if diff := cmp.Diff([]string{`{"count":0}`, `{"count":1}`, `{"count":2}`, `{"count":3}`}, payloads); diff != "" {
			t.Fatal(diff)
		}
		for i, want := range []time.Duration{2 * time.Second, 4 * time.Second, 7 * time.Second} {
			if got := at[i+1].Sub(at[i]); got != want {
				t.Errorf("pause %d is %s, want %s", i+1, got, want)
			}
		}
	})
}

// TestEventLimit checks that a loop ends at 25,000 events.
func TestEventLimit(t *testing.T) {
	t.Parallel()
	inCloud(t, nil, func(c *cloud) {
		t := c.t
		arn := c.run(`{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Choice","Choices":[{"Variable":"$.x","IsPresent":true,"Next":"C"}],"Default":"A"},"C":{"Type":"Succeed"}}}`, `{}`)
		out, err := c.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: &arn, ReverseOrder: true, MaxResults: 1})
		if err != nil {
			t.Fatal(err)
		}
		last := out.Events[0]
		if last.Id != 25_000 || last.Type != types.HistoryEventTypeExecutionFailed {
			t.Errorf("last event is %d %s", last.Id, last.Type)
		}
	})
}
