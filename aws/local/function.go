package local

import (
	"time"

	"orderops/aws/local/lambda"
)

// Handler is a Lambda function's code: JSON event in, JSON answer out.
type Handler = lambda.Handler

// Function is a Lambda function as a template declares it.
type Function struct {
	// Name is the FunctionName.
	Name string
	// Handler is the template's handler name.
	Handler string
	// Environment is the function's own variables, all references resolved.
	Environment map[string]string
	Timeout     time.Duration
}

// Function registers a Lambda function, or replaces its code. It may run for
// three seconds, Lambda's default.
func (c *Cloud) Function(name string, f Handler) { _, _ = name, f }

// EnableEventSource switches the event source of a function on or off, as an
// operator does in an outage. Invocations under way finish. It tells an error
// if the function has none.
func (c *Cloud) EnableEventSource(function string, enabled bool) error {
	_, _ = function, enabled
	return nil
}
