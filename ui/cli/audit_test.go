package cli_test

import (
	"strings"
	"testing"
	"time"

	"orderops/ui/cli"
	"orderops/workflow"
)

// changes are what an audit file may hold: a run in production, and a refusal
// whose target is hostile.
func changes() []workflow.AuditEntry {
	return []workflow.AuditEntry{
		{
			Version: 1, At: noon, Context: "shop-eu", Account: "123456789012", Region: "eu-west-1", Identity: "arn:aws:sts::123456789012:assumed-role/Operator/ann",
			Reason: "the noon orders are stuck", Plan: "Redrive 2 messages, run 20261123T120000Z-7f", Action: "sqs:SendMessageBatch",
			Target: "https://sqs.eu-west-1.amazonaws.com/123456789012/OrderQueue", Outcome: "ok", RequestID: "5fb1", Milliseconds: 23,
		},
		{Version: 1, At: noon.Add(time.Minute), Region: "eu-west-1", Identity: "ann", Action: "states:StopExecution", Target: hostile, Outcome: "refused"},
	}
}

func TestAuditExportsEveryField(t *testing.T) {
	t.Parallel()
	w := &world{audit: changes()}
	if code := w.run(t, "audit", "export"); code != cli.ExitOK {
		t.Fatalf("exit code %d, errors %q", code, w.err.String())
	}
	first, _, _ := strings.Cut(w.out.String(), "\n")
	for _, want := range []string{
		`"schema":"audit/1"`, `"time":"2026-11-23T12:00:00Z"`, `"identity":"arn:aws:sts::123456789012:assumed-role/Operator/ann"`, `"context":"shop-eu"`,
		`"reason":"the noon orders are stuck"`, `"plan":"Redrive 2 messages, run 20261123T120000Z-7f"`, `"outcome":"ok"`, `"request":"5fb1"`,
	} {
		if !strings.Contains(first, want) {
			t.Errorf("%s is missing in %s", want, first)
		}
	}
	if n := strings.Count(w.out.String(), "\n"); n != 2 {
		t.Errorf("%d lines, want 2", n)
	}
}

func TestAuditRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--since", "-1h"}, {"--columns", "body"}, {"-o", "xml"}} {
		w := &world{audit: changes()}
		if code := w.run(t, append([]string{"audit", "show"}, args...)...); code != cli.ExitUsage || w.out.Len() > 0 {
			t.Errorf("%q: exit code %d, printed %q", args, code, w.out.String())
		}
	}
}
