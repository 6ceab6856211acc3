package sqs_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
)

func keys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

func TestCreateQueueAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		attributes map[string]string
		want       string // "" for no error
	}{
		"without attributes": {nil, ""},
		"with the same":      {map[string]string{"DelaySeconds": "1", "VisibilityTimeout": "30"}, ""},
		"with another": {
			map[string]string{"DelaySeconds": "2"},
			"400 QueueAlreadyExists: A queue already exists with the same name and a different value for attribute DelaySeconds",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			first := c.queue("orders", "DelaySeconds", "1")
			out, err := c.client.CreateQueue(t.Context(), &sdk.CreateQueueInput{QueueName: awssdk.String("orders"), Attributes: test.attributes})
			if test.want != "" {
				wantError(t, err, test.want)
				return
			}
			if err != nil || *out.QueueUrl != first {
				t.Errorf("CreateQueue = %v, %v, want %s", out, err, first)
			}
		})
	}
}

func TestCreateQueueRefuses(t *testing.T) {
	t.Parallel()
	const fifo = "400 AWS.SimpleQueueService.UnsupportedOperation: The local AWS has no FIFO queues."
	const characters = "400 InvalidParameterValue: Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
	for name, test := range map[string]struct {
		name       string
		attributes []string
		want       string
	}{
		"a FIFO name":           {"orders.fifo", nil, fifo},
		"a FIFO attribute":      {"orders", []string{"FifoQueue", "true"}, fifo},
		"FIFO false":            {"orders", []string{"FifoQueue", "false"}, "400 InvalidAttributeName: Unknown Attribute FifoQueue."},
		"deduplication":         {"orders", []string{"DeduplicationScope", "queue"}, "400 InvalidAttributeName: You can specify the DeduplicationScope only when FifoQueue is set to true."},
		"a slash":               {"or/ders", nil, characters},
		"81 characters":         {strings.Repeat("a", 81), nil, characters},
		"no name":               {"", nil, "400 MissingParameter: The request must contain the parameter QueueName."},
		"an unknown attribute":  {"orders", []string{"Colour", "red"}, "400 InvalidAttributeName: Unknown Attribute Colour."},
		"a long visibility":     {"orders", []string{"VisibilityTimeout", "43201"}, "400 InvalidAttributeValue: Invalid value for the parameter VisibilityTimeout."},
		"a short retention":     {"orders", []string{"MessageRetentionPeriod", "59"}, "400 InvalidAttributeValue: Invalid value for the parameter MessageRetentionPeriod."},
		"a size that is a word": {"orders", []string{"MaximumMessageSize", "big"}, "400 InvalidAttributeValue: Invalid value for the parameter MaximumMessageSize."},
		"a key": {
			"orders",
			[]string{"KmsMasterKeyId", "k"},
			"400 AWS.SimpleQueueService.UnsupportedOperation: The local AWS has no KmsMasterKeyId: every queue may use every other as its dead-letter queue, and none is encrypted.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			_, err := c.client.CreateQueue(t.Context(), &sdk.CreateQueueInput{QueueName: &test.name, Attributes: pairs(test.attributes)})
			wantError(t, err, test.want)
		})
	}
}

func TestQueueAttributes(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		url := c.queue("orders")
		created := strconv.FormatInt(time.Now().Unix(), 10)
		want := map[string]string{
			"ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesDelayed": "0", "ApproximateNumberOfMessagesNotVisible": "0",
			"CreatedTimestamp": created, "LastModifiedTimestamp": created, "DelaySeconds": "0", "MaximumMessageSize": "1048576",
			"MessageRetentionPeriod": "345600", "QueueArn": "arn:aws:sqs:us-east-1:111111111111:orders",
			"ReceiveMessageWaitTimeSeconds": "0", "SqsManagedSseEnabled": "true", "VisibilityTimeout": "30",
		}
		if got := c.attributes(url, "All"); !maps.Equal(got, want) {
			c.Errorf("attributes of a new queue = %v, want %v", got, want)
		}
		time.Sleep(time.Minute)
		_, err := c.client.SetQueueAttributes(c.Context(), &sdk.SetQueueAttributesInput{QueueUrl: &url, Attributes: map[string]string{
			"SqsManagedSseEnabled": "false", "VisibilityTimeout": "69",
		}})
		if err != nil {
			c.Fatal(err)
		}
		maps.Copy(want, map[string]string{
			"VisibilityTimeout": "69", "SqsManagedSseEnabled": "false",
			"LastModifiedTimestamp": strconv.FormatInt(time.Now().Unix(), 10),
		})
		if got := c.attributes(url, "All"); !maps.Equal(got, want) {
			c.Errorf("attributes after the change = %v, want %v", got, want)
		}
	})
}

func TestSetQueueAttributesChangesAllOrNothing(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	url := c.queue("orders")
	_, err := c.client.SetQueueAttributes(t.Context(), &sdk.SetQueueAttributesInput{QueueUrl: &url, Attributes: map[string]string{"DelaySeconds": "5", "VisibilityTimeout": "-1"}})
	wantError(t, err, "400 InvalidAttributeValue: Invalid value for the parameter VisibilityTimeout.")
	if got := c.attributes(url, "DelaySeconds")["DelaySeconds"]; got != "0" {
		t.Errorf("DelaySeconds = %s, want 0", got)
	}
}

