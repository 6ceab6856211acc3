package handler

import (
	"context"
	"log/slog"

	"orderops/workflow"
)

// Result is the outcome of paying or of sending to the restaurant, as the
// state machine's choices read it.
type Result struct {
	// Status is StatusOK or StatusError.
	Status string `json:"status"`
	// ErrorMessage says why Status is StatusError; "" when it is not.
	ErrorMessage string `json:"error_message"`
}

// The values of Result.Status.
const (
	StatusOK    = "ok"
	StatusError = "error"
)

// Payer takes the payment of an order.
type Payer interface {
	// Pay pays once per order id, which is the idempotency key: asked again, it
	// gives the first answer. An error means that nothing is known.
	Pay(ctx context.Context, id workflow.OrderID, e Event) (Result, error)
}

// Kitchen sends an order to its restaurant.
type Kitchen interface {
	// Send sends once per order id, as Pay pays once.
	Send(ctx context.Context, id workflow.OrderID, e Event) (Result, error)
}

// Payment is the step that takes the payment.
type Payment struct {
	Payer Payer
	// Log tells of declined payments; nil logs nothing.
	Log *slog.Logger
}

// Process does the step. A declined payment is a result, not an error.
func (p *Payment) Process(ctx context.Context, e Event) (Result, error) {
	r, err := p.Payer.Pay(ctx, e.ID, e)
	tell(ctx, p.Log, "payment", e, r, err)
	return r, err
}

// Restaurant is the step that sends the order to the restaurant.
type Restaurant struct {
	Kitchen Kitchen
	// Log tells of refused orders; nil logs nothing.
	Log *slog.Logger
}

// Process does the step. A refused order is a result, not an error.
func (r *Restaurant) Process(ctx context.Context, e Event) (Result, error) {
	result, err := r.Kitchen.Send(ctx, e.ID, e)
	tell(ctx, r.Log, "restaurant", e, result, err)
	return result, err
}

// tell logs a result. Errors are returned, so not logged.
func tell(ctx context.Context, log *slog.Logger, step string, e Event, r Result, err error) {
	switch log := of(log, e).With("step", step); {
	case err != nil:
	case r.Status != StatusOK:
		log.WarnContext(ctx, "step failed", "reason", r.ErrorMessage)
	default:
		log.InfoContext(ctx, "step done")
	}
}

// of is a log that says whose event it tells of.
func of(log *slog.Logger, e Event) *slog.Logger {
	return logger(log).With("order_id", e.ID, "execution", e.Execution)
}
