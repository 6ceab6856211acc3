package queue

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/workflow"
)

// PurgePause is how long SQS takes no second purge of a queue, and for how long
// the first may go on (SQS PurgeQueue).
const PurgePause = 60 * time.Second

// Purge deletes everything in a queue, whoever holds it.
func (c *Client) Purge(ctx context.Context, url string) error {
	_, err := c.sqs.PurgeQueue(ctx, &sqs.PurgeQueueInput{QueueUrl: &url})
	if _, early := errors.AsType[*types.PurgeQueueInProgress](err); early {
		return &workflow.Problem{
			Kind: workflow.Throttled, Operation: "sqs:PurgeQueue", Target: url, RetryAfter: PurgePause, Err: err,
			Reason: "SQS takes one purge of a queue in 60 seconds, and there was one less than that ago", Next: "Wait a minute, and look whether anything is left.",
		}
	}
	return workflow.ProblemOf(err, "sqs:PurgeQueue", url)
}
