// Package queue is the operator's adapter of SQS: the order queue and its
// dead-letter queue. It returns plain domain values.
package queue

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/workflow"
)

// Limits of SQS.
const (
	maxBatch     = 10 // entries of a batch, messages of a receive
	maxMoveRate  = 500
	receiveWait  = 1 // seconds; a long poll asks all servers, a short one only some
	maxMoveTasks = 10
)

// Client talks to queues. It is safe for concurrent use.
type Client struct{ sqs *sqs.Client }

// New makes a client from the operator's configuration.
func New(cfg awssdk.Config) *Client { return &Client{sqs: sqs.NewFromConfig(cfg)} }

// Describe reads the counts and the settings of a queue.
func (c *Client) Describe(ctx context.Context, url string) (workflow.Queue, error) {
	out, err := c.sqs.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: &url,
		// All: naming FifoQueue on a standard queue is an error.
		AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll},
	})
	if err != nil {
		return workflow.Queue{}, workflow.ProblemOf(err, "sqs:GetQueueAttributes", url)
	}
	return describe(url, out.Attributes), nil
}

func describe(url string, attributes map[string]string) workflow.Queue {
	number := func(name types.QueueAttributeName) int {
		n, err := strconv.Atoi(attributes[string(name)])
		if err != nil {
			return 0
		}
		return n
	}
	arn := attributes[string(types.QueueAttributeNameQueueArn)]
	policy := attributes[string(types.QueueAttributeNameRedrivePolicy)]
	deadLetterARN, maxReceives := redrivePolicy(policy)
	name := arn[strings.LastIndexByte(arn, ':')+1:]
	if name == "" {
		name = url[strings.LastIndexByte(url, '/')+1:]
	}
	return workflow.Queue{
		Name:              name,
		URL:               url,
		ARN:               arn,
		Visible:           number(types.QueueAttributeNameApproximateNumberOfMessages),
		InFlight:          number(types.QueueAttributeNameApproximateNumberOfMessagesNotVisible),
		Delayed:           number(types.QueueAttributeNameApproximateNumberOfMessagesDelayed),
		VisibilityTimeout: time.Duration(number(types.QueueAttributeNameVisibilityTimeout)) * time.Second,
		Retention:         time.Duration(number(types.QueueAttributeNameMessageRetentionPeriod)) * time.Second,
		DeadLetterARN:     deadLetterARN,
		MaxReceives:       maxReceives,
		FIFO:              attributes[string(types.QueueAttributeNameFifoQueue)] == "true",
	}
}

// redrivePolicy reads the RedrivePolicy attribute. SQS gives back
// maxReceiveCount as it was written: as a number or as a text.
func redrivePolicy(text string) (deadLetterARN string, maxReceives int) {
	var policy struct {
		DeadLetterTargetARN string `json:"deadLetterTargetArn"`
		MaxReceiveCount     any    `json:"maxReceiveCount"`
	}
	if json.Unmarshal([]byte(text), &policy) != nil {
		return "", 0
	}
	switch n := policy.MaxReceiveCount.(type) {
	case float64:
		maxReceives = int(n)
	case string:
		if parsed, err := strconv.Atoi(n); err == nil {
			maxReceives = parsed
		}
	}
	return policy.DeadLetterTargetARN, maxReceives
}

// DeadLetterSources are the URLs of the queues that send their dead letters to url.
func (c *Client) DeadLetterSources(ctx context.Context, url string) ([]string, error) {
	var sources []string
	pages := sqs.NewListDeadLetterSourceQueuesPaginator(c.sqs, &sqs.ListDeadLetterSourceQueuesInput{
		QueueUrl: &url, MaxResults: awssdk.Int32(1000),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, workflow.ProblemOf(err, "sqs:ListDeadLetterSourceQueues", url)
		}
		sources = append(sources, page.QueueUrls...)
	}
	return sources, nil
}

// URL finds the URL of the queue that an ARN names.
func (c *Client) URL(ctx context.Context, arn string) (string, error) {
	parts := strings.Split(arn, ":")
	if len(parts) != 6 || parts[2] != "sqs" {
		return "", &workflow.Problem{
			Kind: workflow.Invalid, Operation: "sqs:GetQueueUrl", Target: arn, Reason: "this is no queue's ARN",
			Next: "Name the dead-letter queue by --dlq-url",
		}
	}
	out, err := c.sqs.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &parts[5], QueueOwnerAWSAccountId: &parts[4]})
	if err != nil {
		return "", workflow.ProblemOf(err, "sqs:GetQueueUrl", arn)
	}
	return awssdk.ToString(out.QueueUrl), nil
}
