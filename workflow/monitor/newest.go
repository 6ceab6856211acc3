package monitor

import (
	"slices"

	"orderops/workflow"
)

// newestKept bounds how many of the newest executions are kept apart.
const newestKept = 50

// Newest are up to most executions, the newest first, whatever the list's sort
// and filter.
func (s *Store) Newest(most int) []*Execution {
	newest := make([]*Execution, 0, min(most, len(s.newest)))
	for _, arn := range s.newest {
		if len(newest) == most {
			break
		}
		if e, ok := s.executions.Get(arn); ok {
			newest = append(newest, e)
		}
	}
	return newest
}

// putFirst takes in an execution that started after the newest one listed: it
// was asked for by name before a list told it.
func (s *Store) putFirst(e workflow.Execution) {
	if slices.Contains(s.newest, e.ARN) {
		return
	}
	if first := s.Newest(1); len(first) > 0 && !e.Started.After(first[0].Started) {
		return
	}
	s.newest = slices.Insert(s.newest, 0, e.ARN)
	s.newest = s.newest[:min(len(s.newest), newestKept)]
}
