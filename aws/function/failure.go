package function

import (
	"context"
	"log/slog"

	"orderops/workflow/handler"
)

// Logged is the function of a kind that tells its failures on log. Lambda hands an
// error to the caller and writes it nowhere: without this line nobody who looks at
// the function's log could tell why a step failed.
func Logged(kind string, f Function, log *slog.Logger) Function {
	return func(ctx context.Context, payload []byte) ([]byte, error) {
		answer, err := f(ctx, payload)
		if err != nil {
			log := log.With("function", kind)
			if e, decoding := handler.DecodeEvent(payload); decoding == nil { // the consumer's event is no order's
				log = log.With("order_id", e.ID, "execution", e.Execution)
			}
			log.ErrorContext(ctx, "function failed", "reason", err.Error())
		}
		return answer, err
	}
}
