package deploy_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"math/rand/v2"
	"sync"

	"orderops/aws/function"
)

// flaky makes functions fail at random, before their work or after it, until it
// is calm. It keeps what only functions see.
type flaky struct {
	mu            sync.Mutex // guards all below
	random        *rand.Rand
	over          bool
	before, after int
	deliveries    int
	delivered     map[string]bool // by message id
	mails         map[string]int  // by order id
}

func (f *flaky) calm() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.over = true
}

func (f *flaky) mailed() (n int) {
	for count := range maps.Values(f.mails) {
		n += count
	}
	return n
}

func (f *flaky) wrap(kind string, do function.Function) function.Function {
	first, last := 0.015, 0.015
	if kind == function.Consumer {
		first, last = 0.4, 0.1 // three times before its work is a dead letter that is safe to send again
	}
	return func(ctx context.Context, payload []byte) ([]byte, error) {
		before, after := f.draw(first), f.draw(last)
		if kind == function.Consumer {
			f.receive(payload)
		}
		if before {
			f.add(&f.before)
			return nil, errors.New("the function failed before its work")
		}
		answer, err := do(ctx, payload)
		if kind == function.Save {
			f.mail(payload, answer)
		}
		if after && err == nil {
			f.add(&f.after)
			return nil, errors.New("the function failed after its work")
		}
		return answer, err
	}
}

func (f *flaky) draw(rate float64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return !f.over && f.random.Float64() < rate
}

func (f *flaky) add(count *int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	*count++
}

// receive notes which messages the consumer was given.
func (f *flaky) receive(payload []byte) {
	var event struct {
		Records []struct {
			MessageID string `json:"messageId"`
		}
	}
	_ = json.Unmarshal(payload, &event)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range event.Records {
		f.deliveries++
		f.delivered[r.MessageID] = true
	}
}

// mail notes whose outcome was mailed.
func (f *flaky) mail(payload, answer []byte) {
	var event struct{ ID string }
	var saved struct{ Notification string }
	_ = json.Unmarshal(payload, &event)
	_ = json.Unmarshal(answer, &saved)
	if saved.Notification == "sent" {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.mails[event.ID]++
	}
}
