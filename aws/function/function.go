// Package function makes the order system's Lambda functions: the handlers of
// the domain over real clients.
package function

import (
	"context"
	"errors"
	"log/slog"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
)

// Option changes how a function is made.
type Option func(*options)

type options struct{ log *slog.Logger }

// WithLogger makes the function log to logger. Without it nothing is logged,
// because the process may be one that owns the terminal.
func WithLogger(logger *slog.Logger) Option { return func(o *options) { o.log = logger } }

// Handler makes the function of a kind: consumer, save, payment or restaurant.
// The function takes and gives JSON, as Lambda does. The error names the
// environment variable at fault.
func Handler(kind string, config awssdk.Config, environment map[string]string, option ...Option) (func(ctx context.Context, payload []byte) ([]byte, error), error) {
	o := options{log: slog.New(slog.DiscardHandler)}
	for _, f := range option {
		f(&o)
	}
	return nil, errors.New("no function of kind " + kind)
}
