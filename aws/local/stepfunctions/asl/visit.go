package asl

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// run enters the state, does what it is for, and leaves it. next is "" at the
// end of the execution.
func (v *visit) run(ctx context.Context, input document) (output document, next string, err error) {
	if ctx.Err() != nil {
		return document{}, "", ctx.Err()
	}
	if !v.again {
		v.entered = time.Now()
		v.event, err = v.append(Event{Type: v.state.kind + "StateEntered", Details: &Details{Name: v.state.name, Input: input.text}})
		if err != nil {
			return document{}, "", err
		}
	}
	output, next, err = v.do(ctx, input)
	if err == nil && len(output.text) > maxData {
		err = tooLarge(v.state.name)
	}
	if f, ok := errors.AsType[*failure](err); ok && f.runtime {
		err = &failure{name: f.name, cause: fmt.Sprintf("An error occurred while executing the state '%s' (entered at the event id #%d). %s", v.state.name, v.event, f.cause)}
	}
	if err != nil {
		return document{}, "", err
	}
	_, err = v.append(Event{Type: v.state.kind + "StateExited", Details: &Details{Name: v.state.name, Output: output.text}, Next: next})
	return output, next, err
}

func (v *visit) do(ctx context.Context, input document) (output document, next string, err error) {
	s := v.state
	next = s.next
	switch {
	case s.task != nil:
		return v.runTask(ctx, input)
	case s.fail != nil:
		return document{}, "", s.fail.failure(v, input)
	case s.pass != nil:
		output, err = s.pass.run(v, input)
	default:
		if output, err = s.input.of(input, v.context); err != nil {
			return document{}, "", err
		}
		if s.wait != nil {
			err = v.pause(ctx, output)
		}
		if s.choice != nil {
			next, err = s.choice.next(v, output)
		}
	}
	if err != nil {
		return document{}, "", err
	}
	output, err = s.output.of(output, v.context)
	return output, next, err
}

// pause is the wait of a Wait state.
func (v *visit) pause(ctx context.Context, input document) error {
	d, err := v.state.wait.duration(v, input)
	if err != nil {
		return err
	}
	return sleep(ctx, d)
}

// sleep waits for d or for the end of ctx.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
