// Package function makes the order system's Lambda functions: the handlers of
// the domain over real clients.
package function

import (
	"context"
	"fmt"
	"log/slog"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"

	"orderops/workflow"
)

// The kinds of functions.
const (
	Consumer   = "consumer"
	Save       = "save"
	Payment    = "payment"
	Restaurant = "restaurant"
)

// Function takes and gives JSON, as Lambda does.
type Function = func(ctx context.Context, payload []byte) ([]byte, error)

// Option changes how a function is made.
type Option func(*options)

type options struct{ log *slog.Logger }

// WithLogger makes the function log to logger. Without it nothing is logged,
// because the process may be one that owns the terminal.
func WithLogger(logger *slog.Logger) Option { return func(o *options) { o.log = logger } }

// Handler makes the function of a kind: consumer, save, payment or restaurant.
// The error is a *workflow.Problem and names the environment variable at fault.
//
// Environment: the consumer needs STATE_MACHINE_ARN; save needs TABLE_NAME and
// TOPIC_ARN; payment and restaurant read PAYMENT_FAILURE_RATE or
// RESTAURANT_FAILURE_RATE (0 to 1; unset means 0) and RANDOM_SEED (any text).
func Handler(kind string, config awssdk.Config, environment map[string]string, option ...Option) (func(ctx context.Context, payload []byte) ([]byte, error), error) {
	o := options{log: slog.New(slog.DiscardHandler)}
	for _, f := range option {
		f(&o)
	}
	env := &environ{kind: kind, values: environment}
	function := build(kind, config, env, o)
	if env.problem != nil {
		return nil, env.problem
	}
	return function, nil
}

func build(kind string, config awssdk.Config, env *environ, o options) Function {
	log := o.log.With("function", kind)
	switch kind {
	case Consumer:
		return newConsumer(config, env, log)
	case Save:
		return newSave(config, env, log)
	case Payment:
		return newPayment(env, log)
	case Restaurant:
		return newRestaurant(env, log)
	}
	env.problem = &workflow.Problem{
		Kind: workflow.Invalid, Operation: "make function", Target: kind,
		Reason: "there is no function of this kind",
		Next:   fmt.Sprintf("Use %s, %s, %s or %s", Consumer, Save, Payment, Restaurant),
	}
	return nil
}
