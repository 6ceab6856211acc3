package sqs

import (
	"context"
	"maps"
	"time"
)

type tagQueueInput struct {
	QueueUrl string
	Tags     map[string]string
}

func (s *Service) tagQueue(_ context.Context, in *tagQueueInput) (*none, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.byURL(in.QueueUrl, time.Now())
	if err != nil {
		return nil, err
	}
	tags := make(map[string]string)
	maps.Copy(tags, q.tags)
	maps.Copy(tags, in.Tags)
	if len(tags) > 50 {
		return nil, invalidParameter("Too many tags added for queue %s.", q.name)
	}
	q.tags = tags
	return new(none), nil
}

type untagQueueInput struct {
	QueueUrl string
	TagKeys  []string
}

func (s *Service) untagQueue(_ context.Context, in *untagQueueInput) (*none, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.byURL(in.QueueUrl, time.Now())
	if err != nil {
		return nil, err
	}
	for _, key := range in.TagKeys {
		delete(q.tags, key)
	}
	return new(none), nil
}

type listQueueTagsOutput struct {
	Tags map[string]string `json:",omitempty"`
}

func (s *Service) listQueueTags(_ context.Context, in *queueInput) (*listQueueTagsOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.byURL(in.QueueUrl, time.Now())
	if err != nil {
		return nil, err
	}
	return &listQueueTagsOutput{Tags: maps.Clone(q.tags)}, nil
}
