package stepfunctions

import (
	"context"
	"net/http"
	"time"

	"orderops/aws/local/stepfunctions/asl"
	"orderops/aws/local/wire"
)

// A client token makes a redrive idempotent: the last ten, for 15 minutes.
const (
	maxRedriveTokens = 10
	redriveTokenLife = 15 * time.Minute
)

type redriveToken struct {
	token string
	at    time.Time
}

type redriveExecutionInput struct{ ExecutionArn, ClientToken string }

type redriveExecutionOutput struct {
	RedriveDate wire.Time `json:"redriveDate"`
}

// redriveExecution lets a failed, aborted or timed-out execution go on at the
// state where it ended. A task is scheduled again without being entered again;
// every other state is entered again.
func (s *Service) redriveExecution(_ context.Context, in *redriveExecutionInput) (*redriveExecutionOutput, error) {
	e, err := s.execution(in.ExecutionArn)
	if err != nil {
		return nil, err
	}
	if err := longest(in.ClientToken, "clientToken", 64); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, &wire.Error{Status: http.StatusServiceUnavailable, Type: "ServiceUnavailable", Message: "The local AWS is shutting down"}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if at, ok := e.redrivenBy(in.ClientToken); ok {
		return &redriveExecutionOutput{RedriveDate: wire.Time{Time: at}}, nil
	}
	if reason := e.notRedrivable(); reason != "" {
		return nil, refusal("ExecutionNotRedrivable", "Execution Not Redrivable: '%s'", reason)
	}
	from := e.position()
	ended := int64(len(e.events))
	e.status, e.stopped = running, time.Time{}
	e.output, e.errorName, e.cause = "", "", ""
	e.redrives++
	e.redriven = time.Now()
	from.Event = e.add(ended, asl.Event{Type: "ExecutionRedriven", Details: &asl.Details{Redrives: e.redrives}})
	e.remember(in.ClientToken)
	s.launch(e, from) //nolint:contextcheck // the execution outlives the request that redrives it
	return &redriveExecutionOutput{RedriveDate: wire.Time{Time: e.redriven}}, nil
}

// redrivenBy says when a client token redrove the execution.
func (e *execution) redrivenBy(token string) (time.Time, bool) {
	for _, t := range e.redriveTokens {
		if token != "" && t.token == token && time.Since(t.at) < redriveTokenLife {
			return t.at, true
		}
	}
	return time.Time{}, false
}

func (e *execution) remember(token string) {
	e.redriveTokens = append(e.redriveTokens, redriveToken{token, e.redriven})
	if extra := len(e.redriveTokens) - maxRedriveTokens; extra > 0 {
		e.redriveTokens = e.redriveTokens[extra:]
	}
}
