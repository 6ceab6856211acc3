// Package handler is the order system's own code: the consumer of the order
// queue and the steps of the state machine, over small interfaces.
package handler

import (
	"context"
	"errors"
	"log/slog"

	"orderops/workflow"
)

// ErrExecutionExists says that an execution of that name exists and is closed,
// or has another input (Step Functions ExecutionAlreadyExists).
var ErrExecutionExists = errors.New("an execution of that name exists already")

// Starter starts executions of the order state machine.
type Starter interface {
	// Start starts the execution name; ErrExecutionExists when there is one already.
	Start(ctx context.Context, name string, input []byte) error
	// Status is the status of the execution name.
	Status(ctx context.Context, name string) (workflow.ExecutionStatus, error)
}

// Consumer turns messages into executions.
type Consumer struct {
	Executions Starter
	// Log may be nil.
	Log *slog.Logger
}

// Consume starts an execution for each message and tells which messages must be
// delivered again.
func (c *Consumer) Consume(ctx context.Context, messages []workflow.Message) (failed []workflow.MessageID) {
	return nil
}
