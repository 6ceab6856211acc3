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
	case mappings && rest != "" && r.Method == http.MethodGet:
		operation = "GetEventSourceMapping"
	case mappings && rest != "" && r.Method == http.MethodPut:
		operation = "UpdateEventSourceMapping"
	case strings.HasPrefix(rest, functionsPath) && strings.HasSuffix(rest, "/configuration") && r.Method == http.MethodGet:
		operation = "GetFunctionConfiguration"
	}
	return operation, strings.HasPrefix(r.URL.Path, "/2015-03-31/")
}

// mapping is an event source as the API tells it.
type mapping struct {
	UUID                  string
	EventSourceArn        string
	FunctionArn           string
	State                 string
	StateTransitionReason string
	BatchSize             int
	MaximumBatchingWindow int `json:"MaximumBatchingWindowInSeconds"`
	FunctionResponseTypes []string
	LastModified          wire.Time
}

type configuration struct {
	FunctionName     string
	FunctionArn      string
	Handler          string
	Timeout          int
	LastModified     string
	State            string
	LastUpdateStatus string
	Version          string
}

func (s *Service) listEventSourceMappings(r *http.Request, _ []byte) (any, error) {
	query := r.URL.Query()
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []mapping{}
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

func (s *Service) getEventSourceMapping(r *http.Request, _ []byte) (any, error) {
	found, err := s.source(r)
	if err != nil {
		return nil, err
	}
	return found.tell(), nil
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
	found, err := s.source(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Enabled *bool
		Others  map[string]json.RawMessage `json:"-"`
	}
	if json.Unmarshal(body, &in) != nil || json.Unmarshal(body, &in.Others) != nil {
		return nil, &wire.Error{Type: "InvalidRequestContentException", Message: "Could not parse request body into json"}
	}
	if delete(in.Others, "Enabled"); len(in.Others) > 0 || in.Enabled == nil {
		return nil, &wire.Error{Type: "InvalidParameterValueException", Message: "The local AWS changes Enabled of an event source mapping only"}
	}
	if found.changing() {
		return nil, &wire.Error{
			Status: http.StatusBadRequest, Type: "ResourceInUseException",
			Message: "Cannot update the event source mapping because it is in use.",
		}
	}
	found.turn(*in.Enabled)
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
	return configuration{
		FunctionName: name, FunctionArn: s.ARN(name), Handler: "bootstrap", Timeout: int(f.timeout / time.Second),
		LastModified: f.modified.UTC().Format("2006-01-02T15:04:05.000-0700"), State: "Active", LastUpdateStatus: "Successful", Version: "$LATEST",
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
func (s *source) tell() mapping {
	under := s.changing()
	s.mu.Lock()
	defer s.mu.Unlock()
	modified := s.created
	if !s.switched.IsZero() {
		modified = s.switched
	}
	m := mapping{
		UUID: s.id, EventSourceArn: s.QueueARN, FunctionArn: s.service.ARN(s.Function), BatchSize: s.BatchSize,
		StateTransitionReason: "USER_INITIATED", FunctionResponseTypes: []string{}, LastModified: wire.Time{Time: modified},
	}
	if s.ReportBatchItemFailures {
		m.FunctionResponseTypes = append(m.FunctionResponseTypes, "ReportBatchItemFailures")
	}
	switch on := s.polled != nil; {
	case on && under:
		m.State = "Enabling"
	case on:
		m.State = "Enabled"
	case under:
		m.State = "Disabling"
	default:
		m.State = "Disabled"
	}
	return m
}
