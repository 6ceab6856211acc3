package lambda

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
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

// Operation names the operation of a request, "" when there is none.
func Operation(r *http.Request) string {
	rest, mappings := strings.CutPrefix(r.URL.Path, mappingsPath)
	named := strings.Trim(rest, "/") != ""
	switch {
	case mappings && !named && r.Method == http.MethodGet:
		return "ListEventSourceMappings"
	case mappings && named && r.Method == http.MethodGet:
		return "GetEventSourceMapping"
	case mappings && named && r.Method == http.MethodPut:
		return "UpdateEventSourceMapping"
	case strings.HasPrefix(r.URL.Path, functionsPath) && strings.HasSuffix(r.URL.Path, "/configuration") && r.Method == http.MethodGet:
		return "GetFunctionConfiguration"
	}
	return ""
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

// ServeHTTP answers the event source mappings and function configurations, REST JSON.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer, err := s.answer(r) //nolint:contextcheck // the poller that it may start lives as long as the cloud
	if err != nil {
		e, ok := errors.AsType[*wire.Error](err)
		if !ok {
			e = &wire.Error{Status: http.StatusInternalServerError, Type: "ServiceException", Message: err.Error()}
		}
		s.Refuse(w, r, e)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-Requestid", s.identity.PassingID())
	if Operation(r) == "UpdateEventSourceMapping" {
		w.WriteHeader(http.StatusAccepted)
	}
	_ = json.NewEncoder(w).Encode(answer) // the client has gone; nobody is left to tell
}

// Refuse answers with an error.
func (s *Service) Refuse(w http.ResponseWriter, _ *http.Request, e *wire.Error) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-Errortype", e.Code())
	w.Header().Set("X-Amzn-Requestid", s.identity.PassingID())
	w.WriteHeader(e.HTTPStatus())
	_ = json.NewEncoder(w).Encode(map[string]string{"Type": "User", "Message": e.Message}) // the client has gone
}

func (s *Service) answer(r *http.Request) (any, error) {
	id := strings.Trim(strings.TrimPrefix(r.URL.Path, mappingsPath), "/")
	switch Operation(r) {
	case "ListEventSourceMappings":
		return map[string]any{"EventSourceMappings": s.list(r.URL.Query())}, nil
	case "GetEventSourceMapping":
		found, err := s.source(id)
		if err != nil {
			return nil, err
		}
		return found.tell(), nil
	case "UpdateEventSourceMapping":
		return s.update(r, id)
	case "GetFunctionConfiguration":
		return s.configuration(strings.TrimSuffix(strings.TrimPrefix(r.URL.EscapedPath(), functionsPath), "/configuration"))
	}
	return nil, &wire.Error{Status: http.StatusNotFound, Type: "UnknownOperationException", Message: "The local AWS does not implement " + r.Method + " " + r.URL.Path}
}

func (s *Service) list(query url.Values) []mapping {
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
	return all
}

func (s *Service) source(id string) (*source, error) {
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

func (s *Service) update(r *http.Request, id string) (any, error) {
	found, err := s.source(id)
	if err != nil {
		return nil, err
	}
	body, err := wire.ReadBody(r)
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

func (s *Service) configuration(escaped string) (any, error) {
	name, err := url.PathUnescape(escaped)
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.functions[functionName(name)]
	if err != nil || !ok {
		return nil, &wire.Error{
			Status: http.StatusNotFound, Type: "ResourceNotFoundException", Message: "Function not found: " + s.ARN(functionName(name)),
		}
	}
	name = functionName(name)
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
