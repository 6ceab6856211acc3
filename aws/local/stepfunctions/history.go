package stepfunctions

import (
	"context"
	"strings"

	"orderops/aws/local/stepfunctions/asl"
	"orderops/aws/local/wire"
)

type historyInput struct {
	ExecutionArn string
	MaxResults   int
	NextToken    string
	ReverseOrder bool
	// IncludeExecutionData is true when absent.
	IncludeExecutionData *bool
}

type historyOutput struct {
	Events    []map[string]any `json:"events"`
	NextToken string           `json:"nextToken,omitempty"`
}

func (s *Service) getExecutionHistory(_ context.Context, in *historyInput) (*historyOutput, error) {
	e, err := s.execution(in.ExecutionArn)
	if err != nil {
		return nil, err
	}
	data := in.IncludeExecutionData == nil || *in.IncludeExecutionData
	of := arguments(in.ExecutionArn, in.ReverseOrder, data)
	size, from, err := page(in.MaxResults, in.NextToken, of, maxHistoryToken)
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	events := e.events // appended to, never changed
	e.mu.Unlock()
	out := &historyOutput{Events: []map[string]any{}}
	at, step := from, 1
	if in.ReverseOrder {
		step = -1
		if in.NextToken == "" {
			at = len(events) - 1
		}
	}
	for ; at >= 0 && at < len(events); at += step {
		if len(out.Events) == size {
			out.NextToken = token(at, of)
			break
		}
		out.Events = append(out.Events, events[at].wire(int64(at+1), data))
	}
	return out, nil
}

// wire is the event as the API sends it.
func (ev event) wire(id int64, data bool) map[string]any {
	m := map[string]any{
		"id": id, "previousEventId": ev.previous, "type": ev.Type,
		"timestamp": wire.Time{Time: ev.at},
	}
	if ev.Details != nil {
		m[member(ev.Type)] = details(ev.Details, data)
	}
	return m
}

// member is the name of an event type's details.
func member(kind string) string {
	switch {
	case strings.HasSuffix(kind, "StateEntered"):
		return "stateEnteredEventDetails"
	case strings.HasSuffix(kind, "StateExited"):
		return "stateExitedEventDetails"
	}
	return strings.ToLower(kind[:1]) + kind[1:] + "EventDetails"
}

// details leaves out what is not set and, without data, what the execution
// worked on.
func details(d *asl.Details, data bool) map[string]any {
	m := map[string]any{}
	for name, value := range map[string]string{
		"name": d.Name, "resource": d.Resource, "resourceType": d.ResourceType, "region": d.Region,
		"error": d.Error, "cause": d.Cause, "roleArn": d.RoleARN,
	} {
		if value != "" {
			m[name] = value
		}
	}
	if d.TimeoutSeconds != 0 {
		m["timeoutInSeconds"] = d.TimeoutSeconds
	}
	if d.Redrives != 0 {
		m["redriveCount"] = d.Redrives
	}
	if !data {
		return m
	}
	if d.Parameters != "" {
		m["parameters"] = d.Parameters
	}
	if d.Input != "" {
		m["input"], m["inputDetails"] = d.Input, map[string]bool{"truncated": false}
	}
	if d.Output != "" {
		m["output"], m["outputDetails"] = d.Output, map[string]bool{"truncated": false}
	}
	return m
}
