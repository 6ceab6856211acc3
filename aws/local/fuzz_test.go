package local_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"orderops/aws/local"
	"orderops/aws/local/wire"
)

// FuzzHandler wants an answer in AWS's form to any request in any protocol, and
// its permissions read, but no panic and no hang.
func FuzzHandler(f *testing.F) {
	const form, signed = "application/x-www-form-urlencoded", "AWS4-HMAC-SHA256 Credential=k/20261123/us-east-1/%/aws4_request"
	for _, seed := range []struct{ method, path, target, protocol, kind, service, body string }{
		{"POST", "/", "AmazonSQS.SendMessage", "", "application/x-amz-json-1.0", "sqs", `{"QueueUrl":"q","MessageBody":"b"}`},
		{"POST", "/", "AmazonSQS.StartMessageMoveTask", "", "application/x-amz-json-1.0", "sqs", `{"SourceArn":"arn:aws:sqs:us-east-1:000000000000:q"}`},
		{"POST", "/", "AWSStepFunctions.CreateStateMachine", "", "application/x-amz-json-1.0", "states", `{"name":"m","definition":"{}","roleArn":"r"}`},
		{"POST", "/", "DynamoDB_20120810.BatchGetItem", "", "application/x-amz-json-1.0", "dynamodb", `{"RequestItems":{"t":{"Keys":[{"k":{"S":"v"}}]}}}`},
		{"POST", "/", "Logs_20140328.FilterLogEvents", "", "application/x-amz-json-1.1", "logs", `{"logGroupName":"g","filterPattern":"{ $.type = \"a\" }"}`},
		{"POST", "/", "", "", form, "sns", "Action=Publish&Version=2010-03-31&TopicArn=t&Message=m"},
		{"POST", "/", "", "", form, "sts", "Action=GetCallerIdentity&Version=2011-06-15"},
		{"POST", "/", "", "", form, "cloudformation", "Action=DescribeStacks&Version=2010-05-15&StackName=s"},
		{"POST", "/service/GraniteServiceVersion20100801/operation/GetMetricData", "", "rpc-v2-cbor", "application/cbor", "monitoring", "\xa1aMaN"},
		{"PUT", "/2015-03-31/event-source-mappings/1", "", "", "application/json", "lambda", `{"Enabled":false}`},
		{"GET", "/2015-03-31/event-source-mappings/?FunctionName=f&MaxItems=1", "", "", "", "lambda", ""},
		{"GET", "/Dev/orders?Action=ListTopics&Version=2010-03-31", "", "", "", "", ""},
		{"POST", "/Dev/orders/", "", "", "application/json", "", `{"user_id":"u"}`},
	} {
		authorization := ""
		if seed.service != "" {
			authorization = strings.Replace(signed, "%", seed.service, 1)
		}
		f.Add(seed.method, seed.path, seed.target, seed.protocol, seed.kind, authorization, seed.body)
	}
	cloud := local.New(local.Options{Intercept: func(context.Context, local.Call) *wire.Error { return nil }})
	f.Cleanup(cloud.Close)
	if err := deploy(cloud, `Q: {Type: "AWS::SQS::Queue", Properties: {QueueName: q}}`); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, method, path, target, protocol, kind, authorization, body string) {
		// Above the 20 s of a long poll, which is no hang.
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, method, path, strings.NewReader(body))
		if err != nil {
			return
		}
		for name, value := range map[string]string{
			"X-Amz-Target": target, "Smithy-Protocol": protocol, "Content-Type": kind, "Authorization": authorization,
		} {
			r.Header.Set(name, value)
		}
		response, err := cloud.HTTPClient().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, readErr := io.ReadAll(response.Body)
		if err := errors.Join(readErr, response.Body.Close()); err != nil {
			t.Error(err)
		}
		told := false // in one of the forms of an error
		for _, member := range []string{`"__type"`, "<Code>", `"message"`, `"Message"`, "f__type"} {
			told = told || strings.Contains(string(text), member)
		}
		if response.StatusCode != http.StatusOK && !told {
			t.Errorf("%d %q", response.StatusCode, text)
		}
	})
}
