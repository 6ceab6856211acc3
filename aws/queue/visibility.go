package queue

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
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
	batches := slices.Collect(slices.Chunk(handles, maxBatch))
	answers := make([]batchAnswer, len(batches))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(inFlight, len(batches)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(batches); i = int(next.Add(1)) - 1 {
				answers[i].out, answers[i].err = c.setVisibility(ctx, url, batches[i], d)
			}
		})
	}
	workers.Wait()
	failed = make(map[string]string)
	for i, batch := range batches {
		if answers[i].err == nil {
			unanswered(batch, answers[i].out, failed)
			continue
		}
		problem := workflow.ProblemOf(answers[i].err, "sqs:ChangeMessageVisibilityBatch", url)
		for _, handle := range batch {
			failed[handle] = problem.Error()
		}
		if err == nil {
			err = problem
		}
	}
	return failed, err
}

type batchAnswer struct {
	out *sqs.ChangeMessageVisibilityBatchOutput
	err error
}

func (c *Client) setVisibility(ctx context.Context, url string, batch []string, d time.Duration) (*sqs.ChangeMessageVisibilityBatchOutput, error) {
	entries := make([]types.ChangeMessageVisibilityBatchRequestEntry, len(batch))
	for i, handle := range batch {
		entries[i] = types.ChangeMessageVisibilityBatchRequestEntry{
			Id: awssdk.String(strconv.Itoa(i)), ReceiptHandle: &handle, VisibilityTimeout: seconds(d),
		}
	}
	return c.sqs.ChangeMessageVisibilityBatch(ctx, &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: &url, Entries: entries})
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
