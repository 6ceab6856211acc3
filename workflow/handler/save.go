package handler

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"orderops/workflow"
)

// Rows writes the orders table.
type Rows interface {
	// Create writes the row unless there is one with its key; false means there was.
	Create(ctx context.Context, row workflow.Row) (bool, error)
	// Finish sets the row's status and error message if its status is one of
	// over, or if there is no such row; false means that it has another status.
	Finish(ctx context.Context, row workflow.Row, over []workflow.OrderStatus) (bool, error)
}

// Notifier tells the world how an order ended.
type Notifier interface {
	Notify(ctx context.Context, message string) error
}

// Save is the step that keeps the order's row: it creates it when the order
// begins and sets the status when it ends.
type Save struct {
	Rows     Rows
	Notifier Notifier
	// Log tells what the result can't; nil logs nothing.
	Log *slog.Logger
}

// Saved is the result of Save.
type Saved struct {
	Status workflow.OrderStatus `json:"order_status"`
	// Written is false when the row had this status, or a newer one, before.
	Written bool `json:"written"`
	// Notification is "sent", "failed" or, when the status is none to tell, "".
	Notification string `json:"notification,omitempty"`
	ErrorMessage string `json:"error_message,omitempty"`
}

// Save does the step. An event that comes late or twice never takes a row back
// to an older status: a row is created once, a failure does not replace a
// success. A success replaces a failure, because an order can be run again.
func (s *Save) Save(ctx context.Context, e Event) (Saved, error) {
	switch e.Status {
	case workflow.Pending:
		written, err := s.Rows.Create(ctx, e.Row())
		result := Saved{Status: e.Status, Written: written}
		return result, s.tell(ctx, e, result, err)
	case workflow.Success, workflow.Failure:
		return s.finish(ctx, e)
	default:
		return Saved{}, &EventError{Field: "order_status", Problem: fmt.Sprintf("is %q, must be PENDING, SUCCESS or FAILURE", e.Status)}
	}
}

func (s *Save) finish(ctx context.Context, e Event) (Saved, error) {
	ranks := []workflow.OrderStatus{workflow.Pending, workflow.Failure, workflow.Success}
	row := e.Row()
	if e.Status == workflow.Success {
		row.ErrorMessage = ""
	}
	written, err := s.Rows.Finish(ctx, row, ranks[:slices.Index(ranks, e.Status)+1])
	result := Saved{Status: e.Status, Written: written, ErrorMessage: row.ErrorMessage}
	if err != nil || !written {
		return result, s.tell(ctx, e, result, err)
	}
	// The order is done, whether or not its mail can be sent.
	result.Notification = workflow.NotificationSent
	if err := s.Notifier.Notify(ctx, "Order status: "+string(e.Status)); err != nil {
		result.Notification = workflow.NotificationFailed
		of(s.Log, e).ErrorContext(ctx, "notification failed", "message_id", row.MessageID, "status", e.Status, "reason", err.Error())
	}
	return result, s.tell(ctx, e, result, nil)
}

// tell logs a result and gives the error on. Errors are returned, so not logged.
func (s *Save) tell(ctx context.Context, e Event, r Saved, err error) error {
	if err == nil {
		of(s.Log, e).InfoContext(ctx, "step done", "step", "save", "status", r.Status, "written", r.Written, "notification", r.Notification)
	}
	return err
}
