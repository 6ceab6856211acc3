// Package lambda is AWS Lambda in this process: functions by name, their
// time-outs and failures, and event sources that feed them from queues.
package lambda

import "context"

// Handler is a function's code: JSON event in, JSON answer out.
type Handler func(ctx context.Context, payload []byte) ([]byte, error)

// Service holds the functions and event sources of one local cloud. It is safe
// for concurrent use.
type Service struct{}
