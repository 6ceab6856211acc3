package workflow

import "context"

type pollingKey struct{}

// WithPolling marks every AWS call under ctx as a poll: one attempt, within the
// polling share of the API budget, refused with OverBudget when that is used up.
// Calls without the mark were asked for by the operator.
func WithPolling(ctx context.Context) context.Context {
	return context.WithValue(ctx, pollingKey{}, true)
}

// IsPolling tells whether ctx carries the mark of WithPolling.
func IsPolling(ctx context.Context) bool {
	polling, _ := ctx.Value(pollingKey{}).(bool)
	return polling
}
