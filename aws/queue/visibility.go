package queue

import (
	"context"
	"slices"
	"strconv"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/workflow"
)

// SetVisibility hides the messages behind the handles for d from now on; 0
// gives them back. It goes on after a failed batch, so that what can be given
// back is. failed says why, by handle; err is the first call that failed as a
// whole, whose handles are in failed too.
func (c *Client) SetVisibility(ctx context.Context, url string, handles []string, d time.Duration) (failed map[string]string, err error) {
	failed = make(map[string]string)
	for batch := range slices.Chunk(handles, maxBatch) {
		entries := make([]types.ChangeMessageVisibilityBatchRequestEntry, len(batch))
		for i, handle := range batch {
			entries[i] = types.ChangeMessageVisibilityBatchRequestEntry{
				Id: awssdk.String(strconv.Itoa(i)), ReceiptHandle: &handle, VisibilityTimeout: seconds(d),
			}
		}
		out, callErr := c.sqs.ChangeMessageVisibilityBatch(ctx, &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: &url, Entries: entries})
		if callErr != nil {
			problem := workflow.ProblemOf(callErr, "sqs:ChangeMessageVisibilityBatch", url)
			for _, handle := range batch {
				failed[handle] = problem.Error()
			}
			if err == nil {
				err = problem
			}
			continue
		}
		unanswered(batch, out, failed)
	}
	return failed, err
}

// unanswered puts into failed what SQS did not confirm: its own refusals, and
// entries that the answer does not mention at all.
func unanswered(batch []string, out *sqs.ChangeMessageVisibilityBatchOutput, failed map[string]string) {
	reasons := make(map[string]string, len(out.Failed))
	for _, f := range out.Failed {
		reasons[awssdk.ToString(f.Id)] = reason(f)
	}
	confirmed := make(map[string]bool, len(out.Successful))
	for _, s := range out.Successful {
		confirmed[awssdk.ToString(s.Id)] = true
	}
	for i, handle := range batch {
		id := strconv.Itoa(i)
		switch why, refused := reasons[id]; {
		case refused:
			failed[handle] = why
		case !confirmed[id]:
			failed[handle] = "the answer does not mention this message"
		}
	}
}

func reason(f types.BatchResultErrorEntry) string {
	if text := awssdk.ToString(f.Message); text != "" {
		return text
	}
	return awssdk.ToString(f.Code)
}
