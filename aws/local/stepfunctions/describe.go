package stepfunctions

import (
	"cmp"
	"context"
	"time"

	"orderops/aws/local/wire"
)

// redrivablePeriod is how long after its end an execution can be redriven.
const redrivablePeriod = 14 * 24 * time.Hour

type executionInput struct {
	ExecutionArn string
	// IncludedData is ALL_DATA or METADATA_ONLY; "" means all.
	IncludedData string
}

type dataDetails struct {
	Included bool `json:"included"`
}

type describeExecutionOutput struct {
	ExecutionArn        string       `json:"executionArn"`
	StateMachineArn     string       `json:"stateMachineArn"`
	Name                string       `json:"name"`
	Status              string       `json:"status"`
	StartDate           wire.Time    `json:"startDate"`
	StopDate            wire.Time    `json:"stopDate,omitzero"`
	Input               string       `json:"input,omitempty"`
	InputDetails        *dataDetails `json:"inputDetails,omitempty"`
	Output              string       `json:"output,omitempty"`
	OutputDetails       *dataDetails `json:"outputDetails,omitempty"`
	Error               string       `json:"error,omitempty"`
	Cause               string       `json:"cause,omitempty"`
	RedriveCount        int          `json:"redriveCount"`
	RedriveDate         wire.Time    `json:"redriveDate,omitzero"`
	RedriveStatus       string       `json:"redriveStatus"`
	RedriveStatusReason string       `json:"redriveStatusReason,omitempty"`
}

func (s *Service) describeExecution(_ context.Context, in *executionInput) (*describeExecutionOutput, error) {
	e, err := s.execution(in.ExecutionArn)
	if err != nil {
		return nil, err
	}
	if err := oneOf(cmp.Or(in.IncludedData, "ALL_DATA"), "includedData", "ALL_DATA", "METADATA_ONLY"); err != nil {
		return nil, err
	}
	all := in.IncludedData != "METADATA_ONLY"
	e.mu.Lock()
	defer e.mu.Unlock()
	out := &describeExecutionOutput{
		ExecutionArn: e.arn, StateMachineArn: e.machine.arn, Name: e.name, Status: e.status,
		StartDate: wire.Time{Time: e.started}, StopDate: wire.Time{Time: e.stopped},
		InputDetails: &dataDetails{all}, Error: e.errorName, Cause: e.cause,
		RedriveCount: e.redrives, RedriveDate: wire.Time{Time: e.redriven},
		RedriveStatus: "REDRIVABLE", RedriveStatusReason: e.notRedrivable(),
	}
	if out.RedriveStatusReason != "" {
		out.RedriveStatus = "NOT_REDRIVABLE"
	}
	if all {
		out.Input, out.Output = e.input, e.output
	}
	if e.status == succeeded {
		out.OutputDetails = &dataDetails{all}
	}
	return out, nil
}

// notRedrivable says why the execution can't be redriven, "" when it can. The
// lock is held.
func (e *execution) notRedrivable() string {
	switch {
	case e.status == running || e.status == succeeded:
		return "Execution is " + e.status + " and cannot be redriven"
	case time.Since(e.stopped) > redrivablePeriod:
		return "Execution has exceeded the redrivable period and cannot be redriven"
	case len(e.events) >= maxEvents-1:
		return "Execution history event count limit exceeded and cannot be redriven"
	}
	return ""
}
