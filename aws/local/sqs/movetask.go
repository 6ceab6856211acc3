package sqs

import (
	"slices"
	"time"
)

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
	if err := checkRange(rate, 1, fastestMove, "MaxNumberOfMessagesPerSecond", "Must be between 1 and 500, if provided."); err != nil {
		return nil, err
	}
	source, err := s.moveSource(in.SourceArn)
	if err != nil {
		return nil, err
	}
	buries := false
	for _, q := range s.queues {
		buries = buries || q.buriesIn(source.arn)
	}
	switch {
	case in.DestinationArn != "" && s.byARN(in.DestinationArn) == nil:
		return nil, noARN("DestinationArn")
	case !buries:
		return nil, invalidParameter("Source queue must be configured as a Dead Letter Queue.")
	case in.DestinationArn == source.arn:
		return nil, invalidParameter("Source queue arn and destination queue arn cannot be the same.")
	case slices.ContainsFunc(source.tasks, (*moveTask).active):
		return nil, invalidParameter("There is already a task running. Only one active task is allowed for a source queue arn at a given time.")
	}
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
	if err := checkRange(in.MaxResults, 1, keptTasks, "MaxResults", "Must be between 1 and 10, if provided."); err != nil {
		return nil, err
	}
	source, err := s.moveSource(in.SourceArn)
	if err != nil {
		return nil, err
	}
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
	if !ok {
		return nil, invalidParameter("Value for parameter TaskHandle is invalid.")
	}
	source, err := s.moveSource(handle.SourceARN)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(source.tasks, func(t *moveTask) bool { return t.id == handle.TaskID })
	if i < 0 {
		return nil, noResource("Task does not exist.")
	}
	t := source.tasks[i]
	if t.Status != taskRunning {
		return nil, invalidParameter("Only active tasks can be cancelled.")
	}
	t.Status, t.TaskHandle, t.cancelled = taskCancelling, "", now
	return map[string]int{"ApproximateNumberOfMessagesMoved": t.ApproximateNumberOfMessagesMoved}, nil
}
