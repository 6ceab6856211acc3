// Package handler is the order system's own code: the consumer of the order
// queue and the steps of the state machine, over small interfaces.
package handler

import (
	"context"
	"errors"
	"fmt"
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
	// Log tells what became of each message; nil logs nothing.
	Log *slog.Logger
}

// Consume starts an execution for each message and tells which messages must be
// delivered again, because their order is not done: it can't be read, could not
// be started, or its execution is broken. After enough deliveries SQS
// dead-letters those, where an operator sees them. Every message is looked at,
// whatever became of the ones before it.
func (c *Consumer) Consume(ctx context.Context, messages []workflow.Message) (failed []workflow.MessageID) {
	log := logger(c.Log)
	for _, m := range messages {
		outcome, err := c.consume(ctx, m)
		if err != nil {
			failed = append(failed, m.ID)
			log.ErrorContext(ctx, "message goes back", "order_id", m.OrderID(), "execution", m.OrderID(), "message_id", m.ID, "receives", m.ReceiveCount, "reason", err.Error())
			continue
		}
		log.InfoContext(ctx, "message is done", "order_id", m.OrderID(), "execution", m.OrderID(), "message_id", m.ID, "outcome", outcome)
	}
	return failed
}

func (c *Consumer) consume(ctx context.Context, m workflow.Message) (outcome string, err error) {
	id := m.OrderID()
	if err := workflow.CheckOrderID(id); err != nil {
		return "", fmt.Errorf("the order id %w", err)
	}
	order, err := workflow.DecodeBody(m.Body)
	if err != nil {
		return "", err
	}
	if m.Sent.IsZero() {
		// created_at must be the same on every delivery; no other time is.
		return "", errors.New("the message does not tell when it was sent (SentTimestamp)")
	}
	order.Extra = withMessageID(order.Extra, m)
	err = c.Executions.Start(ctx, string(id), workflow.EncodeInput(order, id, m.Sent))
	if errors.Is(err, ErrExecutionExists) {
		return c.look(ctx, id)
	}
	if err != nil {
		return "", err
	}
	return "execution started", nil
}

// look tells whether the execution that exists already does the order's work.
func (c *Consumer) look(ctx context.Context, id workflow.OrderID) (outcome string, err error) {
	status, err := c.Executions.Status(ctx, string(id))
	if err != nil {
		return "", err
	}
	switch status {
	case workflow.Running, workflow.PendingRedrive:
		return "order is being worked on already", nil
	case workflow.Succeeded:
		return "order is done already", nil
	default:
		return "", fmt.Errorf("the execution of this order is %s: redrive the execution, then delete the message", status)
	}
}

func logger(log *slog.Logger) *slog.Logger {
	if log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return log
}
