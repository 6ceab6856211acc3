package sqs

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"time"

	"orderops/aws/local/wire"
)

const (
	// fastestMove is AWS's highest rate of a move task, and ours when the caller
	// sets none, in messages per second.
	fastestMove = 500
	// moveStep is how often a task does its share of work at high rates.
	moveStep = 50 * time.Millisecond
	// cancelLag is how long a cancelled task goes on. AWS recorded 6 more messages
	// at 1 per second after its answer to CancelMessageMoveTask.
	cancelLag = 6500 * time.Millisecond
	// keptTasks is how many tasks of a queue ListMessageMoveTasks can tell of.
	keptTasks = 10
)

// States of a move task.
const (
	taskRunning    = "RUNNING"
	taskCompleted  = "COMPLETED"
	taskCancelling = "CANCELLING"
	taskCancelled  = "CANCELLED"
	taskFailed     = "FAILED"
)

// moveTask redrives the messages that were visible in a dead-letter queue when
// it started. Messages that come later are left, so that every task ends.
type moveTask struct {
	taskReport
	id        string
	source    *queue
	rate      int // messages per second
	started   time.Time
	cancelled time.Time // when cancelling was asked for
	// pending are the messages to move, oldest first. Those that were deleted
	// meanwhile or are hidden are passed over.
	pending []*message
}

// taskReport is what ListMessageMoveTasks tells of a task.
type taskReport struct {
	TaskHandle                        string `json:",omitempty"` // only while running
	Status                            string
	SourceArn                         string
	DestinationArn                    string `json:",omitempty"` // "" means the queue that each message came from
	MaxNumberOfMessagesPerSecond      int    `json:",omitempty"` // 0 when the caller set none
	ApproximateNumberOfMessagesMoved  int
	ApproximateNumberOfMessagesToMove int
	FailureReason                     string `json:",omitempty"`
	StartedTimestamp                  int64  // milliseconds since 1970
}

func (t *moveTask) active() bool { return t.Status == taskRunning || t.Status == taskCancelling }

// taskHandle is what a task's handle holds: base64 of its JSON.
type taskHandle struct {
	TaskID    string `json:"taskId"`
	SourceARN string `json:"sourceArn"`
}

func (h taskHandle) encode() string {
	text, _ := json.Marshal(h) // texts always encode
	return base64.StdEncoding.EncodeToString(text)
}

func parseTaskHandle(text string) (handle taskHandle, ok bool) {
	raw, _ := base64.StdEncoding.DecodeString(text)
	ok = json.Unmarshal(raw, &handle) == nil && handle.TaskID != "" && handle.SourceARN != ""
	return handle, ok
}

// run moves messages at the task's rate until it ends or the service closes.
func (s *Service) run(t *moveTask) {
	ticker := time.NewTicker(max(time.Second/time.Duration(t.rate), moveStep))
	defer ticker.Stop()
	for s.step(t) {
		select {
		case <-ticker.C:
		case <-s.done:
			return
		}
	}
}

// step moves what the rate allows by now: one message at the start, and so on
// evenly. It reports whether the task goes on.
func (s *Service) step(t *moveTask) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	switch {
	case t.Status == taskCancelling && now.Sub(t.cancelled) >= cancelLag:
		return t.end(taskCancelled, "")
	case t.source.deleted:
		return t.end(taskFailed, nonExistentQueue)
	}
	t.source.settle(now)
	for allowed := 1 + int(now.Sub(t.started)*time.Duration(t.rate)/time.Second); t.ApproximateNumberOfMessagesMoved < allowed; {
		next := slices.IndexFunc(t.pending, func(m *message) bool { return m.pile == &t.source.visible })
		switch {
		case next < 0 && t.Status == taskCancelling:
			return t.end(taskCancelled, "")
		case next < 0:
			return t.end(taskCompleted, "")
		}
		if reason := s.move(t, t.pending[next], now); reason != "" {
			return t.end(taskFailed, reason)
		}
		t.pending = slices.Delete(t.pending, next, next+1)
		t.ApproximateNumberOfMessagesMoved++
	}
	return true
}

func (t *moveTask) end(status, failure string) (goesOn bool) {
	t.Status, t.FailureReason, t.TaskHandle, t.pending = status, failure, "", nil
	return false
}

