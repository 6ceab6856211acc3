package queue

import (
	"context"
	"strconv"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/workflow"
)

// inFlight is how many batches are asked at a time: a thousand leases are given
// back within seconds also where an answer takes a tenth of a second.
const inFlight = 8

// SetVisibility hides the messages behind the handles for d from now on; 0
// gives them back. The first handles go first. It goes on after a failed batch,
// so that what can be given back is. failed says why, by handle; err is the
// first call that failed as a whole, whose handles are in failed too.
func (c *Client) SetVisibility(ctx context.Context, url string, handles []string, d time.Duration) (failed map[string]string, err error) {
	return inBatches(handles, func(batch []string) (done []*string, refused []types.BatchResultErrorEntry, err error) {
		entries := make([]types.ChangeMessageVisibilityBatchRequestEntry, len(batch))
		for i, handle := range batch {
			entries[i] = types.ChangeMessageVisibilityBatchRequestEntry{
				Id: awssdk.String(strconv.Itoa(i)), ReceiptHandle: &handle, VisibilityTimeout: seconds(d),
			}
		}
		out, err := c.sqs.ChangeMessageVisibilityBatch(ctx, &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: &url, Entries: entries})
		if err != nil {
			return nil, nil, workflow.ProblemOf(err, "sqs:ChangeMessageVisibilityBatch", url)
		}
		for _, s := range out.Successful {
			done = append(done, s.Id)
		}
		return done, out.Failed, nil
	})
}
