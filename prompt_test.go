package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"orderops/ui/termtest/ptytest"
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

// A profile with an MFA device asks for its code on the terminal, on the error
// stream; without an answer nothing is signed.
func TestTerminalAsksForTheMFACode(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "config")
	profile := "[profile shop]\nrole_arn = arn:aws:iam::123456789012:role/Operator\nsource_profile = base\nmfa_serial = arn:aws:iam::123456789012:mfa/ann\nregion = eu-west-1\n" +
		"[profile base]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = example\n"
	if err := os.WriteFile(file, []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
	p := ptytest.Start(t, ptytest.Options{Cols: 120, Rows: 24, Timeout: patience, Env: append(hermetic("1"), "AWS_CONFIG_FILE="+file)},
		os.Args[0], "status", "--profile", "shop", "--endpoint-url", "http://127.0.0.1:1")
	p.WaitFor("arn:aws:iam::123456789012:mfa/ann:")
	p.Type("\r")
	p.WaitFor("the MFA code of arn:aws:iam::123456789012:mfa/ann is needed")
	if got := p.WaitExit(); got != 1 {
		t.Errorf("exit code %d\n%s", got, p.Dump())
	}
}
