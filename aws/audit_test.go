package aws_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"orderops/aws"
	"orderops/config"
	"orderops/workflow"
)

// Every change is written down with its plan and the reason for which production
// was unlocked, also what ends after the lock has closed; what only reads is not.
func TestAuditNamesPlanAndReason(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b *bench) {
		b.deploy("shop", whole())
		path := filepath.Join(b.TempDir(), "audit.jsonl")
		audit, err := aws.OpenAudit(path)
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = audit.Close() }()
		settings := inRegion()
		settings.Context, settings.Production, settings.UnlockFor = "live", true, config.DefaultUnlock
		s, err := aws.Connect(b.Context(), settings, aws.Options{
			HTTPClient: b.cloud.HTTPClient(), Credentials: credentials.NewStaticCredentialsProvider(accessKey, "secret", ""), Audit: audit,
		})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.Guard.Unlock("orders are stuck"); err != nil {
			b.Fatal(err)
		}
		ctx := workflow.WithPlan(b.Context(), "Redrive 1 message, run 7f")
		_, _ = s.Queue.Describe(ctx, queueURL)
		if _, err := s.Queue.Send(ctx, queueURL, []byte("x"), nil); err != nil {
			b.Fatal(err)
		}
		s.Guard.Lock()
		if _, err := s.Queue.Send(workflow.WithBegun(ctx), queueURL, []byte("y"), nil); err != nil {
			b.Fatal(err)
		}

		var entries []workflow.AuditEntry
		broken, err := aws.ReadAudit(path, time.Time{}, func(e workflow.AuditEntry) bool { entries = append(entries, e); return true })
		if err != nil || broken != 0 || len(entries) != 2 {
			b.Fatalf("%d entries, %d broken, %v", len(entries), broken, err)
		}
		for _, e := range entries {
			if e.Action != "sqs:SendMessage" || e.Plan != "Redrive 1 message, run 7f" || e.Reason != "orders are stuck" ||
				e.Context != "live" || e.Identity == "" || e.Outcome != "ok" || e.RequestID == "" || e.At.IsZero() {
				b.Errorf("got %+v", e)
			}
		}
	})
}

// A change that could not be written down is told at the end.
func TestAuditTellsWhatIsMissing(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b *bench) {
		b.deploy("shop", whole())
		audit, err := aws.OpenAudit(filepath.Join(b.TempDir(), "audit.jsonl"))
		if err != nil {
			b.Fatal(err)
		}
		s, err := aws.Connect(b.Context(), inRegion(), aws.Options{
			HTTPClient: b.cloud.HTTPClient(), Credentials: credentials.NewStaticCredentialsProvider(accessKey, "secret", ""), Audit: audit,
		})
		if err != nil || audit.Err() != nil {
			b.Fatal(err, audit.Err())
		}
		_ = audit.Close() // writing fails from now on, as on a full disk
		if _, err := s.Queue.Send(b.Context(), queueURL, []byte("x"), nil); err != nil {
			b.Fatal(err)
		}
		if err := audit.Err(); err == nil || !strings.Contains(err.Error(), "audit.jsonl") {
			b.Errorf("%v", err)
		}
	})
}
