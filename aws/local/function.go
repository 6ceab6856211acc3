package local

import (
	"context"
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
	// Environment is the function's own variables, all references resolved, and
	// the name of its role as AWS_ACCESS_KEY_ID, with which its code signs.
	Environment map[string]string
	Timeout     time.Duration
}

// Function registers a Lambda function, or replaces its code. It may run for
// three seconds, Lambda's default. An error's ErrorType method names its type;
// without one its Go type does.
func (c *Cloud) Function(name string, f func(ctx context.Context, payload []byte) ([]byte, error)) {
	c.lambda.Register(name, f, 0)
}

// EnableEventSource switches the event source of a function on or off, as an
// operator does in an outage. Invocations under way finish. It tells an error
// if the function has none.
func (c *Cloud) EnableEventSource(function string, enabled bool) error {
	return c.lambda.EnableSource(function, enabled)
}

// functions lets Step Functions call Lambda with the rights of a machine's role.
type functions struct {
	cloud *Cloud
	role  string
}

// Invoke calls a function for a Task state.
func (f functions) Invoke(ctx context.Context, functionARN string, payload []byte) ([]byte, *lambda.Failure, error) {
	if err := f.cloud.permitted(f.role, functionARN, "lambda:InvokeFunction"); err != nil {
		return nil, nil, err
	}
	return f.cloud.lambda.Invoke(ctx, functionARN, payload)
}

// sendAs sends a message with the rights of a role.
func (c *Cloud) sendAs(roleARN, queue, body string) (messageID, md5 string, err error) {
	arn := c.sqs.QueueARN(queue)
	if err := c.permitted(roleARN, arn, "sqs:SendMessage"); err != nil {
		return "", "", err
	}
	return c.sqs.Send(arn, body)
}

// Put puts a message on a queue past every guard, for orders that nobody signs.
func (c *Cloud) Put(queue, body string) error {
	_, _, err := c.sqs.Send(c.sqs.QueueARN(queue), body)
	return err
}
