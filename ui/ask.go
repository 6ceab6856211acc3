package ui

import (
	"context"
	"time"

	"orderops/workflow/monitor"
)

// Ask prepares the call that a poll stands for, for those who read the same
// picture without a dashboard. The call itself may be made by another goroutine
// than the store's.
func (c *Connection) Ask(p monitor.Poll, store *monitor.Store) func(ctx context.Context) ([]monitor.Change, error) {
	known := knownOf(store)
	return func(ctx context.Context) ([]monitor.Change, error) { return read(ctx, c, p, known, time.Now()) }
}

func knownOf(store *monitor.Store) known {
	deadLetters, _ := store.Queue(monitor.DeadLetterQueue)
	orders, _ := store.Queue(monitor.OrderQueue)
	consumer, _ := store.Consumer()
	return known{deadLetters: deadLetters.ARN, orders: orders, function: consumer.Function}
}
