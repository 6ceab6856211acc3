package lambda

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
)

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
		return nil, &Failure{Type: errorType(err), Message: err.Error(), StackTrace: stackTrace(err)}
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

func stackTrace(err error) []string {
	var told interface{ StackTrace() []string }
	if errors.As(err, &told) {
		return told.StackTrace()
	}
	return nil
}

// typeName is the name that aws-lambda-go reports: without package and pointer.
func typeName(v any) string {
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Name()
}
