package stepfunctions

import (
	"context"

	"orderops/aws/local/wire"
)

type stopExecutionInput struct {
	ExecutionArn string
	Error        string
	Cause        string
}

type stopExecutionOutput struct {
	StopDate wire.Time `json:"stopDate"`
}

// stopExecution aborts a running execution. One that has ended keeps its end
// and answers with its date, as a repeated stop must not fail.
func (s *Service) stopExecution(_ context.Context, in *stopExecutionInput) (*stopExecutionOutput, error) {
	e, err := s.execution(in.ExecutionArn)
	if err != nil {
		return nil, err
	}
	if err := longest(in.Error, "error", 256); err != nil {
		return nil, err
	}
	if err := longest(in.Cause, "cause", 32_768); err != nil {
		return nil, err
	}
	e.abort(in.Error, in.Cause)
	e.mu.Lock()
	defer e.mu.Unlock()
	return &stopExecutionOutput{StopDate: wire.Time{Time: e.stopped}}, nil
}
