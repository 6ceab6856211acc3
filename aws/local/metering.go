package local

import (
	"time"

	"orderops/aws/local/sqs"
)

// watchQueues measures the queues at the end of each minute, as SQS does, until
// the cloud closes.
func (c *Cloud) watchQueues() {
	before := map[string]sqs.Load{}
	for {
		now := time.Now()
		timer := time.NewTimer(now.Truncate(time.Minute).Add(time.Minute).Sub(now))
		select {
		case <-c.life.Done():
			timer.Stop()
			return
		case end := <-timer.C:
			for _, q := range c.sqs.Loads() {
				c.measureQueue(q, before[q.Queue], end.Add(-time.Second))
				before[q.Queue] = q
			}
		}
	}
}

// measureQueue adds what a queue did since it was measured last.
func (c *Cloud) measureQueue(q, before sqs.Load, at time.Time) {
	for metric, value := range map[string]float64{
		"ApproximateNumberOfMessagesVisible":    float64(q.Visible),
		"ApproximateNumberOfMessagesNotVisible": float64(q.InFlight),
		"ApproximateAgeOfOldestMessage":         q.Oldest.Seconds(),
		"NumberOfMessagesSent":                  float64(q.Sent - before.Sent),
		"NumberOfMessagesReceived":              float64(q.Received - before.Received),
		"NumberOfMessagesDeleted":               float64(q.Deletions - before.Deletions),
	} {
		c.metrics.Observe("AWS/SQS", metric, q.Queue, at, value)
	}
}