// move sends a message anew to its destination: new id, sent time and counts,
// same content. It returns AWS's failure reason, "" for success.
func (s *Service) move(t *moveTask, m *message, now time.Time) string {
	arn := t.DestinationArn
	if arn == "" {
		arn = m.source
	}
	destination := s.byARN(arn)
	switch {
	case arn == "":
		return "CouldNotDetermineMessageSource"
	case destination == nil:
		return nonExistentQueue
	}
	t.source.remove(m)
	destination.add(s.newMessage(m.content, now), now, destination.settings.duration(delaySeconds))
	return ""
}

// noARN is the error about a queue that is not there, by the parameter that names it.
func noARN(parameter string) error {
	return noResource("The resource that you specified for the " + parameter + " parameter doesn't exist.")
}

// moveRequest is what the operations on move tasks are asked with.
type moveRequest struct {
	SourceArn                    string
	DestinationArn               string // "" means the queue that each message came from
	MaxNumberOfMessagesPerSecond *int
	MaxResults                   *int // nil means 1
	TaskHandle                   string
}

func (s *Service) startMessageMoveTask(in *moveRequest, now time.Time) (any, error) {
	if s.closed {
		return nil, shutDown()
	}
	rate := in.MaxNumberOfMessagesPerSecond
	checkRange(rate, 1, fastestMove, "MaxNumberOfMessagesPerSecond", "Must be between 1 and 500, if provided.")
	source := wire.Must(s.moveSource(in.SourceArn))
	buries := false
	for _, q := range s.queues {
		buries = buries || q.buriesIn(source.arn)
	}
	if in.DestinationArn != "" && s.byARN(in.DestinationArn) == nil {
		return nil, noARN("DestinationArn")
	}
	need(buries, "Source queue must be configured as a Dead Letter Queue.")
	need(in.DestinationArn != source.arn, "Source queue arn and destination queue arn cannot be the same.")
	need(!slices.ContainsFunc(source.tasks, (*moveTask).active), "There is already a task running. Only one active task is allowed for a source queue arn at a given time.")
	source.settle(now)
	id := s.id.UUID()
	handle := taskHandle{TaskID: id, SourceARN: source.arn}.encode()
	t := &moveTask{
		id: id, source: source, rate: orDefault(rate, fastestMove), started: now, pending: slices.Clone(source.visible),
		taskReport: taskReport{
			TaskHandle: handle, Status: taskRunning, SourceArn: source.arn, DestinationArn: in.DestinationArn,
			MaxNumberOfMessagesPerSecond: orDefault(rate, 0), ApproximateNumberOfMessagesToMove: len(source.visible), StartedTimestamp: now.UnixMilli(),
		},
	}
	source.tasks = append(source.tasks[max(0, len(source.tasks)-keptTasks+1):], t)
	s.tasks.Go(func() { s.run(t) })
	return map[string]string{"TaskHandle": handle}, nil
}

func (s *Service) moveSource(arn string) (*queue, error) {
	if arn == "" {
		return nil, missingParameter("SourceArn")
	}
	q := s.byARN(arn)
	if q == nil {
		return nil, noARN("SourceArn")
	}
	return q, nil
}

// listMessageMoveTasks tells of the newest tasks first.
func (s *Service) listMessageMoveTasks(in *moveRequest, _ time.Time) (any, error) {
	checkRange(in.MaxResults, 1, keptTasks, "MaxResults", "Must be between 1 and 10, if provided.")
	source := wire.Must(s.moveSource(in.SourceArn))
	results := []taskReport{}
	for _, t := range slices.Backward(source.tasks) {
		if len(results) < orDefault(in.MaxResults, 1) {
			results = append(results, t.taskReport)
		}
	}
	return map[string]any{"Results": results}, nil
}

func (s *Service) cancelMessageMoveTask(in *moveRequest, now time.Time) (any, error) {
	handle, ok := parseTaskHandle(in.TaskHandle)
	need(ok, "Value for parameter TaskHandle is invalid.")
	source := wire.Must(s.moveSource(handle.SourceARN))
	i := slices.IndexFunc(source.tasks, func(t *moveTask) bool { return t.id == handle.TaskID })
	if i < 0 {
		return nil, noResource("Task does not exist.")
	}
	t := source.tasks[i]
	need(t.Status == taskRunning, "Only active tasks can be cancelled.")
	t.Status, t.TaskHandle, t.cancelled = taskCancelling, "", now
	return map[string]int{"ApproximateNumberOfMessagesMoved": t.ApproximateNumberOfMessagesMoved}, nil
}
