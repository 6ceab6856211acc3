package operation

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"orderops/workflow"
	"orderops/workflow/operation/journal"
)

// archive is a journal whose runs were closed so many days ago.
type archive struct {
	*testing.T
	journal *journal.Journal
	ids     map[string]string // by what the test calls them
}

func newArchive(t *testing.T) *archive {
	t.Helper()
	j, err := journal.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return &archive{t, j, map[string]string{}}
}

// run writes one run of a message, closed so many days ago; open leaves the
// message's fate open.
func (a *archive) run(name string, daysAgo int, head journal.Head, open bool) {
	a.Helper()
	head.Began = wall().Add(-time.Duration(daysAgo)*24*time.Hour - time.Minute)
	r, err := a.journal.Begin(head)
	if err != nil {
		a.Fatal(err)
	}
	a.ids[name] = r.ID()
	entries := []journal.Entry{
		{Kind: journal.Intent, Letters: []journal.Letter{{ID: "m", Body: []byte(body)}}},
		{Kind: journal.Deleted, Results: []journal.Result{{ID: "m"}}},
		{Kind: journal.End, At: head.Began.Add(time.Minute)},
	}
	if open {
		entries = entries[:1]
	}
	for _, e := range entries {
		if err := r.Append(e); err != nil {
			a.Fatal(err)
		}
	}
	if err := r.Close(); err != nil {
		a.Fatal(err)
	}
}

// left are the names of the runs that the journal still has.
func (a *archive) left() string {
	a.Helper()
	runs, err := a.journal.Runs()
	if err != nil {
		a.Fatal(err)
	}
	var names []string
	for name, id := range a.ids {
		if slices.ContainsFunc(runs, func(s journal.State) bool { return s.Head.ID == id }) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func (a *archive) desk(keepDays int) *Desk {
	return NewDesk(deployment(), newQueues(a.T), stopper{}, Options{Journal: a.journal, KeepDays: keepDays})
}

// TestForgetKeepsAsLongAsIsSet wants runs of this deployment kept as is set now,
// others as was set for them, and open ones for ever.
func TestForgetKeepsAsLongAsIsSet(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		keepDays int
		want     string
	}{
		"by default":     {0, "open other-10 other-20 our-10 our-20 restore-of-open"},
		"for two weeks":  {14, "open other-10 other-20 our-10 restore-of-open"},
		"for a year":     {365, "open other-10 other-20 our-10 our-20 our-40 restore-of-open"},
		"for a few days": {7, "open other-10 other-20 restore-of-open"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(100 * 24 * time.Hour)
				a := newArchive(t)
				ours := journal.Head{Verb: string(Delete), From: deadURL}
				a.run("our-10", 10, ours, false)
				a.run("our-20", 20, ours, false)
				a.run("our-40", 40, ours, false)
				a.run("open", 90, ours, true)
				a.run("restore-of-open", 80, journal.Head{Verb: string(Restore), To: deadURL, Filter: a.ids["open"]}, false)
				other := journal.Head{Verb: string(Delete), From: "https://elsewhere", KeepDays: 25}
				a.run("other-10", 10, other, false)
				other.KeepDays = 90 // what was set before counts no more
				a.run("other-20", 20, other, false)
				a.run("other-40", 40, other, false)
				before := len(a.ids)
				pruned, err := a.desk(test.keepDays).Forget()
				if got := a.left(); err != nil || got != test.want || pruned != before-len(strings.Fields(got)) {
					t.Errorf("%d pruned, left %s, want %s, %v", pruned, got, test.want, err)
				}
			})
		})
	}
}

// TestPruneDeletesWhatItsPlanSays prunes earlier than the next start would, of
// this deployment only.
func TestPruneDeletesWhatItsPlanSays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(100 * 24 * time.Hour)
		a := newArchive(t)
		ours := journal.Head{Verb: string(Delete), From: deadURL}
		a.run("our-1", 1, ours, false)
		a.run("our-10", 10, ours, false)
		a.run("open", 20, ours, true)
		a.run("other", 20, journal.Head{Verb: string(Delete), From: "https://elsewhere"}, false)
		desk := a.desk(0)
		if _, err := desk.PlanPrune(15); workflow.KindOf(err) != workflow.NotFound {
			t.Errorf("a plan of nothing: %v", err)
		}
		plan, err := desk.PlanPrune(5)
		if err != nil || plan.Risk != Ask || plan.Title != "Prune 1 run of the journal" || fact(t, plan, "kept") != "1 younger, 1 not finished or still needed" ||
			!strings.Contains(fact(t, plan, "runs"), "1 whole message") || !strings.Contains(fact(t, plan, "then"), "can't be restored") {
			t.Errorf("%+v, %v", plan, err)
		}
		record, err := desk.Prune(5)
		if got := a.left(); err != nil || got != "open other our-1" || record.Detail != "1 run deleted" {
			t.Errorf("%+v, left %s, %v", record, got, err)
		}
		if record, err = desk.Prune(0); err != nil || record.Detail != "1 run deleted" || a.left() != "open other" {
			t.Errorf("%+v, left %s, %v", record, a.left(), err)
		}
		if _, err := NewDesk(deployment(), newQueues(t), stopper{}, Options{}).Prune(0); workflow.KindOf(err) != workflow.Refused {
			t.Errorf("without a journal: %v", err)
		}
	})
}

// TestARestoreStaysAsLongAsItsDeletion: a deletion that was taken up again ends
// after its messages were put back. Without the restore's run they could be put
// back twice.
func TestARestoreStaysAsLongAsItsDeletion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(100 * 24 * time.Hour)
		a := newArchive(t)
		a.run("deletion", 10, journal.Head{Verb: string(Delete), From: deadURL}, false)
		a.run("restore", 20, journal.Head{Verb: string(Restore), To: deadURL, Filter: a.ids["deletion"]}, false)
		desk := a.desk(15)
		if _, err := desk.PlanPrune(15); workflow.KindOf(err) != workflow.NotFound {
			t.Errorf("a plan to prune it: %v", err)
		}
		for name, prune := range map[string]func() error{
			"at the start": func() error { _, err := desk.Forget(); return err },
			"by hand":      func() error { _, err := desk.Prune(15); return err },
		} {
			if err := prune(); err != nil || a.left() != "deletion restore" {
				t.Errorf("%s: left %s, %v", name, a.left(), err)
			}
		}
		if _, err := desk.Prune(0); err != nil || a.left() != "" {
			t.Errorf("both are old enough: left %s, %v", a.left(), err)
		}
	})
}
