package sqs_test

import (
	"strconv"
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

func entry(id, body string) types.SendMessageBatchRequestEntry {
	return types.SendMessageBatchRequestEntry{Id: &id, MessageBody: &body}
}

func TestSendMessageBatchFailsAsAWhole(t *testing.T) {
	t.Parallel()
	var twenty []types.SendMessageBatchRequestEntry
	for i := range 20 {
		twenty = append(twenty, entry(strconv.Itoa(i), "x"))
	}
	const badID = "400 AWS.SimpleQueueService.InvalidBatchEntryId: A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long."
	for name, test := range map[string]struct {
		entries []types.SendMessageBatchRequestEntry
		want    string
	}{
		"empty":      {[]types.SendMessageBatchRequestEntry{}, "400 AWS.SimpleQueueService.EmptyBatchRequest: There should be at least one SendMessageBatchRequestEntry in the request."},
		"too many":   {twenty, "400 AWS.SimpleQueueService.TooManyEntriesInBatchRequest: Maximum number of entries per request are 10. You have sent 20."},
		"bad id":     {[]types.SendMessageBatchRequestEntry{entry("invalid:id", "x")}, badID},
		"long id":    {[]types.SendMessageBatchRequestEntry{entry(strings.Repeat("x", 81), "x")}, badID},
		"no id":      {[]types.SendMessageBatchRequestEntry{entry("", "x")}, badID},
		"same ids":   {[]types.SendMessageBatchRequestEntry{entry("a", "x"), entry("a", "y")}, "400 AWS.SimpleQueueService.BatchEntryIdsNotDistinct: Id a repeated."},
		"too long":   {[]types.SendMessageBatchRequestEntry{entry("a", "x"), entry("b", strings.Repeat("y", 1<<20))}, "400 AWS.SimpleQueueService.BatchRequestTooLong: Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes."},
		"attributes": {[]types.SendMessageBatchRequestEntry{withAttribute(entry("a", strings.Repeat("y", 1<<20)))}, "400 AWS.SimpleQueueService.BatchRequestTooLong: Batch requests cannot be longer than 1048576 bytes. You have sent 1048584 bytes."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			url := c.queue("orders")
			_, err := c.client.SendMessageBatch(t.Context(), &sdk.SendMessageBatchInput{QueueUrl: &url, Entries: test.entries})
			wantError(t, err, test.want)
			c.wantCounts(url, "0/0/0")
		})
	}
}

func withAttribute(e types.SendMessageBatchRequestEntry) types.SendMessageBatchRequestEntry {
	e.MessageAttributes = map[string]types.MessageAttributeValue{"k": stringAttribute("x")}
	return e
}

func TestSendMessageBatchFailsByEntry(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	url := c.queue("orders", "MaximumMessageSize", "1024")
	out, err := c.client.SendMessageBatch(t.Context(), &sdk.SendMessageBatchInput{QueueUrl: &url, Entries: []types.SendMessageBatchRequestEntry{
		entry("long", strings.Repeat("a", 1025)), entry("fits", strings.Repeat("a", 1024)), entry("bad", "\x1b"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Successful) != 1 || *out.Successful[0].Id != "fits" || out.Successful[0].MessageId == nil {
		t.Errorf("successful = %+v", out.Successful)
	}
	var failed []string
	for _, f := range out.Failed {
		failed = append(failed, *f.Id+" "+*f.Code+" "+strconv.FormatBool(f.SenderFault)+" "+*f.Message)
	}
	want := "long InvalidParameterValue true One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.\n" +
		"bad InvalidMessageContents true Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"
	if got := strings.Join(failed, "\n"); got != want {
		t.Errorf("failed:\n got %s\nwant %s", got, want)
	}
	c.wantCounts(url, "1/0/0")
}

func TestDeleteMessageBatchFailsByEntry(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	url := c.queue("orders")
	c.send(url, "a")
	out, err := c.client.DeleteMessageBatch(t.Context(), &sdk.DeleteMessageBatchInput{QueueUrl: &url, Entries: []types.DeleteMessageBatchRequestEntry{
		{Id: awssdk.String("good"), ReceiptHandle: c.one(url).ReceiptHandle}, {Id: awssdk.String("bad"), ReceiptHandle: awssdk.String("garbage")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Successful) != 1 || *out.Successful[0].Id != "good" {
		t.Errorf("successful = %+v", out.Successful)
	}
	if len(out.Failed) != 1 || *out.Failed[0].Code != "ReceiptHandleIsInvalid" || *out.Failed[0].Message != `The input receipt handle "garbage" is not a valid receipt handle.` {
		t.Errorf("failed = %+v", out.Failed)
	}
	c.wantCounts(url, "0/0/0")
}

func TestChangeMessageVisibilityBatchGivesBack(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	url := c.queue("orders")
	c.send(url, "a")
	c.send(url, "b")
	got := c.receive(url)
	out, err := c.client.ChangeMessageVisibilityBatch(t.Context(), &sdk.ChangeMessageVisibilityBatchInput{QueueUrl: &url, Entries: []types.ChangeMessageVisibilityBatchRequestEntry{
		{Id: awssdk.String("1"), ReceiptHandle: got[0].ReceiptHandle}, {Id: awssdk.String("2"), ReceiptHandle: got[1].ReceiptHandle, VisibilityTimeout: 43201},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Successful) != 1 || len(out.Failed) != 1 || *out.Failed[0].Code != "InvalidParameterValue" {
		t.Errorf("answer = %+v", out)
	}
	c.wantCounts(url, "1/1/0")
}
