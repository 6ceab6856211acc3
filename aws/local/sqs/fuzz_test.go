package sqs_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"orderops/aws/local/identity"
	"orderops/aws/local/sqs"
)

// Whatever is asked, the answer is JSON, and a refusal names its type.
func FuzzServeHTTP(f *testing.F) {
	for _, seed := range [][2]string{
		{"CreateQueue", `{"QueueName":"q","Attributes":{"RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:111111111111:dead\",\"maxReceiveCount\":\"3\"}","RedriveAllowPolicy":"{\"redrivePermission\":\"byQueue\"}"},"tags":{"a":"b"}}`},
		{"SendMessage", `{"QueueUrl":"http://h/1/orders","MessageBody":"a","DelaySeconds":1,"MessageAttributes":{"a":{"DataType":"Binary","BinaryValue":"AA=="}}}`},
		{"SendMessageBatch", `{"QueueUrl":"orders","Entries":[{"Id":"1","MessageBody":"a"},{"Id":"1","MessageBody":"\u001b"}]}`},
		{"ReceiveMessage", `{"QueueUrl":"orders","MaxNumberOfMessages":10,"WaitTimeSeconds":0,"VisibilityTimeout":0,"AttributeNames":["All"],"MessageAttributeNames":["a.*"]}`},
		{"DeleteMessage", `{"QueueUrl":"orders","ReceiptHandle":"YSBhcm46YXdzOnNxczp1cy1lYXN0LTE6MTExMTExMTExMTExOm9yZGVycyBi"}`},
		{"DeleteMessageBatch", `{"QueueUrl":"orders","Entries":[{"Id":"1","ReceiptHandle":"AAAA"}]}`},
		{"ChangeMessageVisibility", `{"QueueUrl":"orders","ReceiptHandle":"x","VisibilityTimeout":-1}`},
		{"StartMessageMoveTask", `{"SourceArn":"arn:aws:sqs:us-east-1:111111111111:dead","MaxNumberOfMessagesPerSecond":0}`},
		{"CancelMessageMoveTask", `{"TaskHandle":"eyJ0YXNrSWQiOiJ4Iiwic291cmNlQXJuIjoieCJ9"}`},
		{"ListMessageMoveTasks", `{"SourceArn":"arn:aws:sqs:us-east-1:111111111111:dead","MaxResults":1}`},
		{"ListQueues", `{"MaxResults":1,"NextToken":"!"}`},
		{"GetQueueAttributes", `{"QueueUrl":"orders","AttributeNames":["All",""]}`},
		{"SetQueueAttributes", `{"QueueUrl":"orders","Attributes":{"RedrivePolicy":"null","Policy":""}}`},
		{"PurgeQueue", "[]"},
		{"", "\xff"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, target, body string) {
		service := sqs.New(identity.New("111111111111", "us-east-1", "http://localhost", 1))
		defer service.Close()
		if _, err := service.CreateQueue("dead", nil); err != nil {
			t.Fatal(err)
		}
		if _, err := service.CreateQueue("orders", map[string]string{"RedrivePolicy": `{"deadLetterTargetArn":"` + service.QueueARN("dead") + `","maxReceiveCount":1}`}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := service.Send(service.QueueARN("orders"), "a"); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // a long poll would wait
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", strings.NewReader(body))
		r.Header["X-Amz-Target"] = []string{"AmazonSQS." + target}
		w := httptest.NewRecorder()
		service.ServeHTTP(w, r)
		var answer struct {
			Type string `json:"__type"`
		}
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatalf("%d %q is no JSON object: %v", w.Code, w.Body, err)
		}
		if refused := w.Code != http.StatusOK; refused != (answer.Type != "") {
			t.Errorf("%d with type %q", w.Code, answer.Type)
		}
	})
}
