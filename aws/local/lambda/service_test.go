package lambda_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"orderops/aws/local/identity"
	"orderops/aws/local/lambda"
)

// serve makes a service whose one function, f, may run for three seconds.
func serve(t *testing.T, queue lambda.Queue, handler lambda.Handler) *lambda.Service {
	t.Helper()
	s := lambda.New(identity.New("000000000000", "us-east-1", "", 1), queue, nil)
	t.Cleanup(s.Close)
	s.Register("f", handler, 0, "")
	return s
}

type tracedError struct{}

func (tracedError) Error() string        { return "deep" }
func (tracedError) ErrorType() string    { return "tracedError" }
func (tracedError) StackTrace() []string { return []string{"main", "pay"} }

type namedError struct{}

func (*namedError) Error() string     { return "named" }
func (*namedError) ErrorType() string { return "Order.Refused" }

type plainError struct{}

func (plainError) Error() string { return "plain" }

func TestInvoke(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:lambda:us-east-1:000000000000:function:f"
	for _, test := range []struct {
		name, function string
		handler        lambda.Handler
		output         string
		failure        *lambda.Failure
		err            error
	}{
		{
			name: "by ARN", function: arn, output: `{"in":1}`,
			handler: func(_ context.Context, p []byte) ([]byte, error) { return p, nil },
		},
		{
			name: "by ARN with a version", function: arn + ":7", output: `{"in":1}`,
			handler: func(_ context.Context, p []byte) ([]byte, error) { return p, nil },
		},
		{
			name: "nothing answered", function: "f", output: "null",
			handler: func(context.Context, []byte) ([]byte, error) { return nil, nil },
		},
		{
			name: "error with its own type", function: "f", failure: &lambda.Failure{Type: "Order.Refused", Message: "at last: named"},
			handler: func(context.Context, []byte) ([]byte, error) {
				return nil, fmt.Errorf("at last: %w", &namedError{})
			},
		},
		{
			name: "error of a Go type", function: "f", failure: &lambda.Failure{Type: "plainError", Message: "plain"},
			handler: func(context.Context, []byte) ([]byte, error) { return nil, &plainError{} },
		},
		{
			name: "plain error", function: "f", failure: &lambda.Failure{Type: "errorString", Message: "oh"},
			handler: func(context.Context, []byte) ([]byte, error) { return nil, errors.New("oh") },
		},
		{
			name: "error with a stack", function: "f",
			failure: &lambda.Failure{Type: "tracedError", Message: "wrapped: deep", StackTrace: []string{"main", "pay"}},
			handler: func(context.Context, []byte) ([]byte, error) { return nil, fmt.Errorf("wrapped: %w", tracedError{}) },
		},
		{
			name: "panic", function: "f", failure: &lambda.Failure{Type: "string", Message: "lost"},
			handler: func(context.Context, []byte) ([]byte, error) { panic("lost") },
		},
		{
			name: "no JSON", function: "f", failure: &lambda.Failure{Type: "Runtime.MarshalError", Message: "The function's answer is no JSON"},
			handler: func(context.Context, []byte) ([]byte, error) { return []byte("oops"), nil },
		},
		{
			name: "too much", function: "f",
			failure: &lambda.Failure{
				Type:    "Function.ResponseSizeTooLarge",
				Message: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
			},
			handler: func(context.Context, []byte) ([]byte, error) { return bytes.Repeat([]byte("1"), 6291557), nil },
		},
		{
			name: "no such function", function: "g", err: lambda.ErrNoFunction,
			handler: func(context.Context, []byte) ([]byte, error) { return nil, nil },
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			output, failure, err := serve(t, nil, test.handler).Invoke(t.Context(), test.function, []byte(`{"in":1}`))
			if string(output) != test.output || !errors.Is(err, test.err) {
				t.Errorf("output %q, error %v", output, err)
			}
			if !reflect.DeepEqual(failure, test.failure) {
				t.Errorf("failure %+v, want %+v", failure, test.failure)
			}
		})
	}
}

func TestInvokeTimesOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, nil, func(ctx context.Context, _ []byte) ([]byte, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})
		began := time.Now()
		_, failure, err := s.Invoke(t.Context(), "f", nil)
		if err != nil || failure == nil || failure.Type != "Sandbox.Timedout" {
			t.Fatalf("failure %+v, error %v", failure, err)
		}
		if took := time.Since(began); took != lambda.DefaultTimeout {
			t.Errorf("ended after %s", took)
		}
	})
}

func TestInvokeEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, nil, func(ctx context.Context, _ []byte) ([]byte, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, failure, err := s.Invoke(ctx, "f", nil); !errors.Is(err, context.DeadlineExceeded) || failure != nil {
			t.Errorf("failure %+v, error %v", failure, err)
		}
	})
}

// TestClose wants no goroutine left: the bubble would not end otherwise.
func TestClose(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, nil, func(ctx context.Context, _ []byte) ([]byte, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})
		failed := make(chan error, 1)
		go func() {
			_, _, err := s.Invoke(context.Background(), "f", nil)
			failed <- err
		}()
		synctest.Wait()
		s.Close()
		if <-failed == nil {
			t.Error("an invocation outlived the service")
		}
		if _, _, err := s.Invoke(t.Context(), "f", nil); err == nil {
			t.Error("invoked after Close")
		}
	})
}
