package stepfunctions

import (
	"cmp"
	"context"

	"orderops/aws/local/wire"
)

type listExecutionsInput struct {
	StateMachineArn string
	StatusFilter    string
	MaxResults      int
	NextToken       string
	MapRunArn       string
	RedriveFilter   string
}

type listExecutionsOutput struct {
	Executions []executionItem `json:"executions"`
	NextToken  string          `json:"nextToken,omitempty"`
}

type executionItem struct {
	ExecutionArn    string    `json:"executionArn"`
	StateMachineArn string    `json:"stateMachineArn"`
	Name            string    `json:"name"`
	Status          string    `json:"status"`
	StartDate       wire.Time `json:"startDate"`
	StopDate        wire.Time `json:"stopDate,omitzero"`
	RedriveCount    int       `json:"redriveCount"`
	RedriveDate     wire.Time `json:"redriveDate,omitzero"`
}

// listExecutions lists newest first, by the original start. The token holds
// the position of the next execution, so that new ones do not shift the pages.
func (s *Service) listExecutions(_ context.Context, in *listExecutionsInput) (*listExecutionsOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	of := arguments(in.StateMachineArn, in.StatusFilter)
	size, from, err := page(in.MaxResults, in.NextToken, of, maxListToken)
	if err != nil {
		return nil, err
	}
	m, err := s.machine(in.StateMachineArn)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	all := m.executions
	s.mu.Unlock()
	next := len(all) - 1
	if in.NextToken != "" {
		next = min(from, next)
	}
	out := &listExecutionsOutput{Executions: []executionItem{}}
	for ; next >= 0; next-- {
		item, ok := all[next].item(in.StatusFilter)
		if !ok {
			continue
		}
		if len(out.Executions) == size {
			out.NextToken = token(next, of)
			break
		}
		out.Executions = append(out.Executions, item)
	}
	return out, nil
}

func (in *listExecutionsInput) check() error {
	err := oneOf(cmp.Or(in.StatusFilter, running), "statusFilter", succeeded, timedOut, "PENDING_REDRIVE", aborted, failed, running)
	if err != nil {
		return err
	}
	if in.MapRunArn != "" || in.RedriveFilter != "" {
		return &wire.Error{Type: "com.amazon.coral.validate#ValidationException", Message: "mapRunArn and redriveFilter are not supported by the local AWS"}
	}
	return nil
}

// item is the execution's row, if its status is the filter's; "" takes all.
func (e *execution) item(filter string) (executionItem, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if filter != "" && filter != e.status {
		return executionItem{}, false
	}
	return executionItem{
		ExecutionArn: e.arn, StateMachineArn: e.machine.arn, Name: e.name, Status: e.status,
		StartDate: wire.Time{Time: e.started}, StopDate: wire.Time{Time: e.stopped},
		RedriveCount: e.redrives, RedriveDate: wire.Time{Time: e.redriven},
	}, true
}
