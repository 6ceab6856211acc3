package queue

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/workflow"
)

// SendBatch puts up to ten messages on a queue, in one attempt: a second one
// after a lost answer would send them twice. The results are in the order of
// the messages. A lost answer is a Problem of kind OutcomeUnknown.
func (c *Client) SendBatch(ctx context.Context, url string, messages []workflow.Outgoing) ([]workflow.SendResult, error) {
	entries := make([]types.SendMessageBatchRequestEntry, len(messages))
	for i, m := range messages {
		entries[i] = types.SendMessageBatchRequestEntry{
			Id: awssdk.String(strconv.Itoa(i)), MessageBody: awssdk.String(string(m.Body)), MessageAttributes: encodeAttributes(m.Attributes),
		}
		if m.TraceHeader != "" {
			entries[i].MessageSystemAttributes = map[string]types.MessageSystemAttributeValue{
				string(types.MessageSystemAttributeNameForSendsAWSTraceHeader): {DataType: awssdk.String("String"), StringValue: &m.TraceHeader},
			}
		}
	}
	out, err := c.sqs.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: &url, Entries: entries},
		func(o *sqs.Options) { o.RetryMaxAttempts = 1 })
	if err != nil {
		return nil, workflow.ProblemOf(err, "sqs:SendMessageBatch", url)
	}
	return sendResults(messages, out), nil
}

func sendResults(messages []workflow.Outgoing, out *sqs.SendMessageBatchOutput) []workflow.SendResult {
	results := make([]workflow.SendResult, len(messages))
	for i := range results {
		results[i] = workflow.SendResult{Doubtful: true, Why: "the answer does not mention this message"}
	}
	at := func(id *string) (int, bool) {
		i, err := strconv.Atoi(awssdk.ToString(id))
		return i, err == nil && i >= 0 && i < len(results)
	}
	for _, s := range out.Successful {
		i, ok := at(s.Id)
		if !ok {
			continue
		}
		results[i] = workflow.SendResult{Sent: workflow.Sent{
			MessageID: workflow.MessageID(awssdk.ToString(s.MessageId)), BodyMD5: awssdk.ToString(s.MD5OfMessageBody),
		}}
		if md5 := results[i].BodyMD5; results[i].MessageID == "" || md5 != "" && md5 != workflow.BodyMD5(messages[i].Body) {
			results[i].Doubtful, results[i].Why = true, "the queue took it with another MD5 or without an id: it was changed on the way"
		}
	}
	for _, f := range out.Failed {
		if i, ok := at(f.Id); ok {
			results[i] = workflow.SendResult{Why: reason(f)}
		}
	}
	return results
}

// Delete deletes the messages behind the handles. It goes on after a failed
// batch. failed says why, by handle; err is the first call that failed as a
// whole, whose handles are in failed too.
func (c *Client) Delete(ctx context.Context, url string, handles []string) (failed map[string]string, err error) {
	return inBatches(handles, func(batch []string) (done []*string, refused []types.BatchResultErrorEntry, err error) {
		entries := make([]types.DeleteMessageBatchRequestEntry, len(batch))
		for i, handle := range batch {
			entries[i] = types.DeleteMessageBatchRequestEntry{Id: awssdk.String(strconv.Itoa(i)), ReceiptHandle: &handle}
		}
		out, err := c.sqs.DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: &url, Entries: entries})
		if err != nil {
			return nil, nil, workflow.ProblemOf(err, "sqs:DeleteMessageBatch", url)
		}
		for _, s := range out.Successful {
			done = append(done, s.Id)
		}
		return done, out.Failed, nil
	})
}

// inBatches asks for batches of ten handles, several at a time, and puts into
// failed what was not confirmed.
func inBatches(handles []string, ask func(batch []string) (done []*string, refused []types.BatchResultErrorEntry, err error)) (failed map[string]string, err error) {
	batches := slices.Collect(slices.Chunk(handles, maxBatch))
	answers := make([]struct {
		done    []*string
		refused []types.BatchResultErrorEntry
		err     error
	}, len(batches))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(inFlight, len(batches)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(batches); i = int(next.Add(1)) - 1 {
				a := &answers[i]
				a.done, a.refused, a.err = ask(batches[i])
			}
		})
	}
	workers.Wait()
	failed = make(map[string]string)
	for i, batch := range batches {
		if answers[i].err == nil {
			unanswered(batch, answers[i].done, answers[i].refused, failed)
			continue
		}
		for _, handle := range batch {
			failed[handle] = answers[i].err.Error()
		}
		if err == nil {
			err = answers[i].err
		}
	}
	return failed, err
}

// unanswered puts into failed what SQS did not confirm: its own refusals, and
// entries that the answer does not mention at all.
func unanswered(batch []string, done []*string, refused []types.BatchResultErrorEntry, failed map[string]string) {
	reasons := make(map[string]string, len(refused))
	for _, f := range refused {
		reasons[awssdk.ToString(f.Id)] = reason(f)
	}
	confirmed := make(map[string]bool, len(done))
	for _, id := range done {
		confirmed[awssdk.ToString(id)] = true
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
	if code := awssdk.ToString(f.Code); code != "" {
		return code
	}
	return "SQS refused it without a reason"
}
