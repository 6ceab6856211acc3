package sqs

import (
	"context"
	"slices"
	"time"
)

const (
	noSource      = "The resource that you specified for the SourceArn parameter doesn't exist."
	noDestination = "The resource that you specified for the DestinationArn parameter doesn't exist."
)

type startMessageMoveTaskInput struct {
	SourceArn                    string
	DestinationArn               string
	MaxNumberOfMessagesPerSecond *int
}

type startMessageMoveTaskOutput struct {
	TaskHandle string
}

func (s *Service) startMessageMoveTask(_ context.Context, in *startMessageMoveTaskInput) (*startMessageMoveTaskOutput, error) {
	rate := 0
	if n := in.MaxNumberOfMessagesPerSecond; n != nil {
		if *n < 1 || *n > fastestMove {
			return nil, invalidValue(*n, "MaxNumberOfMessagesPerSecond", "Must be between 1 and 500, if provided.")
		}
		rate = *n
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, shutDown()
	}
	source, err := s.moveSource(in.SourceArn)
	if err != nil {
		return nil, err
	}
	if in.DestinationArn != "" && s.byARN(in.DestinationArn) == nil {
		return nil, noResource(noDestination)
	}
	if !s.isDeadLetterQueue(source.arn) {
		return nil, invalidParameter("Source queue must be configured as a Dead Letter Queue.")
	}
	if in.DestinationArn == source.arn {
		return nil, invalidParameter("Source queue arn and destination queue arn cannot be the same.")
	}
	if slices.ContainsFunc(source.tasks, (*moveTask).active) {
		return nil, invalidParameter("There is already a task running. Only one active task is allowed for a source queue arn at a given time.")
	}
	now := time.Now()
	source.settle(now)
	t := s.start(source, in.DestinationArn, rate, now)
	return &startMessageMoveTaskOutput{TaskHandle: t.handle()}, nil
}

func (s *Service) moveSource(arn string) (*queue, error) {
	if arn == "" {
		return nil, missingParameter("SourceArn")
	}
	q := s.byARN(arn)
	if q == nil {
		return nil, noResource(noSource)
	}
	return q, nil
}

func (s *Service) isDeadLetterQueue(arn string) bool {
	for _, q := range s.queues {
		if q.buriesIn(arn) {
			return true
		}
	}
	return false
}

type listMessageMoveTasksInput struct {
	SourceArn  string
	MaxResults *int // nil means 1
}

type moveTaskEntry struct {
	TaskHandle                        string `json:",omitempty"` // only while running
	Status                            string
	SourceArn                         string
	DestinationArn                    string `json:",omitempty"`
	MaxNumberOfMessagesPerSecond      int    `json:",omitempty"`
	ApproximateNumberOfMessagesMoved  int
	ApproximateNumberOfMessagesToMove int
	FailureReason                     string `json:",omitempty"`
	StartedTimestamp                  int64  // milliseconds since 1970
}

type listMessageMoveTasksOutput struct {
	Results []moveTaskEntry
}

func (s *Service) listMessageMoveTasks(_ context.Context, in *listMessageMoveTasksInput) (*listMessageMoveTasksOutput, error) {
	limit := 1
	if n := in.MaxResults; n != nil {
		if *n < 1 || *n > keptTasks {
			return nil, invalidValue(*n, "MaxResults", "Must be between 1 and 10, if provided.")
		}
		limit = *n
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	source, err := s.moveSource(in.SourceArn)
	if err != nil {
		return nil, err
	}
	out := &listMessageMoveTasksOutput{Results: []moveTaskEntry{}}
	for _, t := range slices.Backward(source.tasks) {
		if len(out.Results) == limit {
			break
		}
		entry := moveTaskEntry{
			Status: t.status, SourceArn: source.arn, DestinationArn: t.destination, MaxNumberOfMessagesPerSecond: t.rate,
			ApproximateNumberOfMessagesMoved: t.moved, ApproximateNumberOfMessagesToMove: t.toMove,
			FailureReason: t.failure, StartedTimestamp: t.started.UnixMilli(),
		}
		if t.status == taskRunning {
			entry.TaskHandle = t.handle()
		}
		out.Results = append(out.Results, entry)
	}
	return out, nil
}

type cancelMessageMoveTaskInput struct {
	TaskHandle string
}

type cancelMessageMoveTaskOutput struct {
	ApproximateNumberOfMessagesMoved int
}

func (s *Service) cancelMessageMoveTask(_ context.Context, in *cancelMessageMoveTaskInput) (*cancelMessageMoveTaskOutput, error) {
	handle, ok := parseTaskHandle(in.TaskHandle)
	if !ok {
		return nil, invalidParameter("Value for parameter TaskHandle is invalid.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	source, err := s.moveSource(handle.SourceARN)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(source.tasks, func(t *moveTask) bool { return t.id == handle.TaskID })
	if i < 0 {
		return nil, noResource("Task does not exist.")
	}
	t := source.tasks[i]
	if t.status != taskRunning {
		return nil, invalidParameter("Only active tasks can be cancelled.")
	}
	t.status, t.cancelled = taskCancelling, time.Now()
	return &cancelMessageMoveTaskOutput{ApproximateNumberOfMessagesMoved: t.moved}, nil
}
