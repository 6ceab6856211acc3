// Package topic is the operator's adapter of SNS: the topic that notifies of
// finished orders.
package topic

import (
	"context"
	"strconv"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"orderops/workflow"
)

// Client talks to topics. It is safe for concurrent use.
type Client struct{ sns *sns.Client }

// New makes a client from the operator's configuration.
func New(cfg awssdk.Config) *Client { return &Client{sns: sns.NewFromConfig(cfg)} }

// Describe tells how many subscriptions a topic has.
func (c *Client) Describe(ctx context.Context, arn string) (workflow.Topic, error) {
	out, err := c.sns.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: &arn})
	if err != nil {
		return workflow.Topic{}, workflow.ProblemOf(err, "sns:GetTopicAttributes", arn)
	}
	return workflow.Topic{
		ARN:       arn,
		Confirmed: count(out.Attributes["SubscriptionsConfirmed"]),
		Pending:   count(out.Attributes["SubscriptionsPending"]),
	}, nil
}

// count reads a number that SNS sends as text; 0 when it is none.
func count(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return max(n, 0)
}
