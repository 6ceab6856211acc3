package sqs

import (
	"maps"
	"slices"
	"strings"
	"time"

	"orderops/aws/local/wire"
)

// queueList is a page of URLs, under AWS's two spellings.
type queueList struct {
	Queues    []string `json:"QueueUrls,omitempty"`
	Sources   []string `json:"queueUrls,omitzero"`
	NextToken string   `json:",omitempty"`
}

func (s *Service) listQueues(in *queueRequest, _ time.Time) (list queueList, err error) {
	list.Queues, list.NextToken, err = s.page(in, func(q *queue) bool { return strings.HasPrefix(q.name, in.QueueNamePrefix) })
	return list, err
}

func (s *Service) listDeadLetterSourceQueues(target *queue, in *queueRequest, _ time.Time) (list queueList, err error) {
	list.Sources, list.NextToken, err = s.page(in, func(q *queue) bool { return q.buriesIn(target.arn) })
	return list, err
}

// buriesIn tells whether a queue is the dead-letter queue of q.
func (q *queue) buriesIn(arn string) bool {
	return q.settings.redrive != nil && q.settings.redrive.Target == arn
}

// page lists the URLs of the matching queues by name.
func (s *Service) page(in *queueRequest, match func(*queue) bool) (urls []string, next string, err error) {
	if err := checkRange(in.MaxResults, 1, 1000, "MaxResults", "MaxResults must be an integer between 1 and 1000."); err != nil {
		return nil, "", err
	}
	urls = []string{}
	for _, name := range slices.Sorted(maps.Keys(s.queues)) {
		if match(s.queues[name]) {
			urls = append(urls, s.queues[name].url)
		}
	}
	urls, next, ok := wire.Page(urls, in.NextToken, orDefault(in.MaxResults, 1000))
	switch {
	case !ok:
		return nil, "", invalidParameter("Invalid or expired NextToken.")
	case in.MaxResults == nil:
		next = ""
	}
	return urls, next, nil
}
