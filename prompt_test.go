package main

import (
	"strings"
	"testing"
)

// A change shows its plan and asks on a terminal; what is not typed exactly, or
// just enter, is no.
func TestTerminalAsksBeforeAChange(t *testing.T) {
	t.Parallel()
	s := serveLocal(t, "127.0.0.1:0", predictable()...)
	for answer, code := range map[string]int{"": 3, "y": 3, "orderqueue": 3} {
		p := start(t, 100, 24, "consumer", "pause", "--endpoint-url", s.url)
		p.WaitFor("No order is started while it is paused.")
		p.WaitFor("type the order queue's name (OrderQueue):")
		p.Type(answer + "\r")
		p.WaitFor("you did not agree; nothing was changed")
		if got := p.WaitExit(); got != code {
			t.Errorf("the answer %q: exit code %d, want %d", answer, got, code)
		}
	}
	if got := command(t, "consumer", "status", "--endpoint-url", s.url); !strings.Contains(got.stdout, `"state": "Enabled"`) {
		t.Errorf("the consumer was switched: %s", got.stdout)
	}
	p := start(t, 100, 24, "consumer", "pause", "--endpoint-url", s.url)
	p.WaitFor("(OrderQueue):")
	p.Type("OrderQueue\r")
	p.WaitFor("Disabling")
	if got := p.WaitExit(); got != 0 {
		t.Errorf("exit code %d", got)
	}
}

// ctrl+c ends what would go on for ever, and that is no failure.
func TestTerminalInterruptsAWatch(t *testing.T) {
	t.Parallel()
	s := serveLocal(t, "127.0.0.1:0", predictable("--order-rate", "2")...)
	p := start(t, 100, 24, "executions", "watch", "--endpoint-url", s.url)
	p.WaitFor("RUNNING")
	p.Key("ctrl+c")
	if got := p.WaitExit(); got != 0 {
		t.Errorf("exit code %d", got)
	}
}
