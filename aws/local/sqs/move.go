package sqs

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"time"
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
	id          string
	source      *queue
	destination string // ARN; "" means the queue that each message came from
	rate        int    // messages per second; 0 when the caller set none
	started     time.Time
	status      string
	failure     string // set when failed
	toMove      int
	moved       int
	cancelled   time.Time // when cancelling was asked for

	// pending are the messages to move, oldest first; passed were hidden when
	// their turn came.
	pending, passed []*message
}

func (t *moveTask) active() bool { return t.status == taskRunning || t.status == taskCancelling }

// handle is what AWS gives out: base64 of the task's id and source.
func (t *moveTask) handle() string {
	text, err := json.Marshal(taskHandle{TaskID: t.id, SourceARN: t.source.arn})
	if err != nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(text)
}

type taskHandle struct {
	TaskID    string `json:"taskId"`
	SourceARN string `json:"sourceArn"`
}

func parseTaskHandle(text string) (taskHandle, bool) {
	var handle taskHandle
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(raw, &handle) != nil {
		return taskHandle{}, false
	}
	return handle, handle.TaskID != "" && handle.SourceARN != ""
}

// start begins a task. The lock is held and the source is settled.
func (s *Service) start(source *queue, destination string, rate int, now time.Time) *moveTask {
	t := &moveTask{
		id: s.id.UUID(), source: source, destination: destination, rate: rate,
		started: now, status: taskRunning, toMove: source.visible.Len(),
		pending: slices.SortedFunc(slices.Values(source.visible.messages), func(a, b *message) int {
			if older(a, b) {
				return -1
			}
			return 1
		}),
	}
	source.tasks = append(source.tasks, t)
	if n := len(source.tasks); n > keptTasks {
		source.tasks = slices.Delete(source.tasks, 0, n-keptTasks)
	}
	s.tasks.Go(func() { s.run(t) })
	return t
}

// run moves messages at the task's rate until it ends or the service closes.
func (s *Service) run(t *moveTask) {
	rate := t.rate
	if rate == 0 {
		rate = fastestMove
	}
	ticker := time.NewTicker(max(time.Second/time.Duration(rate), moveStep))
	defer ticker.Stop()
	for s.step(t, rate) {
		select {
		case <-ticker.C:
		case <-s.done:
			return
		}
	}
}

// step moves what the rate allows by now: one message at the start, and so on
// evenly. It reports whether the task goes on.
func (s *Service) step(t *moveTask, rate int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if t.status == taskCancelling && now.Sub(t.cancelled) >= cancelLag {
		t.status = taskCancelled
		return false
	}
	if t.source.deleted {
		return t.fail(nonExistentQueue)
	}
	t.source.settle(now)
	allowed := 1 + int(now.Sub(t.started)*time.Duration(rate)/time.Second)
	for t.moved < allowed {
		m := t.next()
		if m == nil {
			return t.end()
		}
		if reason := s.move(t, m, now); reason != "" {
			return t.fail(reason)
		}
		t.moved++
	}
	return true
}

// next takes the oldest pending message that is visible; nil when none is left.
func (t *moveTask) next() *message {
	for range 2 {
		for len(t.pending) > 0 {
			m := t.pending[0]
			t.pending = t.pending[1:]
			switch {
			case t.source.messages[m.id] != m: // deleted or expired meanwhile
			case m.place != visible:
				t.passed = append(t.passed, m)
			default:
				return m
			}
		}
		t.pending, t.passed = t.passed, nil
	}
	return nil
}

func (t *moveTask) end() bool {
	t.status = taskCompleted
	if !t.cancelled.IsZero() {
		t.status = taskCancelled
	}
	t.pending, t.passed = nil, nil
	return false
}

func (t *moveTask) fail(reason string) bool {
	t.status, t.failure = taskFailed, reason
	t.pending, t.passed = nil, nil
	return false
}

// move sends a message anew to its destination: new id, sent time and counts,
// same body and attributes. It returns AWS's failure reason, "" for success.
func (s *Service) move(t *moveTask, m *message, now time.Time) string {
	arn := t.destination
	if arn == "" {
		arn = m.source
	}
	if arn == "" {
		return "CouldNotDetermineMessageSource"
	}
	destination := s.byARN(arn)
	if destination == nil {
		return nonExistentQueue
	}
	t.source.remove(m)
	destination.add(&message{
		id:          s.id.UUID(),
		body:        m.body,
		bodyMD5:     m.bodyMD5,
		attributes:  m.attributes,
		traceHeader: m.traceHeader,
		groupID:     m.groupID,
		sent:        now,
		serial:      s.nextSerial(),
	}, now, destination.settings.duration(delaySeconds))
	return ""
}
