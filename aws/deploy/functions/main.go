// Command functions is the program of all Lambda functions of the order system.
// ORDER_FUNCTION in the environment says which one it is.
package main

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"

	"orderops/aws/function"
)

// raw is a handler of JSON texts (lambda.Handler).
type raw function.Function

// Invoke answers one event.
func (f raw) Invoke(ctx context.Context, payload []byte) ([]byte, error) { return f(ctx, payload) }

func main() {
	began := time.Now()
	ctx := context.Background()
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	handler, err := load(ctx, log)
	if err != nil {
		// Lambda shows what an invocation answers; of a program that ends it
		// shows only that it ended.
		handler = func(context.Context, []byte) ([]byte, error) { return nil, err }
	}
	// A cold start, without the time that Lambda takes to start the program.
	log.Info("ready", "function", os.Getenv("ORDER_FUNCTION"), "milliseconds", time.Since(began).Milliseconds())
	lambda.StartWithOptions(raw(handler), lambda.WithContext(ctx))
}

func load(ctx context.Context, log *slog.Logger) (function.Function, error) {
	config, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	environment := map[string]string{}
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		environment[name] = value
	}
	kind := environment["ORDER_FUNCTION"]
	handler, err := function.Handler(kind, config, environment, function.WithLogger(log))
	if err != nil {
		return nil, err
	}
	return function.Logged(kind, handler, log), nil
}
