package workflow

import (
	"context"
	"runtime/debug"
)

type crashKey struct{}

// WithCrash has told to report what panics in Guarded below ctx, with the stack.
func WithCrash(ctx context.Context, report func(value any, stack []byte)) context.Context {
	return context.WithValue(ctx, crashKey{}, report)
}

// Guarded runs f in a goroutine of one's own. A panic in it would end the program
// with the terminal as it is, raw and on its other screen: who owns the terminal
// gets it by WithCrash. Without, it goes on.
func Guarded(ctx context.Context, f func()) {
	report, ok := ctx.Value(crashKey{}).(func(any, []byte))
	if !ok {
		f()
		return
	}
	defer func() {
		if value := recover(); value != nil {
			report(value, debug.Stack())
		}
	}()
	f()
}
