package lambda

import (
	"encoding/json"
	"net/http"
	"path"
	"strings"
	"time"

	"orderops/aws/local/wire"
)

// What the paths of the API begin with.
const (
	mappingsPath  = "/2015-03-31/event-source-mappings"
	functionsPath = "/2015-03-31/functions/"
)

// switching is how long an event source takes to go on or off.
const switching = 10 * time.Second

// asks names the operation of a request, "" for one that is not there.
func asks(r *http.Request) (operation string, ok bool) {
	rest, mappings := strings.CutPrefix(strings.TrimSuffix(r.URL.Path, "/"), mappingsPath)
	switch {
	case mappings && rest == "" && r.Method == http.MethodGet:
		operation = "ListEventSourceMappings"
	case mappings && rest != "" && r.Method == http.MethodPut:
		operation = "UpdateEventSourceMapping"
	case strings.HasPrefix(rest, functionsPath) && strings.HasSuffix(rest, "/configuration") && r.Method == http.MethodGet:
		operation = "GetFunctionConfiguration"
	}
	return operation, strings.HasPrefix(r.URL.Path, "/2015-03-31/")
}

func (s *Service) listEventSourceMappings(r *http.Request, _ []byte) (any, error) {
	query := r.URL.Query()
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []any{}
	for _, one := range s.sources {
		if arn := query.Get("EventSourceArn"); arn != "" && arn != one.QueueARN {
			continue
		}
		if name := query.Get("FunctionName"); name != "" && functionName(name) != one.Function {
			continue
		}
		all = append(all, one.tell())
	}
	return map[string]any{"EventSourceMappings": all}, nil
}

// source finds the event source that a request names.
func (s *Service) source(r *http.Request) (*source, error) {
	id := path.Base(r.URL.Path)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.sources {
		if one.id == id {
			return one, nil
		}
	}
	return nil, &wire.Error{
		Status: http.StatusNotFound, Type: "ResourceNotFoundException",
		Message: "The resource you requested does not exist. (Service: Lambda, Status Code: 404)",
	}
}

func (s *Service) updateEventSourceMapping(r *http.Request, body []byte) (any, error) {
	found := wire.Must(s.source(r))
	var in map[string]bool
	err := json.Unmarshal(body, &in)
	enabled, ok := in["Enabled"]
	if err != nil || !ok || len(in) > 1 {
		return nil, &wire.Error{Type: "InvalidParameterValueException", Message: "The local AWS changes Enabled of an event source mapping only"}
	}
	if found.changing() {
		return nil, &wire.Error{Type: "ResourceInUseException", Message: "Cannot update the event source mapping because it is in use."}
	}
	found.turn(enabled)
	return found.tell(), nil
}

func (s *Service) getFunctionConfiguration(r *http.Request, _ []byte) (any, error) {
	name := functionName(strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, functionsPath), "/configuration"))
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.functions[name]
	if !ok {
		return nil, &wire.Error{Status: http.StatusNotFound, Type: "ResourceNotFoundException", Message: "Function not found: " + s.ARN(name)}
	}
	return map[string]any{
		"FunctionName": name, "FunctionArn": s.ARN(name), "Handler": "bootstrap", "Timeout": int(f.timeout / time.Second),
		"LastModified": f.modified.UTC().Format("2006-01-02T15:04:05.000-0700"), "State": "Active", "LastUpdateStatus": "Successful", "Version": "$LATEST",
	}, nil
}

// changing tells that a switch is under way.
func (s *source) changing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.switched.IsZero() && time.Since(s.switched) < switching
}

// tell describes the source. A switch works at once here; what the API says
// follows as slowly as on AWS.
func (s *source) tell() any {
	changing := s.changing()
	s.mu.Lock()
	defer s.mu.Unlock()
	modified, responses := s.created, []string{}
	if !s.switched.IsZero() {
		modified = s.switched
	}
	if s.ReportBatchItemFailures {
		responses = append(responses, "ReportBatchItemFailures")
	}
	state := map[[2]bool]string{
		{true, true}: "Enabling", {true, false}: "Enabled", {false, true}: "Disabling", {false, false}: "Disabled",
	}[[2]bool{s.polled != nil, changing}]
	return map[string]any{
		"UUID": s.id, "EventSourceArn": s.QueueARN, "FunctionArn": s.service.ARN(s.Function), "BatchSize": s.BatchSize,
		"State": state, "StateTransitionReason": "USER_INITIATED", "LastModified": wire.Time{Time: modified},
		"FunctionResponseTypes": responses, "MaximumBatchingWindowInSeconds": 0,
	}
}
