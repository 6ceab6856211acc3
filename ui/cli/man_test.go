package cli

import (
	"strings"
	"testing"
)

// The manual page names every command with its flags as one has to type them.
func TestManualPage(t *testing.T) {
	t.Parallel()
	p := &program{actions: Actions{Environment: func(string) (string, bool) { return "", false }}}
	page := manual(p.root(), "1.2.3")
	for _, want := range []string{
		".SS orderops dlq redrive [MESSAGE \\[u2026]]\n", `\fB\-o, \-\-output\fP`, `select(.verdict==\(dqsafe\(dq)\(aq | orderops dlq redrive \-\-from \- \-\-dry\-run`,
		".SS orderops dlq journal prune\n", ".TP\n\\fB5\\fP\noutcome unknown", ".SS orderops man\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing", want)
		}
	}
	for _, cmd := range below(p.root()) {
		if cmd.Runnable() && cmd.Example != "" && !strings.Contains(page, ".SS "+plainRoff(cmd.CommandPath())) {
			t.Errorf("%s is missing", cmd.CommandPath())
		}
	}
	for line := range strings.Lines(page) {
		if macro, _, _ := strings.Cut(strings.TrimSpace(line), " "); strings.HasPrefix(line, ".") && !strings.Contains(" .TH .SH .SS .PP .TP .B .nf .fi .RS .RE ", " "+macro+" ") {
			t.Errorf("it has a request that nobody wrote: %q", line)
		}
	}
}

func TestPlainRoff(t *testing.T) {
	t.Parallel()
	if got, want := plainRoff(".a\\b\n'c' …"), "\\&.a\\eb\n\\(aqc\\(aq \\[u2026]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
