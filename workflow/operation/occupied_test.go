package operation

import (
	"strings"
	"testing"

	"orderops/workflow"
	"orderops/workflow/operation/journal"
)

// TestWhatTakesEveryDeadLetterWaitsForOtherPrograms begins runs as another
// program of this machine does: only their journal tells of them.
func TestWhatTakesEveryDeadLetterWaitsForOtherPrograms(t *testing.T) {
	t.Parallel()
	for name, head := range map[string]journal.Head{
		"a redrive":  {Verb: string(Redrive), From: deadURL},
		"a deletion": {Verb: string(Delete), From: deadURL},
		"a restore":  {Verb: string(Restore), To: deadURL},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newArchive(t)
			desk := a.desk(0)
			run, err := a.journal.Begin(head)
			if err != nil {
				t.Fatal(err)
			}
			for what, err := range everything(t, desk) {
				if workflow.KindOf(err) != workflow.Refused || !strings.Contains(err.Error(), "another program") {
					t.Errorf("%s beside it: %v", what, err)
				}
			}
			if err := run.Append(journal.Entry{Kind: journal.End}); err != nil {
				t.Fatal(err)
			}
			if err := run.Close(); err != nil {
				t.Fatal(err)
			}
			for what, err := range everything(t, desk) {
				if err != nil {
					t.Errorf("%s after its end: %v", what, err)
				}
			}
		})
	}
}

// everything plans what takes every dead letter.
func everything(t *testing.T, desk *Desk) map[string]error {
	t.Helper()
	_, purge := desk.PlanPurge(t.Context(), nil)
	_, move := desk.PlanRedriveAll(t.Context(), nil, DefaultRate, "")
	return map[string]error{"a purge": purge, "a move task": move}
}

// A move task replays what a redrive that broke off has sent already.
func TestPlanRedriveAllWarnsOfWhatBrokeOff(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	run, err := a.journal.Begin(journal.Head{Verb: string(Redrive), From: deadURL})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []journal.Entry{
		{Kind: journal.Intent, Letters: []journal.Letter{{ID: "sent", Send: true}, {ID: "in doubt", Send: true}, {ID: "refused", Send: true}}},
		{Kind: journal.Sent, Results: []journal.Result{{ID: "sent", NewID: "new"}, {ID: "refused", Why: "no"}}},
	} {
		if err := run.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := run.Close(); err != nil {
		t.Fatal(err)
	}
	p, err := a.desk(0).PlanRedriveAll(t.Context(), nil, DefaultRate, "")
	if err != nil || !strings.Contains(p.Warning, "2 messages may become second orders") || !strings.Contains(p.Warning, "finish --verify "+run.ID()) {
		t.Errorf("%q, %v", p.Warning, err)
	}
}
