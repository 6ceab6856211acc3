package asl

import (
	"context"
	"errors"
)

// Invoker runs Lambda functions for Task states.
type Invoker interface {
	// Invoke calls the function with a JSON payload and waits for its answer.
	// failure means that the function itself failed; err means that it could not
	// be called, ErrNoFunction when there is none. It returns soon after ctx ends.
	Invoke(ctx context.Context, functionARN string, payload []byte) (output []byte, failure *FunctionError, err error)
}

// FunctionError is a failure of the function itself: it raised, crashed or timed out.
type FunctionError struct {
	// Type is the exception's type name. "" means a crash without one.
	Type    string
	Message string
	// StackTrace is as the runtime tells it, one frame per string.
	StackTrace []string
}

// ErrNoFunction says that no function has the ARN. Step Functions reports it as
// Lambda.ResourceNotFoundException.
var ErrNoFunction = errors.New("function not found")
