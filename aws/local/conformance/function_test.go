package conformance

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"orderops/aws/local"
)

// performance is what a function did in a recorded history, call by call. One
// execution calls one function at a time.
type performance struct {
	mu    sync.Mutex
	calls []call
}

// call is one recorded call: its output, or how it failed.
type call struct {
	output  string
	failure *failure
	// hangs: the call did not end before its time-out.
	hangs bool
}

// failure is an exception of a function.
type failure struct {
	kind, message string
	trace         []string
}

func (f *failure) Error() string        { return f.message }
func (f *failure) ErrorType() string    { return f.kind }
func (f *failure) StackTrace() []string { return f.trace }

// invoke performs the next call.
func (p *performance) invoke(ctx context.Context, _ []byte) ([]byte, error) {
	p.mu.Lock()
	if len(p.calls) == 0 {
		p.mu.Unlock()
		return nil, &failure{kind: "NotRecorded", message: "the recorded function was not called again"}
	}
	next := p.calls[0]
	p.calls = p.calls[1:]
	p.mu.Unlock()
	switch {
	case next.hangs:
		select {
		case <-ctx.Done():
		case <-time.After(time.Minute):
		}
		return nil, ctx.Err()
	case next.failure != nil:
		return nil, next.failure
	}
	return []byte(next.output), nil
}

// perform registers the functions of a recorded history.
func (s *session) perform(history []members) {
	s.t.Helper()
	p := &performance{}
	names := map[string]bool{}
	for _, event := range history {
		if name := s.functionName(event); name != "" {
			names[name] = true
		}
		if next, ok := s.recordedCall(event); ok {
			p.calls = append(p.calls, next)
		}
	}
	var template strings.Builder
	template.WriteString("Resources:\n")
	for i, name := range slices.Sorted(maps.Keys(names)) {
		if !strings.HasPrefix(name, "no_such_") {
			fmt.Fprintf(&template, "  F%d: {Type: \"AWS::Serverless::Function\", Properties: {FunctionName: %q, Timeout: 900}}\n", i, name)
		}
	}
	err := s.cloud.Deploy(local.Deployment{
		Stack: "functions", Template: []byte(template.String()),
		Functions: func(local.Function) (local.Handler, error) { return p.invoke, nil },
	})
	if err != nil && len(names) > 0 {
		s.t.Fatal(err)
	}
}

// functionName is the function that a scheduling event names, "" for other events.
func (s *session) functionName(event members) string {
	name := ""
	if scheduled, ok := event["lambdaFunctionScheduledEventDetails"].(members); ok {
		name, _ = scheduled["resource"].(string)
	}
	if scheduled, ok := event["taskScheduledEventDetails"].(members); ok {
		parameters, _ := scheduled["parameters"].(members)
		name, _ = parameters["FunctionName"].(string)
	}
	name = s.fillText(name)
	return name[strings.LastIndexByte(name, ':')+1:]
}

// recordedCall is how a call ended, if the event is the end of one.
func (s *session) recordedCall(event members) (call, bool) {
	kind, _ := event["type"].(string)
	details := members{}
	for name, value := range event {
		if strings.HasSuffix(name, "EventDetails") {
			details, _ = value.(members)
		}
	}
	switch kind {
	case "LambdaFunctionSucceeded":
		return call{output: s.text(details["output"])}, true
	case "TaskSucceeded":
		response, _ := details["output"].(members)
		return call{output: s.python(s.fill(response["Payload"]))}, true
	case "LambdaFunctionTimedOut", "TaskTimedOut":
		return call{hangs: true}, true
	case "LambdaFunctionFailed", "TaskFailed":
		return s.recordedFailure(details)
	}
	return call{}, false
}

// text is a recorded JSON text: the recordings hold objects parsed, other
// values as their text.
func (s *session) text(recorded any) string {
	if text, ok := recorded.(string); ok {
		return s.fillText(text)
	}
	return s.encode(s.fill(recorded))
}

func (s *session) recordedFailure(details members) (call, bool) {
	kind, _ := details["error"].(string)
	switch kind {
	case "States.DataLimitExceeded":
		return call{output: `"` + strings.Repeat("a", 257*1024) + `"`}, true
	case "Lambda.ResourceNotFoundException":
		return call{}, false
	}
	cause, _ := details["cause"].(members)
	f := &failure{kind: kind}
	f.message, _ = cause["errorMessage"].(string)
	frames, _ := cause["stackTrace"].([]any)
	for _, frame := range frames {
		text, _ := frame.(string)
		f.trace = append(f.trace, text)
	}
	return call{failure: f}, true
}
