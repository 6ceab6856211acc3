package function

import (
	"errors"
	"fmt"

	"github.com/aws/smithy-go"
)

// CallError is a call to AWS that failed. Lambda shows the type's name as the
// error and the text as its message, which is what an operator reads in the history.
type CallError struct {
	// Operation is the action: "dynamodb:PutItem".
	Operation string
	// Target is the ARN or name of what was called.
	Target string
	Err    error
}

// Error tells the AWS error code and message without the SDK's chain.
func (e *CallError) Error() string {
	reason := e.Err.Error()
	if api, ok := errors.AsType[smithy.APIError](e.Err); ok {
		reason = api.ErrorCode() + ": " + api.ErrorMessage()
	}
	return fmt.Sprintf("%s on %s: %s", e.Operation, e.Target, reason)
}

// Unwrap gives the SDK's error.
func (e *CallError) Unwrap() error { return e.Err }
