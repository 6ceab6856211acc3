package ui

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	tea "charm.land/bubbletea/v2"

	"orderops/workflow"
)

// drawn collects output, and tells when the other screen was entered.
type drawn struct {
	mu      sync.Mutex
	text    strings.Builder
	entered chan struct{}
	once    sync.Once
}

func (d *drawn) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if strings.Contains(string(p), "\x1b[?1049h") {
		d.once.Do(func() { close(d.entered) })
	}
	return d.text.Write(p)
}

// A panic beside the program ends it in order, with the terminal as it was.
func TestAPanicBesideTheProgramRestoresTheTerminal(t *testing.T) {
	t.Parallel()
	out := &drawn{entered: make(chan struct{})}
	err := Run(t.Context(), Options{Connect: func(ctx context.Context) (*Connection, error) {
		<-out.entered
		go workflow.Guarded(ctx, func() { panic("the test asked for it") })
		<-ctx.Done()
		return nil, ctx.Err()
	}}, tea.WithInput(nil), tea.WithOutput(out), tea.WithoutSignals(), tea.WithWindowSize(80, 24))
	if problem, ok := errors.AsType[*workflow.Problem](err); !ok || !strings.Contains(problem.Reason, "the terminal was restored") {
		t.Errorf("ended with %v", err)
	}
	if text := out.text.String(); strings.LastIndex(text, "\x1b[?1049l") < strings.LastIndex(text, "\x1b[?1049h") {
		t.Error("the other screen was not left")
	}
}