func TestGetQueueAttributesAnswersWhatWasAsked(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	url := c.queue("orders")
	if _, _, answer := c.raw("GetQueueAttributes", `{"QueueUrl":"`+url+`"}`); answer != "{}" {
		t.Errorf("without names: %s, want {}", answer)
	}
	if got := keys(c.attributes(url, "QueueArn", "Policy")); !slices.Equal(got, []string{"QueueArn"}) {
		t.Errorf("attributes = %v, want only QueueArn", got)
	}
	_, query, _ := c.raw("GetQueueAttributes", `{"QueueUrl":"`+url+`","AttributeNames":["Nothing"]}`)
	if query != "InvalidAttributeName;Sender" {
		t.Errorf("query error = %s", query)
	}
}

func TestQueueURLsMatchByTheirLastSegment(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	c.queue("orders")
	for _, url := range []string{"http://127.0.0.1:9/111111111111/orders", "https://sqs.us-east-1.amazonaws.com/111111111111/orders", "orders"} {
		if got := c.attributes(url, "QueueArn")["QueueArn"]; !strings.HasSuffix(got, ":orders") {
			t.Errorf("queue of %s = %q", url, got)
		}
	}
}

func TestUnknownQueues(t *testing.T) {
	t.Parallel()
	for _, target := range []string{
		"DeleteQueue", "GetQueueUrl", "GetQueueAttributes", "SetQueueAttributes", "SendMessage", "SendMessageBatch", "ReceiveMessage", "DeleteMessage",
		"DeleteMessageBatch", "ChangeMessageVisibility", "ChangeMessageVisibilityBatch", "PurgeQueue", "ListDeadLetterSourceQueues",
	} {
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			status, query, answer := newCloud(t).raw(target, `{"QueueUrl":"http://localhost/111111111111/none","QueueName":"none"}`)
			if status != 400 || query != "AWS.SimpleQueueService.NonExistentQueue;Sender" ||
				answer != `{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}` {
				t.Errorf("answer = %d %s %s", status, query, answer)
			}
		})
	}
}

func TestWhatIsMissingIsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ target, body, want string }{
		"an operation": {"TagQueue", `{}`, `{"__type":"com.amazon.coral.service#UnknownOperationException","message":"The operation \"TagQueue\" is not implemented by the local AWS"}`},
		"tags": {
			"CreateQueue", `{"QueueName":"q","tags":{"a":"b"}}`,
			`{"__type":"com.amazonaws.sqs#UnsupportedOperation","message":"The local AWS has no tags."}`,
		},
		"who may use a dead-letter queue": {
			"CreateQueue", `{"QueueName":"q","Attributes":{"RedriveAllowPolicy":"{\"redrivePermission\":\"denyAll\"}"}}`,
			`{"__type":"com.amazonaws.sqs#UnsupportedOperation","message":"The local AWS has no RedriveAllowPolicy: every queue may use every other as its dead-letter queue, and none is encrypted."}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if status, _, answer := newCloud(t).raw(test.target, test.body); status != 400 || answer != test.want {
				t.Errorf("answer = %d %s", status, answer)
			}
		})
	}
}

func TestGetQueueURL(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	url := c.queue("orders")
	out, err := c.client.GetQueueUrl(t.Context(), &sdk.GetQueueUrlInput{QueueName: awssdk.String("orders"), QueueOwnerAWSAccountId: awssdk.String("111111111111")})
	if err != nil || *out.QueueUrl != url || url != "http://localhost:4566/111111111111/orders" {
		t.Errorf("GetQueueUrl = %v, %v, want %s", out, err, url)
	}
	_, err = c.client.GetQueueUrl(t.Context(), &sdk.GetQueueUrlInput{QueueName: awssdk.String("orders"), QueueOwnerAWSAccountId: awssdk.String("222222222222")})
	wantError(t, err, "400 AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist.")
}

func TestListQueuesPages(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	for _, name := range []string{"b-2", "a", "b-1", "b-3"} {
		c.queue(name)
	}
	var pages []string
	list := sdk.NewListQueuesPaginator(c.client, &sdk.ListQueuesInput{QueueNamePrefix: awssdk.String("b-"), MaxResults: awssdk.Int32(2)})
	for list.HasMorePages() {
		out, err := list.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, url := range out.QueueUrls {
			names = append(names, url[strings.LastIndexByte(url, '/')+1:])
		}
		pages = append(pages, strings.Join(names, " "))
	}
	if got := strings.Join(pages, ", "); got != "b-1 b-2, b-3" {
		t.Errorf("pages = %s, want b-1 b-2, b-3", got)
	}
	if _, _, answer := c.raw("ListQueues", `{"QueueNamePrefix":"c"}`); answer != "{}" {
		t.Errorf("no queues: %s, want {}", answer)
	}
}

func TestPurgeQueue(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		url := c.queue("orders")
		c.send(url, "received")
		handle := *c.one(url).ReceiptHandle
		c.send(url, "visible")
		purge := func() error {
			_, err := c.client.PurgeQueue(c.Context(), &sdk.PurgeQueueInput{QueueUrl: &url})
			return err
		}
		if err := purge(); err != nil {
			c.Fatal(err)
		}
		c.wantCounts(url, "0/0/0")
		if err := c.delete(url, handle); err != nil {
			c.Errorf("deleting what was purged: %v", err)
		}
		time.Sleep(59 * time.Second)
		wantError(c.T, purge(), "403 AWS.SimpleQueueService.PurgeQueueInProgress: Only one PurgeQueue operation on orders is allowed every 60 seconds.")
		time.Sleep(time.Second)
		if err := purge(); err != nil {
			c.Errorf("purge after a minute: %v", err)
		}
	})
}
