package sqs

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"
	"time"
)

// maxPage is the most queue URLs of one answer, and the number without MaxResults.
const maxPage = 1000

type listQueuesInput struct {
	QueueNamePrefix string
	MaxResults      *int
	NextToken       string
}

type listQueuesOutput struct {
	QueueUrls []string `json:",omitempty"`
	NextToken string   `json:",omitempty"`
}

func (s *Service) listQueues(_ context.Context, in *listQueuesInput) (*listQueuesOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	urls, next, err := s.page(in.MaxResults, in.NextToken, func(q *queue) bool {
		return strings.HasPrefix(q.name, in.QueueNamePrefix)
	})
	if err != nil {
		return nil, err
	}
	return &listQueuesOutput{QueueUrls: urls, NextToken: next}, nil
}

type listSourcesInput struct {
	QueueUrl   string
	MaxResults *int
	NextToken  string
}

type listSourcesOutput struct {
	QueueUrls []string `json:"queueUrls"` // AWS's one lower-case member
	NextToken string   `json:",omitempty"`
}

func (s *Service) listDeadLetterSourceQueues(_ context.Context, in *listSourcesInput) (*listSourcesOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	target, err := s.byURL(in.QueueUrl, time.Now())
	if err != nil {
		return nil, err
	}
	urls, next, err := s.page(in.MaxResults, in.NextToken, func(q *queue) bool { return q.buriesIn(target.arn) })
	if err != nil {
		return nil, err
	}
	return &listSourcesOutput{QueueUrls: urls, NextToken: next}, nil
}

// buriesIn tells whether a queue is the dead-letter queue of q.
func (q *queue) buriesIn(arn string) bool {
	return q.settings.redrive != nil && q.settings.redrive.Target == arn
}

// page lists the URLs of the matching queues by name. The token is the name of
// the last queue of the page before; it is only given out if maxResults was.
func (s *Service) page(maxResults *int, token string, match func(*queue) bool) (urls []string, next string, err error) {
	limit := maxPage
	if maxResults != nil {
		if *maxResults < 1 || *maxResults > maxPage {
			return nil, "", invalidValue(*maxResults, "MaxResults", "MaxResults must be an integer between 1 and 1000.")
		}
		limit = *maxResults
	}
	after, err := base64.StdEncoding.DecodeString(token)
	if err != nil {
		return nil, "", invalidParameter("Invalid or expired NextToken.")
	}
	var names []string
	for name, q := range s.queues {
		if name > string(after) && match(q) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if len(names) > limit {
		names = names[:limit]
		if maxResults != nil {
			next = base64.StdEncoding.EncodeToString([]byte(names[limit-1]))
		}
	}
	urls = make([]string, 0, len(names))
	for _, name := range names {
		urls = append(urls, s.queues[name].url)
	}
	return urls, next, nil
}
