// Package lambda is AWS Lambda in this process: functions by name, their
// time-outs and failures, and event sources that feed them from queues.
package lambda

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path"
	"reflect"
	"strings"
	"sync"
	"time"

	"orderops/aws/local/identity"
	"orderops/aws/local/wire"
)

// DefaultTimeout is how long a function may run when nobody says otherwise.
const DefaultTimeout = 3 * time.Second

// DefaultLogGroup begins the name of a function's log group unless another one
// is configured; the function's name follows.
const DefaultLogGroup = "/aws/lambda/"

// ErrNoFunction says that no function has the name.
var ErrNoFunction = errors.New("function not found")

// errClosed is the answer to a call after Close.
var errClosed = errors.New("the local cloud was closed")

// Handler is a function's code: JSON event in, JSON answer out.
type Handler func(ctx context.Context, payload []byte) ([]byte, error)

// Service holds the functions and event sources of one local cloud. It is safe
// for concurrent use.
type Service struct {
	*wire.Service
	identity *identity.Identity
	queue    Queue
	meter    Meter

	// life ends with Close and ends every invocation and poller.
	life    context.Context
	stop    context.CancelFunc
	running sync.WaitGroup

	mu        sync.Mutex // guards all below
	closed    bool
	functions map[string]function
	sources   map[string]*source // by function name
}

type function struct {
	handler  Handler
	timeout  time.Duration
	logGroup string
	modified time.Time
}

// Meter keeps the metrics of functions (AWS/Lambda): 1 to Invocations, 0 or 1 to
// Errors, milliseconds to Duration.
type Meter interface {
	Observe(namespace, metric, function string, at time.Time, value float64)
}

// New makes a service without functions. queue is what event sources read; a
// meter of nil measures nothing.
func New(id *identity.Identity, queue Queue, meter Meter) *Service {
	s := &Service{identity: id, queue: queue, meter: meter, functions: map[string]function{}, sources: map[string]*source{}}
	s.Service = &wire.Service{Protocol: wire.REST(asks), NewID: id.PassingID, Operations: map[string]wire.Operation{
		"ListEventSourceMappings":  s.listEventSourceMappings,
		"UpdateEventSourceMapping": s.updateEventSourceMapping,
		"GetFunctionConfiguration": s.getFunctionConfiguration,
	}}
	s.life, s.stop = context.WithCancel(context.Background())
	return s
}

// Close ends event sources and invocations and waits for their goroutines. A
// handler that ignores its context holds it up.
func (s *Service) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.stop()
	s.running.Wait()
}

// start runs f in a goroutine that Close waits for, unless Close came first.
func (s *Service) start(f func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.running.Go(f)
	return true
}

// Register adds a function or replaces its code. A timeout of 0 means
// DefaultTimeout, a log group of "" the one that Lambda makes by itself.
func (s *Service) Register(name string, handler Handler, timeout time.Duration, logGroup string) {
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.functions[name] = function{handler, timeout, cmp.Or(logGroup, DefaultLogGroup+name), time.Now()}
}

// ARN names a function.
func (s *Service) ARN(name string) string { return s.identity.ARN("lambda", "function:"+name) }

// Invoke calls a function by name or ARN and waits for its answer. failure means
// that the function itself failed; err means that it could not be called, or
// that ctx or the service ended first.
func (s *Service) Invoke(ctx context.Context, nameOrARN string, payload []byte) (output []byte, failure *Failure, err error) {
	s.mu.Lock()
	f, ok := s.functions[functionName(nameOrARN)]
	s.mu.Unlock()
	if !ok {
		return nil, nil, ErrNoFunction
	}
	called, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	defer context.AfterFunc(s.life, cancel)() //nolint:contextcheck // the service's life besides the caller's

	type result struct {
		output  []byte
		failure *Failure
	}
	done := make(chan result, 1)
	if !s.start(func() {
		output, failure := run(called, f.handler, payload)
		done <- result{output, failure}
	}) {
		return nil, nil, errClosed
	}
	began := time.Now()
	var r result
	select {
	case r = <-done:
	case <-called.Done():
	}
	s.measure(functionName(nameOrARN), began, r.output == nil)
	switch {
	case s.life.Err() != nil:
		return nil, nil, errClosed
	case ctx.Err() != nil:
		return nil, nil, ctx.Err()
	case called.Err() != nil && r.output == nil:
		return nil, s.timedOut(f.timeout), nil
	}
	return r.output, r.failure, nil
}

// measure counts an invocation that has ended.
func (s *Service) measure(function string, began time.Time, failed bool) {
	if s.meter == nil {
		return
	}
	errors := 0.0
	if failed {
		errors = 1
	}
	now := time.Now()
	s.meter.Observe("AWS/Lambda", "Invocations", function, now, 1)
	s.meter.Observe("AWS/Lambda", "Errors", function, now, errors)
	s.meter.Observe("AWS/Lambda", "Duration", function, now, float64(now.Sub(began).Milliseconds()))
}

// timedOut is what Lambda reports of a function that it had to end.
func (s *Service) timedOut(timeout time.Duration) *Failure {
	return &Failure{
		Type:    "Sandbox.Timedout",
		Message: fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", s.identity.UUID(), timeout.Seconds()),
	}
}

// functionName takes the name out of arn:aws:lambda:<region>:<account>:function:<name>[:<version>].
func functionName(nameOrARN string) string {
	if !strings.HasPrefix(nameOrARN, "arn:") {
		return nameOrARN
	}
	_, rest, _ := strings.Cut(nameOrARN, ":function:")
	name, _, _ := strings.Cut(rest, ":")
	return name
}

// maxResponse is the most bytes that a function may answer (Lambda quotas: 6 MB).
const maxResponse = 6291556

// Failure is a failed invocation as the Go runtime of Lambda reports it.
type Failure struct {
	// Type is the errorType: the error's own ErrorType, else its Go type's name. ""
	// is a crash without one.
	Type    string
	Message string
	// StackTrace is the stack as the error's own StackTrace tells it, one frame
	// per string; nil when it tells none.
	StackTrace []string
}

// run calls a handler; a panic is a failure, as it is on Lambda.
func run(ctx context.Context, handler Handler, payload []byte) (output []byte, failure *Failure) {
	defer func() {
		if p := recover(); p != nil {
			output, failure = nil, &Failure{Type: typeName(p), Message: fmt.Sprint(p)}
		}
	}()
	output, err := handler(ctx, payload)
	switch {
	case err != nil:
		var traced interface{ StackTrace() []string }
		failure = &Failure{Type: errorType(err), Message: err.Error()}
		if errors.As(err, &traced) {
			failure.StackTrace = traced.StackTrace()
		}
		return nil, failure
	case len(output) == 0:
		return []byte("null"), nil
	case len(output) > maxResponse:
		return nil, &Failure{
			Type:    "Function.ResponseSizeTooLarge",
			Message: fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", maxResponse),
		}
	case !json.Valid(output):
		return nil, &Failure{Type: "Runtime.MarshalError", Message: "The function's answer is no JSON"}
	}
	return output, nil
}

func errorType(err error) string {
	var named interface{ ErrorType() string }
	if errors.As(err, &named) {
		return named.ErrorType()
	}
	return typeName(err)
}

// typeName is the name that aws-lambda-go reports: without package and pointer.
func typeName(v any) string {
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Name()
}

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
		"LoggingConfig": map[string]string{"LogFormat": "Text", "LogGroup": f.logGroup},
		"LastModified":  f.modified.UTC().Format("2006-01-02T15:04:05.000-0700"), "State": "Active", "LastUpdateStatus": "Successful", "Version": "$LATEST",
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
